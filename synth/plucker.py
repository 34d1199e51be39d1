"""Plücker rays: one line in space per pixel, as camera-controlled video models take them.

A ray through ``o`` with direction ``d`` is the pair (d, o x d); the moment ``o x d`` does not
depend on which point of the ray ``o`` is. Models differ in three ways, all of which are explicit:

=================  ==============  ==================  ==========
model              order           pixel centers       directions
=================  ==============  ==================  ==========
VideoX-Fun,        moment first    half-integers       unit
CameraCtrl         [o x d, d]
SANA-WM            direction first integers (below)    unit
                   [d, o x d]
=================  ==============  ==================  ==========

Read in VideoX-Fun's ``ray_condition`` and diffusers' ``compute_raymap``. What "integers" means:
the ray of column ``i`` goes through ``u = i`` instead of ``u = i + 0.5``, with ``cx`` taken as it
is. Our intrinsics have half-integer centers, so this shifts every ray by half a pixel: it is what
those models were trained with when they are given such intrinsics.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.poses import invert

PluckerOrder = Literal["moment_first", "direction_first"]
PixelCenters = Literal["half_integer", "integer"]


def plucker_rays(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics],
    *,
    order: PluckerOrder,
    pixel_centers: PixelCenters = "half_integer",
    unit_directions: bool = True,
) -> Float64[np.ndarray, "t h w 6"]:
    """Return the Plücker coordinates of every pixel's ray, in the world of ``c2w``.

    The models want frame 0 as the world: pass ``relative_to_first(c2w)``.

    Args:
        c2w: One OpenCV pose per frame.
        intrinsics: One per frame, all of one image size.
        order: Which half comes first.
        pixel_centers: Where in its pixel a ray passes.
        unit_directions: Make ``d`` one long; otherwise its camera-axes z is 1.

    Raises:
        ValueError: Not one intrinsics a pose, or several image sizes.
    """
    if len(c2w) == 0 or len(c2w) != len(intrinsics):
        raise ValueError(
            f"Plücker rays need one intrinsics per pose and at least one, got {len(c2w)} poses "
            f"and {len(intrinsics)} intrinsics."
        )
    sizes = {(k.width, k.height) for k in intrinsics}
    if len(sizes) > 1:
        raise ValueError(
            f"Plücker rays of one clip need one image size, got {sorted(sizes)} (w, h)."
        )
    offset = 0.5 if pixel_centers == "half_integer" else 0.0
    directions = np.stack(
        [_directions(k, offset) @ pose[:3, :3].T for k, pose in zip(intrinsics, c2w, strict=True)]
    )
    if unit_directions:
        directions = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
    moments = np.cross(c2w[:, None, None, :3, 3], directions)
    halves = (moments, directions) if order == "moment_first" else (directions, moments)
    return np.concatenate(halves, axis=-1)


def relative_to_first(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, "t 4 4"]:
    """Return the poses in the axes of the first camera, so that frame 0 is the identity."""
    relative: Float64[np.ndarray, "t 4 4"] = invert(c2w[0]) @ c2w
    relative[0] = np.eye(4)
    return relative


def _directions(intrinsics: Intrinsics, offset: float) -> Float64[np.ndarray, "h w 3"]:
    x = (np.arange(intrinsics.width) + offset - intrinsics.cx) / intrinsics.fx
    y = (np.arange(intrinsics.height) + offset - intrinsics.cy) / intrinsics.fy
    grid_x, grid_y = np.meshgrid(x, y)
    return np.stack([grid_x, grid_y, np.ones_like(grid_x)], axis=-1)
