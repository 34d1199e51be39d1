"""Ask whether something is within reach of someone who stands somewhere (SQA3D's "can")."""

from math import perm
from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.enumeration import arrangements
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.floor_level import floor_level
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

BOUNDARY_M: Final = 1.0
FLOOR_M: Final = 0.5  # so "yes" is at most 0.5 m, an arm's length being 0.7; "no" at least 1.5 m
LOWEST_TOP_M: Final = 0.3  # what one can touch standing up
HIGHEST_UNDERSIDE_M: Final = 1.8

PHRASING: Final = Phrasing(
    canonical=(
        "I am standing right next to the {s:thing}, on its side toward the {x:thing}. Can I touch "
        "the {x:thing} without walking?"
    ),
    others=(
        "I am next to the {s:thing}, on the side nearest to the {x:thing}. Can I reach the "
        "{x:thing} with my hand from here without taking a step?",
        "Standing by the {s:thing}, where it comes nearest to the {x:thing}, can I put my hand on "
        "the {x:thing} without walking?",
        "I have stopped at the {s:thing}, as near to the {x:thing} as I can while touching the "
        "{s:thing}. Can I touch the {x:thing}, too, without leaving my place?",
        "I am standing at the {s:thing} on its side toward the {x:thing}. Can the {x:thing} be "
        "reached from here with an outstretched arm?",
        "My place is beside the {s:thing}, facing the {x:thing} from the nearest side. Can I get "
        "hold of the {x:thing} without walking over?",
        "I stand close to the {s:thing}, on the side of the {x:thing}. Can I touch the {x:thing} "
        "just by stretching out my arm?",
        "I walked up to the {s:thing} and stand close to it on the side of the {x:thing}. Can I "
        "touch the {x:thing} without another step?",
        "From the side of the {s:thing} that is nearest to the {x:thing}, can I reach the "
        "{x:thing} standing still?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (thing stood by, thing to touch)."""
    s, x = arrangements(len(survey.objects), 2, rng).T
    gap = survey.gaps[s, x]
    near = gap < BOUNDARY_M
    level = floor_level(survey)
    height = survey.corners[:, :, 2] - (np.inf if level is None else level)
    top, bottom = height.max(axis=1, initial=-np.inf), height.min(axis=1, initial=np.inf)
    at_hand = (top >= LOWEST_TOP_M) & (bottom <= HIGHEST_UNDERSIDE_M)
    margin = np.abs(gap - BOUNDARY_M)
    sigma = np.full(len(gap), survey.geometry.sigma_m * 2**0.5)
    checks = [
        Check(SkipReason.CATEGORY_NOT_UNIQUE, survey.names_apart(s, x)),
        Check(SkipReason.OBJECTS_TOO_FAR, at_hand[x] & (bottom[s] <= LOWEST_TOP_M)),
    ]
    clear = clear_ones(margin, sigma, checks, config, (QuestionKind.SITUATED_CAN, FLOOR_M))
    answer = near.astype(np.int64)

    def draft(i: int, _: np.random.Generator) -> Draft:
        a, b = int(s[i]), int(x[i])
        return Draft(
            slots={"s": thing(survey.names[a]), "x": thing(survey.names[b])},
            answer=FreeText(("yes",) if near[i] else ("no",)),
            objects=(a, b),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=gap,
        sigma=sigma,
        strata=x * 2 + answer,
        checks=[*checks, even_answers(x, answer, clear, 2)],
        skips=survey.pool_skips(QuestionKind.SITUATED_CAN, lambda m: perm(m, 2)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SITUATED_CAN,
    definition="obb_gap_within_reach_m",
    meaning=(
        "Whether someone next to one object can touch another: `value` is the least distance in "
        f"metres between the two oriented boxes, the answer is yes below {BOUNDARY_M} m, `margin` "
        "is the distance to that; with the floor of 0.5 m, yes means within an arm's length (0.7 "
        "m) and no means out of it by far. The object to touch reaches between 0.3 and 1.8 m "
        "above the floor, the other one stands on it"
    ),
    answer_type="text",
    metric="EM",
    needs=frozenset({Need.METRIC}),
    floor=FLOOR_M,
    margin_unit="m",
    phrasing=PHRASING,
    source=(
        "SQA3D (Ma et al., 2023), 'can' questions and its 'within reach' situations; there "
        "written by people"
    ),
    find=find,
)
