"""Free paths: smooth curves through waypoints, and cameras that look at a target.

Positions run along a cubic spline, orientations along a rotation spline: both have continuous
velocity and acceleration, and pass through every waypoint. A path of two waypoints is a straight
line with a turn about one axis.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation, RotationSpline

from synth.camera_paths.easing import Easing, ease
from synth.cameras import Intrinsics
from synth.poses import look_at
from synth.trajectories import Scale, Trajectory, check_n_frames

_UP: Final = np.array([0.0, 0.0, 1.0])
_FINE: Final = 64  # samples between two waypoints from which the length of the curve is summed


def waypoint_path(
    waypoints: Float64[np.ndarray, "k 4 4"],
    *,
    n_frames: int,
    times: Sequence[float] | None = None,
    easing: Easing = "linear",
    intrinsics: Intrinsics | None = None,
    fps: float | None = None,
    scale: Scale = "metric",
) -> Trajectory:
    """Pass through all waypoints.

    Args:
        waypoints: At least two poses (``c2w``).
        n_frames: Length of the clip, ``4n + 1``.
        times: When to be at each waypoint, increasing, any unit. Without them the time between
            two waypoints is their distance plus, for turns in place, their angle in radians.
        easing: Progress of time over the frames.
        intrinsics: Camera of all frames.
        fps: Frames per second.
        scale: Unit of the waypoints.

    Raises:
        ValueError: Fewer than two waypoints, two that follow each other are equal, or ``times``
            do not increase.
    """
    check_n_frames(n_frames, what="waypoint_path n_frames")
    knots = _knots(waypoints, times)
    at = knots[0] + ease(easing, n_frames) * (knots[-1] - knots[0])
    c2w = np.tile(np.eye(4), (n_frames, 1, 1))
    c2w[:, :3, 3] = CubicSpline(knots, waypoints[:, :3, 3], bc_type="natural")(at)
    turns = RotationSpline(knots, Rotation.from_matrix(waypoints[:, :3, :3]))
    c2w[:, :3, :3] = turns(at).as_matrix()
    return Trajectory(
        name="waypoints",
        c2w=c2w,
        intrinsics=None if intrinsics is None else (intrinsics,) * n_frames,
        fps=fps,
        scale=scale,
        params=(("waypoints", float(len(waypoints))),),
    )


def look_at_path(
    eyes: Float64[np.ndarray, "t 3"],
    targets: Float64[np.ndarray, "3"] | Float64[np.ndarray, "t 3"],
    *,
    intrinsics: Intrinsics | None = None,
    fps: float | None = None,
) -> Trajectory:
    """Keep a target, fixed or moving, in the image center; upright with respect to world +z.

    Args:
        eyes: Camera positions, metres; ``4n + 1`` of them.
        targets: One point, or one per frame.
        intrinsics: Camera of all frames.
        fps: Frames per second.

    Raises:
        ValueError: A view is vertical, or a target lies in the camera.
    """
    check_n_frames(len(eyes), what="look_at_path number of eyes")
    watched = np.broadcast_to(targets, eyes.shape)
    return Trajectory(
        name="look_at",
        c2w=np.stack([look_at(e, t, _UP) for e, t in zip(eyes, watched, strict=True)]),
        intrinsics=None if intrinsics is None else (intrinsics,) * len(eyes),
        fps=fps,
        scale="metric",
    )


def spline_points(
    points: Float64[np.ndarray, "k 3"], *, n_frames: int, easing: Easing = "linear"
) -> Float64[np.ndarray, "t 3"]:
    """Return positions along a smooth curve through ``points``, evenly spaced but for easing.

    Raises:
        ValueError: Fewer than two points, or two that follow each other are equal.
    """
    knots = _increasing(np.linalg.norm(np.diff(points, axis=0), axis=1), len(points))
    curve = CubicSpline(knots, points, bc_type="natural")
    fine = np.linspace(0.0, knots[-1], _FINE * len(points))
    steps = np.linalg.norm(np.diff(curve(fine), axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.interp(ease(easing, n_frames) * length[-1], length, fine)
    return np.asarray(curve(at))


def _knots(
    waypoints: Float64[np.ndarray, "k 4 4"], times: Sequence[float] | None
) -> Float64[np.ndarray, " k"]:
    if times is not None:
        knots = np.array(times, dtype=np.float64)
        if len(knots) != len(waypoints) or len(knots) < 2 or not (np.diff(knots) > 0).all():
            raise ValueError(
                "waypoint_path needs one time per waypoint, at least two, increasing; got "
                f"{knots.tolist()} for {len(waypoints)} waypoints."
            )
        return knots
    distance = np.linalg.norm(np.diff(waypoints[:, :3, 3], axis=0), axis=1)
    turns = Rotation.from_matrix(waypoints[:, :3, :3])
    angle = (turns[:-1].inv() * turns[1:]).magnitude() if len(waypoints) > 1 else np.zeros(0)
    return _increasing(distance + angle, len(waypoints))


def _increasing(gaps: Float64[np.ndarray, " g"], n_points: int) -> Float64[np.ndarray, " k"]:
    if n_points < 2 or (gaps <= 1e-9).any():
        raise ValueError(
            f"a spline needs at least two waypoints and no two equal ones in a row, got {n_points} "
            f"with gaps {gaps.tolist()}."
        )
    return np.concatenate([[0.0], np.cumsum(gaps)])
