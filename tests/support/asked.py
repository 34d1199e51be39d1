"""Ready-made questions, for what is done with them after they are asked."""

from qa_gen.record import Answer, Choice, Quantity, QuestionKind, SpatialQA


def asked(number: int, kind: QuestionKind, answer: Answer) -> SpatialQA:
    """Question ``number`` of a dataset, about a room of its own."""
    return SpatialQA(
        qa_id=f"room-{number:06d}/path/{kind}/1-2",
        sequence_id=f"room-{number:06d}/path",
        scene_id=f"room-{number:06d}",
        kind=kind,
        question="?",
        answer=answer,
        definition="-",
        value=answer.value if isinstance(answer, Quantity) else None,
        margin=1.0,
        margin_unit="m",
        sigma=None,
        evidence_frames=(0, 4),
        objects=(1, 2),
        geometry_source="oracle",
    )


def side_question(number: int, side: str) -> SpatialQA:
    """Left or right?"""
    options = ("left", "right")
    return asked(
        number, QuestionKind.OBJECT_REL_DIRECTION_EASY, Choice(options, options.index(side))
    )


def quantity_question(number: int, metres: float) -> SpatialQA:
    """How far?"""
    return asked(number, QuestionKind.OBJECT_ABS_DISTANCE, Quantity(metres, "m", 1))
