"""The one question about a room's size, as VSI-Bench and ReVSI ask it in three ways."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.question import Candidates, Check, Draft
from qa_gen.record import SkipReason
from qa_gen.survey import Survey

DECIMALS: Final = 1
LEAST_M2: Final = 1.0  # the smallest scene of VSI-Bench has 2.4
MOST_M2: Final = 500.0


def area_candidate(survey: Survey, area_m2: float, *checks: Check) -> Candidates:
    """Return the single candidate of a sequence."""
    value = np.array([area_m2])

    def draft(_: int, __: np.random.Generator) -> Draft:
        return Draft(slots={}, answer=Quantity(round(area_m2, DECIMALS), Unit.SQUARE_METERS, 1))

    return Candidates(
        margin=value,
        draft=draft,
        value=value,
        sigma=np.array([_sigma_m2(survey, area_m2)]),
        strata=np.zeros(1, dtype=np.int64),
        checks=(Check(SkipReason.VALUE_IMPLAUSIBLE, value <= MOST_M2), *checks),
    )


def _sigma_m2(survey: Survey, area_m2: float) -> float:
    """Return what walls that are off by sigma do to the area: each moves it by its own length.

    Without an outline the floor is taken for a square.
    """
    outline = survey.geometry.room_polygon
    if outline is None:
        walls = np.full(4, area_m2**0.5)
    else:
        walls = np.linalg.norm(np.roll(outline, -1, axis=0) - outline, axis=1)
    return float(survey.geometry.sigma_m * np.linalg.norm(walls))
