"""Ask whether an object would fit through the gap between two others."""

from math import comb
from typing import Final, NamedTuple

import numpy as np
import shapely
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.enumeration import choices_for_each
from qa_gen.floor_plan import FloorPlan, floor_plan
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey
from qa_gen.yes_no import yes_or_no

FLOOR_M: Final = 0.10
HIGHEST_UNDERSIDE_M: Final = 0.2  # of things that count as standing on the floor
FLAT_M: Final = 0.1  # rugs and mats are neither pushed nor in the way
LEAST_GAP_M: Final = 0.1  # things closer than this have no gap to speak of
MOST_RATIO: Final = 2.5  # of gap and width; beyond it the names alone give the answer away
_INTRUDES_M2: Final = 1e-4

PHRASING: Final = Phrasing(
    canonical=(
        "Seen from above, is the gap between the {b:thing} and the {c:thing} wide enough for the "
        "{a:thing} to pass through, turned to its narrowest side?"
    ),
    others=(
        "Turned so that it is as narrow as possible and kept upright, would the {a:thing} fit "
        "between the {b:thing} and the {c:thing}, as seen from above?",
        "Is the narrowest horizontal width of the {a:thing} smaller than the gap between the "
        "{b:thing} and the {c:thing} as seen from above?",
        "Suppose you pushed the {a:thing} upright along the floor, narrow side first. Judging from "
        "above, could it get through between the {b:thing} and the {c:thing}?",
        "Looking straight down, do the {b:thing} and the {c:thing} leave enough room between them "
        "for the {a:thing} at its narrowest?",
        "Would the {a:thing}, kept upright and turned to its narrowest side, go through the gap "
        "that the {b:thing} and the {c:thing} leave in a view from above?",
        "In a floor plan, is the space between the {b:thing} and the {c:thing} at least as wide as "
        "the {a:thing} is at its narrowest?",
        "Could the {a:thing} be moved upright through the gap between the {b:thing} and the "
        "{c:thing}, measured from above, if it were turned the best way?",
        "Judged from above, does the upright {a:thing} with its narrow side ahead fit through "
        "between the {b:thing} and the {c:thing}?",
    ),
)


class _Gaps(NamedTuple):
    """Between every two outlines."""

    width: Float64[np.ndarray, "n n"]
    free: Bool[np.ndarray, "n n"]  # nothing else reaches in


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (object to move, two others); no others may reach into the gap."""
    del config
    n = len(survey.objects)
    triples = choices_for_each(n, 2, rng)
    moved, left, right = triples.T
    seen = floor_plan(survey.boxes)
    lowest = seen.bottom.min(initial=np.inf)
    upright = (seen.bottom <= lowest + HIGHEST_UNDERSIDE_M) & (seen.top - seen.bottom >= FLAT_M)
    gaps = _gaps(seen, n, upright[:n])
    gap, width = gaps.width[left, right], seen.least_width[moved]
    fits = width < gap
    ratio = np.maximum(gap, 1e-9) / width

    def draft(i: int, draw: np.random.Generator) -> Draft:
        a, b, c = triples[i].tolist()
        names = survey.names
        return Draft(
            slots={"a": thing(names[a]), "b": thing(names[b]), "c": thing(names[c])},
            answer=yes_or_no(draw, yes=bool(fits[i])),
            objects=(a, b, c),
        )

    return Candidates(
        margin=np.abs(gap - width),
        draft=draft,
        value=gap - width,
        sigma=np.full(len(gap), survey.geometry.sigma_m * 2.0),  # four faces
        strata=fits + 2 * survey.category_index[moved],
        checks=[
            Check(
                SkipReason.CATEGORY_NOT_UNIQUE,
                survey.names_apart(moved, left, right) & ~survey.told_by_size[moved],
            ),
            Check(SkipReason.OBJECTS_TOO_CLOSE, gap >= LEAST_GAP_M),
            Check(SkipReason.OBJECTS_TOO_FAR, (ratio <= MOST_RATIO) & (ratio >= 1 / MOST_RATIO)),
            Check(SkipReason.WAY_BLOCKED, upright[moved] & gaps.free[left, right]),
        ],
        skips=survey.pool_skips(QuestionKind.FITS_BETWEEN, lambda m: m * comb(max(m - 1, 0), 2)),
    )


def _gaps(seen: FloorPlan, n: int, upright: Bool[np.ndarray, " n"]) -> _Gaps:
    """Measure every gap, and look for outlines in those between upright things.

    What lies between two convex outlines lies in their convex hull, outside both. Gaps that are
    too wide to be asked about with any of the things are not looked into.
    """
    first, second = np.triu_indices(n, k=1)
    width = shapely.distance(seen.outlines[first], seen.outlines[second])
    useful = upright[first] & upright[second] & (width >= LEAST_GAP_M)
    useful &= width <= MOST_RATIO * seen.least_width[:n].max(initial=0.0)
    a, b = seen.outlines[first[useful]], seen.outlines[second[useful]]
    both = shapely.union(a, b)
    between = shapely.difference(shapely.convex_hull(both), both)
    standing = np.flatnonzero(seen.top - seen.bottom >= FLAT_M)
    where, other = shapely.STRtree(seen.outlines[standing]).query(between, predicate="intersects")
    shared = shapely.area(shapely.intersection(between[where], seen.outlines[standing[other]]))
    free = useful.copy()
    free[np.flatnonzero(useful)[where[shared > _INTRUDES_M2]]] = False
    return _Gaps(
        width=_symmetric(width, first, second, n),
        free=_symmetric(free.astype(np.float64), first, second, n) > 0,
    )


def _symmetric(
    values: Float64[np.ndarray, " c"],
    first: Int64[np.ndarray, " c"],
    second: Int64[np.ndarray, " c"],
    n: int,
) -> Float64[np.ndarray, "n n"]:
    table = np.zeros((n, n))
    table[first, second] = values
    table[second, first] = values
    return table


QUESTION: Final = Question(
    kind=QuestionKind.FITS_BETWEEN,
    definition="floor_gap_minus_width_m",
    meaning=(
        "Whether an upright object fits between two others, seen from above: `value` is the least "
        "distance between the outlines of the two boxes on the floor plane less the least width "
        "of the first box's outline (both metres), the answer is yes above 0, `margin` is how far "
        "it is from 0. A convex outline passes between two others exactly if its least width is "
        "no more than their distance (Strang, The width of a chair, 1982). All three stand on the "
        "floor (underside at most "
        f"{HIGHEST_UNDERSIDE_M} m above the lowest one) and nothing else reaches between the two"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=FLOOR_M,
    margin_unit="m",
    invariances=Invariances(swap=(1, 2)),
    phrasing=PHRASING,
    source=(
        "our own, after the free-space compatibility of RoboSpatial (Song et al., 2025), which "
        "asks it of places, not of objects"
    ),
    find=find,
)
