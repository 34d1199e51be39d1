"""Pixels: half-integer centers, v down, z-depth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import UP, intrinsics, poses

from synth.cameras import Intrinsics, pixel_rays, project, unproject
from synth.poses import look_at


def test_a_camera_looks_down_its_positive_z_axis_with_y_down():
    c2w = look_at(np.array([0.0, -5.0, 0.0]), np.zeros(3), UP)
    camera = Intrinsics(fx=50, fy=50, cx=32, cy=24, width=64, height=48)
    got = project(np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), c2w, camera)
    np.testing.assert_allclose(got.depth, 5.0)
    # 1 m east is 50 * 1 / 5 = 10 px to the right; 1 m up is 10 px up, which is a smaller v.
    np.testing.assert_allclose(got.uv, [[32, 24], [42, 24], [32, 14]])
    assert got.visible.all()


def test_points_behind_the_camera_or_outside_the_image_are_not_visible():
    c2w = look_at(np.array([0.0, -5.0, 0.0]), np.zeros(3), UP)
    camera = Intrinsics(fx=50, fy=50, cx=32, cy=24, width=64, height=48)
    got = project(np.array([[0.0, -6.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, -2.0]]), c2w, camera)
    np.testing.assert_array_equal(got.visible, [False, False, True])
    assert got.depth[0] == pytest.approx(-1.0)


def test_eighty_degrees_over_sixty_four_pixels_is_this_focal_length():
    camera = Intrinsics.from_fov(width=64, height=64, fov_deg=80)
    assert camera.fx == camera.fy == pytest.approx(38.13611)  # 32 / tan(40 degrees)
    assert (camera.cx, camera.cy) == (32.0, 32.0)


def test_the_ray_of_the_top_left_pixel_goes_through_its_center():
    camera = Intrinsics(fx=2, fy=2, cx=2, cy=2, width=4, height=4)
    rays = pixel_rays(camera)
    np.testing.assert_allclose(rays[0, 0], [-0.75, -0.75, 1.0])  # (0.5 - 2) / 2
    np.testing.assert_allclose(rays[3, 0], [-0.75, 0.75, 1.0])
    np.testing.assert_allclose(pixel_rays(camera, samples=2)[0, 0], [-0.875, -0.875, 1.0])


def test_unprojecting_a_flat_wall_gives_these_points():
    c2w = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)
    camera = Intrinsics(fx=2, fy=2, cx=1, cy=1, width=2, height=2)
    wall = unproject(np.full((2, 2), 4.0, np.float32), c2w, camera)
    # z-depth 4 puts every pixel in the plane y = 2, whatever its angle.
    np.testing.assert_allclose(wall, [[[-1, 2, 2], [1, 2, 2]], [[-1, 2, 0], [1, 2, 0]]], atol=1e-12)


@given(poses(), intrinsics(), st.integers(0, 2**32 - 1))
def test_unproject_then_project_returns_to_the_pixel_centers(c2w, camera, seed):
    shape = (camera.height, camera.width)
    depth = np.random.default_rng(seed).uniform(0.5, 8.0, shape).astype(np.float32)
    got = project(unproject(depth, c2w, camera).reshape(-1, 3), c2w, camera)
    v, u = np.mgrid[: camera.height, : camera.width] + 0.5
    np.testing.assert_allclose(got.uv, np.stack([u, v], axis=-1).reshape(-1, 2), atol=1e-6)
    np.testing.assert_allclose(got.depth, depth.ravel(), atol=1e-6)
    assert got.visible.all()


def test_unknown_depth_becomes_nan_and_nothing_else_does():
    camera = Intrinsics.from_fov(width=2, height=1, fov_deg=60)
    points = unproject(np.array([[0.0, 1.0]], np.float32), np.eye(4), camera)
    np.testing.assert_array_equal(np.isnan(points), [[[True] * 3, [False] * 3]])


def test_depth_of_another_size_than_the_camera_is_refused():
    camera = Intrinsics.from_fov(width=4, height=3, fov_deg=60)
    with pytest.raises(ValueError, match=r"4x3 .h x w. depth map for a 3x4 camera"):
        unproject(np.ones((4, 3), np.float32), np.eye(4), camera)


@pytest.mark.parametrize("bad", [{"fx": 0.0}, {"fy": -1.0}, {"width": 0}])
def test_a_camera_needs_positive_focal_lengths_and_sides(bad):
    good = {"fx": 1.0, "fy": 1.0, "cx": 0.5, "cy": 0.5, "width": 1, "height": 1}
    with pytest.raises(ValueError, match="> 0"):
        Intrinsics(**{**good, **bad})
