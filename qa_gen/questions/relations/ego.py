"""What the three egocentric kinds share: two things in one image, ordered along a camera axis."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool

from qa_gen.extent_order import PairsInView, extents_along, separation
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import thing
from qa_gen.question import Candidates, Check, Draft
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

LEAST_GAP_M: Final = 0.15  # VSTI-Bench's


class CameraAxis(NamedTuple):
    """One of the camera's axes and what is said of the thing with the smaller coordinate."""

    column: int  # 0 right, 1 down, 2 forward
    low: str
    high: str


def compare_in_images(
    survey: Survey,
    kind: QuestionKind,
    axis: CameraAxis,
    pairs: PairsInView,
    looks_so: Bool[np.ndarray, "c 2"],
    checks: Sequence[Check] = (),
) -> Candidates:
    """Ask of every pair in every keyframe how the first lies to the second along an axis.

    Args:
        survey: Of the sequence.
        kind: For what is skipped.
        axis: Along which.
        pairs: From ``pairs_in_view``.
        looks_so: Whether the image confirms that the first has the smaller (column 0) or the
            larger coordinate (column 1).
        checks: Further conditions.
    """
    view, first, second = pairs
    eyes, toward = survey.keyframe_c2w[:, :3, 3], survey.keyframe_c2w[:, :3, axis.column]
    extents = extents_along(survey.boxes, eyes, toward)
    gap, first_is_low = separation(extents, view, first, second)
    looks_right = np.where(first_is_low, looks_so[:, 0], looks_so[:, 1])

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, b = int(first[i]), int(second[i])
        shown = (survey.geometry.keyframes[int(view[i])],)
        answer = shuffled_choice((axis.low, axis.high), 0 if first_is_low[i] else 1, rng)
        slots = {"a": thing(survey.names[a]), "b": thing(survey.names[b])}
        return Draft(slots, answer, objects=(a, b), frames=shown, evidence=shown)

    return Candidates(
        margin=gap,
        draft=draft,
        value=np.full(len(gap), np.nan),
        sigma=np.full(len(gap), survey.geometry.sigma_m * 2**0.5),  # one face of each box
        # Both orders of a pair are one stratum: each answer is then equally likely for any pair.
        strata=pairs.unordered(len(survey.names)),
        checks=(
            Check(SkipReason.NAME_TELLS, survey.names_apart(first, second)),
            Check(SkipReason.EXTENTS_OVERLAP, gap > 0),
            Check(SkipReason.PICTURE_DISAGREES, looks_right),
            *checks,
        ),
        skips=_lost_pairs(survey, kind, len(gap)),
    )


def _lost_pairs(survey: Survey, kind: QuestionKind, n_found: int) -> list[Skipped]:
    losses = survey.pool_skips(kind, lambda n: n * (n - 1))
    if not n_found and len(survey.names) > 1:  # never together in one image
        losses.append(Skipped(kind, survey.sequence_id, SkipReason.NOT_VISIBLE_ENOUGH))
    return losses
