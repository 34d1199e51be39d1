"""Do depth maps and poses of several frames tell the same story? Per pixel, with a verdict.

A pixel is carried into other frames by depth and poses. There it can meet the same surface
(agreement), lie behind something nearer (hidden: no evidence), or lie in front of what that frame
sees (the frame looks through it: contradiction).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64

from synth.cameras import Intrinsics, project, unproject

MAD_TO_SIGMA: Final = 1.4826  # median absolute value to standard deviation, for normal errors
_MOST_PARTNERS: Final = 4  # frames a frame is compared with


class Consistency(NamedTuple):
    """What the other frames say about each pixel's depth."""

    agreed: Bool[np.ndarray, "k h w"]  # met the same surface in at least one other frame
    contradicted: Bool[np.ndarray, "k h w"]  # more frames look through it than agree
    relative_errors: Float64[np.ndarray, " n"]  # (z - seen depth) / z of all agreeing pixels


def cross_view_consistency(
    depth: Float32[np.ndarray, "k h w"],
    c2w: Float64[np.ndarray, "k 4 4"],
    intrinsics: Sequence[Intrinsics],
    *,
    tolerance: float,
) -> Consistency:
    """Compare every frame with up to four others, spread evenly over the clip.

    Args:
        depth: z-depth; 0 = unknown.
        c2w: OpenCV poses.
        intrinsics: Camera of each frame.
        tolerance: Share of the depth within which two depths are the same surface.
    """
    n_frames = len(depth)
    agreed = np.zeros(depth.shape, dtype=np.bool_)
    contradicted = np.zeros(depth.shape, dtype=np.bool_)
    errors = [np.zeros(0)]
    for k in range(n_frames):
        points = unproject(depth[k], c2w[k], intrinsics[k]).reshape(-1, 3)
        n_agree = np.zeros(len(points), dtype=np.int64)
        n_through = np.zeros(len(points), dtype=np.int64)
        for other in partners(k, n_frames):
            difference = _relative_difference(points, depth[other], c2w[other], intrinsics[other])
            agree = np.abs(difference) <= tolerance
            n_agree += agree
            n_through += difference < -tolerance
            errors.append(difference[agree])
        agreed[k] = (n_agree > 0).reshape(depth[k].shape)
        contradicted[k] = (n_through > n_agree).reshape(depth[k].shape)
    return Consistency(agreed, contradicted, np.concatenate(errors))


def partners(k: int, n_frames: int) -> list[int]:
    """Return the frames that frame ``k`` is compared with: evenly spread, never itself."""
    others = [i for i in range(n_frames) if i != k]
    if len(others) <= _MOST_PARTNERS:
        return others
    picked = np.linspace(0, len(others) - 1, _MOST_PARTNERS).round().astype(int)
    return [others[i] for i in picked]


def pixel_noise(depth: Float32[np.ndarray, "k h w"]) -> float:
    """Return the standard deviation of single pixels' depth, as a share of it.

    1/z is affine along every line of a plane's image, so what is left of its second differences
    is noise; edges and curved surfaces are outvoted by the median.
    """
    inverse = 1.0 / np.where(depth > 0, depth, np.nan).astype(np.float64)
    bends = [
        (before - 2 * middle + after) / middle
        for before, middle, after in (
            (inverse[:, :, :-2], inverse[:, :, 1:-1], inverse[:, :, 2:]),
            (inverse[:, :-2], inverse[:, 1:-1], inverse[:, 2:]),
        )
    ]
    values = np.abs(np.concatenate([bend.ravel() for bend in bends]))
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0
    return MAD_TO_SIGMA * float(np.median(values)) / np.sqrt(6.0)


def _relative_difference(
    points: Float64[np.ndarray, "n 3"],
    depth: Float32[np.ndarray, "h w"],
    c2w: Float64[np.ndarray, "4 4"],
    intrinsics: Intrinsics,
) -> Float64[np.ndarray, " n"]:
    """Return (z - seen depth) / z where a point falls on known depth, NaN elsewhere."""
    known = np.isfinite(points[:, 2])
    seen = project(np.where(known[:, None], points, 0.0), c2w, intrinsics)
    use = np.flatnonzero(known & seen.visible)
    column, row = np.floor(seen.uv[use]).astype(np.int64).T
    there = depth[row, column].astype(np.float64)
    difference = np.full(len(points), np.nan)
    difference[use] = np.where(there > 0, (seen.depth[use] - there) / seen.depth[use], np.nan)
    return difference
