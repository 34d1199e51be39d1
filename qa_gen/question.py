"""What a kind of question declares, and what it hands to the one place where questions are made.

A kind is a module of a family in ``qa_gen.questions`` with one ``Question``. It enumerates every
candidate of a surveyed sequence as parallel arrays and says how one of them is worded;
``qa_gen.generate`` does all the rest the same way for every kind: what the geometry lacks,
margins against floors and k sigma, even sampling, wording, the check that the answer can be read
back, the id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, Said
from qa_gen.record import Answer, MarginUnit, Mark, QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

Metric = Literal["MRA", "accuracy", "EM", "IoU"]
AnswerType = Literal["choice", "quantity", "text", "order", "box"]


class Need(StrEnum):
    """What a kind cannot be asked without, beside objects."""

    METRIC = "metric"  # lengths in metres
    POSES = "poses"
    DEPTH = "depth"  # depth and instance maps on keyframes
    FLOOR_AREA = "floor_area"
    FLOOR_OUTLINE = "floor_outline"
    FILMED = "filmed"  # what is in view is known to have a box; a list of boxes may lack things


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariances:
    """How an answer changes with the world; tests hold every kind to it.

    No answer depends on where the world's origin is, where its x axis points, or in which order
    objects are listed; that need not be declared.

    Attributes:
        mirror: What a mirror (x -> -x, images flipped too) makes of an answer text or a word in
            it; words that are not listed stay.
        scale_power: A world s times as large multiplies a numeric value by s to this power, and
            leaves other answers; ``None`` where the question itself states a length in metres.
        swap: Two positions in ``SpatialQA.objects``; asked with the two exchanged, ...
        swapped: ... an answer text becomes this; texts that are not listed stay.
    """

    mirror: Mapping[str, str] = field(default_factory=dict)
    scale_power: int | None = 0
    swap: tuple[int, int] | None = None
    swapped: Mapping[str, str] = field(default_factory=dict)


class Check(NamedTuple):
    """One condition a candidate question has to meet."""

    reason: SkipReason
    met: Bool[np.ndarray, " c"]


class Draft(NamedTuple):
    """One question before it is worded.

    Attributes:
        slots: What the wordings' placeholders say.
        answer: With its options arranged.
        objects: Indices into ``survey.things``, in the order the question names them.
        frames: Images asked about, see ``SpatialQA.frames``.
        marks: See ``SpatialQA.marks``.
        evidence: See ``SpatialQA.evidence_frames``; ``None`` = the keyframes that show an object.
    """

    slots: Mapping[str, Said]
    answer: Answer
    objects: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    evidence: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Every question of one kind that could be asked of a sequence, as parallel arrays.

    Attributes:
        margin: Two-sided distance to the nearest other answer, in the kind's ``margin_unit``.
        draft: Words candidate number i; called only for those that are kept.
        value: The label before rounding, or NaN where it is no number.
        sigma: Standard deviation of what ``margin`` is measured in, or NaN if not modelled.
        strata: Candidates are sampled evenly over these numbers: the answer, best together with
            what it depends on most (a category).
        checks: Conditions beside the margin, in the order in which losses are counted.
        skips: What was lost before there were candidates, e.g. ``survey.pool_skips``.
        margin_unit: Unit of these margins where it is not the kind's: a judge's lead instead of
            degrees. The kind's floor is in its own unit and then does not apply.
        measured_by: Who measured what is asked, where it is not who made the geometry.
    """

    margin: Float64[np.ndarray, " c"]
    draft: Callable[[int, np.random.Generator], Draft]
    value: Float64[np.ndarray, " c"]
    sigma: Float64[np.ndarray, " c"]
    strata: Int64[np.ndarray, " c"]
    checks: Sequence[Check] = ()
    skips: Sequence[Skipped] = ()
    margin_unit: MarginUnit | None = None
    measured_by: str | None = None


Find = Callable[[Survey, LabelConfig, np.random.Generator], Candidates]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One kind of question.

    Attributes:
        kind: Its published name.
        definition: Id of what is measured, published with each label.
        meaning: The definition in a sentence or two, as the dataset card prints it: what
            ``value`` is, what ``margin`` is, in which frame and unit.
        answer_type: Type of every answer.
        metric: How replies are scored.
        needs: What the geometry must have.
        floor: Least margin by default, in ``margin_unit``; ``LabelConfig.floors`` overrides.
        margin_unit: Unit of ``Candidates.margin``.
        invariances: What must hold.
        phrasing: All wordings.
        source: Paper, equation, permalink of who defined it, and where ours differs.
        find: Enumerates. Pure; randomness only to draw among too many candidates.
    """

    kind: QuestionKind
    definition: str
    meaning: str
    answer_type: AnswerType
    metric: Metric
    needs: frozenset[Need] = frozenset()
    floor: float
    margin_unit: MarginUnit
    invariances: Invariances = field(default_factory=Invariances)
    phrasing: Phrasing
    source: str
    find: Find
