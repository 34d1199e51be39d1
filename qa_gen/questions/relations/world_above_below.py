"""Ask which of two things, one over the other, is the upper one."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.floor_plan import floor_plan
from qa_gen.heights import heights_of
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

MOST_OVERLAP_M: Final = 0.02  # of the vertical extents: what stands on something may sink in a bit
LEAST_OFF_FLOOR_M: Final = 0.2  # lowest point of both, over that of everything in view
_WORDS: Final = ("above", "below")

PHRASING: Final = Phrasing(
    canonical="In the room, is the {a:thing} above or below the {b:thing}?",
    others=(
        "Taking up as the opposite of the way things fall, is the {a:thing} above the {b:thing} or "
        "below it?",
        "One of the two is over the other: is the {a:thing} above or below the {b:thing}?",
        "By their heights above the floor, does the {a:thing} lie above or below the {b:thing}?",
        "Where is the {a:thing} with respect to the {b:thing} in the room: above or below?",
        "The {a:thing} and the {b:thing} are at the same spot of the floor plan. Is the {a:thing} "
        "above or below the {b:thing}?",
        "Does one have to go up or down from the {b:thing} to get to the {a:thing}, so is the "
        "{a:thing} above or below it?",
        "Whatever the camera's tilt, is the {a:thing} really above the {b:thing}, or below it?",
        "Which is right in the room itself: the {a:thing} is above the {b:thing}, or below it?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair of objects."""
    del config, rng
    n = len(survey.names)
    first, second = np.nonzero(~np.eye(n, dtype=np.bool_))
    heights = heights_of(survey.boxes)
    middle = (heights.low + heights.high) / 2
    rise = middle[first] - middle[second]
    overlap = np.minimum(heights.high[first], heights.high[second]) - np.maximum(
        heights.low[first], heights.low[second]
    )
    off_floor = heights.low >= heights.low.min(initial=np.inf) + LEAST_OFF_FLOOR_M
    told_apart = overlap <= MOST_OVERLAP_M
    hung = off_floor[first] & off_floor[second]
    rows = np.flatnonzero(told_apart & hung)
    over = np.zeros(len(first), dtype=np.bool_)
    over[rows] = floor_plan(survey.boxes).gaps(first[rows], second[rows]) == 0.0

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, b = int(first[i]), int(second[i])
        return Draft(
            slots={"a": thing(survey.names[a]), "b": thing(survey.names[b])},
            answer=shuffled_choice(_WORDS, 0 if rise[i] > 0 else 1, rng),
            objects=(a, b),
        )

    return Candidates(
        margin=np.abs(rise),
        draft=draft,
        value=np.full(len(rise), np.nan),
        sigma=np.full(len(rise), survey.geometry.sigma_m),  # each middle: of two faces
        # Both orders of a pair are one stratum: each answer is then equally likely for any pair.
        strata=np.minimum(first, second) * n + np.maximum(first, second),
        checks=(
            Check(SkipReason.NAME_TELLS, survey.names_apart(first, second)),
            Check(SkipReason.EXTENTS_OVERLAP, told_apart),
            # Whatever hangs is above whatever stands on the floor: one need not look.
            Check(SkipReason.GUESSABLE, hung),
            Check(SkipReason.NOT_ABOVE_EACH_OTHER, over),
        ),
        skips=survey.pool_skips(QuestionKind.WORLD_ABOVE_BELOW, lambda m: m * (m - 1)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.WORLD_ABOVE_BELOW,
    definition="obb_mid_heights_difference_m",
    meaning=(
        "Which of two things is higher along the world's up (against gravity), asked only where "
        "the floor plans of their oriented boxes meet and their vertical extents overlap by no "
        "more than 2 cm, and where neither stands on the floor, because otherwise the categories "
        "tell. `margin` is the difference in metres between the heights of their middles"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=0.1,
    margin_unit="m",
    invariances=Invariances(swap=(0, 1), swapped={"above": "below", "below": "above"}),
    phrasing=PHRASING,
    source=(
        "world frame of RoboSpatial (2025), whose above and below also want floor plans that meet; "
        "theirs sets heights below 0 to 0, so nothing is ever above anything there"
    ),
    find=find,
)
