"""Ask which way to turn to face an object (SQA3D's "which direction")."""

from math import perm
from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.directions import MEDIUM, classify_turns
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.situations import angle_sigma_deg, situations, worded
from qa_gen.survey import Survey

FLOOR_DEG: Final = 10.0
ACCEPTED: Final = {
    "left": ("left", "to the left", "turn left", "to my left", "to your left"),
    "back": ("around", "turn around", "all the way around", "back", "behind"),
    "right": ("right", "to the right", "turn right", "to my right", "to your right"),
}

_ALL = worded(
    (
        "Which way should I turn to face the {x:thing}: left, right, or around (by at least 135 "
        "degrees)?",
        "Which direction do I turn to look at the {x:thing}, left or right, or around if it takes "
        "at least 135 degrees?",
        "To have the {x:thing} in front of me, which way do I turn: left, right, or around, "
        "meaning at least 135 degrees?",
        "Which turn brings the {x:thing} straight ahead: left, right, or around (at least 135 "
        "degrees)?",
        "Which way to turn for the {x:thing}: left, right, or around, if at least 135 degrees are "
        "needed?",
        "Which direction should I turn if I want to walk to the {x:thing}: left, right, or around "
        "(135 degrees or more)?",
        "Which way is the shortest turn toward the {x:thing}: left, right, or around (at least "
        "135 degrees)?",
        "Which way would I have to turn to see the {x:thing} straight ahead: left, right, or "
        "around, that is by 135 degrees or more?",
        "Which way do I turn for facing the {x:thing} next, left, right, or around (by 135 "
        "degrees or more)?",
    )
)
PHRASING: Final = Phrasing(canonical=_ALL[0], others=_ALL[1:])


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (situation, object)."""
    found = situations(survey, config, rng)
    n = len(survey.objects)
    which, x = (index.ravel() for index in np.indices((len(found.pairs), n)))
    angle = found.angle[which, x]
    bearing = classify_turns(angle, MEDIUM)
    corner = classify_turns(found.corner[which, x], MEDIUM).sector
    astray = (corner != bearing.sector[:, None]).sum(axis=1)
    s, f = found.pairs[which].T
    sigma = angle_sigma_deg(survey, found, found.apart)[which, x]
    near = config.min_pair_distance_m if survey.geometry.scale == "metric" else 1e-9
    checks = [
        Check(SkipReason.TOO_FEW_OBJECTS, (x != s) & (x != f)),
        Check(SkipReason.OBJECTS_TOO_CLOSE, found.clear[which] & (found.apart[which, x] >= near)),
        Check(SkipReason.CATEGORY_NOT_UNIQUE, survey.names_apart(s, f, x)),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
    ]
    clear = clear_ones(
        bearing.margin_deg, sigma, checks, config, (QuestionKind.SITUATED_WHICH, FLOOR_DEG)
    )

    def draft(i: int, _: np.random.Generator) -> Draft:
        names = survey.names
        objects = (int(s[i]), int(f[i]), int(x[i]))
        return Draft(
            slots={
                "s": thing(names[objects[0]]),
                "f": thing(names[objects[1]]),
                "x": thing(names[objects[2]]),
            },
            answer=FreeText(ACCEPTED[MEDIUM.names[int(bearing.sector[i])]]),
            objects=objects,
        )

    return Candidates(
        margin=bearing.margin_deg,
        draft=draft,
        value=angle,
        sigma=sigma,
        strata=s * 3 + bearing.sector,
        checks=[*checks, even_answers(s, bearing.sector, clear, 3)],
        skips=survey.pool_skips(QuestionKind.SITUATED_WHICH, lambda m: perm(m, 3)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SITUATED_WHICH,
    definition="floor_plane_turn_to_face_deg",
    meaning=(
        "Which way someone at the middle of one object who faces the middle of another turns to "
        "face a third: `value` is the angle in degrees on the floor plane, counter-clockwise seen "
        "from above; left below 135, around from 135 to 225, right above. `margin` is the "
        "distance to 0, 135 or 225, whichever is nearest"
    ),
    answer_type="text",
    metric="EM",
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source=(
        "SQA3D (Ma et al., 2023), 'which direction' questions; the sectors are those of "
        "VSI-Bench's object_rel_direction_medium"
    ),
    find=find,
)
