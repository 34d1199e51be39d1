"""VSI-Bench's scene metadata and questions, answered again by our own definitions.

Holds our formulas against an official benchmark on real scenes. It tests formulas and
conventions, not the annotations, which both sides share.

Source: ``data/meta_info`` of vision-x-nyu/thinking-in-space. Metres, +z up; the three rows of
``normalizedAxes`` are a box's axes, so its rotation is their transpose.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from qa_gen.boxes import pair_gaps, stack_boxes
from qa_gen.directions import classify_turns, turn_deg
from qa_gen.questions.object_rel_direction import LEVELS
from qa_gen.record import Answer, Choice, Quantity, QuestionKind
from synth.cameras import Intrinsics
from synth.scene import Provenance, SceneGeometry, SceneObject

_PATTERNS: Final[Mapping[QuestionKind, re.Pattern[str]]] = {
    QuestionKind.OBJECT_ABS_DISTANCE: re.compile(
        r"distance between the (.+?) and the (.+?) \(in meters\)"
    ),
    QuestionKind.OBJECT_REL_DISTANCE: re.compile(r"is the closest to the (.+?)\?"),
    **dict.fromkeys(
        LEVELS, re.compile(r"standing by the (.+?) and facing the (.+?), is the (.+?) to ")
    ),
}
_SEEN_PIXELS: Final = 1_000_000  # the metadata has no visibility; every object counts as seen


@dataclass(frozen=True, slots=True, kw_only=True)
class VsiQuestion:
    """One official question with its official answer."""

    scene_id: str
    kind: QuestionKind
    question: str
    answer: Answer


def read_scenes(path: Path) -> dict[str, tuple[SceneObject, ...]]:
    """Read the objects of every scene of a ``*_meta_info_*.json`` file, by scene id."""
    return {
        scene_id: _objects(scene["object_bbox"])
        for scene_id, scene in json.loads(path.read_text()).items()
    }


def _objects(boxes: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[SceneObject, ...]:
    flat = [(category, box) for category in sorted(boxes) for box in boxes[category]]
    return tuple(
        SceneObject(
            instance_id=i,
            category=category,
            color="",
            center=np.array(box["centroid"], dtype=np.float64),
            size=np.array(box["axesLengths"], dtype=np.float64),
            rotation=np.array(box["normalizedAxes"], dtype=np.float64).reshape(3, 3).T.copy(),
            visible_pixels=np.array([_SEEN_PIXELS], dtype=np.int32),
        )
        for i, (category, box) in enumerate(flat, start=1)
    )


def as_geometry(scene_id: str, objects: Sequence[SceneObject]) -> SceneGeometry:
    """Wrap a scene's boxes as exact geometry with one blank keyframe, to generate questions."""
    return SceneGeometry(
        sequence_id=f"{scene_id}/annotated",
        scene_id=scene_id,
        intrinsics=(Intrinsics(fx=1.0, fy=1.0, cx=0.5, cy=0.5, width=1, height=1),),
        c2w=None,
        keyframes=(0,),
        depth=np.zeros((1, 1, 1), dtype=np.float32),
        instances=np.zeros((1, 1, 1), dtype=np.uint16),
        reliable=np.zeros((1, 1, 1), dtype=np.bool_),
        objects=tuple(objects),
        room_polygon=None,
        motion=None,
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(made_by="vsi-bench-annotation", seed=0, code="-"),
    )


def read_questions(path: Path) -> list[VsiQuestion]:
    """Read the official questions of the kinds we ask; other kinds are left out."""
    return [
        VsiQuestion(
            scene_id=row["scene_name"],
            kind=QuestionKind(row["question_type"]),
            question=row["question"],
            answer=_official_answer(row),
        )
        for row in json.loads(path.read_text())
        if row["question_type"] in {str(kind) for kind in _PATTERNS}
    ]


def _official_answer(row: Mapping[str, Any]) -> Answer:
    lettered = [row[letter] for letter in "ABCD" if row[letter] is not None]
    if not lettered:
        return Quantity(float(row["answer"]), "m", 1)
    options = tuple(option.split(". ", 1)[1] for option in lettered)
    return Choice(options, "ABCD".index(row["answer"]))


def relabel(question: VsiQuestion, objects: Sequence[SceneObject]) -> Answer | None:
    """Answer an official question from boxes, or ``None`` if they cannot answer it.

    That is if a box is missing, or a direction names a category that has several boxes.

    Raises:
        ValueError: The question is not worded as VSI-Bench words its kind.
    """
    names = _PATTERNS[question.kind].search(question.question)
    if names is None:
        raise ValueError(f"not a VSI-Bench {question.kind} question: {question.question!r}")
    if question.kind is QuestionKind.OBJECT_ABS_DISTANCE:
        gap = _category_gap(objects, names[1], names[2])
        return None if gap is None else Quantity(round(gap, 1), "m", 1)
    options = question.answer.options if isinstance(question.answer, Choice) else ()
    if question.kind is QuestionKind.OBJECT_REL_DISTANCE:
        gaps = [_category_gap(objects, names[1], option) for option in options]
        known = [gap for gap in gaps if gap is not None]
        return Choice(options, int(np.argmin(known))) if len(known) == len(gaps) else None
    sector = _sector(question.kind, objects, (names[1], names[2], names[3]))
    return None if sector is None else Choice(options, options.index(sector))


def _category_gap(objects: Sequence[SceneObject], first: str, second: str) -> float | None:
    """Least gap between any instance of one category and any of another."""
    ours = [thing for thing in objects if thing.category == first]
    theirs = [thing for thing in objects if thing.category == second]
    if not ours or not theirs:
        return None
    pairs = [(a, b) for a in ours for b in theirs]
    gaps = pair_gaps(stack_boxes([a for a, _ in pairs]), stack_boxes([b for _, b in pairs]))
    return float(gaps.min())


def _sector(
    kind: QuestionKind, objects: Sequence[SceneObject], names: tuple[str, str, str]
) -> str | None:
    """Return the answer about (position, facing, query), each the only one of its category."""
    found = [[thing for thing in objects if thing.category == name] for name in names]
    if any(len(things) != 1 for things in found):
        return None
    position, facing, query = (things[0].center[None, :2] for things in found)
    sectors = LEVELS[kind].sectors
    bearing = classify_turns(turn_deg(position, facing, query), sectors)
    return sectors.names[int(bearing.sector[0])]
