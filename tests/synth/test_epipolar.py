"""Distances from the given geometry, on matches whose place is known by hand."""

import numpy as np
import pytest

from synth.cameras import Intrinsics
from synth.gates.epipolar import CameraPair, distances_px
from synth.matching import PointMatches
from synth.poses import axis_angle

CAMERA = Intrinsics(fx=100.0, fy=200.0, cx=50.0, cy=40.0, width=100, height=80)


def moved(x=0.0, z=0.0, yaw_deg=0.0):
    pose = np.eye(4)
    pose[:3, :3] = axis_angle(np.array([0.0, 1.0, 0.0]), np.deg2rad(yaw_deg))
    pose[:3, 3] = [x, 0.0, z]
    return pose


def matches(first, second):
    index = np.arange(len(first))
    return PointMatches(index, index, np.array(first, float), np.array(second, float))


def distances(second_pose, first, second):
    pair = CameraPair(np.eye(4), second_pose, CAMERA, CAMERA)
    return distances_px(pair, matches(first, second), same_place=1e-9)


def test_a_sideways_step_keeps_points_on_their_row():
    """Lines are horizontal: three rows off is three pixels off, columns do not matter."""
    assert distances(moved(x=0.3), [(60, 30), (20, 50)], [(41, 30), (33, 53)]) == pytest.approx(
        [0.0, 3.0]
    )


def test_a_step_forwards_moves_points_away_from_the_principal_point():
    """(60, 40) lies right of it, so its line is row 40; (90, 41) is one pixel below in the second
    image. In the first image its line leads from (50, 40) to (90, 41)."""
    expected = (1.0 + 10 / np.hypot(40, 1)) / 2
    found = distances(moved(z=0.5), [(60, 40), (60, 40)], [(75, 40), (90, 41)])
    assert found == pytest.approx([0.0, expected])


def test_the_length_of_the_step_does_not_matter():
    near = distances(moved(x=0.001), [(60, 30)], [(50, 32)])
    far = distances(moved(x=1000.0), [(60, 30)], [(50, 32)])
    assert near == pytest.approx(far)


def test_a_turn_on_the_spot_says_where_each_point_goes():
    """Turning by 45 degrees about the y axis takes the ray (1, 0, 1) to the optical axis."""
    at = (150.0, 40.0)
    found = distances(moved(yaw_deg=45.0), [at], [(50, 40)])
    assert found == pytest.approx([0.0], abs=1e-9)
    # A pixel is 1/100 of the focal length at the axis and half that angle at 45 degrees.
    off = distances(moved(yaw_deg=45.0), [at], [(50.01, 40)])
    assert off == pytest.approx([0.015], rel=1e-2)


def test_a_point_that_a_turn_puts_behind_the_camera_is_infinitely_far():
    assert distances(moved(yaw_deg=180.0), [(50, 40)], [(50, 40)]) == pytest.approx([np.inf])


def test_a_point_on_its_epipole_says_nothing():
    assert distances(moved(z=1.0), [(50, 40)], [(50, 40)]) == pytest.approx([0.0])
