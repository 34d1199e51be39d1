"""SQA3D (Ma et al., 2023): questions asked from a described place in a ScanNet scene.

The download has two files a split, ``v1_balanced_questions_<split>_scannetv2.json`` and
``v1_balanced_sqa_annotations_<split>_scannetv2.json``, joined by ``question_id``; splits are
train, val and test. Data: https://zenodo.org/record/7544818, CC-BY-4.0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from jaxtyping import Float64
from scipy.spatial.transform import Rotation

from qa_gen.benchmarks.json_records import Record, read_json_object, records_in

Split = Literal["train", "val", "test"]
QuestionGroup = Literal["What", "Is", "How", "Can", "Which", "Others"]

GROUPS: Final[tuple[QuestionGroup, ...]] = get_args(QuestionGroup)
_UNIT_SLACK: Final = 1e-6  # how far a quaternion's length may be from 1
_FILES: Final = (
    ("v1_balanced_questions_{}_scannetv2.json", "v1_balanced_sqa_annotations_{}_scannetv2.json"),
    ("questions_{}.json", "annotations_{}.json"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SituatedQuestion:
    """One question with the place from which it is asked.

    Attributes:
        question_id: Unique in the benchmark.
        scene_id: ScanNet's: ``"scene0050_00"``.
        situation: Where the asker is: "I am standing by the ottoman on my right ...".
        alternatives: The same place in other words.
        question: As asked.
        answers: Accepted ones; the benchmark gives one.
        position_m: Metres, +z up, axes of the raw ScanNet mesh (before axis alignment), origin
            in the middle of its bounding box, z always 0: no height is given.
        quaternion_xyzw: Turns the asker from looking along -x; about z alone.
    """

    question_id: int
    scene_id: str
    situation: str
    alternatives: tuple[str, ...]
    question: str
    answers: tuple[str, ...]
    position_m: tuple[float, float, float]
    quaternion_xyzw: tuple[float, float, float, float]

    @property
    def facing(self) -> Float64[np.ndarray, "3"]:
        """Where the asker looks: a unit vector in the axes of ``position_m``.

        An unturned asker looks along -x. Sources: the arrow of SQA3D's ``utils/visualize_data.py``
        points so; LEO turns the rotation round ("corresponds to the opposite orientation").
        """
        turned: Float64[np.ndarray, " 3"] = Rotation.from_quat(self.quaternion_xyzw).apply(
            np.array([-1.0, 0.0, 0.0])
        )
        return turned

    @property
    def group(self) -> QuestionGroup:
        """What results are broken down by, see ``question_group``."""
        return question_group(self.question)


def question_group(question: str) -> QuestionGroup:
    """Return the first word SQA3D groups a question by, or ``"Others"``.

    As there, only its first letters count: "What's" and "Whatever" are "What", "Island" is "Is".
    """
    begin = question.lstrip().lower()
    return next((name for name in GROUPS if begin.startswith(name.lower())), "Others")


def sqa3d_files(folder: Path, split: Split) -> tuple[Path, Path]:
    """Return the questions and annotations of a split, under the download's names or short ones.

    Raises:
        ValueError: The folder holds neither pair.
    """
    for questions, annotations in _FILES:
        pair = folder / questions.format(split), folder / annotations.format(split)
        if pair[0].is_file() and pair[1].is_file():
            return pair
    raise ValueError(
        f"{folder}: it has no SQA3D {split} split; {' and '.join(_FILES[0]).format(split, split)} "
        "are in the archive at https://zenodo.org/record/7544818"
    )


def read_sqa3d(questions: Path, annotations: Path) -> list[SituatedQuestion]:
    """Read a split, in the order of its questions.

    Raises:
        ValueError: A file cannot be read, a field is missing or has no sense, an id stands twice,
            or a question has no annotation or the other way round; the message names file, record
            and field.
    """
    asked = _by_id(records_in(read_json_object(questions), "questions", "question"))
    answered = _by_id(records_in(read_json_object(annotations), "annotations", "annotation"))
    for ids, others, file in ((asked, answered, annotations), (answered, asked, questions)):
        lonely = next((number for number in ids if number not in others), None)
        if lonely is not None:
            cure = f"{file} has none; take both files from the same split"
            raise ids[lonely].where.fault("question_id", lonely, cure)
    return [_situated(asked[number], answered[number]) for number in asked]


def _by_id(records: Sequence[Record]) -> dict[int, Record]:
    found: dict[int, Record] = {}
    for record in records:
        number = record.integer("question_id")
        if number in found:
            cure = f"{found[number].where.record} has it too; ids must be unique"
            raise record.where.fault("question_id", number, cure)
        found[number] = record
    return found


def _situated(asked: Record, answered: Record) -> SituatedQuestion:
    scene_id = asked.text("scene_id")
    if answered.text("scene_id") != scene_id:
        cure = f"its question says {scene_id!r}; take both files from the same split"
        raise answered.where.fault("scene_id", answered.fields["scene_id"], cure)
    answers = tuple(r.text("answer") for r in _answers(answered))
    position, rotation = answered.child("position"), answered.child("rotation")
    x, y, z = (position.number(name) for name in ("x", "y", "z"))
    qx, qy, qz, qw = (rotation.number(name) for name in ("_x", "_y", "_z", "_w"))
    if abs(np.linalg.norm([qx, qy, qz, qw]) - 1) > _UNIT_SLACK or abs(qx) + abs(qy) > _UNIT_SLACK:
        got = dict(rotation.fields)
        raise answered.where.fault("rotation", got, "write a unit quaternion about z")
    return SituatedQuestion(
        question_id=asked.integer("question_id"),
        scene_id=scene_id,
        situation=asked.text("situation"),
        alternatives=asked.texts("alternative_situation"),
        question=asked.text("question"),
        answers=answers,
        position_m=(x, y, z),
        quaternion_xyzw=(qx, qy, qz, qw),
    )


def _answers(answered: Record) -> list[Record]:
    label = f"{answered.where.record}: answer"
    return records_in(answered, "answers", label)
