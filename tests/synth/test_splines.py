"""Free paths: through waypoints, and with the eye on a target."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import UP, start_poses

from synth.camera_paths.splines import look_at_path, spline_points, waypoint_path
from synth.cameras import Intrinsics, project
from synth.moves import Move
from synth.poses import look_at
from synth.trajectories import make_trajectory

CAMERA = Intrinsics.from_fov(width=64, height=48, fov_deg=90.0)
# At (0, -2, 1) looking north (+y): right is east (+x), up is +z.
START = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)


def made(move, amount):
    return make_trajectory(move, START, amount=amount, n_frames=5, target_distance_m=2.0)


@given(st.lists(start_poses(), min_size=2, max_size=5), st.sampled_from([41, 81]))
def test_a_spline_passes_through_every_waypoint_without_kinks(poses, n_frames):
    waypoints = np.stack(poses) + 0.0
    waypoints[:, 0, 3] += np.arange(len(poses)) * 0.5 + 10.0 * np.arange(len(poses))
    times = np.linspace(0.0, 1.0, len(poses))
    path = waypoint_path(waypoints, n_frames=n_frames, times=times.tolist())
    at = times * (n_frames - 1)
    for knot, pose in zip(at, waypoints, strict=True):
        if float(knot).is_integer():
            np.testing.assert_allclose(path.c2w[int(knot)], pose, atol=1e-7)
    # Twice continuously differentiable: second differences shrink with the square of the step.
    fine = waypoint_path(waypoints, n_frames=4 * (n_frames - 1) + 1, times=times.tolist())
    bends = [np.abs(np.diff(p.c2w[:, :3, 3], n=2, axis=0)).max() for p in (path, fine)]
    assert bends[1] <= bends[0] / 8 + 1e-9


def test_two_waypoints_make_a_straight_line_and_a_turn_about_one_axis():
    end = made(Move.PAN_RIGHT, 60.0).c2w[-1].copy()
    end[:3, 3] += [1.0, 0.0, 0.0]
    path = waypoint_path(np.stack([START, end]), n_frames=5)
    np.testing.assert_allclose(path.c2w[:, :3, 3], np.linspace(START[:3, 3], end[:3, 3], 5))
    np.testing.assert_allclose(
        path.c2w[:, :3, :3], made(Move.PAN_RIGHT, 60.0).c2w[:, :3, :3], atol=1e-9
    )


def test_equal_waypoints_and_times_that_stand_still_are_refused():
    with pytest.raises(ValueError, match="no two equal ones"):
        waypoint_path(np.stack([START, START]), n_frames=5)
    with pytest.raises(ValueError, match="one time per waypoint"):
        waypoint_path(np.stack([START, made(Move.PAN_LEFT, 9.0).c2w[-1]]), n_frames=5, times=[0, 0])


def test_points_along_a_spline_are_evenly_spaced():
    corner = np.array([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [2.0, 3.0, 1.5]])
    eyes = spline_points(corner, n_frames=41)
    steps = np.linalg.norm(np.diff(eyes, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.02)
    np.testing.assert_allclose(eyes[[0, -1]], corner[[0, -1]], atol=1e-12)


def test_a_camera_that_looks_at_a_target_keeps_it_in_the_center():
    target = np.array([1.0, 4.0, 0.5])
    eyes = spline_points(np.array([[0.0, 0.0, 1.0], [2.0, 0.0, 1.4]]), n_frames=9)
    for c2w in look_at_path(eyes, target).c2w:
        np.testing.assert_allclose(project(target[None], c2w, CAMERA).uv, [[32.0, 24.0]])
