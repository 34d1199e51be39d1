"""Where the pixels of a model's input lie in the source frame: resize, then crop or pad.

A geometry model sees frames at its own resolution. Its intrinsics and depth hold there, so every
result carries the map back. Pixels have half-integer centers: resizing maps ``u`` to ``u * scale``
(no half-pixel term), cropping subtracts. Models whose pixel centers are integers have their
principal point moved by half a pixel first (``from_integer_centers``).
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8

from synth.cameras import Intrinsics

_SAME_SURFACE: Final = 0.05  # relative depth range within which neighbours may be interpolated


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelMap:
    """Source frame -> resized by ``scale`` -> cropped (or padded, where negative) by ``crop``.

    Attributes:
        source_width: Width of the source frame.
        source_height: Height of the source frame.
        width: Width of what the model sees.
        height: Height of what the model sees.
        scale_x: Resized width / source width.
        scale_y: Resized height / source height.
        crop_x: Resized pixels cut off on the left; negative where the model pads.
        crop_y: Resized pixels cut off at the top.
    """

    source_width: int
    source_height: int
    width: int
    height: int
    scale_x: float = 1.0
    scale_y: float = 1.0
    crop_x: float = 0.0
    crop_y: float = 0.0

    def __post_init__(self) -> None:
        sides = (self.source_width, self.source_height, self.width, self.height)
        if min(sides) <= 0 or min(self.scale_x, self.scale_y) <= 0:
            raise ValueError(
                "PixelMap needs image sides and scales > 0, got source "
                f"{self.source_width}x{self.source_height}, model {self.width}x{self.height} "
                f"(w x h), scale {self.scale_x} x {self.scale_y}."
            )

    @classmethod
    def identity(cls, *, width: int, height: int) -> "PixelMap":
        """The model sees the source pixels themselves."""
        return cls(source_width=width, source_height=height, width=width, height=height)

    @classmethod
    def stretched(cls, *, source: tuple[int, int], size: tuple[int, int]) -> "PixelMap":
        """Resize a source of ``(h, w)`` to ``(h, w)``, each side by its own scale."""
        return cls(
            source_width=source[1],
            source_height=source[0],
            width=size[1],
            height=size[0],
            scale_x=size[1] / source[1],
            scale_y=size[0] / source[0],
        )

    @classmethod
    def covering(cls, *, source: tuple[int, int], size: tuple[int, int]) -> "PixelMap":
        """Resize without distortion until ``size`` is covered, then crop the middle."""
        scale = max(size[0] / source[0], size[1] / source[1])
        resized = (
            max(size[0], math.floor(source[0] * scale + 0.5)),
            max(size[1], math.floor(source[1] * scale + 0.5)),
        )
        return replace(
            cls.stretched(source=source, size=resized),
            width=size[1],
            height=size[0],
            crop_x=float((resized[1] - size[1]) // 2),
            crop_y=float((resized[0] - size[0]) // 2),
        )

    @property
    def is_identity(self) -> bool:
        """Whether model pixels are source pixels."""
        return self == PixelMap.identity(width=self.source_width, height=self.source_height)

    def intrinsics_to_model(self, source: Intrinsics) -> Intrinsics:
        """Return the camera at the model's resolution."""
        return Intrinsics(
            fx=source.fx * self.scale_x,
            fy=source.fy * self.scale_y,
            cx=source.cx * self.scale_x - self.crop_x,
            cy=source.cy * self.scale_y - self.crop_y,
            width=self.width,
            height=self.height,
        )

    def intrinsics_to_source(self, model: Intrinsics) -> Intrinsics:
        """Return the camera at the source's resolution."""
        return Intrinsics(
            fx=model.fx / self.scale_x,
            fy=model.fy / self.scale_y,
            cx=(model.cx + self.crop_x) / self.scale_x,
            cy=(model.cy + self.crop_y) / self.scale_y,
            width=self.source_width,
            height=self.source_height,
        )

    def apply(self, frame: UInt8[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h2 w2 3"]:
        """Resize and crop one frame; what a model pads is filled with black.

        Raises:
            ValueError: The frame is not of the source's size.
        """
        if frame.shape[:2] != (self.source_height, self.source_width):
            raise ValueError(
                f"preparing a frame for a geometry model: the map is for {self.source_height}x"
                f"{self.source_width} (h x w), got {frame.shape[0]}x{frame.shape[1]}."
            )
        resized = (
            math.floor(self.source_width * self.scale_x + 0.5),
            math.floor(self.source_height * self.scale_y + 0.5),
        )
        shrinks = min(self.scale_x, self.scale_y) < 1
        method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        image = cv2.resize(frame, resized, interpolation=method)
        shift = np.array([[1.0, 0.0, -self.crop_x], [0.0, 1.0, -self.crop_y]])
        return cv2.warpAffine(image, shift, (self.width, self.height), flags=cv2.INTER_NEAREST)

    def depth_to_source(
        self, depth: Float32[np.ndarray, "h w"]
    ) -> Float32[np.ndarray, "source_h source_w"]:
        """Resample a depth map to source pixels; 0 (unknown) outside of what the model saw.

        Depth is interpolated in 1/z, which is exact on planes, and only within one surface:
        across an edge the nearest pixel is taken, so no depth is invented between two surfaces.
        """
        if self.is_identity:
            return depth
        rows, columns, inside = self._source_centers()
        row, column = np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64)
        row0 = np.clip(row, 0, max(self.height - 2, 0))
        column0 = np.clip(column, 0, max(self.width - 2, 0))
        row1 = np.minimum(row0 + 1, self.height - 1)
        column1 = np.minimum(column0 + 1, self.width - 1)
        fy = np.clip(rows - row0, 0.0, 1.0)[:, None]
        fx = np.clip(columns - column0, 0.0, 1.0)[None, :]
        corners = np.stack(
            [depth[np.ix_(r, c)] for r in (row0, row1) for c in (column0, column1)]
        ).astype(np.float64)
        low, high = corners.min(axis=0), corners.max(axis=0)
        smooth = (low > 0) & (high <= low * (1 + _SAME_SURFACE))
        weights = np.stack([(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx])
        inverse = (weights / np.where(corners > 0, corners, 1.0)).sum(axis=0)
        nearest = np.take_along_axis(corners, weights.argmax(axis=0)[None], axis=0)[0]
        mixed = np.where(smooth, 1.0 / inverse, nearest)
        return np.where(inside, mixed, 0.0).astype(np.float32)

    def confidence_to_source(
        self, confidence: Float32[np.ndarray, "h w"]
    ) -> Float32[np.ndarray, "source_h source_w"]:
        """Take the nearest confidence for every source pixel; 0 outside of what the model saw."""
        if self.is_identity:
            return confidence
        rows, columns, inside = self._source_centers()
        row = np.clip(np.floor(rows + 0.5).astype(np.int64), 0, self.height - 1)
        column = np.clip(np.floor(columns + 0.5).astype(np.int64), 0, self.width - 1)
        return np.where(inside, confidence[np.ix_(row, column)], np.float32(0.0))

    def _source_centers(
        self,
    ) -> tuple[
        Float64[np.ndarray, " source_h"],
        Float64[np.ndarray, " source_w"],
        Bool[np.ndarray, "source_h source_w"],
    ]:
        """Array rows and columns of the source's pixel centers in the model's image."""
        u = (np.arange(self.source_width) + 0.5) * self.scale_x - self.crop_x
        v = (np.arange(self.source_height) + 0.5) * self.scale_y - self.crop_y
        inside = ((v >= 0) & (v <= self.height))[:, None] & ((u >= 0) & (u <= self.width))[None, :]
        return v - 0.5, u - 0.5, inside


def from_integer_centers(
    matrix: Float64[np.ndarray, "3 3"], *, width: int, height: int
) -> Intrinsics:
    """Read a ``K`` whose pixel centers are integers (``u = column``): move cx, cy by half a pixel.

    Raises:
        ValueError: The matrix has skew, which this project's cameras do not have.
    """
    if abs(matrix[0, 1]) > 1e-6 * abs(matrix[0, 0]):
        raise ValueError(f"reading intrinsics: K has skew {matrix[0, 1]}, only 0 is supported.")
    return Intrinsics(
        fx=float(matrix[0, 0]),
        fy=float(matrix[1, 1]),
        cx=float(matrix[0, 2]) + 0.5,
        cy=float(matrix[1, 2]) + 0.5,
        width=width,
        height=height,
    )


def to_integer_centers(intrinsics: Intrinsics) -> Float64[np.ndarray, "3 3"]:
    """Return ``K`` for programs whose pixel centers are integers: the inverse of the reading."""
    matrix = intrinsics.matrix
    matrix[:2, 2] -= 0.5
    return matrix
