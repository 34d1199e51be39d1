"""A picture warped along a path shows its points where the cameras see them."""

import numpy as np
import pytest

from synth.cameras import Intrinsics, pixel_rays, project, unproject
from synth.trajectories import Move, make_trajectory
from synth.wan.warp import warp_along_path

SIZE_PX = 32
CAMERA = Intrinsics.from_fov(width=SIZE_PX, height=SIZE_PX, fov_deg=60.0)
START = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 1.5], [0, 0, 0, 1]])  # along +y


def path(move, amount):
    return make_trajectory(
        move,
        START,
        amount=amount,
        n_frames=5,
        target_distance_m=2.0,
        intrinsics=CAMERA,
        fps=8.0,
    ).c2w


def warp(depth, c2w):
    picture = np.random.default_rng(0).integers(0, 256, (SIZE_PX, SIZE_PX, 3), dtype=np.uint8)
    return picture, warp_along_path(picture, depth, c2w, [CAMERA] * len(c2w))


def test_a_camera_that_stays_sees_the_picture_itself():
    picture, warped = warp(np.full((SIZE_PX, SIZE_PX), 2.0), path(Move.STATIC, 0.0))
    assert not warped.holes.any()
    for frame in warped.frames:
        np.testing.assert_array_equal(frame, picture)


def test_trucking_right_by_a_pixel_shifts_a_wall_to_the_left_and_leaves_a_hole_on_the_right():
    depth_m = 2.0
    pixel_m = depth_m / CAMERA.fx
    c2w = path(Move.TRUCK_RIGHT, 4 * pixel_m)  # one pixel a frame
    picture, warped = warp(np.full((SIZE_PX, SIZE_PX), depth_m), c2w)
    for shift in range(1, 5):
        np.testing.assert_array_equal(warped.frames[shift][:, :-shift], picture[:, shift:])
        assert warped.holes[shift][:, -shift:].all()
        assert (warped.frames[shift][:, -shift:] == 128).all()
        assert not warped.holes[shift][:, :-shift].any()


def test_a_floor_that_is_seen_closer_has_no_gaps_and_lies_where_it_should():
    rays = pixel_rays(CAMERA) @ START[:3, :3].T
    depth = np.where(rays[..., 2] < -0.05, -1.5 / rays[..., 2], 0.0)  # the floor, nothing above
    c2w = path(Move.DOLLY_IN, 0.8)
    picture, warped = warp(depth, c2w)
    points = unproject(depth, START, CAMERA).reshape(-1, 3)
    known = np.isfinite(points).all(axis=1)
    seen = project(points[known], c2w[-1], CAMERA)
    column, row = np.floor(seen.uv[seen.visible]).astype(int).T
    # Where a pixel's center lands, its colour or that of a neighbour of it is drawn.
    colors = picture.reshape(-1, 3)[known][seen.visible]
    drawn = warped.frames[-1][row, column]
    assert (drawn == colors).all(axis=1).mean() > 0.5
    assert not warped.holes[-1][-1].any()
    assert warped.holes[-1][0].all()
    below = warped.holes[-1][SIZE_PX // 2 + 4 :]
    assert not below.any()


def test_what_is_near_hides_what_is_far_and_uncovers_a_hole():
    depth = np.full((SIZE_PX, SIZE_PX), 4.0)
    depth[:, 12:20] = 1.0
    c2w = path(Move.TRUCK_RIGHT, 4 * 1.0 / CAMERA.fx)  # near by one pixel a frame, far by 1/4
    picture, warped = warp(depth, c2w)
    last = warped.frames[-1]
    np.testing.assert_array_equal(last[:, 8:16], picture[:, 12:20])
    np.testing.assert_array_equal(last[:, :8], picture[:, 1:9])
    assert warped.holes[-1][:, 16:19].all()  # what the pillar hid
    np.testing.assert_array_equal(last[:, 19:-1], picture[:, 20:])


def test_unknown_depth_is_a_hole_in_every_view():
    depth = np.full((SIZE_PX, SIZE_PX), 2.0)
    depth[4:8, 4:8] = 0.0
    _, warped = warp(depth, path(Move.STATIC, 0.0))
    assert (warped.holes == (depth == 0)).all()


def test_sizes_and_numbers_must_fit():
    picture = np.zeros((8, 8, 3), np.uint8)
    with pytest.raises(ValueError, match="1 poses and 2 cameras"):
        warp_along_path(picture, np.ones((8, 8)), START[None], [CAMERA, CAMERA])
    with pytest.raises(ValueError, match=r"the picture is 8x8 \(h x w\) and its depth 8x9"):
        warp_along_path(picture, np.ones((8, 9)), START[None], [CAMERA])
