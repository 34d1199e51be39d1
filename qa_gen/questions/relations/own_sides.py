"""What the two kinds with an anchor share: where something lies by an object's own front.

An object's own left is the left hand of somebody who sits on it or leans against it and looks out
of its front: the arm of a sofa that its user calls left. Seen by somebody who stands before it
(before a cabinet, say) it is on the right, so every wording says whose left is meant.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.extent_order import extents_along, separation
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import thing
from qa_gen.question import Candidates, Check, Draft
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

LEAST_GAP_M: Final = 0.15  # as for a camera's axes
_MOST_SLOPE: Final = 0.25  # sine of how far a front may point up or down (14.5 degrees)


class OwnAxis(NamedTuple):
    """A direction of an object, and what is said of what lies along it and against it."""

    to_left: bool  # to its own left; otherwise out of its front
    along: str
    against: str


def compare_with_anchors(
    survey: Survey, config: LabelConfig, kind: QuestionKind, axis: OwnAxis
) -> Candidates:
    """Ask of everything on which side of every anchor with a front it lies.

    Args:
        survey: Of the sequence.
        config: Of the run.
        kind: For what is skipped, and for its floor.
        axis: Which sides.
    """
    n = len(survey.names)
    fronts, has_front = _level_fronts(survey)
    ways = np.stack([-fronts[:, 1], fronts[:, 0], fronts[:, 2]], axis=1) if axis.to_left else fronts
    extents = extents_along(survey.boxes, survey.boxes.center[:n], ways)
    anchor, query = _pairs(has_front)
    gap, query_is_low = separation(extents, anchor, query, anchor)
    sigma = np.full(len(gap), survey.geometry.sigma_m * 2**0.5)  # one face of each box
    answer = query_is_low.astype(np.int64)
    checks = (
        Check(SkipReason.NAME_TELLS, survey.names_apart(anchor, query)),
        Check(SkipReason.EXTENTS_OVERLAP, gap > 0),
    )
    clear = clear_ones(gap, sigma, checks, config, (kind, LEAST_GAP_M))
    words = (axis.along, axis.against)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, q = int(anchor[i]), int(query[i])
        return Draft(
            slots={"anchor": thing(survey.names[a]), "query": thing(survey.names[q])},
            answer=shuffled_choice(words, int(answer[i]), rng),
            objects=(a, q),
        )

    return Candidates(
        margin=gap,
        draft=draft,
        value=np.full(len(gap), np.nan),
        sigma=sigma,
        strata=2 * anchor + answer,
        # A wardrobe at the wall has nothing behind it: its name alone would tell.
        checks=(*checks, even_answers(anchor, answer, clear, 2)),
        skips=_lost(survey, kind, has_front),
    )


def _level_fronts(
    survey: Survey,
) -> tuple[Float64[np.ndarray, "n 3"], Bool[np.ndarray, " n"]]:
    """Return the level part of each named thing's front, and whether it has such a front."""
    n = len(survey.names)
    fronts = np.zeros((n, 3))
    for i, thing_ in enumerate(survey.objects):
        if thing_.facing is not None:
            fronts[i] = thing_.facing
    has_front = (fronts != 0).any(axis=1) & (np.abs(fronts[:, 2]) <= _MOST_SLOPE)
    fronts[:, 2] = 0.0
    length = np.linalg.norm(fronts, axis=1, keepdims=True)
    return np.divide(fronts, length, out=np.zeros_like(fronts), where=length > 0), has_front


def _pairs(
    has_front: Bool[np.ndarray, " n"],
) -> tuple[Int64[np.ndarray, " c"], Int64[np.ndarray, " c"]]:
    """Return every anchor with everything else."""
    anchor, query = np.nonzero(has_front[:, None] & ~np.eye(len(has_front), dtype=np.bool_))
    return anchor, query


def _lost(survey: Survey, kind: QuestionKind, has_front: Bool[np.ndarray, " n"]) -> list[Skipped]:
    losses = survey.pool_skips(kind, lambda n: n * (n - 1))
    frontless = int((~has_front).sum()) * (len(has_front) - 1)
    if frontless > 0:
        losses.append(Skipped(kind, survey.sequence_id, SkipReason.NO_FRONT, frontless))
    return losses
