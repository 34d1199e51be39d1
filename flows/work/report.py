"""Collect what a run made and write ``report.html``."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from flows.recipes.recipe import Recipe
from flows.report import GateRow, QuestionCard, ReportData, SkipRow, YieldRow, render
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from flows.timings import Timings
from flows.work.asked import read_asked
from flows.work.cells import move_of, yields_of_run
from flows.work.package import accounting
from flows.work.report_clips import galleries, question_cards
from flows.workers import Job
from qa_gen.record import QuestionKind, Skipped, SpatialQA
from qa_gen.storage import read_records
from synth.storage import write_atomically
from synth.yields import CellYield


def make(job: Job) -> list[Path]:
    """Write the page."""
    page = render(collect(RunFolder(job.run)))
    return [write_atomically(job.run / "report.html", page.encode())]


def collect(run: RunFolder) -> ReportData:
    """Read everything the page shows from the stages' folders."""
    recipe = run.recipe()
    records = read_records(run.stage("audit") / "questions.jsonl")
    evaluated: dict[str, Any] = {
        variant: json.loads((run.stage("evaluate") / f"{variant}.json").read_bytes())
        for variant in recipe.fusion.variants
    }
    gate = evaluated.get("gated", {}).get("gate", {"counts": [], "mean": 0.0})
    return ReportData(
        about=run.about(),
        rows=tuple(json.loads((run.path / "scores.json").read_bytes())["rows"]),
        galleries=galleries(run, recipe),
        questions=_questions(run, evaluated),
        gate_counts=tuple(gate["counts"]),
        gate_mean=gate["mean"],
        curves={variant: _curve(run, variant) for variant in recipe.fusion.variants},
        yields=_yields(run, records),
        gates=_gates(run, recipe),
        allocation=_allocation(recipe),
        skips=_skips(records),
        times=Timings(run.path).read(),
    )


def _questions(run: RunFolder, evaluated: dict[str, Any]) -> tuple[QuestionCard, ...]:
    replies: dict[str, dict[str, Any]] = defaultdict(dict)
    for variant, content in evaluated.items():
        for reply in content["replies"]:
            replies[reply["qa_id"]][variant] = reply
    asked = read_asked(run, "test")
    return question_cards(run, asked, replies)


def _curve(run: RunFolder, variant: str) -> list[tuple[float, float]]:
    with (run.stage("train") / variant / "curve.csv").open(newline="", encoding="utf-8") as file:
        return [(float(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]


def _yields(run: RunFolder, records: list[SpatialQA | Skipped]) -> tuple[YieldRow, ...]:
    plan = accounting(run, [r for r in records if isinstance(r, Skipped)]).plan
    return tuple(
        YieldRow(
            source=clips.generator,
            planned=clips.planned,
            made=clips.planned - sum(lost.n for lost in clips.lost),
            lost=", ".join(f"{lost.name.replace('_', ' ')} {lost.n}" for lost in clips.lost),
        )
        for clips in plan
    )


def _gates(run: RunFolder, recipe: Recipe) -> tuple[GateRow, ...]:
    """Sum the yields of generated clips over templates and kinds of room."""
    shards = [shard for shard in clip_shards(recipe) if not shard.startswith("rendered")]
    rows: dict[tuple[str, str], list[CellYield]] = defaultdict(list)
    for one in yields_of_run(run, shards).cells:
        rows[one.cell.recipe, move_of(one.cell).value].append(one)
    return tuple(
        GateRow(
            recipe=name,
            move=move,
            planned=sum(one.planned for one in cells),
            generated=sum(one.generated for one in cells),
            accepted=sum(one.accepted for one in cells),
            reasons=_reasons(cells),
        )
        for (name, move), cells in sorted(rows.items())
    )


def _reasons(cells: list[CellYield]) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for one in cells:
        for rejections in one.rejections:
            counted[rejections.reason] += rejections.n_clips
    return tuple(counted.most_common())


def _allocation(recipe: Recipe) -> str:
    if recipe.wan.floor_share == 1:
        return "Clips were spread evenly over the moves."
    steered = 1 - recipe.wan.floor_share
    return f"After the first round, {steered:.0%} of the clips go where more were accepted."


def _skips(records: list[SpatialQA | Skipped]) -> tuple[SkipRow, ...]:
    kept: Counter[QuestionKind] = Counter()
    reasons: dict[QuestionKind, Counter[str]] = defaultdict(Counter)
    for record in records:
        if isinstance(record, Skipped):
            reasons[record.kind][record.reason.value] += record.count
        else:
            kept[record.kind] += 1
    return tuple(
        SkipRow(kind=kind.value, kept=kept[kind], reasons=tuple(reasons[kind].most_common(6)))
        for kind in QuestionKind
        if kept[kind] or reasons[kind]
    )
