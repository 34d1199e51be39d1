"""Ask whether something lies before an object with a front, or behind it."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Need, Question
from qa_gen.questions.relations.own_sides import LEAST_GAP_M, OwnAxis, compare_with_anchors
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "Imagine being in the place of the {anchor:thing} and looking out of its front. Is the "
        "{query:thing} in front of you or behind you?"
    ),
    others=(
        "Put yourself where the {anchor:thing} is, facing the way it faces. Is the {query:thing} "
        "in front of you or behind you?",
        "Taking the side where the {anchor:thing} has its front as its front, does the "
        "{query:thing} lie in front of it or behind it?",
        "If I take the place of the {anchor:thing} and look the way its front points, is the "
        "{query:thing} in front of me or behind me?",
        "From the point of view of the {anchor:thing}, looking straight out of its front, is the "
        "{query:thing} ahead (in front) or at the back (behind)?",
        "Think of a line through the {anchor:thing} from side to side. Is the {query:thing} on the "
        "side its front faces (in front) or on the other side (behind)?",
        "You are facing the same way as the front of the {anchor:thing}, standing in its place. "
        "Where is the {query:thing}: in front or behind?",
        "By the front that the {anchor:thing} itself has, not by the camera's view, is the "
        "{query:thing} in front of it or behind it?",
        "Would somebody in the place of the {anchor:thing}, looking out of its front, have the "
        "{query:thing} in front or behind?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object with a front, with every other object."""
    del rng
    return compare_with_anchors(
        survey,
        config,
        QuestionKind.OBJECT_FRONT_BEHIND,
        OwnAxis(to_left=False, along="in front", against="behind"),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_FRONT_BEHIND,
    definition="anchor_front_extents_gap_m",
    meaning=(
        "Whether the other oriented box lies on the side to which the anchor's own front points, "
        "or on the other. `margin` is the gap in metres between the extents of both boxes along "
        "that level direction. Anchors are asked about only where there is something on either side"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=LEAST_GAP_M,
    margin_unit="m",
    phrasing=PHRASING,
    source=(
        "object-centric frame of RoboSpatial (2025) and 3DSRBench (2025); theirs compares middles, "
        "ours wants extents that do not overlap"
    ),
    find=find,
)
