"""How far matches lie from where two given cameras say they must."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.matching import PointMatches
from synth.poses import Pose, invert

_NO_LINE: Final = 1e-12  # normals of lines shorter than this are rounding: F has norm 1


class CameraPair(NamedTuple):
    """Two posed cameras."""

    first: Pose  # c2w
    second: Pose
    first_camera: Intrinsics
    second_camera: Intrinsics


def distances_px(
    pair: CameraPair, matches: PointMatches, *, same_place: float
) -> Float64[np.ndarray, " n"]:
    """Return each match's distance from the given geometry, pixels, mean of both images.

    Cameras in different places: symmetric epipolar distance ``(d(x2, F x1) + d(x1, F^T x2)) / 2``
    of TSED (Yu et al., ICCV 2023, arXiv 2304.10700). Cameras in one place have no epipolar lines,
    but all points move by one homography: the distance from where it puts them.

    Args:
        pair: The cameras.
        matches: Points of the first and second frame.
        same_place: Centers closer than this, in world units, are one place.
    """
    second_from_first = invert(pair.second) @ pair.first
    first = np.column_stack([matches.first_uv, np.ones(len(matches))])
    second = np.column_stack([matches.second_uv, np.ones(len(matches))])
    k_first, k_second = pair.first_camera.matrix, pair.second_camera.matrix
    rotation, shift = second_from_first[:3, :3], second_from_first[:3, 3]
    if float(np.linalg.norm(shift)) <= same_place:
        homography = k_second @ rotation @ np.linalg.inv(k_first)
        there = _plane_distance(first @ homography.T, second)
        back = _plane_distance(second @ np.linalg.inv(homography).T, first)
        return np.asarray((there + back) / 2)
    direction = shift / np.linalg.norm(shift)
    essential = np.cross(np.eye(3), direction) @ rotation
    fundamental = np.linalg.inv(k_second).T @ essential @ np.linalg.inv(k_first)
    fundamental /= np.linalg.norm(fundamental)
    lines_second, lines_first = first @ fundamental.T, second @ fundamental
    residual = np.abs((second * lines_second).sum(axis=1))
    both = _line_distance(residual, lines_first) + _line_distance(residual, lines_second)
    return np.asarray(both / 2)


def _line_distance(
    residual: Float64[np.ndarray, " n"], lines: Float64[np.ndarray, "n 3"]
) -> Float64[np.ndarray, " n"]:
    """Distance from the lines; 0 for a point whose partner is the epipole and has no line."""
    length = np.linalg.norm(lines[:, :2], axis=1)
    return np.where(length > _NO_LINE, residual / np.maximum(length, _NO_LINE), 0.0)


def _plane_distance(
    moved: Float64[np.ndarray, "n 3"], seen: Float64[np.ndarray, "n 3"]
) -> Float64[np.ndarray, " n"]:
    """Distance in the image; infinite for points the homography puts behind the camera."""
    in_front = moved[:, 2] > 0
    depth = np.where(in_front, moved[:, 2], 1.0)
    off = np.linalg.norm(moved[:, :2] / depth[:, None] - seen[:, :2], axis=1)
    return np.where(in_front, off, np.inf)
