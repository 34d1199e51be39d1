"""Pinhole cameras: intrinsics, projection and its inverse.

Pixel centers lie at half-integers, as in COLMAP: the top-left one is (0.5, 0.5) and the image
spans [0, width] x [0, height]. So resizing by s multiplies fx, fy, cx and cy by s.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64

from synth.poses import Pose, invert


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrinsics:
    """Pinhole intrinsics in pixels, pixel centers at half-integers.

    Raises:
        ValueError: A focal length or an image side is not positive, or a number not finite.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int

    def __post_init__(self) -> None:
        if min(self.fx, self.fy) <= 0 or min(self.width, self.height) <= 0:
            raise ValueError(
                "Intrinsics needs focal lengths and image sides > 0 (pixels), got "
                f"fx={self.fx}, fy={self.fy}, {self.width}x{self.height} (w x h)."
            )
        if not all(map(math.isfinite, (self.fx, self.fy, self.cx, self.cy))):
            raise ValueError(
                "Intrinsics needs finite focal lengths and a finite principal point (pixels), got "
                f"fx={self.fx}, fy={self.fy}, cx={self.cx}, cy={self.cy}."
            )

    @classmethod
    def from_fov(cls, *, width: int, height: int, fov_deg: float) -> "Intrinsics":
        """Square pixels, centered principal point, horizontal field of view in degrees.

        Raises:
            ValueError: The field of view is not between 0 and 180 degrees.
        """
        if not 0 < fov_deg < 180:
            raise ValueError(
                "a camera's horizontal field of view lies between 0 and 180 degrees, got "
                f"{fov_deg}."
            )
        focal = width / 2 / float(np.tan(np.deg2rad(fov_deg) / 2))
        return cls(fx=focal, fy=focal, cx=width / 2, cy=height / 2, width=width, height=height)

    @property
    def matrix(self) -> Float64[np.ndarray, "3 3"]:
        """``K``, mapping camera-space rays to homogeneous pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])


class Projection(NamedTuple):
    """Where points land in an image."""

    uv: Float64[np.ndarray, "n 2"]  # pixels; meaningless where not visible
    depth: Float64[np.ndarray, " n"]  # z in camera axes, metres
    visible: Bool[np.ndarray, " n"]  # in front of the camera and inside the image


def project(points: Float64[np.ndarray, "n 3"], c2w: Pose, intrinsics: Intrinsics) -> Projection:
    """Project world points into one camera."""
    w2c = invert(c2w)
    points_cam = points @ w2c[:3, :3].T + w2c[:3, 3]
    depth = points_cam[:, 2]
    in_front = depth > 0
    safe_depth = np.where(in_front, depth, 1.0)
    uv = (points_cam / safe_depth[:, None] @ intrinsics.matrix.T)[:, :2]
    inside = (uv >= 0).all(axis=1) & (uv < [intrinsics.width, intrinsics.height]).all(axis=1)
    return Projection(uv=uv, depth=depth, visible=in_front & inside)


def pixel_rays(intrinsics: Intrinsics, *, samples: int = 1) -> Float64[np.ndarray, "hs ws 3"]:
    """Return camera-axes directions with z = 1 through the centers of a ``samples``-fold grid.

    Left unnormalized on purpose: a ray's parameter at a hit is then the z-depth.
    """
    u = (np.arange(intrinsics.width * samples) + 0.5) / samples
    v = (np.arange(intrinsics.height * samples) + 0.5) / samples
    x, y = np.meshgrid((u - intrinsics.cx) / intrinsics.fx, (v - intrinsics.cy) / intrinsics.fy)
    return np.stack([x, y, np.ones_like(x)], axis=-1)


def unproject(
    depth: Float[np.ndarray, "h w"], c2w: Pose, intrinsics: Intrinsics
) -> Float64[np.ndarray, "h w 3"]:
    """Lift a z-depth map (metres) to world points; unknown depth (0) becomes NaN.

    Raises:
        ValueError: ``depth`` and ``intrinsics`` disagree on the image size.
    """
    if depth.shape != (intrinsics.height, intrinsics.width):
        raise ValueError(
            f"unproject got a {depth.shape[0]}x{depth.shape[1]} (h x w) depth map for a "
            f"{intrinsics.height}x{intrinsics.width} camera; resize one of them."
        )
    z = np.where(depth > 0, depth, np.nan).astype(np.float64)
    points_cam = pixel_rays(intrinsics) * z[..., None]
    world: Float64[np.ndarray, "h w 3"] = points_cam @ c2w[:3, :3].T + c2w[:3, 3]
    return world
