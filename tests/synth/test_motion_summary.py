"""What a camera did is summed up, whatever it did: made paths, foreign files, real clips."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from strategies import UP, filmed

from synth.camera_paths.algebra import compose
from synth.measure.motion import classify, summarize_motion
from synth.moves import Move, reverse
from synth.pose_files import read_poses
from synth.poses import look_at
from synth.trajectories import make_trajectory

DATA = Path(__file__).parents[3] / "shared" / "data"
START = look_at(np.array([0.0, -2.0, 1.5]), np.array([0.0, 0.0, 1.0]), UP)


def test_rising_straight_up_past_a_target_is_no_crane():
    eyes = np.linspace([0.0, -4.0, 1.0], [0.0, -4.0, 2.0], 17)
    c2w = np.stack([look_at(eye, np.array([0.0, 0.0, 1.0]), UP) for eye in eyes])
    assert classify(c2w).move is None
    summary = summarize_motion(c2w, None, "metric")
    assert summary.dominant is Move.PEDESTAL_UP
    # tan(14.04 degrees) = 1 m / 4 m
    assert [(p.name, p.unit) for p in summary.primitives] == [
        (Move.PEDESTAL_UP, "m"),
        (Move.TILT_DOWN, "deg"),
    ]
    assert [p.amount for p in summary.primitives] == pytest.approx([1.0, 14.036], abs=1e-3)


@given(filmed())
def test_the_summary_of_a_primitive_is_the_primitive(film):
    path = film.trajectory
    summary = summarize_motion(path.c2w, None, "metric")
    assert summary.dominant is path.move
    if path.move is Move.STATIC:
        assert summary.primitives == ()
    else:
        assert summary.primitives[0].amount == pytest.approx(path.amount, rel=1e-6)


def test_walking_around_a_corner_is_a_dolly_all_the_way():
    angle = np.linspace(0.0, np.pi / 2, 33)
    eyes = 3.0 * np.stack([1 - np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    ahead = np.stack([np.sin(angle), np.cos(angle), 0 * angle], axis=1)
    c2w = np.stack([look_at(e, e + a, UP) for e, a in zip(eyes, ahead, strict=True)])
    summary = summarize_motion(c2w, None, "metric")
    assert summary.dominant is Move.DOLLY_IN
    (forward, turn) = summary.primitives
    assert forward.amount == pytest.approx(3.0 * np.pi / 2, rel=1e-3)
    assert (turn.name, turn.amount) == (Move.PAN_RIGHT, pytest.approx(90.0))


def test_a_shaky_walk_around_a_table_is_an_orbit():
    path = make_trajectory(
        Move.ORBIT_LEFT, START, amount=80.0, n_frames=17, target_distance_m=2.0, fps=8.0
    )
    sway = make_trajectory(
        Move.HANDHELD, START, amount=10.0, n_frames=17, target_distance_m=2.0, fps=8.0
    )
    shaky = compose(path, sway)
    assert classify(shaky.c2w).move is None
    assert summarize_motion(shaky.c2w, None, "metric").dominant is Move.ORBIT_LEFT


def test_a_path_that_comes_back_has_no_dominant_motion():
    there = make_trajectory(Move.DOLLY_IN, START, amount=1.0, n_frames=9, target_distance_m=2.0).c2w
    assert summarize_motion(np.concatenate([there, there[::-1]]), None, "metric") == (None, ())


def test_a_metric_camera_that_looks_straight_down_is_summed_up_by_its_own_up():
    c2w = np.stack([np.diag([1.0, -1.0, -1.0, 1.0])] * 3)  # forward is down
    c2w[:, 2, 3] = [2.0, 1.5, 1.0]
    assert summarize_motion(c2w, None, "metric") == (
        Move.DOLLY_IN,
        ((Move.DOLLY_IN, pytest.approx(1.0), "m"),),
    )


RE10K = DATA / "re10k_clips"
# By the poses: all but one walk forward (0.81 to 0.97 of the length of the path is along the
# optical axis, level), 0f47577ab3441480 walks backward (0.79).
DOMINANT = {
    "0bf152ef84195293": Move.DOLLY_IN,
    "0c11dbe781b1c11c": Move.DOLLY_IN,
    "0c9b371cc6225682": Move.DOLLY_IN,
    "0f47577ab3441480": Move.DOLLY_OUT,
    "0f68374b76390082": Move.DOLLY_IN,
    "2c80f9eb0d3b2bb4": Move.DOLLY_IN,
}
# Their largest turn from first to last frame, degrees: by the relative rotation alone.
TURNS = {
    "0c11dbe781b1c11c": (Move.PAN_LEFT, 27.6),
    "0f68374b76390082": (Move.PAN_LEFT, 51.6),
    "2c80f9eb0d3b2bb4": (Move.PAN_RIGHT, 30.1),
}


@pytest.mark.skipif(not RE10K.is_dir(), reason="no clips in ../shared/data/re10k_clips")
@pytest.mark.parametrize("name", DOMINANT)
def test_the_dominant_motion_of_a_real_clip_is_named(name):
    clip = read_poses(RE10K / f"{name}.txt", "re10k", width=384, height=256)
    summary = summarize_motion(clip.c2w, clip.intrinsics, clip.scale)
    assert summary.dominant is DOMINANT[name]
    assert summary.primitives[0].unit == "unit"
    backwards = summarize_motion(clip.c2w[::-1].copy(), clip.intrinsics, clip.scale)
    assert backwards.dominant is reverse(DOMINANT[name])
    if name in TURNS:
        amounts = {part.name: part.amount for part in summary.primitives}
        turn, degrees = TURNS[name]
        assert amounts[turn] == pytest.approx(degrees, abs=0.3)


CAMERAS = DATA / "camera_files"


@pytest.mark.skipif(not CAMERAS.is_dir(), reason="no files in ../shared/data/camera_files")
@pytest.mark.parametrize(
    ("name", "move", "amount"),
    [
        ("Pan_Left", Move.TRUCK_LEFT, 80 / 54),  # 1/54 a frame
        ("Pan_Up", Move.PEDESTAL_UP, 80 / 54),
        ("Zoom_In", Move.DOLLY_IN, 160 / 54),
        ("CW", Move.ROLL_CW, 59.26),
    ],
)
def test_the_moves_of_videox_fun_are_named_by_their_maths(name, move, amount):
    path = read_poses(CAMERAS / f"videox_fun_{name}.txt", "videox_fun", width=672, height=384)
    assert classify(path.c2w, path.intrinsics, scale=path.scale).move is move
    (part,) = summarize_motion(path.c2w, path.intrinsics, path.scale).primitives
    assert (part.name, part.amount) == (move, pytest.approx(amount, abs=0.01))


@pytest.mark.skipif(not CAMERAS.is_dir(), reason="no files in ../shared/data/camera_files")
@pytest.mark.parametrize(
    ("camera", "move", "amount"),
    [
        ("cam01", Move.PAN_RIGHT, 19.88),
        ("cam02", Move.PAN_LEFT, 19.88),
        ("cam03", Move.TILT_UP, 9.94),
        ("cam04", Move.TILT_DOWN, 9.94),
        ("cam05", Move.DOLLY_IN, 1.99),
        ("cam06", Move.DOLLY_OUT, 1.99),
        ("cam07", Move.PEDESTAL_UP, 0.99),  # straight up, and 14 degrees down to the subject
        ("cam08", Move.PEDESTAL_DOWN, 0.99),
        ("cam09", Move.ARC_LEFT, 29.82),
        ("cam10", Move.ARC_RIGHT, 29.82),
    ],
)
def test_the_moves_of_recammaster_are_named_by_their_maths(camera, move, amount):
    file = CAMERAS / "recammaster_camera_extrinsics.json"
    path = read_poses(file, "recammaster", camera=camera)
    summary = summarize_motion(path.c2w, path.intrinsics, path.scale)
    assert summary.dominant is move
    assert summary.primitives[0].amount == pytest.approx(amount, abs=0.01)
