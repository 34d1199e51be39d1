"""Camera paths that cannot be, or cannot be filmed."""

from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.bad_input_cases.case import Call, Place
from benchmarks.bad_input_cases.files import CAMERA
from synth.camera_paths.algebra import compose, resample, then
from synth.camera_paths.clearance import collisions
from synth.camera_paths.limits import MotionLimits
from synth.camera_paths.splines import waypoint_path
from synth.cameras import Intrinsics
from synth.path_errors import compare_paths
from synth.pose_files import read_poses
from synth.poses import look_at
from synth.trajectories import Move, Trajectory, make_trajectory

START: Final = look_at(np.array([1.0, 1, 1.5]), np.array([3.0, 2, 1.2]), np.array([0.0, 0, 1]))


def path(
    move: Move = Move.PAN_LEFT,
    amount: float = 20.0,
    *,
    n_frames: int = 9,
    fps: float = 8.0,
    intrinsics: Intrinsics | None = None,
) -> Trajectory:
    """Make a primitive from ``START``."""
    return make_trajectory(
        move,
        START,
        amount=amount,
        n_frames=n_frames,
        target_distance_m=2.0,
        intrinsics=intrinsics,
        fps=fps,
    )


def _given(c2w: object) -> Trajectory:
    return Trajectory(name="mine", c2w=np.asarray(c2w), intrinsics=None, fps=None, scale="metric")


def _nan_pose(_: Place) -> Trajectory:
    c2w = np.stack([START] * 3)
    c2w[1, 0, 3] = np.nan
    return _given(c2w)


def _looking_down(_: Place) -> Trajectory:
    down = np.diag([1.0, -1.0, -1.0, 1.0])
    return make_trajectory(Move.DOLLY_IN, down, amount=1.0, n_frames=9, target_distance_m=2.0)


def _inside_a_box(_: Place) -> object:
    one = np.ones((1, 3))
    return collisions(path().c2w, one, one, np.eye(3)[None], clearance_m=-0.1)


def _read_as_another_length(place: Place) -> object:
    ours = read_poses(place.files / "good.kitti", "kitti").c2w
    return compare_paths(ours, ours[:-1], align="se3")


def _call(
    did: str, call: Callable[[Place], object], *says: str, expects: str = "ValueError"
) -> Call:
    return Call(did=f"camera path: {did}", call=call, expects=expects, says=says)


PATHS: Final = (
    _call("of 8 frames", lambda _: path(n_frames=8), "must be 4n + 1", "nearest are 5 and 9"),
    _call(
        "a negative dolly", lambda _: path(Move.DOLLY_IN, -1.0), "amount must be > 0", "got -1.0"
    ),
    _call("an amount of NaN", lambda _: path(amount=np.nan), "amount must be > 0", "got nan"),
    _call("a pose with NaN", _nan_pose, "mine: c2w holds numbers", "not finite"),
    _call("no poses", lambda _: _given(np.zeros((0, 4, 4))), "at least one pose", "got none"),
    _call(
        "matrices for row vectors",
        lambda _: _given(START.T[None].copy()),
        "last row must be 0 0 0 1",
        "have to be transposed",
    ),
    _call(
        "a matrix that scales",
        lambda _: _given(np.diag([2.0, 2.0, 2.0, 1.0])[None]),
        "a pose is not rigid",
        "rotation and translation only",
    ),
    _call(
        "an orbit of 20 degrees",
        lambda _: path(Move.ORBIT_LEFT, 20.0),
        "an arc below 45.0 degrees and an orbit from there on",
        "got 20.0 degrees",
    ),
    _call(
        "a tilt of 200 degrees",
        lambda _: path(Move.TILT_UP, 200.0),
        "must not pass the vertical",
        "it can go between",
    ),
    _call(
        "a zoom without a camera",
        lambda _: path(Move.ZOOM_IN, 2.0),
        "changes the focal length",
        "needs intrinsics",
    ),
    _call(
        "a zoom by half",
        lambda _: path(Move.ZOOM_IN, 0.5, intrinsics=CAMERA),
        "factor by which the focal length changes, > 1",
        "got 0.5",
    ),
    _call(
        "a dolly-zoom through its target",
        lambda _: path(Move.DOLLY_ZOOM_IN, 3.0, intrinsics=CAMERA),
        "passes its target 2 m ahead",
        "travel less or put the target further away",
    ),
    _call("a dolly while looking down", _looking_down, "straight up or down", "tilt it"),
    _call("no frames per second", lambda _: path(fps=0.0), "fps must be > 0", "got 0.0"),
    _call(
        "a camera of NaN pixels",
        lambda _: Intrinsics(fx=np.nan, fy=50.0, cx=32.0, cy=24.0, width=64, height=48),
        "finite focal lengths",
        "fx=nan",
    ),
    _call(
        "a field of view of 180 degrees",
        lambda _: Intrinsics.from_fov(width=64, height=48, fov_deg=180.0),
        "between 0 and 180 degrees",
        "got 180.0",
    ),
    _call(
        "limits that allow nothing",
        lambda _: MotionLimits(max_m_per_frame=0.0),
        "must be > 0",
        "max_m_per_frame=0.0",
    ),
    _call(
        "limits of NaN",
        lambda _: MotionLimits(max_deg_per_frame=np.nan),
        "must be > 0",
        "max_deg_per_frame=nan",
    ),
    _call("a negative clearance", _inside_a_box, "clearance_m must be >= 0", "got -0.1"),
    _call(
        "the same waypoint twice",
        lambda _: waypoint_path(np.stack([START, START]), n_frames=9),
        "at least two waypoints and no two equal ones in a row",
        "gaps [0.0]",
    ),
    _call(
        "resampled to 10 frames",
        lambda _: resample(path(), 10),
        "must be 4n + 1",
        "nearest are 9 and 13",
    ),
    _call(
        "paths of two lengths composed",
        lambda _: compose(path(), path(n_frames=13)),
        "got 9 and 13",
        "resample one of them",
    ),
    _call(
        "paths of two frame rates joined",
        lambda _: then(path(), path(fps=16.0)),
        "frame rates differ",
        "8.0 and 16.0",
    ),
    _call(
        "compared with one of another length",
        _read_as_another_length,
        "got 5 and 4",
        "cut both to the same frames",
        expects="PathError",
    ),
)
