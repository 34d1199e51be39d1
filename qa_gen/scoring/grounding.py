"""F1 for questions that ask for several objects, as Multi3DRefer scores them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from qa_gen.scoring.overlap import aligned_iou

THRESHOLDS: Final = (0.25, 0.5)


class GroundingF1(NamedTuple):
    """F1 of one question."""

    at_25: float  # a box is found if its overlap reaches 0.25
    at_50: float


def grounding_f1(
    predicted: Sequence[Sequence[float]], truth: Sequence[Sequence[float]]
) -> GroundingF1:
    """Return the F1 of a set of axis-aligned boxes (middle and extents) against the true set.

    Boxes are matched one to one so that the sum of their overlaps is largest, once for both
    thresholds. No box where none is asked for is right; one side empty scores 0.

    Source: ``evaluate_one_query`` of M3DRef-CLIP (Zhang et al., Multi3DRefer, 2023), also in
    Video-3D-LLM's ``eval_multi3drefer.py``.
    """
    if not predicted or not truth:
        both = float(not predicted and not truth)
        return GroundingF1(both, both)
    ious = np.array([[aligned_iou(p, t) for t in truth] for p in predicted])
    rows, columns = linear_sum_assignment(-ious)
    found = [int((ious[rows, columns] >= threshold).sum()) for threshold in THRESHOLDS]
    return GroundingF1(*(2 * hits / (len(predicted) + len(truth)) for hits in found))
