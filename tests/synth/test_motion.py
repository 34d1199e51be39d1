"""Motion is named from poses alone, exactly and invariantly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import UP, filmed, poses, start_poses

from synth.camera_paths import primitives
from synth.cameras import Intrinsics
from synth.measure.motion import (
    MOVE_MIN_DEG,
    STATIC_MAX_DEG,
    classification_margin_deg,
    classify,
    explain,
    summarize_motion,
)
from synth.moves import BASIC_MOVES, Move, family, mirror, reverse, unit
from synth.poses import axis_angle, look_at
from synth.trajectories import make_trajectory

ARCS = (Move.ARC_LEFT, Move.ARC_RIGHT)
START = look_at(np.array([0.0, -2.0, 1.5]), np.array([0.0, 0.0, 1.0]), UP)


def path(move, amount, start=START):
    return make_trajectory(move, start, amount=amount, n_frames=9, target_distance_m=2.0).c2w


@given(filmed())
def test_every_trajectory_is_named_as_the_move_it_was_made_from(film):
    measured = classify(film.trajectory.c2w)
    assert measured.move is film.trajectory.move
    assert measured.confidence == 1.0
    assert measured.measured_by == "poses"
    assert measured.margin == classification_margin_deg(film.trajectory.c2w)
    assert measured.margin_unit == "deg"


@pytest.mark.parametrize("move", BASIC_MOVES)
def test_every_move_has_a_clear_example(move):
    amount = {"static": 0.0, "pan": 30.0, "tilt": 20.0, "roll": 20.0, "arc": 30.0, "orbit": 60.0}
    c2w = path(move, amount.get(move.value.split("_")[0], 0.8))
    assert classify(c2w).move is move
    assert classification_margin_deg(c2w) > 1.0


@given(filmed(), st.floats(-np.pi, np.pi), st.tuples(*[st.floats(-20, 20)] * 3))
def test_moving_the_world_about_up_does_not_change_the_motion(film, angle, shift):
    world = np.eye(4)
    world[:3, :3] = axis_angle(UP, angle)
    world[:3, 3] = shift
    c2w = film.trajectory.c2w
    assert classify(world @ c2w).move is classify(c2w).move
    np.testing.assert_allclose(
        classification_margin_deg(world @ c2w), classification_margin_deg(c2w), atol=1e-6
    )


@given(filmed())
def test_a_mirrored_world_shows_the_mirrored_move(film):
    flip = np.diag([-1.0, 1.0, 1.0, 1.0])
    # The world is reflected in x and the camera's own x axis too, so that it stays a rotation.
    assert classify(flip @ film.trajectory.c2w @ flip).move is mirror(film.trajectory.move)


@given(filmed())
def test_a_clip_played_backwards_shows_the_reversed_move(film):
    assert classify(film.trajectory.c2w[::-1].copy()).move is reverse(film.trajectory.move)


@given(start_poses(), st.floats(0.2, 1.0), st.floats(8.0, 40.0))
def test_a_truck_with_a_tilt_is_mixed(start, metres, degrees):
    c2w = path(Move.TRUCK_LEFT, metres, start).copy()
    c2w[:, :3, :3] = path(Move.TILT_UP, degrees, start)[:, :3, :3]
    assert classify(c2w).move is None
    assert classification_margin_deg(c2w) == 0.0


def test_there_and_back_again_is_no_move():
    there = path(Move.DOLLY_IN, 1.0)
    assert classify(np.concatenate([there, there[::-1]])).move is None


def test_looking_away_from_the_circle_is_neither_orbit_nor_pan():
    c2w = path(Move.ORBIT_LEFT, 60.0).copy()
    c2w[:, :3, :3] = c2w[:, :3, :3] @ np.diag([-1.0, 1.0, -1.0])  # turned to face outwards
    assert classify(c2w).move is None


@pytest.mark.parametrize("move", [Move.PAN_LEFT, Move.TILT_DOWN, Move.ROLL_CW])
def test_motion_between_the_dead_bands_has_no_name(move):
    assert classify(path(move, STATIC_MAX_DEG * 0.9)).move is Move.STATIC
    assert classify(path(move, (STATIC_MAX_DEG + MOVE_MIN_DEG) / 2)).move is None
    assert classify(path(move, MOVE_MIN_DEG * 1.1)).move is move


def test_an_arc_becomes_an_orbit_at_forty_five_degrees_and_the_margin_says_how_near_it_is():
    assert classify(path(Move.ARC_LEFT, 44.0)).move is Move.ARC_LEFT
    assert classify(path(Move.ORBIT_LEFT, 45.0)).move is Move.ORBIT_LEFT
    assert classification_margin_deg(path(Move.ARC_LEFT, 44.0)) == pytest.approx(1.0)
    assert classification_margin_deg(path(Move.ORBIT_LEFT, 45.0)) == pytest.approx(0.0, abs=1e-6)


def test_a_pan_of_more_than_half_a_circle_keeps_its_direction():
    assert classify(path(Move.PAN_RIGHT, 300.0)).move is Move.PAN_RIGHT


@given(filmed(), st.integers(0, 2**32 - 1))
def test_errors_smaller_than_the_margin_never_change_one_move_into_another(film, seed):
    c2w = film.trajectory.c2w.copy()
    margin_m = 2.0 * np.deg2rad(classification_margin_deg(c2w)) / 4
    errors = np.random.default_rng(seed).normal(size=(len(c2w), 3))
    errors *= margin_m / np.linalg.norm(errors, axis=1, keepdims=True)
    c2w[:, :3, 3] += errors
    assert classify(c2w).move in {film.trajectory.move, None}


def test_a_camera_looking_straight_down_has_no_named_motion():
    c2w = np.stack([np.diag([1.0, -1.0, -1.0, 1.0])] * 3)
    assert classify(c2w).move is None


def test_one_pose_is_refused():
    with pytest.raises(ValueError, match="at least 2 poses, got 1"):
        classify(START[None])


CAMERA = Intrinsics.from_fov(width=64, height=64, fov_deg=70.0)
FURTHER = {"zoom": 1.5, "crane": 20.0, "spiral": 60.0, "dolly_zoom": 0.6, "handheld": 3.0}


@pytest.mark.parametrize("move", sorted(set(Move) - set(BASIC_MOVES)))
def test_every_further_move_has_a_clear_example(move):
    path = make_trajectory(
        move,
        START,
        amount=FURTHER[family(move)],
        n_frames=17,
        target_distance_m=2.0,
        intrinsics=CAMERA,
        fps=16.0,
    )
    measured = classify(path.c2w, path.intrinsics)
    assert measured.move is move
    assert measured.margin > 1.0
    summary = summarize_motion(path.c2w, path.intrinsics, "metric")
    assert summary.dominant is move
    assert summary.primitives[0].name is move
    assert summary.primitives[0].unit == unit(move)
    assert summary.primitives[0].amount == pytest.approx(path.amount, rel=1e-6)


def test_without_intrinsics_a_zoom_is_not_seen():
    path = make_trajectory(
        Move.DOLLY_ZOOM_IN,
        START,
        amount=0.6,
        n_frames=9,
        target_distance_m=2.0,
        intrinsics=CAMERA,
    )
    assert classify(path.c2w, path.intrinsics).move is Move.DOLLY_ZOOM_IN
    assert "zoom" not in {one.family for one in explain(path.c2w)}


def test_a_dolly_that_also_zooms_in_is_mixed():
    path = make_trajectory(
        Move.DOLLY_IN, START, amount=1.0, n_frames=9, target_distance_m=2.0, intrinsics=CAMERA
    )
    assert classify(path.c2w, path.intrinsics).move is Move.DOLLY_IN
    zooming = primitives.zoom(CAMERA, np.linspace(1.0, 1.5, 9))
    assert classify(path.c2w, zooming).move is None


@given(filmed(), poses(), st.floats(0.3, 3.0))
def test_a_path_of_an_unknown_world_and_scale_is_named_by_its_own_up(film, world, factor):
    path = film.trajectory
    start = path.c2w[0]
    if abs(start[2, 2]) > 1e-3:  # its own up is the world's for a level camera only
        return
    c2w = world @ path.c2w
    c2w[:, :3, 3] *= factor
    named = classify(c2w, scale="relative", scene_depth=2.0 * factor).move
    assert named is path.move


def test_as_many_cameras_as_poses_are_needed_and_a_depth_ahead():
    with pytest.raises(ValueError, match="got 1 cameras and 9 poses"):
        classify(path(Move.DOLLY_IN, 1.0), [CAMERA])
    with pytest.raises(ValueError, match="scene_depth must be > 0"):
        classify(path(Move.DOLLY_IN, 1.0), scene_depth=0.0)
