"""Rigid camera poses: the one place where axis conventions are converted.

Everywhere else in this project a pose is ``c2w``: a 4x4 rigid matrix that takes
points in OpenCV camera axes (x right, y down, z forward) to world coordinates.
``w2c`` is its inverse: what OpenCV, COLMAP and VGGT call the extrinsics.
"""

from typing import Final

import numpy as np
from jaxtyping import Float64

Pose = Float64[np.ndarray, "4 4"]
Poses = Float64[np.ndarray, "*batch 4 4"]

# Columns are the source camera's axes written in OpenCV camera axes.
_OPENCV_FROM_OPENGL: Final = np.diag([1.0, -1.0, -1.0, 1.0])


def invert(pose: Poses) -> Poses:
    """Invert rigid transforms, so ``invert(c2w)`` is ``w2c``."""
    rotation_t = np.swapaxes(pose[..., :3, :3], -1, -2)
    inverse = np.zeros_like(pose)
    inverse[..., :3, :3] = rotation_t
    inverse[..., :3, 3:] = -rotation_t @ pose[..., :3, 3:]
    inverse[..., 3, 3] = 1.0
    return inverse


def c2w_from_opengl(c2w_opengl: Poses) -> Poses:
    """Convert OpenGL/Blender camera axes (y up, z backward) to OpenCV axes.

    Only the camera axes change; the world frame and its units are kept.
    """
    return c2w_opengl @ _OPENCV_FROM_OPENGL


def look_at(
    eye: Float64[np.ndarray, "3"],
    target: Float64[np.ndarray, "3"],
    world_up: Float64[np.ndarray, "3"],
) -> Pose:
    """Place a camera at ``eye`` looking at ``target``, upright with respect to ``world_up``.

    Raises:
        ValueError: The viewing direction is parallel to ``world_up``, so roll is undefined.
    """
    forward = target - eye
    right = np.cross(forward, world_up)
    norm = float(np.linalg.norm(right))
    if norm < 1e-9 * max(1.0, float(np.linalg.norm(forward))):
        raise ValueError(
            f"look_at: the view from {eye.tolist()} to {target.tolist()} is parallel to "
            f"world_up={world_up.tolist()}, so the camera's roll is undefined; "
            "move the eye off that axis or pass another world_up."
        )
    x_axis = right / norm
    z_axis = forward / np.linalg.norm(forward)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([x_axis, np.cross(z_axis, x_axis), z_axis], axis=1)
    pose[:3, 3] = eye
    return pose


def check_rigid(poses: Poses, *, atol: float = 1e-6) -> None:
    """Raise ``ValueError`` unless every pose is a rotation plus a translation."""
    rotations = poses[..., :3, :3]
    gram = rotations @ np.swapaxes(rotations, -1, -2)
    worst = float(np.abs(gram - np.eye(3)).max(initial=0.0))
    # Written so that NaN fails too; it must not reach the determinant, which warns about it.
    if not worst <= atol or not (np.linalg.det(rotations) > 0).all():
        raise ValueError(
            f"a pose is not rigid (R R^T is off by {worst:.1e}): c2w holds rotation and "
            "translation only. Poses in other axes go through synth.poses.c2w_from_opengl first."
        )
    if np.abs(poses[..., 3, :] - [0.0, 0.0, 0.0, 1.0]).max(initial=0.0) > atol:
        raise ValueError(
            "a pose's last row must be 0 0 0 1, with the translation in the last column; the "
            "matrices of tools that multiply row vectors have to be transposed."
        )


def axis_angle(axis: Float64[np.ndarray, "3"], angle: float) -> Float64[np.ndarray, "3 3"]:
    """Rotate by ``angle`` radians about a unit ``axis``, right-handed (Rodrigues' formula)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation: Float64[np.ndarray, "3 3"] = (
        np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    )
    return rotation
