"""What the feed-forward reconstruction models share: input sizes, poses, cleaned depth.

MapAnything, Depth-Anything-3 and VGGT all count pixel centers as integers when they lift depth to
points, so their principal points move by half a pixel; the last two give w2c, the first c2w.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float, Float32, Float64, UInt8

from synth.cameras import Intrinsics
from synth.measure.pixel_map import PixelMap, from_integer_centers
from synth.poses import invert

PATCH_PX: Final = 14  # of the DINOv2 encoders all of them have


def patch_map(source: tuple[int, int], longest: int) -> PixelMap:
    """Return how frames of ``(h, w)`` become whole patches with a longest side of ``longest``.

    Raises:
        ValueError: ``longest`` is not a multiple of the patch.
    """
    if longest % PATCH_PX or longest <= 0:
        raise ValueError(
            f"a feed-forward model sees whole patches of {PATCH_PX} px; got a longest side of "
            f"{longest}, the nearest is {max(1, round(longest / PATCH_PX)) * PATCH_PX}."
        )
    scale = longest / max(source)
    height, width = (
        max(PATCH_PX, math.floor(side * scale / PATCH_PX) * PATCH_PX) for side in source
    )
    return PixelMap.covering(source=source, size=(height, width))


def unit_frames(
    frames: UInt8[np.ndarray, "t h w 3"], pixel_map: PixelMap
) -> Float32[np.ndarray, "t 3 h2 w2"]:
    """Return resized frames, channels first, 0 to 1."""
    small = np.stack([pixel_map.apply(frame) for frame in frames])
    return np.ascontiguousarray(np.moveaxis(small, -1, 1)).astype(np.float32) / 255.0


def cameras_of(matrices: Float[np.ndarray, "t 3 3"], pixel_map: PixelMap) -> tuple[Intrinsics, ...]:
    """Read ``K`` of models whose pixel centers are integers."""
    return tuple(
        from_integer_centers(k.astype(np.float64), width=pixel_map.width, height=pixel_map.height)
        for k in matrices
    )


def c2w_of_w2c(w2c: Float[np.ndarray, "t r 4"]) -> Float64[np.ndarray, "t 4 4"]:
    """Invert (t, 3, 4) or (t, 4, 4) world-to-camera matrices, made exactly rigid first."""
    return invert(rigid(w2c))


def rigid(poses: Float[np.ndarray, "t r 4"]) -> Float64[np.ndarray, "t 4 4"]:
    """Return the nearest rotations (networks give them in single or half precision)."""
    full = np.tile(np.eye(4), (len(poses), 1, 1))
    full[:, :3] = poses[:, :3].astype(np.float64)
    u, _, vt = np.linalg.svd(full[:, :3, :3])
    sign = np.linalg.det(u @ vt)
    u[:, :, 2] *= sign[:, None]
    full[:, :3, :3] = u @ vt
    return full


def clean_depth(depth: Float[np.ndarray, "t h w"]) -> Float32[np.ndarray, "t h w"]:
    """Return depth with 0 where it is not finite or not in front of the camera."""
    return np.where(np.isfinite(depth) & (depth > 0), depth, 0.0).astype(np.float32)


def relative_poses(
    priors: Sequence[Float64[np.ndarray, "4 4"]] | Float64[np.ndarray, "t 4 4"],
) -> Float64[np.ndarray, "t 4 4"]:
    """Return known poses as seen from the first camera, as these models expect their world."""
    stacked = np.stack(list(priors))
    return invert(stacked[0]) @ stacked
