"""Plücker rays: both orders and both pixel centers, by hand, and what a line has to satisfy."""

import numpy as np
import pytest
from hypothesis import given
from strategies import intrinsics, poses

from synth.cameras import Intrinsics, pixel_rays
from synth.plucker import plucker_rays, relative_to_first

# Focal length 1, principal point (1, 1), a picture of 2 x 2.
CAMERA = Intrinsics(fx=1, fy=1, cx=1, cy=1, width=2, height=2)
AT_X2 = np.array([[1.0, 0, 0, 2], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])


def test_rays_through_half_integer_centers_with_the_moment_first():
    rays = plucker_rays(AT_X2[None], [CAMERA], order="moment_first", unit_directions=False)
    assert rays.shape == (1, 2, 2, 6)
    # Top left: d = (0.5 - 1, 0.5 - 1, 1), and (2, 0, 0) x d = (0, -2 * 1, 2 * -0.5).
    assert rays[0, 0, 0].tolist() == [0.0, -2.0, -1.0, -0.5, -0.5, 1.0]
    # Row 0, column 1 lies to the right of it.
    assert rays[0, 0, 1].tolist() == [0.0, -2.0, -1.0, 0.5, -0.5, 1.0]


def test_rays_through_integer_centers_with_the_direction_first():
    rays = plucker_rays(
        AT_X2[None],
        [CAMERA],
        order="direction_first",
        pixel_centers="integer",
        unit_directions=False,
    )
    assert rays[0, 0, 0].tolist() == [-1.0, -1.0, 1.0, 0.0, -2.0, -2.0]
    assert rays[0, 1, 1].tolist() == [0.0, 0.0, 1.0, 0.0, -2.0, 0.0]


def test_unit_directions_scale_the_moment_too():
    rays = plucker_rays(AT_X2[None], [CAMERA], order="direction_first")
    length = np.sqrt(0.25 + 0.25 + 1)
    expected = np.array([-0.5, -0.5, 1.0, 0.0, -2.0, -1.0]) / length
    np.testing.assert_allclose(rays[0, 0, 0], expected)


@given(poses(), intrinsics(max_side=8))
def test_a_ray_is_the_line_through_its_pixel_and_the_camera(c2w, camera):
    rays = plucker_rays(c2w[None], [camera], order="direction_first")[0]
    directions, moments = rays[..., :3], rays[..., 3:]
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1.0)
    np.testing.assert_allclose((directions * moments).sum(axis=-1), 0.0, atol=1e-9)
    points = pixel_rays(camera) * 3.0 @ c2w[:3, :3].T + c2w[:3, 3]
    np.testing.assert_allclose(np.cross(points, directions), moments, atol=1e-9)


def test_both_orders_hold_the_same_halves_for_a_zooming_camera():
    near = Intrinsics(fx=2, fy=2, cx=1, cy=1, width=2, height=2)
    path, cameras = np.stack([np.eye(4), AT_X2]), [CAMERA, near]
    first = plucker_rays(path, cameras, order="moment_first")
    second = plucker_rays(path, cameras, order="direction_first")
    np.testing.assert_array_equal(first, np.concatenate([second[..., 3:], second[..., :3]], -1))
    assert second[0, 0, 0, 0] < second[1, 0, 0, 0] < 0  # a longer focal length looks straighter


def test_relative_poses_begin_at_the_identity():
    turned = np.array([[0.0, 0, 1, 5], [0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 1]])
    relative = relative_to_first(np.stack([turned, turned @ AT_X2]))
    np.testing.assert_array_equal(relative[0], np.eye(4))
    np.testing.assert_allclose(relative[1], AT_X2, atol=1e-12)


def test_cameras_that_do_not_fit_the_poses_are_refused():
    wide = Intrinsics(fx=1, fy=1, cx=1, cy=1, width=3, height=2)
    with pytest.raises(ValueError, match="got 2 poses and 1 intrinsics"):
        plucker_rays(np.stack([np.eye(4)] * 2), [CAMERA], order="moment_first")
    with pytest.raises(ValueError, match="one image size"):
        plucker_rays(np.stack([np.eye(4)] * 2), [CAMERA, wide], order="moment_first")
