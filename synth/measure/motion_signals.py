"""What the camera did, as numbers that can be compared: one signal a degree of freedom.

Travel becomes degrees by the angle it shifts a point at the *nominal depth*, a change of focal
length by the travel that would scale the image of that point as much. So one dead-band serves all.

Up is world +z for metric paths. A path in an unknown unit comes with an unknown world too
(RealEstate10K, COLMAP), so its up is that of its first camera, which counts as level. The same
goes for a metric path whose first camera looks steeper than ``MAX_PITCH_DEG``.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.camera_paths.primitives import level_axes
from synth.cameras import Intrinsics
from synth.poses import check_rigid
from synth.trajectories import Scale

NOMINAL_DEPTH_M: Final = 2.0  # typical distance of what an indoor camera sees
# Without metres, travel and turning cannot be compared. Somebody who walks and looks around is
# walking, so travel gets the benefit: 1.25 units are nearer than nearly all that RealEstate10K's
# cameras see in theirs (``python -m benchmarks.motion_names`` prints the depths).
NOMINAL_DEPTH_UNITS: Final = 1.25
MAX_PITCH_DEG: Final = 80.0  # steeper, left and right lose their meaning

# Columns of the signals; positive is forward, right, up, clockwise, and a longer focal length.
SIGNALS: Final = ("dolly", "truck", "pedestal", "pan", "tilt", "roll", "zoom")
_UP: Final = np.array([0.0, 0.0, 1.0])


class Travel(NamedTuple):
    """Sums over a path, along the camera's own level axes as they turn.

    Attributes:
        moved: Forward, right, up; in the path's unit.
        turned_deg: Pan right, tilt up, roll clockwise.
        focal_factor: Last over first focal length.
    """

    moved: Float64[np.ndarray, "3"]
    turned_deg: Float64[np.ndarray, "3"]
    focal_factor: float


def check_path(c2w: Float64[np.ndarray, "t 4 4"], intrinsics: Sequence[Intrinsics] | None) -> None:
    """Refuse what has no motion.

    Raises:
        ValueError: Fewer than two poses, a pose is not rigid, or cameras and poses differ in
            number.
    """
    check_rigid(c2w)
    if len(c2w) < 2:
        raise ValueError(f"naming a camera motion needs at least 2 poses, got {len(c2w)}.")
    if intrinsics is not None and len(intrinsics) != len(c2w):
        raise ValueError(
            "naming a camera motion needs one camera per pose, or None for all; got "
            f"{len(intrinsics)} cameras and {len(c2w)} poses."
        )


def nominal_depth(scale: Scale, scene_depth: float | None) -> float:
    """Return the depth by which travel becomes degrees, in the path's unit.

    Raises:
        ValueError: ``scene_depth`` is not positive.
    """
    if scene_depth is None:
        return NOMINAL_DEPTH_M if scale == "metric" else NOMINAL_DEPTH_UNITS
    if not scene_depth > 0:
        raise ValueError(f"scene_depth must be > 0 in the path's unit, got {scene_depth}.")
    return scene_depth


def with_own_up(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, "t 4 4"]:
    """Turn the world so that the first camera is upright and level, at the origin, heading +y."""
    level = np.array(
        [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    )
    return np.asarray(level @ np.linalg.inv(c2w[0]) @ c2w)


def is_steep(pose: Float64[np.ndarray, "4 4"]) -> bool:
    """Whether a camera looks too far up or down for left and right to mean anything."""
    return bool(abs(pose[2, 2]) > np.sin(np.deg2rad(MAX_PITCH_DEG)))


def focal_logs(n_frames: int, intrinsics: Sequence[Intrinsics] | None) -> Float64[np.ndarray, " t"]:
    """Return the logarithm of each focal length over the first; 0 where it is not known."""
    if intrinsics is None:
        return np.zeros(n_frames)
    logs = np.array([np.log(camera.fx * camera.fy) / 2 for camera in intrinsics])
    return np.asarray(logs - logs[0])


def signals_deg(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics] | None,
    depth: float,
) -> Float64[np.ndarray, "t 7"]:
    """Return the travel since frame 0 along each of ``SIGNALS``, by the first camera's axes."""
    heading, right = level_axes(c2w[0])
    moved = (c2w[:, :3, 3] - c2w[0, :3, 3]) @ np.stack([heading, right, _UP], axis=1)
    # Turns are summed step by step, so that a pan of more than half a circle keeps its sense.
    steps = _rotation_vectors(c2w[1:, :3, :3] @ np.swapaxes(c2w[:-1, :3, :3], -1, -2))
    turned = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    # The axes are not orthogonal for a pitched camera, so solve instead of projecting.
    turned_rad = np.linalg.solve(_turning_axes(c2w[0]), turned.T).T
    zoomed = focal_logs(len(c2w), intrinsics)[:, None]
    signals: Float64[np.ndarray, "t 7"] = np.rad2deg(
        np.concatenate([moved / depth, turned_rad, zoomed], axis=1)
    )
    return signals


def travel(c2w: Float64[np.ndarray, "t 4 4"], intrinsics: Sequence[Intrinsics] | None) -> Travel:
    """Sum what each step did, by the axes the camera has at that step.

    A camera that walks around a corner has dollied all the way. While it looks steeper than
    ``MAX_PITCH_DEG`` it keeps the axes it had before.
    """
    steps = _rotation_vectors(c2w[1:, :3, :3] @ np.swapaxes(c2w[:-1, :3, :3], -1, -2))
    moved, turned, pose = np.zeros(3), np.zeros(3), c2w[0]
    for before, after, step in zip(c2w[:-1], c2w[1:], steps, strict=True):
        shift = after[:3, 3] - before[:3, 3]
        # Half by the axes before and half by those after: backwards gives exactly the opposite.
        for end in (before, after):
            pose = pose if is_steep(end) else end
            heading, right = level_axes(pose)
            moved += np.array([heading, right, _UP]) @ shift / 2
            turned += np.linalg.solve(_turning_axes(pose), step) / 2
    factor = float(np.exp(focal_logs(len(c2w), intrinsics)[-1]))
    return Travel(moved=moved, turned_deg=np.rad2deg(turned), focal_factor=factor)


class Aim(NamedTuple):
    """The point that a camera looks at most of all, and how well."""

    distances: Float64[np.ndarray, " t"]  # along each optical axis; negative lies behind
    off_axis: Float64[np.ndarray, " t"]  # distance of the point from each optical axis


def aim(c2w: Float64[np.ndarray, "t 4 4"]) -> Aim | None:
    """Return the point nearest to all optical axes, or ``None`` if they are parallel."""
    eyes, axes = c2w[:, :3, 3], c2w[:, :3, 2]
    across = np.eye(3) - axes[:, :, None] * axes[:, None, :]
    total = across.sum(axis=0)
    if np.linalg.eigvalsh(total)[0] < 1e-6 * len(c2w):
        return None
    point = np.linalg.solve(total, (across @ eyes[:, :, None]).sum(axis=0))[:, 0]
    to_point = point - eyes
    distances = (to_point * axes).sum(axis=1)
    off_axis = np.linalg.norm(to_point - distances[:, None] * axes, axis=1)
    return Aim(distances=distances, off_axis=off_axis)


def _turning_axes(pose: Float64[np.ndarray, "4 4"]) -> Float64[np.ndarray, "3 3"]:
    """Return the axes of a pan right, a tilt up and a roll clockwise, as columns."""
    return np.stack([-_UP, level_axes(pose)[1], pose[:3, 2]], axis=1)


def _rotation_vectors(rotations: Float64[np.ndarray, "n 3 3"]) -> Float64[np.ndarray, "n 3"]:
    """Return axis times angle (radians) of rotations by less than half a turn."""
    r = rotations
    sine_axis = (
        np.stack(
            [r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]], axis=1
        )
        / 2
    )
    sine = np.linalg.norm(sine_axis, axis=1, keepdims=True)
    cosine = (np.trace(r, axis1=1, axis2=2)[:, None] - 1) / 2
    scale = np.divide(np.arctan2(sine, cosine), sine, out=np.ones_like(sine), where=sine > 1e-12)
    vectors: Float64[np.ndarray, "n 3"] = sine_axis * scale
    return vectors
