"""Warp one picture along a camera path by its depth: training-free control for VACE.

Every pixel of the picture becomes a point in the room and is drawn where each camera of the path
sees it. What no point reaches is a hole, which VACE paints (``GenerationRequest.source_mask``);
everything else is kept. So the path and the visible geometry are known exactly.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64, UInt8

from synth.cameras import Intrinsics, project, unproject
from synth.poses import Pose

# Neighbouring points further apart than this share of their depth lie on different things.
_EDGE_SHARE: Final = 0.05
_SPLAT: Final = 2  # points per pixel and axis, so that a surface seen closer has no gaps


class Warped(NamedTuple):
    """A picture seen from other cameras.

    Attributes:
        frames: What is known of each view; grey where nothing is.
        holes: Where nothing is known.
    """

    frames: UInt8[np.ndarray, "t h w 3"]
    holes: Bool[np.ndarray, "t h w"]


def warp_along_path(
    picture: UInt8[np.ndarray, "h w 3"],
    depth: Float[np.ndarray, "_h _w"],
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics],
) -> Warped:
    """Draw a picture from every camera of a path that begins where it was taken.

    Args:
        picture: Seen by the first camera.
        depth: Its z-depth, in the unit of the poses; 0 is unknown and becomes a hole.
        c2w: The path.
        intrinsics: One camera per pose.

    Raises:
        ValueError: Picture, depth and cameras differ in size or number.
    """
    if len(c2w) != len(intrinsics):
        raise ValueError(f"warping: got {len(c2w)} poses and {len(intrinsics)} cameras.")
    if picture.shape[:2] != depth.shape:
        raise ValueError(
            f"warping: the picture is {picture.shape[0]}x{picture.shape[1]} (h x w) and its depth "
            f"{depth.shape[0]}x{depth.shape[1]}; resize one of them."
        )
    points, colors = _points(picture, depth, c2w[0], intrinsics[0])
    frames = np.full((len(c2w), *picture.shape), 128, dtype=np.uint8)
    holes = np.ones((len(c2w), *depth.shape), dtype=np.bool_)
    for view, (pose, camera) in enumerate(zip(c2w, intrinsics, strict=True)):
        pixels, nearest = _nearest(points, pose, camera)
        frames[view].reshape(-1, 3)[pixels] = colors[nearest]
        holes[view].reshape(-1)[pixels] = False
    # The first view is the picture itself, to the last bit.
    frames[0], holes[0] = np.where((depth > 0)[..., None], picture, 128), depth <= 0
    return Warped(frames, holes)


def _points(
    picture: UInt8[np.ndarray, "h w 3"],
    depth: Float[np.ndarray, "h w"],
    pose: Pose,
    camera: Intrinsics,
) -> tuple[Float64[np.ndarray, "n 3"], UInt8[np.ndarray, "n 3"]]:
    """Return world points of a ``_SPLAT``-fold grid of the picture, and their colours."""
    fine = np.repeat(np.repeat(depth.astype(np.float64), _SPLAT, axis=0), _SPLAT, axis=1)
    for axis in (0, 1):
        fine = _between(fine, axis)
    points = unproject(fine, pose, _finer(camera)).reshape(-1, 3)
    colors = np.repeat(np.repeat(picture, _SPLAT, axis=0), _SPLAT, axis=1).reshape(-1, 3)
    known = np.isfinite(points).all(axis=1)
    return points[known], colors[known]


def _between(fine: Float64[np.ndarray, "h w"], axis: int) -> Float64[np.ndarray, "h w"]:
    """Move repeated depths to where their points lie, a quarter of a pixel off the center.

    On a plane the inverse depth is linear in pixels; across an edge nothing is.
    """
    toward = np.roll(fine, -1, axis), np.roll(fine, 1, axis)
    index = np.arange(fine.shape[axis])
    is_second = np.expand_dims(index % _SPLAT == 1, 1 - axis)
    is_outer = np.expand_dims((index == 0) | (index == len(index) - 1), 1 - axis)
    neighbour = np.where(is_second, toward[0], toward[1])
    is_edge = (np.abs(neighbour - fine) > _EDGE_SHARE * fine) | is_outer
    is_edge |= (neighbour <= 0) | (fine <= 0)
    inverse = 0.75 / np.where(is_edge, 1.0, fine) + 0.25 / np.where(is_edge, 1.0, neighbour)
    return np.where(is_edge, fine, 1.0 / inverse)


def _finer(camera: Intrinsics) -> Intrinsics:
    """Return the camera of a picture enlarged ``_SPLAT`` times."""
    return Intrinsics(
        fx=camera.fx * _SPLAT,
        fy=camera.fy * _SPLAT,
        cx=camera.cx * _SPLAT,
        cy=camera.cy * _SPLAT,
        width=camera.width * _SPLAT,
        height=camera.height * _SPLAT,
    )


def _nearest(
    points: Float64[np.ndarray, "n 3"], pose: Pose, camera: Intrinsics
) -> tuple[Int64[np.ndarray, " m"], Int64[np.ndarray, " m"]]:
    """Return the pixels that a camera sees points in, and the nearest point of each."""
    seen = project(points, pose, camera)
    visible = np.flatnonzero(seen.visible)
    column, row = np.floor(seen.uv[visible]).astype(np.int64).T
    column, row = np.minimum(column, camera.width - 1), np.minimum(row, camera.height - 1)
    pixel = row * camera.width + column
    order = np.lexsort((seen.depth[visible], pixel))
    pixels, first = np.unique(pixel[order], return_index=True)
    return pixels, visible[order[first]]
