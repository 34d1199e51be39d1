"""Ask whether an object is on one side of someone who stands somewhere (SQA3D's "is")."""

from math import perm
from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.phrasing import Phrasing, thing, words
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.situations import (
    BEHIND,
    LEFT,
    RIGHT,
    angle_sigma_deg,
    off_center,
    situations,
    worded,
)
from qa_gen.survey import Survey

FLOOR_DEG: Final = 10.0
SIDES: Final = (LEFT, BEHIND, RIGHT)
SAID: Final = {LEFT: "on my left", BEHIND: "behind me", RIGHT: "on my right"}
_HALF_DEG: Final = 45.0

_ALL = worded(
    (
        "Is the {x:thing} {side:words}, at most 45 degrees off that direction?",
        "Is the {x:thing} {side:words}, within 45 degrees to either side?",
        "Can the {x:thing} be found {side:words}, no more than 45 degrees off?",
        "Would you say that the {x:thing} is {side:words}, within 45 degrees of that direction?",
        "Does the {x:thing} lie {side:words}, up to 45 degrees off that direction?",
        "Is it true that the {x:thing} is {side:words}, within 45 degrees?",
        "Is the {x:thing} in the quarter of the surroundings that is {side:words}, 45 degrees to "
        "either side?",
        "Is the {x:thing} located {side:words}, counting 45 degrees to either side?",
        "Do I have the {x:thing} {side:words}, at most 45 degrees off?",
    )
)
PHRASING: Final = Phrasing(canonical=_ALL[0], others=_ALL[1:])


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (situation, object, side)."""
    found = situations(survey, config, rng)
    n = len(survey.objects)
    shape = (len(found.pairs), n, len(SIDES))
    which, x, place = (index.ravel() for index in np.indices(shape))
    off = np.stack([off_center(found.angle[:, :n], side) for side in SIDES], axis=2)
    corner = np.stack([off_center(found.corner[:, :n], side) for side in SIDES], axis=2)
    there = (off < _HALF_DEG).ravel()
    margin = np.abs(off - _HALF_DEG).ravel()
    astray = ((corner < _HALF_DEG) != there.reshape(shape)[..., None]).sum(axis=3).ravel()
    s, f = found.pairs[which].T
    sigma = angle_sigma_deg(survey, found, found.apart)[which, x]
    near = config.min_pair_distance_m if survey.geometry.scale == "metric" else 1e-9
    checks = [
        Check(SkipReason.TOO_FEW_OBJECTS, (x != s) & (x != f)),
        Check(SkipReason.OBJECTS_TOO_CLOSE, found.clear[which] & (found.apart[which, x] >= near)),
        Check(SkipReason.CATEGORY_NOT_UNIQUE, survey.names_apart(s, f, x)),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
    ]
    clear = clear_ones(margin, sigma, checks, config, (QuestionKind.SITUATED_IS, FLOOR_DEG))
    answer = there.astype(np.int64)

    def draft(i: int, _: np.random.Generator) -> Draft:
        names = survey.names
        objects = (int(s[i]), int(f[i]), int(x[i]))
        return Draft(
            slots={
                "s": thing(names[objects[0]]),
                "f": thing(names[objects[1]]),
                "x": thing(names[objects[2]]),
                "side": words(SAID[SIDES[int(place[i])]]),
            },
            answer=FreeText(("yes",) if there[i] else ("no",)),
            objects=objects,
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=off.ravel(),
        sigma=sigma,
        strata=(x * len(SIDES) + place) * 2 + answer,
        checks=[*checks, even_answers(x * len(SIDES) + place, answer, clear, 2)],
        skips=survey.pool_skips(QuestionKind.SITUATED_IS, lambda m: perm(m, 3) * len(SIDES)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SITUATED_IS,
    definition="angle_off_side_deg",
    meaning=(
        "Whether an object is left of, right of or behind someone at the middle of one object who "
        "faces the middle of another: `value` is the angle in degrees on the floor plane between "
        "that direction and the way to the object's middle, the answer is yes below 45, `margin` "
        "is the distance to 45"
    ),
    answer_type="text",
    metric="EM",
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source="SQA3D (Ma et al., 2023), 'is' questions; there written by people",
    find=find,
)
