"""The published unit: one question about one sequence, with its answer and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum


class QuestionKind(StrEnum):
    """What is asked. Values are published and never renamed; the VSI-Bench ones are its own."""

    OBJECT_ABS_DISTANCE = "object_abs_distance"
    OBJECT_REL_DIRECTION_EASY = "object_rel_direction_easy"
    OBJECT_REL_DIRECTION_MEDIUM = "object_rel_direction_medium"
    OBJECT_REL_DIRECTION_HARD = "object_rel_direction_hard"
    OBJECT_REL_DISTANCE = "object_rel_distance"
    CAMERA_MOTION = "camera_motion"


class SkipReason(StrEnum):
    """Why a question was not asked or not kept. Values are published and never renamed."""

    TOO_FEW_OBJECTS = "too_few_objects"  # fewer objects in view than one question names
    SCALE_NOT_METRIC = "scale_not_metric"  # metres asked of geometry without metres
    CATEGORY_NOT_UNIQUE = "category_not_unique"  # "the chair" would mean several
    NOT_VISIBLE_ENOUGH = "not_visible_enough"  # too few pixels in every keyframe
    OBJECTS_TOO_CLOSE = "objects_too_close"  # below the kind's floor
    OBJECTS_TOO_FAR = "objects_too_far"
    MARGIN_TOO_SMALL = "margin_too_small"  # another answer is nearer than the kind's floor
    UNCERTAIN = "uncertain"  # another answer is nearer than k sigma
    FOOTPRINT_ACROSS_SECTORS = "footprint_across_sectors"  # the object reaches into another answer
    CAMERA_MOTION_UNKNOWN = "camera_motion_unknown"  # not measured
    CAMERA_MOTION_MIXED = "camera_motion_mixed"  # measured, but no single primitive
    CAMERA_MOTION_UNSURE = "camera_motion_unsure"  # the measurer's confidence is below the floor
    CLIP_REJECTED = "clip_rejected"  # a gate refused the clip the question is about
    OVER_CAP = "over_cap"  # a good question too many
    ANSWER_TOO_FREQUENT = "answer_too_frequent"  # dropped so that blind guessing gains nothing
    LETTER_TOO_FREQUENT = "letter_too_frequent"


@dataclass(frozen=True, slots=True)
class Choice:
    """A multiple-choice answer: ``options[correct]``, shown to a model as letters A, B, ...

    Raises:
        ValueError: ``correct`` is out of range, or options repeat.
    """

    options: tuple[str, ...]
    correct: int

    def __post_init__(self) -> None:
        if not 0 <= self.correct < len(self.options):
            raise ValueError(
                f"Choice.correct must index one of {len(self.options)} options, got {self.correct}."
            )
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"Choice.options must differ from each other, got {self.options}.")

    @property
    def letter(self) -> str:
        """``"A"`` for the first option."""
        return chr(ord("A") + self.correct)

    @property
    def text(self) -> str:
        """The correct option's text."""
        return self.options[self.correct]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A numeric answer as published: ``Quantity(1.8, "m", 1)``.

    Attributes:
        value: Already rounded to ``decimals``.
        unit: ``"m"``.
        decimals: How many a reply is written with.
    """

    value: float
    unit: str
    decimals: int


Answer = Choice | Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SpatialQA:
    """One question, one row of the dataset.

    Attributes:
        qa_id: ``"<sequence_id>/<kind>/<instance ids>"``, unique in a dataset.
        question: The question alone; ``qa_gen.prompting.render`` adds options and instructions.
        definition: Id of what exactly was measured, e.g. ``"obb_gap_min_m"``.
        value: The label before rounding, where it is a number (metres, degrees).
        margin: Distance to the nearest other answer, on both sides, in ``margin_unit``. For a
            length: its distance from 0.
        sigma: Standard deviation of what the margin is measured in; ``None`` if not modelled.
        evidence_frames: Frames in which what is asked about can be seen; empty = the whole clip.
        objects: Instance ids in the order the question names them.
        geometry_source: Who measured: ``"oracle"``, a judge's name.
    """

    qa_id: str
    sequence_id: str
    scene_id: str
    kind: QuestionKind
    question: str
    answer: Answer
    definition: str
    value: float | None
    margin: float
    margin_unit: str
    sigma: float | None
    evidence_frames: tuple[int, ...]
    objects: tuple[int, ...]
    geometry_source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Questions of one kind that were not asked of a sequence. Counted and published.

    Attributes:
        count: How many candidate questions (pairs, triples, ...) this stands for.
    """

    kind: QuestionKind
    sequence_id: str
    reason: SkipReason
    count: int = 1
