"""Depth and instance maps read pixel by pixel: what is seen there, and how sure that is.

A pixel is *sure* if all pixels around it (3 x 3) show the same instance with known, reliable depth,
on a surface without a step or crease. Inverse z-depth is affine in pixel coordinates on a plane,
which gives both the test (its second differences vanish, however steeply the plane is seen) and
the depth between pixel centers.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64, Shaped, UInt8

from synth.scene import SceneGeometry

MOST_CLEAR: Final = 4
_FLAT: Final = 0.01  # second difference of inverse depth, as a share of it


@dataclass(frozen=True, eq=False)
class SurfaceMaps:
    """What each pixel of the keyframes shows, with its surroundings."""

    geometry: SceneGeometry

    @cached_property
    def low(self) -> Float[np.ndarray, "k h w"]:
        """Least known depth of each pixel and its neighbours; infinite where all are unknown."""
        depth = self.geometry.depth
        return _least_around(np.where(depth > 0, depth, np.float32(np.inf)))

    @cached_property
    def high(self) -> Float[np.ndarray, "k h w"]:
        """Greatest depth of each pixel and its neighbours; 0 where all are unknown."""
        return -_least_around(-self.geometry.depth)

    @cached_property
    def sure(self) -> Bool[np.ndarray, "k h w"]:
        """Pixels whose surroundings show one smooth surface, see the module."""
        geometry = self.geometry
        known = (geometry.reliable & (geometry.depth > 0)).view(np.uint8)
        inverse = self.inverse_depth
        middle = inverse[:, 1:-1, 1:-1]
        bend = np.maximum(
            np.abs(inverse[:, 1:-1, :-2] + inverse[:, 1:-1, 2:] - 2 * middle),
            np.abs(inverse[:, :-2, 1:-1] + inverse[:, 2:, 1:-1] - 2 * middle),
        )
        sure = np.zeros(inverse.shape, dtype=np.bool_)  # the outermost pixels stay unsure
        sure[:, 1:-1, 1:-1] = bend <= _FLAT * middle
        return sure & (self.clear > 0) & (_least_around(known) > 0)

    @cached_property
    def clear(self) -> UInt8[np.ndarray, "k h w"]:
        """How many pixels around each, on all sides, show its instance, at most ``MOST_CLEAR``."""
        ids = self.geometry.instances
        alike = (_least_around(ids) == ~_least_around(~ids)).view(np.uint8)
        clear: UInt8[np.ndarray, "k h w"] = alike.copy()
        for _ in range(MOST_CLEAR - 1):
            alike = _least_around(alike)
            clear += alike
        return clear

    @cached_property
    def inverse_depth(self) -> Float[np.ndarray, "k h w"]:
        """1 / z; 0 where depth is unknown."""
        depth = self.geometry.depth
        inverse: Float[np.ndarray, "k h w"] = np.zeros_like(depth)
        np.divide(1, depth, out=inverse, where=depth > 0)
        return inverse

    def depth_between(
        self,
        keyframe: Int64[np.ndarray, " n"],
        row: Int64[np.ndarray, " n"],
        column: Int64[np.ndarray, " n"],
        uv: Float64[np.ndarray, "n 2"],
    ) -> Float64[np.ndarray, " n"]:
        """Return depth between pixel centers, on the plane through the four pixels around.

        Args:
            keyframe: Position of the keyframe.
            row: Of a sure pixel.
            column: Of it.
            uv: Pixel coordinates within that pixel.
        """
        inverse = self.inverse_depth
        _, height, width = inverse.shape
        left, right = np.maximum(column - 1, 0), np.minimum(column + 1, width - 1)
        above, below = np.maximum(row - 1, 0), np.minimum(row + 1, height - 1)
        along_x = inverse[keyframe, row, right] - inverse[keyframe, row, left]
        along_y = inverse[keyframe, below, column] - inverse[keyframe, above, column]
        dx, dy = uv[:, 0] - column - 0.5, uv[:, 1] - row - 0.5
        at_mark = inverse[keyframe, row, column] + along_x * dx / 2 + along_y * dy / 2
        depth = np.zeros(len(uv))
        np.divide(1.0, at_mark, out=depth, where=at_mark > 0)
        return depth


def _least_around(maps: Shaped[np.ndarray, "k h w"]) -> Shaped[np.ndarray, "k h w"]:
    """Return the least value of each pixel and its eight neighbours; borders have fewer."""
    across = maps.copy()
    np.minimum(across[:, :, :-1], maps[:, :, 1:], out=across[:, :, :-1])
    np.minimum(across[:, :, 1:], maps[:, :, :-1], out=across[:, :, 1:])
    least = across.copy()
    np.minimum(least[:, :-1], across[:, 1:], out=least[:, :-1])
    np.minimum(least[:, 1:], across[:, :-1], out=least[:, 1:])
    return least
