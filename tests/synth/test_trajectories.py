"""Moves: where the camera goes, pinned by numbers, and the laws every path obeys."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from strategies import UP, filmed, intrinsics

from synth.cameras import Intrinsics, project
from synth.poses import look_at
from synth.scene import MultiViewSequence, Provenance
from synth.trajectories import (
    Move,
    Trajectory,
    check_n_frames,
    family,
    level_axes,
    make_trajectory,
    mirror,
    reverse,
)

AROUND = (Move.ORBIT_LEFT, Move.ORBIT_RIGHT, Move.ARC_LEFT, Move.ARC_RIGHT)
# At (0, -2, 1) looking north (+y): right is east (+x), up is +z.
START = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)


def last_pose(move, amount, start=START):
    path = make_trajectory(move, start, amount=amount, n_frames=5, target_distance_m=2.0)
    return path.c2w[-1]


@pytest.mark.parametrize(
    ("move", "end"),
    [
        (Move.DOLLY_IN, [0.0, -1.0, 1.0]),
        (Move.DOLLY_OUT, [0.0, -3.0, 1.0]),
        (Move.TRUCK_RIGHT, [1.0, -2.0, 1.0]),
        (Move.TRUCK_LEFT, [-1.0, -2.0, 1.0]),
        (Move.PEDESTAL_UP, [0.0, -2.0, 2.0]),
        (Move.PEDESTAL_DOWN, [0.0, -2.0, 0.0]),
    ],
)
def test_one_metre_of_each_translation_ends_here(move, end):
    pose = last_pose(move, 1.0)
    np.testing.assert_allclose(pose[:3, 3], end, atol=1e-12)
    np.testing.assert_array_equal(pose[:3, :3], START[:3, :3])


@pytest.mark.parametrize(
    ("move", "forward"),
    [
        (Move.PAN_RIGHT, [1.0, 0.0, 0.0]),  # from north to east: clockwise seen from above
        (Move.PAN_LEFT, [-1.0, 0.0, 0.0]),
        (Move.TILT_UP, [0.0, 0.0, 1.0]),
        (Move.TILT_DOWN, [0.0, 0.0, -1.0]),
    ],
)
def test_a_quarter_turn_of_pan_and_tilt_looks_here(move, forward):
    pose = last_pose(move, 90.0)
    np.testing.assert_allclose(pose[:3, 2], forward, atol=1e-12)
    np.testing.assert_array_equal(pose[:3, 3], START[:3, 3])


def test_a_clockwise_quarter_roll_points_the_cameras_right_side_down():
    np.testing.assert_allclose(last_pose(Move.ROLL_CW, 90.0)[:3, 0], [0.0, 0.0, -1.0], atol=1e-12)
    np.testing.assert_allclose(last_pose(Move.ROLL_CCW, 90.0)[:3, 0], [0.0, 0.0, 1.0], atol=1e-12)


def test_a_quarter_orbit_to_the_right_ends_east_of_the_target_looking_west():
    pose = last_pose(Move.ORBIT_RIGHT, 90.0)  # the target is at (0, 0, 1)
    np.testing.assert_allclose(pose[:3, 3], [2.0, 0.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(pose[:3, 2], [-1.0, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(
        last_pose(Move.ARC_LEFT, 30.0)[:3, 3], [-1.0, -np.sqrt(3.0), 1.0], atol=1e-12
    )


def test_translations_stay_level_when_the_camera_looks_down():
    start = look_at(np.array([0.0, -2.0, 2.0]), np.array([0.0, 0.0, 1.0]), UP)
    np.testing.assert_allclose(last_pose(Move.DOLLY_IN, 1.0, start)[:3, 3], [0.0, -1.0, 2.0])


@given(filmed(moves=AROUND), intrinsics())
def test_an_orbit_keeps_its_target_in_the_image_center_at_constant_distance(film, camera):
    path = film.trajectory.c2w
    target = path[0, :3, 3] + film.target_distance_m * path[0, :3, 2]
    for c2w in path:
        got = project(target[None], c2w, camera)
        np.testing.assert_allclose(got.uv, [[camera.cx, camera.cy]], atol=1e-6)
        np.testing.assert_allclose(got.depth, [film.target_distance_m])
        assert c2w[2, 3] == pytest.approx(path[0, 2, 3])


@given(filmed())
def test_the_camera_moves_at_constant_speed(film):
    c2w = film.trajectory.c2w
    steps = np.linalg.norm(np.diff(c2w[:, :3, 3], axis=0), axis=1)
    turns = np.trace(c2w[1:, :3, :3] @ np.swapaxes(c2w[:-1, :3, :3], -1, -2), axis1=1, axis2=2)
    np.testing.assert_allclose(steps, steps[0], atol=1e-9)
    np.testing.assert_allclose(turns, turns[0], atol=1e-9)


@pytest.mark.parametrize("move", list(Move))
def test_mirror_and_reverse_undo_themselves_and_keep_the_family(move):
    assert mirror(mirror(move)) is move
    assert reverse(reverse(move)) is move
    assert family(mirror(move)) == family(reverse(move)) == family(move)


def test_eighty_frames_are_refused_naming_the_neighbours():
    with pytest.raises(ValueError, match=r"4n \+ 1 .* got 80; the nearest are 77 and 81"):
        make_trajectory(Move.STATIC, START, amount=0.0, n_frames=80, target_distance_m=2.0)
    check_n_frames(81, what="clip")


@pytest.mark.parametrize(
    ("move", "amount"),
    [
        (Move.STATIC, 1.0),
        (Move.DOLLY_IN, 0.0),
        (Move.PAN_LEFT, -10.0),
        (Move.ARC_LEFT, 45.0),
        (Move.ORBIT_LEFT, 44.0),
    ],
)
def test_amounts_that_do_not_fit_the_move_are_refused(move, amount):
    with pytest.raises(ValueError, match=f"{move}: "):
        last_pose(move, amount)


def test_a_vertical_camera_has_no_heading():
    with pytest.raises(ValueError, match="no heading"):
        level_axes(np.diag([1.0, -1.0, -1.0, 1.0]))


def test_a_trajectory_refuses_sheared_poses_and_freezes_good_ones():
    sheared = np.eye(4)[None].copy()
    sheared[0, 0, 1] = 0.3
    with pytest.raises(ValueError, match="not rigid"):
        Trajectory(name="sheared", c2w=sheared, intrinsics=None, fps=None, scale="metric")
    path = make_trajectory(Move.DOLLY_IN, START, amount=1.0, n_frames=5, target_distance_m=2.0)
    with pytest.raises(ValueError, match="read-only"):
        path.c2w[0, 0, 0] = 2.0


CAMERA = Intrinsics.from_fov(width=32, height=32, fov_deg=80.0)


def still(**changes):
    made = {"name": "free", "c2w": np.stack([START] * 5), "intrinsics": (CAMERA,) * 5, "fps": 8.0}
    return Trajectory(scale="metric", **{**made, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fps": 0.0}, "free: fps must be > 0 or None"),
        ({"intrinsics": (CAMERA,) * 4}, "one camera per frame .5., .* got 4"),
        ({"intrinsics": (CAMERA,) * 4 + (replace(CAMERA, width=16),)}, "all of one image size"),
        ({"timestamps_s": np.zeros(5)}, "must increase"),
    ],
)
def test_a_trajectory_whose_fields_do_not_fit_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        still(**changes)


def test_a_pose_that_is_not_finite_is_refused():
    c2w = np.stack([START] * 5)
    c2w[3, 0, 3] = np.nan
    with pytest.raises(ValueError, match="free: c2w holds numbers that are not finite"):
        still(c2w=c2w)


def test_a_clip_needs_a_path_with_cameras_of_its_size_and_a_frame_rate():
    def clip(**changes):
        return MultiViewSequence(
            sequence_id="a/b",
            scene_id="a",
            prompt="",
            frames=np.zeros((5, 32, 32, 3), np.uint8),
            requested=still(**changes),
            provenance=Provenance(made_by="test", seed=0, code="0"),
        )

    assert clip().fps == 8.0
    assert clip().intrinsics == (CAMERA,) * 5
    for changes in ({"fps": None}, {"intrinsics": None}):
        with pytest.raises(ValueError, match="a/b: the path of a clip needs intrinsics and fps"):
            clip(**changes)
    with pytest.raises(ValueError, match=r"32x32 \(h x w\) but intrinsics say 32x16"):
        clip(intrinsics=(replace(CAMERA, width=16),) * 5)


@given(filmed())
def test_what_a_path_was_made_with_is_on_record(film):
    path = film.trajectory
    assert path.name == path.move.value
    assert path.scale == "metric"
    circles = family(path.move) == "around"
    assert path.params == ((("target_distance_m", film.target_distance_m),) if circles else ())
