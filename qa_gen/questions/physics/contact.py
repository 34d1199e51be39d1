"""Ask whether two objects touch."""

from math import comb
from typing import Final

import numpy as np
from jaxtyping import Bool

from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.resting import TOLERANCE_M, Resting, resting
from qa_gen.survey import Survey
from qa_gen.yes_no import yes_or_no

BOUNDARY_M: Final = 0.05  # with a floor of 0.04: at most 1 cm is "yes", at least 9 cm is "no"
FLOOR_M: Final = 0.04
FARTHEST_M: Final = 3.0  # beyond it nobody would need to look

PHRASING: Final = Phrasing(
    canonical="Are the {a:thing} and the {b:thing} touching each other?",
    others=(
        "Do the {a:thing} and the {b:thing} touch?",
        "Is the {a:thing} in contact with the {b:thing}?",
        "Is there physical contact between the {a:thing} and the {b:thing}?",
        "Does any part of the {a:thing} touch the {b:thing}?",
        "Look at the {a:thing} and the {b:thing}: are they in contact?",
        "Would you say that the {a:thing} directly touches the {b:thing}?",
        "Are the surfaces of the {a:thing} and the {b:thing} in contact anywhere?",
        "Is it true that the {a:thing} and the {b:thing} are touching?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every pair of objects."""
    del config, rng
    n = len(survey.objects)
    first, second = np.triu_indices(n, k=1)
    found = resting(survey.boxes, None)
    gap = survey.gaps[first, second]
    touching = gap < BOUNDARY_M
    carries = _carries(found, n)
    shape_known = ~touching | (carries | carries.T)[first, second]
    alike = _could_carry(carries)
    alike = touching | (alike | alike.T)[first, second]
    checks = [
        Check(SkipReason.OBJECTS_TOO_FAR, gap <= FARTHEST_M),
        Check(SkipReason.CATEGORY_NOT_UNIQUE, survey.names_apart(first, second)),
        Check(SkipReason.INSIDE_ANOTHER, shape_known),
        Check(SkipReason.NO_COUNTER_EXAMPLE, alike),
    ]

    def draft(i: int, draw: np.random.Generator) -> Draft:
        a, b = int(first[i]), int(second[i])
        return Draft(
            slots={"a": thing(survey.names[a]), "b": thing(survey.names[b])},
            answer=yes_or_no(draw, yes=bool(touching[i])),
            objects=(a, b),
        )

    return Candidates(
        margin=np.abs(gap - BOUNDARY_M),
        draft=draft,
        value=gap,
        sigma=np.full(len(gap), survey.geometry.sigma_m * 2**0.5),  # one face of each box
        strata=touching.astype(np.int64),
        checks=checks,
        skips=survey.pool_skips(QuestionKind.CONTACT, lambda m: comb(m, 2)),
    )


def _carries(found: Resting, n: int) -> Bool[np.ndarray, "n n"]:
    """Whether the row's upper side carries the column's underside."""
    close: Bool[np.ndarray, "n n"] = found.lift[:n, :n].T <= TOLERANCE_M
    return close


def _could_carry(carries: Bool[np.ndarray, "n n"]) -> Bool[np.ndarray, "n n"]:
    """Whether the row's thing carries something and the column's lies on something else.

    Only such pairs have names that fit both answers.
    """
    likely: Bool[np.ndarray, "n n"] = np.logical_and.outer(carries.any(axis=1), carries.any(axis=0))
    return likely & ~np.eye(len(carries), dtype=np.bool_)


QUESTION: Final = Question(
    kind=QuestionKind.CONTACT,
    definition="obb_gap_contact_m",
    meaning=(
        "Whether the surfaces of two objects touch: `value` is the least distance in metres of "
        f"their oriented boxes, the answer is yes below {BOUNDARY_M} m, `margin` is how far the "
        "distance is from there. Boxes fit things tightly only where one carries the other, so "
        "boxes that meet or overlap in any other way (a chair under a table) are not asked about"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=FLOOR_M,
    margin_unit="m",
    invariances=Invariances(swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "our own, after the contact relations of RoboSpatial (Song et al., 2025); theirs counts "
        "overlapping boxes as touching"
    ),
    find=find,
)
