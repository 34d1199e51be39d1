"""Limits, clearance and overlap of camera paths: what is wrong is named with frame and value."""

import numpy as np
import pytest
from strategies import UP

from synth.camera_paths.clearance import box_distances, collisions, hits_depth, near_surfaces
from synth.camera_paths.limits import MotionLimits, check_limits, turns_deg
from synth.camera_paths.overlap import low_overlaps, overlaps
from synth.cameras import Intrinsics
from synth.moves import Move
from synth.poses import axis_angle, look_at
from synth.trajectories import make_trajectory

CAMERA = Intrinsics.from_fov(width=32, height=32, fov_deg=90.0)
# At (0, -2, 1) looking north (+y).
START = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)
BOX = (np.array([[0.0, 0.0, 1.0]]), np.array([[1.0, 1.0, 1.0]]), np.eye(3)[None])


def made(move, amount, n_frames=5):
    return make_trajectory(
        move, START, amount=amount, n_frames=n_frames, target_distance_m=2.0, intrinsics=CAMERA
    )


def test_a_metre_in_four_steps_is_a_quarter_metre_a_frame():
    (excess,) = check_limits(made(Move.DOLLY_IN, 1.0), MotionLimits(max_m_per_frame=0.2))
    assert (excess.limit, excess.frame, excess.n_frames) == ("max_m_per_frame", 1, 4)
    assert (excess.value, excess.allowed) == (pytest.approx(0.25), 0.2)
    assert "max_m_per_frame: 0.25 at frame 1 exceeds 0.2 (4 frames do)" in str(excess)
    assert check_limits(made(Move.DOLLY_IN, 1.0), MotionLimits(max_m_per_frame=0.25)) == ()


def test_a_quarter_turn_in_four_steps_is_22_5_degrees_a_frame():
    path = made(Move.PAN_LEFT, 90.0)
    np.testing.assert_allclose(turns_deg(path.c2w), 22.5)
    (excess,) = check_limits(path, MotionLimits(max_deg_per_frame=20.0))
    assert (excess.limit, excess.value) == ("max_deg_per_frame", pytest.approx(22.5))


def test_a_jump_in_the_middle_is_found_at_its_frame():
    path = made(Move.STATIC, 0.0, n_frames=9)
    c2w = path.c2w.copy()
    c2w[5:, 0, 3] += 0.3
    jumping = type(path)(name="jump", c2w=c2w, intrinsics=None, fps=None, scale="metric")
    found = {excess.limit: excess for excess in check_limits(jumping, MotionLimits())}
    assert found["max_m_per_frame"].frame == 5
    # Steps 0 0 0 0 .3 0 0 0: their second differences are 0 0 .3 -.6 .3 0.
    assert found["max_jerk_m"].value == pytest.approx(0.6)
    assert found["max_jerk_m"].frame == 6


def test_a_fast_zoom_exceeds_the_focal_limit():
    (excess,) = check_limits(made(Move.ZOOM_OUT, 2.0), MotionLimits())
    assert (excess.limit, excess.value) == ("max_focal_factor", pytest.approx(2.0**0.25))


@pytest.mark.parametrize("change", [{"max_m_per_frame": 0.0}, {"max_focal_factor": 1.0}])
def test_impossible_limits_are_refused(change):
    with pytest.raises(ValueError, match="must be > "):
        MotionLimits(**change)


def test_distances_to_a_turned_box_are_these():
    turned = axis_angle(UP, np.pi / 4)[None]  # its edge now points at (-2, 0, 1)
    points = np.array([[-2.0, 0.0, 1.0], [0.1, 0.0, 1.2], [0.0, 0.0, 3.0]])
    distances = box_distances(points, BOX[0], BOX[1], turned)
    np.testing.assert_allclose(distances[:, 0], [2.0 - np.sqrt(0.5), 0.0, 1.5])


def test_driving_into_a_box_is_a_collision_from_the_frame_that_comes_too_near():
    # From y = -2 to 0 by half metres; the box begins at y = -0.5.
    found = collisions(made(Move.DOLLY_IN, 2.0).c2w, *BOX, clearance_m=0.2)
    assert [(hit.frame, hit.box) for hit in found] == [(3, 0), (4, 0)]
    assert [hit.distance_m for hit in found] == [0.0, 0.0]
    assert collisions(made(Move.DOLLY_IN, 1.2).c2w, *BOX, clearance_m=0.2) == ()


def test_passing_through_a_thin_wall_between_two_frames_is_seen():
    wall = (np.array([[0.0, -1.75, 1.0]]), np.array([[4.0, 0.01, 4.0]]), np.eye(3)[None])
    (hit, *_) = collisions(made(Move.DOLLY_IN, 2.0).c2w, *wall, clearance_m=0.05)
    assert hit.frame == 1


def test_no_boxes_no_collisions():
    none = (np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3, 3)))
    assert collisions(made(Move.DOLLY_IN, 2.0).c2w, *none, clearance_m=0.2) == ()


def test_frames_that_look_at_something_too_near_are_named_and_unknown_ones_too():
    depth = np.full((3, 4, 4), 2.0, dtype=np.float32)
    depth[1, 0] = 0.1  # a quarter of the frame
    depth[2] = 0.0
    found = near_surfaces(depth, near_m=0.3, quantile=0.1)
    assert [(one.frame, one.known) for one in found] == [(1, True), (2, False)]
    assert near_surfaces(depth[:1], near_m=0.3) == ()


def test_a_path_hits_what_its_first_frame_sees_and_stays_hit():
    wall = np.full((32, 32), 1.0, dtype=np.float32)
    path = made(Move.DOLLY_IN, 2.0).c2w  # 0, 0.5, 1.0, 1.5 and 2 m forward
    hits = hits_depth(path, wall, CAMERA, clearance_m=0.1)
    np.testing.assert_array_equal(hits, [False, False, True, True, True])
    wall[16, 16] = 0.0  # unknown right ahead
    assert not hits_depth(path, wall, CAMERA, clearance_m=0.1).any()
    assert not hits_depth(made(Move.DOLLY_OUT, 2.0).c2w, wall, CAMERA, clearance_m=0.1).any()


def plane_depth(path, distance_m=2.0):
    """A wall that all frames see head-on, ``distance_m`` before the first one."""
    forward = (path.c2w[:, :3, 3] - path.c2w[0, :3, 3]) @ path.c2w[0, :3, 2]
    return np.stack([np.full((32, 32), distance_m - f, dtype=np.float32) for f in forward])


def test_sliding_a_quarter_of_the_view_before_a_wall_leaves_three_quarters():
    path = made(Move.TRUCK_RIGHT, 4.0)  # at 90 degrees and 2 m the view is 4 m wide: 1 m a step
    shares = overlaps(path.c2w, path.intrinsics, plane_depth(path))
    np.testing.assert_allclose(shares, 0.75)
    (low, *others) = low_overlaps(path.c2w, path.intrinsics, plane_depth(path), least_share=0.8)
    assert (low.frame, low.share, len(others)) == (1, 0.75, 3)


def test_a_still_camera_shares_everything_and_unknown_depth_nothing():
    path = made(Move.STATIC, 0.0)
    np.testing.assert_allclose(overlaps(path.c2w, path.intrinsics, plane_depth(path)), 1.0)
    dark = np.zeros((5, 32, 32), dtype=np.float32)
    np.testing.assert_allclose(overlaps(path.c2w, path.intrinsics, dark), 0.0)


def test_what_is_hidden_in_the_next_frame_is_not_shared():
    path = made(Move.STATIC, 0.0)
    depth = plane_depth(path)
    depth[1:, :, :16] = 1.0  # something stepped in between
    shares = overlaps(path.c2w, path.intrinsics, depth)
    np.testing.assert_allclose(shares, [0.5, 1.0, 1.0, 1.0])


def test_fewer_cameras_than_poses_are_refused():
    path = made(Move.STATIC, 0.0)
    with pytest.raises(ValueError, match="5 poses, 4 cameras and 5 maps"):
        overlaps(path.c2w, path.intrinsics[:4], plane_depth(path))
