"""Axis conventions, pinned by written-out numbers, and laws of rigid transforms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import UP, poses

from synth.poses import axis_angle, c2w_from_opengl, check_rigid, invert, look_at


@given(poses())
def test_a_pose_times_its_inverse_is_the_identity(c2w):
    np.testing.assert_allclose(invert(c2w) @ c2w, np.eye(4), atol=1e-9)
    np.testing.assert_allclose(invert(invert(c2w)), c2w, atol=1e-9)


def test_the_inverse_of_a_hand_made_pose_has_these_numbers():
    # A camera at (1, 2, 3) turned by 90 degrees about world z: its x axis points along world y.
    c2w = np.array(
        [
            [0.0, -1.0, 0.0, 1.0],
            [1.0, 0.0, 0.0, 2.0],
            [0.0, 0.0, 1.0, 3.0],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
    expected = np.array(
        [
            [0.0, 1.0, 0.0, -2.0],
            [-1.0, 0.0, 0.0, 1.0],
            [0.0, 0.0, 1.0, -3.0],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
    np.testing.assert_array_equal(invert(c2w), expected)


def test_inverting_keeps_a_batch_of_poses_apart():
    batch = np.stack([np.eye(4), look_at(np.array([1.0, 0.0, 1.0]), np.zeros(3), UP)])
    np.testing.assert_array_equal(invert(batch)[1], invert(batch[1]))


def test_looking_north_from_the_south_has_right_east_and_camera_y_down():
    c2w = look_at(np.array([0.0, -5.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)
    expected = np.array(
        [
            [1.0, 0.0, 0.0, 0.0],  # x axis: right is world +x (east)
            [0.0, 0.0, 1.0, -5.0],  # z axis: forward is world +y (north)
            [0.0, -1.0, 0.0, 1.0],  # y axis: down is world -z
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
    np.testing.assert_allclose(c2w, expected, atol=1e-12)


def test_opengl_cameras_have_y_up_and_look_along_minus_z():
    opengl = np.array(
        [
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, -1.0, -5.0],
            [0.0, 1.0, 0.0, 1.0],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
    opencv = look_at(np.array([0.0, -5.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)
    np.testing.assert_allclose(c2w_from_opengl(opengl), opencv, atol=1e-12)
    np.testing.assert_allclose(c2w_from_opengl(c2w_from_opengl(opengl)), opengl)


def test_a_quarter_turn_about_up_takes_east_to_north():
    east, north = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    np.testing.assert_allclose(axis_angle(UP, np.pi / 2) @ east, north, atol=1e-12)


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_turns_about_one_axis_add_up(first, second):
    np.testing.assert_allclose(
        axis_angle(UP, first) @ axis_angle(UP, second), axis_angle(UP, first + second), atol=1e-9
    )


@given(poses())
def test_rigid_poses_pass_and_scaled_or_mirrored_ones_are_refused(c2w):
    check_rigid(c2w)
    for broken in (np.diag([2.0, 2.0, 2.0, 1.0]), np.diag([-1.0, 1.0, 1.0, 1.0])):
        with pytest.raises(ValueError, match="not rigid"):
            check_rigid(c2w @ broken)


def test_looking_straight_down_is_refused_because_roll_is_undefined():
    with pytest.raises(ValueError, match="roll is undefined"):
        look_at(np.array([0.0, 0.0, 2.0]), np.zeros(3), UP)
