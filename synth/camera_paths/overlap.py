"""How much neighbouring frames share: without overlap nobody can verify a path from its frames."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Float64

from synth.cameras import Intrinsics, project, unproject
from synth.poses import Pose

# A point further back than this (share of the depth seen there) is hidden, not shared.
_OCCLUDED_BEHIND: Final = 0.05


class LowOverlap(NamedTuple):
    """Two neighbouring frames that share too little."""

    frame: int  # the later one
    share: float


class _Seen(NamedTuple):
    c2w: Pose
    intrinsics: Intrinsics
    depth: Float[np.ndarray, "h w"]


def overlaps(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics],
    depth: Float[np.ndarray, "t h w"],
) -> Float64[np.ndarray, " s"]:
    """Return what share of its known pixels each frame has in common with the next one.

    A pixel is shared if it falls into the other frame and is not hidden there, by more than 5 % of
    the depth. Of both directions the smaller share counts; 0 where a frame has no known depth.

    Args:
        c2w: Poses.
        intrinsics: One camera per frame.
        depth: z-depth of every frame in the unit of the poses; 0 = unknown. Coarse maps will do.

    Raises:
        ValueError: Numbers of poses, cameras and maps differ, or maps and cameras in size.
    """
    if not len(c2w) == len(intrinsics) == len(depth):
        raise ValueError(
            "overlaps needs one camera and one depth map per pose, got "
            f"{len(c2w)} poses, {len(intrinsics)} cameras and {len(depth)} maps."
        )
    views = [_Seen(*view) for view in zip(c2w, intrinsics, depth, strict=True)]
    return np.array(
        [min(_share(before, after), _share(after, before)) for before, after in pairwise(views)]
    )


def low_overlaps(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics],
    depth: Float[np.ndarray, "t h w"],
    *,
    least_share: float,
) -> tuple[LowOverlap, ...]:
    """Return the frames that share less than ``least_share`` with the frame before.

    Raises:
        ValueError: ``least_share`` is not in 0..1, or as ``overlaps``.
    """
    if not 0 <= least_share <= 1:
        raise ValueError(f"least_share must lie in 0..1, got {least_share}.")
    shares = overlaps(c2w, intrinsics, depth)
    return tuple(
        LowOverlap(int(i) + 1, float(shares[i])) for i in np.flatnonzero(shares < least_share)
    )


def _share(source: _Seen, target: _Seen) -> float:
    points = unproject(source.depth, source.c2w, source.intrinsics).reshape(-1, 3)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0.0
    seen = project(points, target.c2w, target.intrinsics)
    column, row = np.where(seen.visible[:, None], seen.uv, 0.0).astype(np.int64).T
    surface = target.depth[row, column]
    shared = seen.visible & (surface > 0) & (seen.depth <= surface * (1 + _OCCLUDED_BEHIND))
    return float(shared.mean())
