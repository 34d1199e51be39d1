"""Oriented boxes in a camera's axes, written as nine numbers.

A box has 24 descriptions: which of its axes is called the first, and which way each points. The
one whose axes are nearest to the camera's own (least angle of rotation) is written, so that the
extents are the width, the height and the depth as the camera sees them, and that angles stay
small: 62.8 degrees in all at most, far from where they would become ambiguous.
"""

from itertools import permutations, product
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.poses import Poses, invert


class CameraBoxes(NamedTuple):
    """Boxes in camera axes (x right, y down, z forward).

    Attributes:
        center: Middle, in the geometry's length unit.
        size: Full extents along the box's own axes, those nearest to the camera's x, y and z.
        angles: Roll, pitch and yaw in radians: intrinsic rotations about z, x and y in this order.
    """

    center: Float64[np.ndarray, "n 3"]
    size: Float64[np.ndarray, "n 3"]
    angles: Float64[np.ndarray, "n 3"]

    def rounded(self, decimals: int) -> "CameraBoxes":
        """Return the boxes as they are written: lengths and degrees with so many decimals."""
        degrees = np.round(np.rad2deg(self.angles), decimals)
        return CameraBoxes(
            np.round(self.center, decimals), np.round(self.size, decimals), np.deg2rad(degrees)
        )

    def values(self, decimals: int) -> Float64[np.ndarray, "n 9"]:
        """Return what is written: middle, extents, angles in degrees; no negative zeros."""
        nine = np.concatenate([self.center, self.size, np.rad2deg(self.angles)], axis=1)
        written: Float64[np.ndarray, "n 9"] = np.round(nine, decimals) + 0.0
        return written


def _turns() -> Float64[np.ndarray, "24 3 3"]:
    """Return all rotations that map a box's axes onto each other."""
    signed = [
        np.eye(3)[list(order)] * signs
        for order in permutations(range(3))
        for signs in product((1.0, -1.0), repeat=3)
    ]
    return np.array([matrix for matrix in signed if np.linalg.det(matrix) > 0])


_TURNS: Final = _turns()


def in_camera(
    center: Float64[np.ndarray, "n 3"],
    size: Float64[np.ndarray, "n 3"],
    rotation: Float64[np.ndarray, "n 3 3"],
    c2w: Poses,
) -> CameraBoxes:
    """Describe world boxes in the axes of one camera each.

    Args:
        center: Middles in the world.
        size: Full extents.
        rotation: Columns are a box's axes in the world.
        c2w: One pose per box.
    """
    w2c = invert(c2w)
    local = np.einsum("nij,nj->ni", w2c[:, :3, :3], center) + w2c[:, :3, 3]
    turned = w2c[:, :3, :3] @ rotation
    nearest = np.argmax(np.einsum("nij,mji->nm", turned, _TURNS), axis=1)  # of all traces
    axes = _TURNS[nearest]
    return CameraBoxes(
        center=local,
        size=np.einsum("ni,nij->nj", size, np.abs(axes)),
        angles=angles_of(turned @ axes),
    )


def angles_of(rotation: Float64[np.ndarray, "n 3 3"]) -> Float64[np.ndarray, "n 3"]:
    """Return roll, pitch and yaw (radians) of rotations Rz(roll) Rx(pitch) Ry(yaw)."""
    roll = np.arctan2(-rotation[:, 0, 1], rotation[:, 1, 1])
    pitch = np.arcsin(np.clip(rotation[:, 2, 1], -1.0, 1.0))
    yaw = np.arctan2(-rotation[:, 2, 0], rotation[:, 2, 2])
    return np.stack([roll, pitch, yaw], axis=1)


def rotation_of(angles: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, "n 3 3"]:
    """Return Rz(roll) Rx(pitch) Ry(yaw); columns are the box's axes in the camera."""
    (cr, cp, cy), (sr, sp, sy) = np.cos(angles).T, np.sin(angles).T
    rows = (
        (cr * cy - sr * sp * sy, -sr * cp, cr * sy + sr * sp * cy),
        (sr * cy + cr * sp * sy, cr * cp, sr * sy - cr * sp * cy),
        (-cp * sy, sp, cp * cy),
    )
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def overlap_when_alike(a: CameraBoxes, b: CameraBoxes) -> Float64[np.ndarray, " n"]:
    """Return the IoU of boxes whose axes differ by rounding only, as if they were the same."""
    offset = np.einsum("nij,ni->nj", rotation_of(a.angles), b.center - a.center)
    upper = np.minimum(a.size / 2, offset + b.size / 2)
    lower = np.maximum(-a.size / 2, offset - b.size / 2)
    common = np.maximum(upper - lower, 0.0).prod(axis=1)
    iou: Float64[np.ndarray, " n"] = common / (a.size.prod(axis=1) + b.size.prod(axis=1) - common)
    return iou
