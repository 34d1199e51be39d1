"""Questions to rows of ``qa`` and back, bit for bit."""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.prompting import answer_text
from qa_gen.record import CANONICAL, Mark, QuestionKind, SpatialQA

Row = dict[str, Any]

_NO_ANSWER: Final = dict.fromkeys(
    ("options", "correct", "quantity", "unit", "decimals", "accepted", "order", "box")
)


def qa_to_row(qa: SpatialQA, *, split: str) -> Row:
    """Return the ``qa`` row of a question."""
    return {
        "qa_id": qa.qa_id,
        "sequence_id": qa.sequence_id,
        "scene_id": qa.scene_id,
        "split": split,
        "kind": qa.kind.value,
        "question": qa.question,
        "template": qa.template,
        **_answer_columns(qa.answer),
        "definition": qa.definition,
        "value": qa.value,
        "margin": qa.margin,
        "margin_unit": qa.margin_unit,
        "sigma": qa.sigma,
        "frames": list(qa.frames),
        "evidence_frames": list(qa.evidence_frames),
        "objects": list(qa.objects),
        "categories": list(qa.categories),
        "marks": [
            {"label": mark.label, "frame": mark.frame, "x": mark.x, "y": mark.y}
            for mark in qa.marks
        ],
        "geometry_source": qa.geometry_source,
    }


def row_to_qa(row: Mapping[str, Any]) -> SpatialQA:
    """Return the question of a ``qa`` row; one of format 2.0 has no marks, frames or categories.

    Raises:
        ValueError: The kind is unknown, or the row holds no consistent answer.
    """
    return SpatialQA(
        qa_id=row["qa_id"],
        sequence_id=row["sequence_id"],
        scene_id=row["scene_id"],
        kind=QuestionKind(row["kind"]),
        question=row["question"],
        template=row.get("template", CANONICAL),
        answer=_answer_of(row),
        definition=row["definition"],
        value=row["value"],
        margin=row["margin"],
        margin_unit=row["margin_unit"],
        sigma=row["sigma"],
        frames=tuple(row.get("frames", ())),
        evidence_frames=tuple(row["evidence_frames"]),
        objects=tuple(row["objects"]),
        categories=tuple(row.get("categories", ())),
        marks=tuple(Mark(**mark) for mark in row.get("marks", ())),
        geometry_source=row["geometry_source"],
    )


def _answer_columns(answer: Answer) -> Row:
    own: Row
    match answer:
        case Choice(options=options, correct=correct):
            own = {"answer_type": "choice", "options": list(options), "correct": correct}
        case Quantity(value=value, unit=unit, decimals=decimals):
            own = {"answer_type": "quantity", "quantity": value}
            own |= {"unit": str(unit), "decimals": decimals}
        case FreeText(accepted=accepted):
            own = {"answer_type": "text", "accepted": list(accepted)}
        case Order(items=items):
            own = {"answer_type": "order", "order": list(items)}
        case Box(form=form, values=values, frame=frame):
            box = {"form": form, "values": list(values), "frame": frame}
            own = {"answer_type": "box", "box": box}
        case _:
            assert_never(answer)
    return {**_NO_ANSWER, **own, "answer": answer_text(answer)}


def _answer_of(row: Mapping[str, Any]) -> Answer:
    given = {name for name in _NO_ANSWER if row.get(name) is not None}
    if given == {"options", "correct"}:
        return Choice(options=tuple(row["options"]), correct=row["correct"])
    if given == {"quantity", "unit", "decimals"}:
        return Quantity(value=row["quantity"], unit=row["unit"], decimals=row["decimals"])
    if given == {"accepted"}:
        return FreeText(accepted=tuple(row["accepted"]))
    if given == {"order"}:
        return Order(items=tuple(row["order"]))
    if given == {"box"}:
        box = row["box"]
        return Box(form=box["form"], values=tuple(box["values"]), frame=box["frame"])
    raise ValueError(
        f"question {row['qa_id']!r} needs the columns of one answer (options and correct; "
        f"quantity, unit and decimals; accepted; order; or box), got {sorted(given)}."
    )
