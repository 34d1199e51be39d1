"""Compute every figure of the card from the published rows themselves, images apart.

What the rows cannot tell (plan, losses, questions not asked) comes in as ``Accounting``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from datasets_cards.accounting import Accounting, PlannedClips, SkippedQuestions, counts
from datasets_cards.figures import (
    CategoryStatistics,
    GateStatistics,
    GeneratorStatistics,
    KindStatistics,
    MoveStatistics,
    SplitStatistics,
    Spread,
    Statistics,
)
from datasets_cards.manifest import Shard
from datasets_cards.qa_rows import row_to_qa
from datasets_cards.shards import read_rows
from datasets_cards.splits import SPLITS
from qa_gen.prompting import answer_text, render
from qa_gen.record import SpatialQA

_Row = Mapping[str, Any]
_Rows = Sequence[_Row]

_SEQUENCE_COLUMNS: Final = (
    *("sequence_id", "scene_id", "split", "generator", "fps", "n_frames"),
    *("requested_intrinsics", "requested_move", "c2w", "motion", "keyframes", "objects"),
    *("provenance", "gates"),
)


def compute_statistics(folder: Path, shards: Iterable[Shard], accounting: Accounting) -> Statistics:
    """Read the shards below ``folder`` and count."""
    sequences: list[_Row] = []
    questions: list[_Row] = []
    for shard in shards:
        if shard.config == "sequences":
            sequences += map(_brief, read_rows(folder / shard.path, _SEQUENCE_COLUMNS))
        else:
            questions += read_rows(folder / shard.path)
    return Statistics(
        splits=tuple(_split(name, sequences, questions) for name in SPLITS),
        generators=_generators(sequences, questions, accounting.plan),
        moves=_moves(sequences),
        kinds=_kinds(questions, accounting.skipped),
        categories=_categories(sequences, questions),
        image_sizes=counts(Counter(s["image_size"] for s in sequences)),
        clip_lengths=counts(Counter(str(s["n_frames"]) for s in sequences)),
        frame_rates=counts(Counter(f"{s['fps']:g}" for s in sequences)),
        depth_maps=sum(len(s["keyframes"] or ()) for s in sequences),
        accounting=accounting,
    )


def _brief(row: dict[str, Any]) -> _Row:
    """Keep of poses only whether there are any, and one image size: most of a row otherwise."""
    camera = row.pop("requested_intrinsics")[0]
    size = f"{camera['width']}x{camera['height']}"
    return {**row, "c2w": row["c2w"] is not None, "image_size": size}


def _split(name: str, sequences: _Rows, questions: _Rows) -> SplitStatistics:
    mine = [s for s in sequences if s["split"] == name]
    return SplitStatistics(
        split=name,
        scenes=len({s["scene_id"] for s in mine}),
        sequences=len(mine),
        frames=sum(s["n_frames"] for s in mine),
        questions=sum(q["split"] == name for q in questions),
    )


def _generators(
    sequences: _Rows, questions: _Rows, plan: tuple[PlannedClips, ...]
) -> tuple[GeneratorStatistics, ...]:
    planned = {one.generator: one for one in plan}
    asked = Counter(q["sequence_id"] for q in questions)
    rows: dict[str, list[_Row]] = {name: [] for name in planned}
    for sequence in sequences:
        rows.setdefault(sequence["generator"], []).append(sequence)
    return tuple(
        _generator(name, mine, planned.get(name), asked) for name, mine in sorted(rows.items())
    )


def _generator(
    name: str, rows: _Rows, plan: PlannedClips | None, asked: Mapping[str, int]
) -> GeneratorStatistics:
    judged = [r for r in rows if _judged(r)]
    return GeneratorStatistics(
        generator=name,
        made_by=tuple(sorted({r["provenance"]["made_by"] for r in rows})),
        planned=None if plan is None else plan.planned,
        generated=len(rows),
        measured=sum(r["c2w"] or r["motion"] is not None for r in rows),
        asked=sum(r["sequence_id"] in asked for r in rows),
        questions=sum(asked.get(r["sequence_id"], 0) for r in rows),
        lost=() if plan is None else plan.lost,
        judged=len(judged),
        obeyed=sum(map(_obeyed, judged)),
        measured_by=tuple(sorted({r["motion"]["measured_by"] for r in rows if r["motion"]})),
        confidence=Spread.of(r["motion"]["confidence"] for r in rows if r["motion"]),
        gates=_gates(rows),
    )


def _judged(row: _Row) -> bool:
    return row["requested_move"] is not None and row["motion"] is not None


def _obeyed(row: _Row) -> bool:
    return bool(row["motion"]["move"] == row["requested_move"])


def _gates(rows: _Rows) -> tuple[GateStatistics, ...]:
    by_name: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        for gate in row["gates"] or ():
            by_name[gate["name"]].append(gate)
    return tuple(
        GateStatistics(
            name=name,
            n=len(gates),
            passed=sum(gate["passed"] for gate in gates),
            thresholds=tuple(sorted({gate["threshold"] for gate in gates})),
            values=Spread.of(gate["value"] for gate in gates),
        )
        for name, gates in sorted(by_name.items())
    )


def _moves(sequences: _Rows) -> tuple[MoveStatistics, ...]:
    by_move: defaultdict[str, list[_Row]] = defaultdict(list)
    for sequence in sequences:
        by_move[sequence["requested_move"] or "(free path)"].append(sequence)
    return tuple(
        MoveStatistics(
            move=move,
            judged=dict(Counter(r["generator"] for r in rows if _judged(r))),
            obeyed=dict(Counter(r["generator"] for r in rows if _judged(r) and _obeyed(r))),
        )
        for move, rows in sorted(by_move.items())
    )


def _kinds(questions: _Rows, skipped: tuple[SkippedQuestions, ...]) -> tuple[KindStatistics, ...]:
    by_kind: dict[str, list[_Row]] = {one.kind: [] for one in skipped}
    for question in questions:
        by_kind.setdefault(question["kind"], []).append(question)
    return tuple(
        _kind(kind, rows, {one.reason: one.n for one in skipped if one.kind == kind})
        for kind, rows in sorted(by_kind.items())
    )


def _kind(kind: str, rows: _Rows, skipped: Mapping[str, int]) -> KindStatistics:
    choices = [r for r in rows if r["options"] is not None]
    return KindStatistics(
        kind=kind,
        definitions=tuple(sorted({r["definition"] for r in rows})),
        questions={name: sum(r["split"] == name for r in rows) for name in SPLITS},
        answers=counts(Counter(r["options"][r["correct"]] for r in choices)),
        letters=counts(Counter(r["answer"] for r in choices)),
        commonest_quantity=max(
            Counter(r["answer"] for r in rows if r["quantity"] is not None).values(), default=0
        ),
        quantities=Spread.of(r["quantity"] for r in rows if r["quantity"] is not None),
        units=tuple(sorted({r["unit"] for r in rows if r["unit"] is not None})),
        margins={
            unit: Spread.of(r["margin"] for r in rows if r["margin_unit"] == unit)
            for unit in sorted({r["margin_unit"] for r in rows})
        },
        with_sigma=sum(r["sigma"] is not None for r in rows),
        exact=sum(r["sigma"] == 0 for r in rows),
        skipped=counts(skipped),
        example=_example(row_to_qa(rows[0])) if rows else "",
    )


def _example(qa: SpatialQA) -> str:
    return f"{render(qa)}\n-> {answer_text(qa.answer)}"


def _categories(sequences: _Rows, questions: _Rows) -> tuple[CategoryStatistics, ...]:
    category_of = {
        (s["sequence_id"], item["instance_id"]): item["category"]
        for s in sequences
        for item in s["objects"] or ()
    }
    standing = Counter(category_of.values())
    named: Counter[str] = Counter()
    for question in questions:
        named.update({category_of[question["sequence_id"], i] for i in question["objects"]})
    return tuple(
        CategoryStatistics(category=one.name, objects=one.n, questions=named[one.name])
        for one in counts(standing)
    )
