"""Does a path run into things? Distances to oriented boxes, and depth maps along the path.

Boxes come as arrays: ``centers`` (k, 3), full ``sizes`` (k, 3) and ``rotations`` (k, 3, 3), whose
columns are a box's axes in the world. Between frames the camera is taken to move straight.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64

from synth.cameras import Intrinsics

_STEP_M: Final = 0.02  # between frames the path is looked at this often
_CLIP_ROUNDING_M: Final = 1e-9


class Collision(NamedTuple):
    """A frame whose camera comes too near to something."""

    frame: int
    box: int  # index of the nearest box
    distance_m: float  # 0 inside


class NearSurface(NamedTuple):
    """A frame that has surfaces in front of its near plane."""

    frame: int
    depth_m: float  # at the given quantile of the known depths
    known: bool  # False: no pixel of the frame has a depth


def box_distances(
    points: Float64[np.ndarray, "n 3"],
    centers: Float64[np.ndarray, "k 3"],
    sizes: Float64[np.ndarray, "k 3"],
    rotations: Float64[np.ndarray, "k 3 3"],
) -> Float64[np.ndarray, "n k"]:
    """Return the distance of every point to every box; 0 inside."""
    local = np.einsum("nkj,kji->nki", points[:, None] - centers, rotations)
    outside = np.maximum(np.abs(local) - sizes / 2, 0.0)
    distances: Float64[np.ndarray, "n k"] = np.linalg.norm(outside, axis=2)
    return distances


def collisions(
    c2w: Float64[np.ndarray, "t 4 4"],
    centers: Float64[np.ndarray, "k 3"],
    sizes: Float64[np.ndarray, "k 3"],
    rotations: Float64[np.ndarray, "k 3 3"],
    *,
    clearance_m: float,
) -> tuple[Collision, ...]:
    """Return the frames that come nearer than ``clearance_m`` to a box, on the way to them or at.

    Raises:
        ValueError: ``clearance_m`` is negative.
    """
    if not clearance_m >= 0:
        raise ValueError(f"clearance_m must be >= 0, got {clearance_m}.")
    if not len(centers):
        return ()
    found = []
    eyes = c2w[:, :3, 3]
    for frame, eye in enumerate(eyes):
        way = _way(eyes[max(frame - 1, 0)], eye)
        nearest = box_distances(way, centers, sizes, rotations).min(axis=0)
        box = int(np.argmin(nearest))
        if nearest[box] < clearance_m or nearest[box] == 0.0:
            found.append(Collision(frame, box, float(nearest[box])))
    return tuple(found)


def near_surfaces(
    depth: Float[np.ndarray, "t h w"], *, near_m: float, quantile: float = 0.05
) -> tuple[NearSurface, ...]:
    """Return the frames that look at something too near, by depth maps rendered along the path.

    Args:
        depth: z-depth of every frame, metres; 0 = unknown.
        near_m: The near plane.
        quantile: A frame is too near if this share of its known pixels is; 0 asks for the nearest.

    Raises:
        ValueError: ``near_m`` or ``quantile`` is out of range.
    """
    if not near_m > 0 or not 0 <= quantile < 1:
        raise ValueError(f"near_m must be > 0 and quantile in 0..1, got {near_m} and {quantile}.")
    found = []
    for frame, one in enumerate(depth):
        known = one[one > 0]
        nearest = float(np.quantile(known, quantile)) if len(known) else 0.0
        if nearest < near_m:
            found.append(NearSurface(frame, nearest, known=bool(len(known))))
    return tuple(found)


def hits_depth(
    c2w: Float64[np.ndarray, "t 4 4"],
    depth: Float[np.ndarray, "h w"],
    intrinsics: Intrinsics,
    *,
    clearance_m: float,
) -> Bool[np.ndarray, " t"]:
    """Say of every frame whether the path has run into what the first frame sees.

    ``depth`` and ``intrinsics`` belong to the first pose. What that frame does not see (behind,
    outside, hidden, unknown) cannot be hit.

    Raises:
        ValueError: ``depth`` and ``intrinsics`` disagree on the image size.
    """
    if depth.shape != (intrinsics.height, intrinsics.width):
        raise ValueError(
            f"hits_depth got a {depth.shape[0]}x{depth.shape[1]} (h x w) depth map for a "
            f"{intrinsics.height}x{intrinsics.width} camera; resize one of them."
        )
    eyes = (c2w[:, :3, 3] - c2w[0, :3, 3]) @ c2w[0, :3, :3]
    z = eyes[:, 2]
    ahead = z > _CLIP_ROUNDING_M
    safe_z = np.where(ahead, z, 1.0)
    column = np.floor(eyes[:, 0] / safe_z * intrinsics.fx + intrinsics.cx).astype(np.int64)
    row = np.floor(eyes[:, 1] / safe_z * intrinsics.fy + intrinsics.cy).astype(np.int64)
    inside = (
        ahead & (column >= 0) & (column < intrinsics.width) & (row >= 0) & (row < intrinsics.height)
    )
    surface = depth[np.where(inside, row, 0), np.where(inside, column, 0)]
    hit = inside & (surface > 0) & (z > surface - clearance_m)
    return np.asarray(np.logical_or.accumulate(hit))


def _way(
    start: Float64[np.ndarray, "3"], end: Float64[np.ndarray, "3"]
) -> Float64[np.ndarray, "n 3"]:
    steps = max(1, int(np.ceil(float(np.linalg.norm(end - start)) / _STEP_M)))
    return np.asarray(start + np.linspace(0.0, 1.0, steps + 1)[:, None] * (end - start))
