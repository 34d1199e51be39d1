"""Collect what a run made and write ``report.html``."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from datasets_cards.read import read_questions
from flows.report import QuestionCard, ReportData, SkipRow, YieldRow, render
from flows.run_folder import RunFolder
from flows.timings import Timings
from flows.work.package import accounting
from flows.work.report_clips import galleries, question_cards
from flows.workers import Job
from qa_gen.record import QuestionKind, Skipped, SpatialQA
from qa_gen.storage import read_records
from synth.storage import write_atomically


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
        skips=_skips(records),
        times=Timings(run.path).read(),
    )


def _questions(run: RunFolder, evaluated: dict[str, Any]) -> tuple[QuestionCard, ...]:
    replies: dict[str, dict[str, Any]] = defaultdict(dict)
    for variant, content in evaluated.items():
        for reply in content["replies"]:
            replies[reply["qa_id"]][variant] = reply
    asked = list(read_questions(run.path / "dataset", "test"))
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
