"""Which matches of two frames one model explains: essential, fundamental, homography.

RANSAC of OpenCV, whose random numbers start the same at every call: same matches, same answer.
"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool

from synth.cameras import Intrinsics
from synth.matching import PointMatches

_CONFIDENCE: Final = 0.999
_MOST_TRIALS: Final = 1000


def on_essential(
    matches: PointMatches, first: Intrinsics, second: Intrinsics, tolerance_px: float
) -> Bool[np.ndarray, " n"]:
    """Return the matches on one essential matrix; none if none was found."""
    rays_first = (matches.first_uv - [first.cx, first.cy]) / [first.fx, first.fy]
    rays_second = (matches.second_uv - [second.cx, second.cy]) / [second.fx, second.fy]
    focal = (first.fx + first.fy + second.fx + second.fy) / 4
    _, mask = cv2.findEssentialMat(
        rays_first,
        rays_second,
        np.eye(3),
        method=cv2.RANSAC,
        prob=_CONFIDENCE,
        threshold=tolerance_px / focal,
        maxIters=_MOST_TRIALS,
    )
    return _as_flags(mask, len(matches))


def on_fundamental(matches: PointMatches, tolerance_px: float) -> Bool[np.ndarray, " n"]:
    """Return the matches on one fundamental matrix; none if none was found."""
    _, mask = cv2.findFundamentalMat(
        matches.first_uv,
        matches.second_uv,
        cv2.FM_RANSAC,
        tolerance_px,
        _CONFIDENCE,
        _MOST_TRIALS,
    )
    return _as_flags(mask, len(matches))


def on_homography(matches: PointMatches, tolerance_px: float) -> Bool[np.ndarray, " n"]:
    """Return the matches on one homography; none if none was found."""
    _, mask = cv2.findHomography(
        matches.first_uv,
        matches.second_uv,
        cv2.RANSAC,
        tolerance_px,
        maxIters=_MOST_TRIALS,
        confidence=_CONFIDENCE,
    )
    return _as_flags(mask, len(matches))


def _as_flags(mask: object, n_matches: int) -> Bool[np.ndarray, " n"]:
    """OpenCV gives a column of bytes, or ``None`` where it found no model."""
    if mask is None:
        return np.zeros(n_matches, dtype=np.bool_)
    return np.asarray(mask).ravel() > 0
