"""Ask on which side of an object with a front something lies, by that object's own left."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.questions.relations.own_sides import LEAST_GAP_M, OwnAxis, compare_with_anchors
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "Imagine being in the place of the {anchor:thing} and looking out of its front. Is the "
        "{query:thing} to your left or to your right?"
    ),
    others=(
        "Put yourself where the {anchor:thing} is, facing the way it faces. On which side of you "
        "is the {query:thing}: left or right?",
        "Take left and right as they are for the {anchor:thing} itself, when it looks out of its "
        "front. Is the {query:thing} to its left or to its right?",
        "If I take the place of the {anchor:thing} and look the way its front points, do I have "
        "the {query:thing} on my left or on my right?",
        "From the point of view of the {anchor:thing}, looking straight out of its front, is the "
        "{query:thing} on the left or on the right?",
        "Suppose the {anchor:thing} had eyes in its front. Would it see the {query:thing} to its "
        "left or to its right, were it to turn its head?",
        "You are facing the same way as the front of the {anchor:thing}, standing in its place. "
        "Where is the {query:thing}: left or right?",
        "By the own left and right of the {anchor:thing} (those of somebody looking out of its "
        "front), on which side is the {query:thing}?",
        "Which hand points towards the side where the {query:thing} is, if one takes the place of "
        "the {anchor:thing} and looks out of its front: left or right?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object with a front, with every other object."""
    del rng
    return compare_with_anchors(
        survey,
        config,
        QuestionKind.OBJECT_LEFT_RIGHT,
        OwnAxis(to_left=True, along="left", against="right"),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_LEFT_RIGHT,
    definition="anchor_left_extents_gap_m",
    meaning=(
        "Side of the anchor on which the other oriented box lies, by the anchor's own left: that "
        "of somebody in its place who looks out of its front. `margin` is the gap in metres "
        "between the extents of both boxes along that level axis. Anchors are asked about only "
        "where there is something on either side"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=LEAST_GAP_M,
    margin_unit="m",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source=(
        "object-centric frame of RoboSpatial (2025) and 3DSRBench (2025); theirs compares middles, "
        "ours wants extents that do not overlap"
    ),
    find=find,
)
