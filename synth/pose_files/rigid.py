"""Rotations as files hold them: matrices rounded to some digits, quaternions in two orders."""

from typing import Final

import numpy as np
from jaxtyping import Float64
from scipy.spatial.transform import Rotation

from synth.pose_files.spot import Spot
from synth.poses import Pose

# Four decimals leave 1e-4 in R R^T; a tenth of a percent more is no rounding.
MAX_ROUNDING: Final = 1e-3
MAX_QUATERNION_ROUNDING: Final = 1e-2
_EXACT: Final = 1e-12


def rigid_pose(
    rotation: Float64[np.ndarray, "3 3"], translation: Float64[np.ndarray, "3"], spot: Spot
) -> Pose:
    """Return the 4x4 pose of a rotation matrix from a file; rounding is repaired.

    Raises:
        PoseFileError: The matrix is not a rotation: it scales, shears or mirrors.
    """
    gram = rotation @ rotation.T
    off = float(np.abs(gram - np.eye(3)).max())
    if off > MAX_ROUNDING:
        lengths = ", ".join(f"{length:.4g}" for length in np.linalg.norm(rotation, axis=1))
        raise spot.error(
            f"its 3x3 part is no rotation (R R^T is off by {off:.1e}, its rows are {lengths} "
            "long); remove the scale from the poses, and check the order of the columns"
        )
    if np.linalg.det(rotation) < 0:
        raise spot.error(
            "its 3x3 part mirrors (determinant -1): the poses are in a left-handed frame; "
            "convert them, or choose the format they are in"
        )
    if off > _EXACT:
        u, _, vt = np.linalg.svd(rotation)
        rotation = u @ vt
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = rotation, translation
    return pose


def rotation_from_wxyz(
    quaternion: Float64[np.ndarray, "4"], spot: Spot
) -> Float64[np.ndarray, "3 3"]:
    """Return the matrix of a unit quaternion, scalar first.

    Raises:
        PoseFileError: Its norm is not 1 within rounding.
    """
    norm = float(np.linalg.norm(quaternion))
    if abs(norm - 1.0) > MAX_QUATERNION_ROUNDING:
        raise spot.error(
            f"the quaternion must have norm 1, got {norm:.6g}; check the order of the columns"
        )
    rotation: Float64[np.ndarray, "3 3"] = Rotation.from_quat(np.roll(quaternion, -1)).as_matrix()
    return rotation


def wxyz_from_rotation(rotation: Float64[np.ndarray, "3 3"]) -> Float64[np.ndarray, "4"]:
    """Return the unit quaternion of a rotation, scalar first and not negative."""
    xyzw = Rotation.from_matrix(rotation).as_quat(canonical=True)
    return np.roll(np.asarray(xyzw), 1)
