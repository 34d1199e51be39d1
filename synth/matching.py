"""Point matches between the frames of a clip: what every pose-free gate and SfM stand on.

SIFT (Lowe, IJCV 2004) with RootSIFT descriptors (Arandjelovic and Zisserman, CVPR 2012), nearest
neighbours that chose each other and pass the ratio test. The contrast threshold is a quarter of
OpenCV's, because indoor walls have few strong corners.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int64, UInt8

MAX_FEATURES: Final = 2000  # strongest kept: matching costs their square
_CONTRAST: Final = 0.01  # OpenCV's default is 0.04
_RATIO: Final = 0.75
# OpenCV doubles the picture first and forgets that this moves pixel centers: its points lie a
# quarter pixel right and below (a blob in tests/synth/test_matching.py shows it). The precise
# doubling it offers instead finds fewer matches on real clips.
_CENTER_PX: Final = 0.5 - 0.25
_MIN_SIDE_PX: Final = 16  # SIFT's pyramid needs a few octaves

_Uv = Float64[np.ndarray, "n 2"]


class Features(NamedTuple):
    """Keypoints of one frame."""

    uv: _Uv  # pixels, centers at half-integers
    descriptors: Float32[np.ndarray, "n 128"]  # unit length


@dataclass(frozen=True, slots=True, eq=False)
class PointMatches:
    """Points of two frames that show the same thing, as far as their looks say."""

    first: Int64[np.ndarray, " n"]  # index into the first frame's features
    second: Int64[np.ndarray, " n"]
    first_uv: _Uv
    second_uv: _Uv

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.first)


def detect(frame: UInt8[np.ndarray, "h w 3"]) -> Features:
    """Return the features of an RGB frame; none where it has no texture."""
    if min(frame.shape[:2]) < _MIN_SIDE_PX:
        return _NO_FEATURES
    sift = cv2.SIFT.create(nfeatures=MAX_FEATURES, contrastThreshold=_CONTRAST)
    keypoints, raw = sift.detectAndCompute(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), None)
    if not keypoints:
        return _NO_FEATURES
    uv = np.array([k.pt for k in keypoints], dtype=np.float64) + _CENTER_PX
    sums = np.maximum(raw.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return Features(uv, np.sqrt(raw / sums).astype(np.float32))


def match(first: Features, second: Features) -> PointMatches:
    """Return the pairs that are each other's nearest and pass the ratio test."""
    if min(len(first.uv), len(second.uv)) < 2:
        chosen = other = np.zeros(0, dtype=np.int64)
    else:
        similarity = first.descriptors @ second.descriptors.T
        nearest, back = similarity.argmax(axis=1), similarity.argmax(axis=0)
        rows = np.arange(len(nearest))
        best = similarity[rows, nearest]
        similarity[rows, nearest] = -1.0
        # Squared distances of unit vectors are 2 - 2 cos.
        distinct = 1.0 - best < _RATIO**2 * (1.0 - similarity.max(axis=1))
        chosen = np.flatnonzero(distinct & (back[nearest] == rows))
        other = nearest[chosen]
    return PointMatches(chosen, other, first.uv[chosen], second.uv[other])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipFeatures:
    """Features of all frames of a clip; matches are made once, when they are asked for."""

    frames: tuple[Features, ...]
    width: int
    height: int
    _matches: dict[tuple[int, int], PointMatches] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, frames: UInt8[np.ndarray, "t h w 3"]) -> "ClipFeatures":
        """Detect features in every frame."""
        _, height, width, _ = frames.shape
        return cls(frames=tuple(detect(f) for f in frames), width=width, height=height)

    def between(self, first: int, second: int) -> PointMatches:
        """Return the matches of two frames, by number."""
        key = (first, second)
        if key not in self._matches:
            self._matches[key] = match(self.frames[first], self.frames[second])
        return self._matches[key]

    def at_stride(self, stride: int) -> list[tuple[int, int]]:
        """Return the pairs of frames that are ``stride`` apart."""
        return [(i, i + stride) for i in range(len(self.frames) - stride)]


_NO_FEATURES: Final = Features(np.zeros((0, 2)), np.zeros((0, 128), dtype=np.float32))
