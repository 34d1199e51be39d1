"""Overlap (intersection over union) of boxes: in the image, axis-aligned and oriented in space.

The oriented overlap is exact: the faces of either box are clipped by the other, and what remains
of them bounds the intersection, whose volume follows from the divergence theorem.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64
from scipy.spatial.transform import Rotation

from qa_gen.answers import BoxForm

# Two faces whose planes differ by less than this share of the boxes' size are one face.
_COPLANAR: Final = 1e-9
_PARALLEL: Final = 1e-12  # 1 - cosine


class SolidBox(NamedTuple):
    """A box in space, in any one unit of length."""

    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]  # full extents along the box's own axes
    rotation: Float64[np.ndarray, "3 3"]  # its columns are those axes


class _Faces(NamedTuple):
    """The six faces of a box; the inside is where ``normals @ x <= offsets``."""

    normals: Float64[np.ndarray, "6 3"]
    offsets: Float64[np.ndarray, "6"]
    corners: Float64[np.ndarray, "6 4 3"]


def box_iou(form: BoxForm, predicted: Sequence[float], truth: Sequence[float]) -> float:
    """Return the overlap of two boxes as ``qa_gen.answers.Box`` writes them, in [0, 1].

    A prediction that is no box (an extent that is not above 0, or no finite number) overlaps
    nothing.
    """
    if not np.isfinite(predicted).all():
        return 0.0
    if form == "image":
        return rectangle_iou(predicted, truth)
    if not min(predicted[3:6]) > 0:
        return 0.0
    return oriented_iou(_solid(predicted), _solid(truth))


def rectangle_iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the overlap of two rectangles x1, y1, x2, y2; 0 if one has no area."""
    low = np.array([a[:2], b[:2]], dtype=np.float64)
    high = np.array([a[2:], b[2:]], dtype=np.float64)
    return _aligned(low, high)


def aligned_iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the overlap of two axis-aligned boxes: middle and full extents, six numbers each.

    The scripts of Video-3D-LLM and VEGA-3D add 1e-8 to the union, so they score a perfect box
    0.99999999 where this is 1.
    """
    boxes = np.array([a, b], dtype=np.float64)
    half = np.maximum(boxes[:, 3:], 0.0) / 2
    return _aligned(boxes[:, :3] - half, boxes[:, :3] + half)


def _aligned(low: Float64[np.ndarray, "2 d"], high: Float64[np.ndarray, "2 d"]) -> float:
    sizes = np.maximum(high - low, 0.0)
    shared = np.maximum(high.min(axis=0) - low.max(axis=0), 0.0).prod()
    union = sizes.prod(axis=1).sum() - shared
    return float(shared / union) if union > 0 else 0.0


def accuracy_at(ious: Sequence[float], threshold: float) -> float:
    """Return the share of overlaps that reach a threshold: Acc@0.25 and Acc@0.5 of ScanRefer.

    Raises:
        ValueError: There are no overlaps.
    """
    if not len(ious):
        raise ValueError(f"Acc@{threshold} needs at least one overlap, got none.")
    return float(np.mean(np.asarray(ious) >= threshold))


def oriented_iou(a: SolidBox, b: SolidBox) -> float:
    """Return the exact overlap of two oriented boxes; 0 if they only touch.

    Raises:
        ValueError: A box has an extent that is not above 0.
    """
    if not (min(a.size) > 0 and min(b.size) > 0):
        raise ValueError(f"an oriented box needs extents > 0, got {a.size} and {b.size}.")
    shared = shared_volume(a, b)
    union = float(a.size.prod() + b.size.prod()) - shared
    return min(max(shared / union, 0.0), 1.0)


def shared_volume(a: SolidBox, b: SolidBox) -> float:
    """Return the volume of the intersection of two oriented boxes."""
    # The middle of a is the origin: far away ones would cost digits.
    ours, theirs = _faces(a, a.center), _faces(b, a.center)
    reach = _COPLANAR * float(np.linalg.norm(a.size) + np.linalg.norm(b.size))
    cosine = ours.normals @ theirs.normals.T
    gap = ours.offsets[:, None] - theirs.offsets[None, :]
    facing = (cosine < -1 + _PARALLEL) & (ours.offsets[:, None] + theirs.offsets < reach)
    if facing.any():
        return 0.0  # a plane lies between them
    same = (cosine > 1 - _PARALLEL) & (np.abs(gap) < reach)
    volume = 0.0
    for i in range(6):
        polygon = _clip(ours.corners[i], theirs, same[i])
        volume += ours.offsets[i] * _area(polygon) / 3
    for j in range(6):
        if not same[:, j].any():  # otherwise that piece of surface was counted with ours
            volume += theirs.offsets[j] * _area(_clip(theirs.corners[j], ours, same[:, j])) / 3
    return max(float(volume), 0.0)


def _clip(
    polygon: Float64[np.ndarray, "4 3"], by: _Faces, ignored: Bool[np.ndarray, "6"]
) -> Float64[np.ndarray, "n 3"]:
    """Return the part of a convex polygon inside a box (Sutherland and Hodgman, 1974)."""
    kept = polygon
    for normal, offset, skip in zip(by.normals, by.offsets, ignored, strict=True):
        if skip or not len(kept):
            continue
        height = kept @ normal - offset
        if (height <= 0).all():
            continue
        following, next_height = np.roll(kept, -1, axis=0), np.roll(height, -1)
        points = []
        for p, q, h, k in zip(kept, following, height, next_height, strict=True):
            if h <= 0:
                points.append(p)
            if (h <= 0) != (k <= 0):
                points.append(p + (q - p) * (h / (h - k)))
        kept = np.array(points).reshape(-1, 3)
    return kept


def _area(polygon: Float64[np.ndarray, "n 3"]) -> float:
    if len(polygon) < 3:
        return 0.0
    sides = polygon[1:] - polygon[0]
    return float(np.linalg.norm(np.cross(sides[:-1], sides[1:]).sum(axis=0))) / 2


def _faces(box: SolidBox, origin: Float64[np.ndarray, "3"]) -> _Faces:
    half, middle = box.size / 2, box.center - origin
    normals, offsets, corners = [], [], []
    for axis, sign in product(range(3), (-1.0, 1.0)):
        others = [i for i in range(3) if i != axis]
        local = np.zeros((4, 3))
        local[:, axis] = sign * half[axis]
        local[:, others] = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half[others]
        normal = sign * box.rotation[:, axis]
        normals.append(normal)
        offsets.append(float(normal @ middle + half[axis]))
        corners.append(local @ box.rotation.T + middle)
    return _Faces(np.array(normals), np.array(offsets), np.array(corners))


def _solid(values: Sequence[float]) -> SolidBox:
    """Read a camera box: middle, extents, then roll, pitch and yaw about z, x and y in degrees."""
    numbers = np.array(values, dtype=np.float64)
    rotation = Rotation.from_euler("ZXY", numbers[6:], degrees=True).as_matrix()
    return SolidBox(numbers[:3], numbers[3:6], rotation)
