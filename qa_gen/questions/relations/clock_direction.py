"""Ask at what hour of a clock face something is for somebody who faces something else."""

from math import perm
from typing import Final

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import Choice, Unit
from qa_gen.config import LabelConfig
from qa_gen.directions import turn_deg, turn_sigma_deg
from qa_gen.enumeration import arrangements
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

_HOUR_DEG: Final = 30.0
_HALF_HOUR_DEG: Final = 15.0
# Two neighbours and the two opposite them: whichever is right, the others are as far from it.
_LAYOUT: Final = (0, 1, 6, 7)
_CORNER_REACH_DEG: Final = 45.0  # a corner farther round than the next hour's end is astray

PHRASING: Final = Phrasing(
    canonical=(
        "If I am standing at the {position:thing} and facing the {facing:thing}, which is then at "
        "12 o'clock, at what hour of the clock face (1 to 12, to the nearest hour) is the "
        "{query:thing}?"
    ),
    others=(
        "Stand at the {position:thing} and face the {facing:thing}: that is 12 o'clock. To the "
        "nearest hour (1 to 12), where on the clock face is the {query:thing}?",
        "With the {facing:thing} straight ahead at 12 o'clock for somebody standing at the "
        "{position:thing}, which hour (1 to 12, the nearest) points to the {query:thing}?",
        "Lay a clock face on the floor with its middle at the {position:thing} and its 12 "
        "o'clock towards the {facing:thing}. Nearest to which hour, 1 to 12, is the direction of "
        "the {query:thing}?",
        "A pilot at the {position:thing} heads for the {facing:thing} at 12 o'clock. In which "
        "clock direction, to the nearest hour from 1 to 12, would they report the {query:thing}?",
        "Seen from the {position:thing}, the {facing:thing} is at 12 o'clock. Give the hour (1 to "
        "12, the nearest one) at which the {query:thing} is.",
        "I stand at the {position:thing} looking at the {facing:thing}, my 12 o'clock. What hour "
        "between 1 and 12, rounded to the nearest, is the {query:thing} at?",
        "Using clock directions with 12 o'clock from the {position:thing} towards the "
        "{facing:thing}, at which hour (1 to 12, nearest) does one find the {query:thing}?",
        "What is the clock direction of the {query:thing}, in whole hours from 1 to 12 and rounded "
        "to the nearest, for somebody at the {position:thing} who has the {facing:thing} at 12 "
        "o'clock?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered triple of objects, or so many drawn evenly."""
    n = len(survey.names)
    triples = arrangements(n, 3, rng)
    position, facing, query = triples.T
    place = survey.boxes.center[:, :2]
    angle = turn_deg(place[position], place[facing], place[query])
    hour = _nearest_hour(angle)
    length = np.linalg.norm(place[:, None] - place, axis=2)
    sides = np.stack(
        [length[position, facing], length[position, query], length[facing, query]], axis=1
    )
    metric = survey.geometry.scale == "metric"
    near = config.min_pair_distance_m if metric else np.finfo(np.float64).tiny
    far = config.max_pair_distance_m if metric else np.inf
    nearest: Float64[np.ndarray, " c"] = sides.min(axis=1)
    farthest: Float64[np.ndarray, " c"] = sides.max(axis=1)
    off = np.abs((angle + _HOUR_DEG * hour + 180.0) % 360.0 - 180.0)
    rows = np.flatnonzero((nearest >= near) & (farthest <= far) & (off < _HALF_HOUR_DEG))
    astray = np.zeros(len(triples), dtype=np.int64)
    astray[rows] = _corners_astray(survey, triples[rows], hour[rows])

    def draft(i: int, rng: np.random.Generator) -> Draft:
        p, f, q = triples[i].tolist()
        return Draft(
            slots={
                "position": thing(survey.names[p]),
                "facing": thing(survey.names[f]),
                "query": thing(survey.names[q]),
            },
            answer=_hour_options(int(hour[i]), rng),
            objects=(p, f, q),
        )

    with np.errstate(divide="ignore", invalid="ignore"):  # middles that coincide are refused below
        sigma = turn_sigma_deg(angle, sides[:, 0], sides[:, 1], survey.geometry.sigma_m * 0.5**0.5)
    return Candidates(
        margin=_HALF_HOUR_DEG - off,
        draft=draft,
        value=(-angle) % 360.0 / _HOUR_DEG,
        sigma=sigma,
        strata=hour,
        checks=(
            Check(SkipReason.NAME_TELLS, survey.names_apart(position, facing, query)),
            Check(SkipReason.OBJECTS_TOO_CLOSE, nearest >= near),
            Check(SkipReason.OBJECTS_TOO_FAR, farthest <= far),
            Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
        ),
        skips=survey.pool_skips(QuestionKind.CLOCK_DIRECTION, lambda m: perm(m, 3)),
    )


def _nearest_hour(angle_deg: Float64[np.ndarray, " c"]) -> Int64[np.ndarray, " c"]:
    """Return 1 to 12; angles count counter-clockwise, hours clockwise."""
    hour = np.rint(-angle_deg / _HOUR_DEG).astype(np.int64) % 12
    return np.where(hour == 0, 12, hour)


def _corners_astray(
    survey: Survey, triples: Int64[np.ndarray, "c 3"], hour: Int64[np.ndarray, " c"]
) -> Int64[np.ndarray, " c"]:
    """Count corners of the query's box that lie beyond the hours next to the answer."""
    position, facing, query = triples.T
    place = survey.boxes.center[:, :2]
    turns = turn_deg(
        place[position][:, None], place[facing][:, None], survey.corners[query][..., :2]
    )
    off = np.abs((turns + _HOUR_DEG * hour[:, None] + 180.0) % 360.0 - 180.0)
    count: Int64[np.ndarray, " c"] = (off > _CORNER_REACH_DEG).sum(axis=1)
    return count


def _hour_options(hour: int, rng: np.random.Generator) -> Choice:
    """Return four hours laid out alike from the point of view of each of them."""
    start = hour - 1 - _LAYOUT[int(rng.integers(len(_LAYOUT)))]
    hours = [(start + step) % 12 + 1 for step in _LAYOUT]
    return shuffled_choice([_said(h) for h in hours], hours.index(hour), rng)


def _said(hour: int) -> str:
    return f"{hour} {Unit.HOURS.words}"


_MIRROR: Final = {_said(hour): _said(12 - hour) for hour in range(1, 12)}

QUESTION: Final = Question(
    kind=QuestionKind.CLOCK_DIRECTION,
    definition="floor_plane_clock_hour_of_obb_centers",
    meaning=(
        "Hour of a clock face lying on the floor around the middle of the first thing, 12 towards "
        "the middle of the second, nearest to the direction of the middle of the third; `value` is "
        "that direction in hours (0 to 12) before rounding. `margin` is the angle in degrees to "
        "the nearer end of the hour: 15 minus the distance from its middle"
    ),
    answer_type="choice",
    metric="accuracy",
    floor=5.0,
    margin_unit="deg",
    invariances=Invariances(mirror=_MIRROR),
    phrasing=PHRASING,
    source=(
        "SpatialRGPT (Cheng et al., 2024), direction; theirs takes 12 - angle // 30, which is half "
        "an hour off on average: 14 degrees to the right is 1 o'clock there and 12 here"
    ),
    find=find,
)
