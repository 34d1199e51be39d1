"""Every question where an object is for someone at a second one who faces, or shuns, a third.

Shared by VSI-Bench's three levels and by ReVSI's two with the back to the third object.
"""

from dataclasses import dataclass
from math import perm
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.directions import Sectors, classify_turns, heading_deg, sector_of, turn_sigma_deg
from qa_gen.enumeration import arrangements
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import thing
from qa_gen.question import Candidates, Check, Draft, Invariances
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

FLOOR_DEG: Final = 10.0  # VSI-Bench's guard, here on both sides of every boundary
DEFINITION: Final = "floor_plane_turn_of_obb_centers_deg"
_SECTORS_MEANT: Final = (
    "; answers start at 0 (left) and 180 degrees (right) in the easy kind, at 0 (left), 135 "
    "(back) and 225 (right) in the medium one and in ReVSI's easy one, with every quadrant in the "
    "hard ones; `margin` is the distance to the nearest of these, on either side"
)
MEANING: Final = (
    "Angle in degrees, in the floor plane and counter-clockwise seen from above, from the way to "
    "the middle of the faced object to the way to the middle of the asked one, for someone at the "
    f"middle of the first{_SECTORS_MEANT}"
)
SOURCE: Final = (
    "theirs guards one side of each boundary, ours both; which question is asked is chosen so "
    "that the names do not tell the answer"
)
AWAY_DEFINITION: Final = "floor_plane_turn_from_back_of_obb_centers_deg"
AWAY_MEANING: Final = (
    "Angle in degrees, in the floor plane and counter-clockwise seen from above, from the way that "
    "leads straight away from the middle of the second object to the way to the middle of the "
    f"asked one, for someone at the middle of the first{_SECTORS_MEANT}"
)
AWAY_SOURCE: Final = (
    "github.com/3dlg-hcvc/revsi, qa_generation/obj_rel_dir_qa.py, label and wording alike; theirs "
    "keeps 35 degrees from a boundary and 1.5 m between surfaces, ours the limits of VSI-Bench's "
    "questions (10 degrees on both sides, 0.3 to 5 m between middles)"
)
_FLIPPED: Final = {
    "left": "right",
    "front-left": "front-right",
    "back-left": "back-right",
}
FLIP: Final = {**_FLIPPED, **{after: before for before, after in _FLIPPED.items()}}
INVARIANCES: Final = Invariances(mirror=FLIP, swap=(1, 2), swapped=FLIP)


@dataclass(frozen=True, slots=True)
class TurnTask:
    """One level.

    Attributes:
        kind: Its kind.
        sectors: Its answers.
        away: Whether the observer faces away from the second object.
    """

    kind: QuestionKind
    sectors: Sectors
    away: bool = False


class _Layout(NamedTuple):
    """What any two objects of a scene are to each other on the floor."""

    apart: Float64[np.ndarray, "n n"]  # of the middles
    heading: Float64[np.ndarray, "n n"]  # degrees, from the first to the second middle
    corner_heading: Float64[np.ndarray, "n n 8"]  # to the second's corners


def find_turns(
    survey: Survey, config: LabelConfig, rng: np.random.Generator, task: TurnTask
) -> Candidates:
    """Enumerate (position, facing, query) triples of objects."""
    n = len(survey.objects)
    triples = arrangements(n, 3, rng)
    p, f, q = triples.T
    layout = _layout(survey)
    ahead = layout.heading[p, f] + (180.0 if task.away else 0.0)
    angle = (layout.heading[p, q] - ahead) % 360.0
    bearing = classify_turns(angle, task.sectors)
    corner = sector_of((layout.corner_heading[p, q] - ahead[:, None]) % 360.0, task.sectors)
    astray = (corner != bearing.sector[:, None]).sum(axis=1)
    sigma = _sigma(survey, layout, triples, angle - (180.0 if task.away else 0.0))
    checks = (
        *_distance_checks(survey, config, layout, triples),
        Check(SkipReason.NAME_TELLS, survey.names_apart(p, f, q)),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
    )
    clear = clear_ones(bearing.margin_deg, sigma, checks, config, (task.kind, FLOOR_DEG))

    second = "away" if task.away else "facing"

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, b, c = triples[i].tolist()
        names = survey.names
        return Draft(
            slots={"position": thing(names[a]), second: thing(names[b]), "query": thing(names[c])},
            answer=shuffled_choice(task.sectors.names, int(bearing.sector[i]), rng),
            objects=(a, b, c),
        )

    n_answers = len(task.sectors.names)
    return Candidates(
        margin=bearing.margin_deg,
        draft=draft,
        value=angle,
        sigma=sigma,
        strata=p * n_answers + bearing.sector,
        checks=(*checks, even_answers(p, bearing.sector, clear, n_answers)),
        skips=survey.pool_skips(task.kind, lambda m: perm(m, 3)),
    )


def _layout(survey: Survey) -> _Layout:
    n = len(survey.objects)
    middles = survey.boxes.center[:n, :2]
    ways = middles[None, :] - middles[:, None]
    corners = survey.corners[None, :n, :, :2] - middles[:, None, None]
    return _Layout(
        apart=np.linalg.norm(ways, axis=2),
        heading=heading_deg(ways),
        corner_heading=heading_deg(corners),
    )


def _sigma(
    survey: Survey,
    layout: _Layout,
    triples: Int64[np.ndarray, "c 3"],
    angle_deg: Float64[np.ndarray, " c"],
) -> Float64[np.ndarray, " c"]:
    p, f, q = triples.T
    # Zero distances are refused by a check; 1 keeps the arithmetic quiet until then.
    to_facing, to_query = (
        np.where(d > 0, d, 1.0) for d in (layout.apart[p, f], layout.apart[p, q])
    )
    center_sigma = survey.geometry.sigma_m / 2**0.5  # a middle is the mean of two faces
    return turn_sigma_deg(angle_deg, to_facing, to_query, center_sigma)


def _distance_checks(
    survey: Survey, config: LabelConfig, layout: _Layout, triples: Int64[np.ndarray, "c 3"]
) -> tuple[Check, Check]:
    p, f, q = triples.T
    pairs = np.stack([layout.apart[p, f], layout.apart[p, q], layout.apart[f, q]])
    nearest, farthest = pairs.min(axis=0), pairs.max(axis=0)
    # Lengths without metres cannot be held against limits in metres; angles need none.
    scale_free = survey.geometry.scale != "metric"
    far_enough = (nearest > 0) & (scale_free | (nearest >= config.min_pair_distance_m))
    near_enough = scale_free | (farthest <= config.max_pair_distance_m)
    return (
        Check(SkipReason.OBJECTS_TOO_CLOSE, far_enough),
        Check(SkipReason.OBJECTS_TOO_FAR, near_enough),
    )
