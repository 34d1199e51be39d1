"""Primitives, easing and algebra: numbers by hand and laws for all paths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same import assert_same
from strategies import UP, filmed, start_poses

from synth.camera_paths import algebra, primitives
from synth.camera_paths.easing import ease
from synth.camera_paths.handheld import shake
from synth.cameras import Intrinsics, project
from synth.measure.motion import classify, summarize_motion
from synth.moves import BASIC_MOVES, Move, mirror, reverse
from synth.poses import look_at
from synth.trajectories import MoveStyle, Trajectory, make_trajectory

CAMERA = Intrinsics.from_fov(width=64, height=48, fov_deg=90.0)  # fx = fy = 32
# At (0, -2, 1) looking north (+y): right is east (+x), up is +z.
START = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)
AMOUNTS = {
    **dict.fromkeys((Move.ZOOM_IN, Move.ZOOM_OUT), (1.2, 2.5)),
    **dict.fromkeys((Move.CRANE_UP, Move.CRANE_DOWN), (8.0, 40.0)),
    **dict.fromkeys((Move.SPIRAL_LEFT, Move.SPIRAL_RIGHT), (15.0, 120.0)),
    **dict.fromkeys((Move.DOLLY_ZOOM_IN, Move.DOLLY_ZOOM_OUT), (0.4, 0.9)),
    Move.HANDHELD: (2.6, 5.0),
}


def made(move, amount, n_frames=5, start=START, **style):
    return make_trajectory(
        move,
        start,
        amount=amount,
        n_frames=n_frames,
        target_distance_m=2.0,
        intrinsics=CAMERA,
        fps=16.0,
        style=MoveStyle(**style),
    )


@st.composite
def performed(draw):
    """One of the moves beyond the basic ones, from any start, at any easing."""
    move = draw(st.sampled_from(sorted(AMOUNTS)))
    return make_trajectory(
        move,
        draw(start_poses()),
        amount=draw(st.floats(*AMOUNTS[move])),
        n_frames=draw(st.sampled_from([9, 17, 33])),
        target_distance_m=draw(st.floats(1.2, 3.0)),
        intrinsics=CAMERA,
        fps=16.0,
        style=MoveStyle(
            easing=draw(st.sampled_from(["linear", "smoothstep", "exponential"])),
            radius_factor=draw(st.sampled_from([0.5, 0.7, 1.5])),
            seed=draw(st.integers(0, 1000)),
        ),
    )


def test_moves_beyond_the_basic_ones_come_last_so_that_stored_indices_keep_their_meaning():
    assert list(Move)[:17] == list(BASIC_MOVES)
    assert list(Move).index(Move.ARC_RIGHT) == 16
    assert set(AMOUNTS) == set(Move) - set(BASIC_MOVES)


def test_zooming_in_by_two_halves_the_tangent_of_the_half_field_of_view():
    path = made(Move.ZOOM_IN, 2.0)
    np.testing.assert_array_equal(path.c2w, np.stack([START] * 5))
    assert [camera.fx for camera in path.intrinsics] == pytest.approx(
        [32.0, 32.0 * 2**0.25, 32.0 * 2**0.5, 32.0 * 2**0.75, 64.0]
    )
    assert made(Move.ZOOM_OUT, 2.0).intrinsics[-1].fx == pytest.approx(16.0)
    # 90 degrees are tan 1, 2 atan(1/2) = 53.13 degrees tan 1/2.
    assert primitives.zoom_factor(90.0, 53.13010235) == pytest.approx(2.0)


def test_a_crane_of_thirty_degrees_looks_down_on_its_target_from_here():
    pose = made(Move.CRANE_UP, 30.0).c2w[-1]  # the target is at (0, 0, 1), 2 m ahead
    np.testing.assert_allclose(pose[:3, 3], [0.0, -np.sqrt(3.0), 2.0], atol=1e-12)
    np.testing.assert_allclose(pose[:3, 2], [0.0, np.sqrt(3.0) / 2, -0.5], atol=1e-12)


def test_a_crane_does_not_pass_over_its_target():
    with pytest.raises(ValueError, match="must not pass over"):
        made(Move.CRANE_UP, 90.0)


def test_a_quarter_spiral_to_the_right_ends_east_of_its_target_at_the_shorter_distance():
    pose = made(Move.SPIRAL_RIGHT, 90.0, radius_factor=0.5).c2w[-1]
    np.testing.assert_allclose(pose[:3, 3], [1.0, 0.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(pose[:3, 2], [-1.0, 0.0, 0.0], atol=1e-12)


@given(
    start_poses(), st.floats(0.2, 1.5), st.sampled_from([Move.DOLLY_ZOOM_IN, Move.DOLLY_ZOOM_OUT])
)
def test_a_dolly_zoom_keeps_the_image_of_a_thing_at_the_target(start, metres, move):
    path = made(move, metres, start=start)
    target = start[:3, 3] + 2.0 * start[:3, 2]
    ends = np.stack([target, target + 0.3 * start[:3, 0] + 0.2 * start[:3, 1]])
    for c2w, camera in zip(path.c2w, path.intrinsics, strict=True):
        np.testing.assert_allclose(
            project(ends, c2w, camera).uv, project(ends, start, CAMERA).uv, atol=1e-9
        )


def test_a_dolly_zoom_does_not_pass_its_target():
    with pytest.raises(ValueError, match="passes its target 2 m ahead"):
        made(Move.DOLLY_ZOOM_IN, 2.0)


def test_a_zoom_needs_a_camera_and_a_factor_above_one():
    with pytest.raises(ValueError, match="zoom_in: it changes the focal length"):
        make_trajectory(Move.ZOOM_IN, START, amount=2.0, n_frames=5, target_distance_m=2.0)
    with pytest.raises(ValueError, match="zoom_out: amount is the factor"):
        made(Move.ZOOM_OUT, 0.5)


@given(st.integers(0, 2**31), st.floats(0.5, 5.0), st.sampled_from([5, 17, 81]))
def test_a_shake_starts_and_ends_in_place_and_turns_as_far_as_asked(seed, amount, n_frames):
    path = shake(START, n_frames=n_frames, fps=16.0, amount_deg=amount, seed=seed)
    np.testing.assert_allclose(path[[0, -1]], [START, START], atol=1e-12)
    cosine = (np.trace(START[:3, :3].T @ path[:, :3, :3], axis1=1, axis2=2) - 1) / 2
    assert np.rad2deg(np.arccos(np.clip(cosine, -1, 1)).max()) == pytest.approx(amount)
    assert np.linalg.norm(path[:, :3, 3] - START[:3, 3], axis=1).max() == pytest.approx(
        2.0 * np.deg2rad(amount)
    )
    again = shake(START, n_frames=n_frames, fps=16.0, amount_deg=amount, seed=seed)
    np.testing.assert_array_equal(path, again)


@pytest.mark.parametrize("easing", ["linear", "smoothstep", "exponential"])
@pytest.mark.parametrize("n_frames", [2, 5, 81])
def test_easing_goes_from_nought_to_one_and_never_back(easing, n_frames):
    progress = ease(easing, n_frames)
    assert (progress[0], progress[-1]) == (0.0, 1.0)
    assert (np.diff(progress) > 0).all()


def test_half_way_through_the_easings_are_here():
    assert ease("linear", 3)[1] == 0.5
    assert ease("smoothstep", 5)[1] == pytest.approx(5 / 32)  # 3/16 - 2/64
    assert ease("exponential", 3)[1] == pytest.approx(1 / (1 + np.exp(-1.5)))


@given(performed())
def test_every_further_primitive_is_named_as_what_it_was_made_from(path):
    assert classify(path.c2w, path.intrinsics).move is path.move


@given(performed())
def test_reversing_a_further_primitive_reverses_its_name(path):
    back = algebra.reverse(path)
    assert back.move is reverse(path.move)
    assert classify(back.c2w, back.intrinsics).move is back.move
    assert_same(algebra.reverse(back).c2w, path.c2w)


@given(performed() | filmed().map(lambda film: film.trajectory))
def test_mirroring_mirrors_the_name_and_the_picture(path):
    flipped = algebra.mirror(path)
    assert flipped.move is mirror(path.move)
    assert classify(flipped.c2w, flipped.intrinsics).move is flipped.move
    np.testing.assert_allclose(algebra.mirror(flipped).c2w, path.c2w, atol=1e-9)
    # A point and its mirror image land on pixels that are mirror images.
    start, flip = path.c2w[0], np.diag([-1.0, 1.0, 1.0])
    point_cam = np.array([0.4, -0.2, 3.0])
    point, image = (start[:3, :3] @ p + start[:3, 3] for p in (point_cam, flip @ point_cam))
    seen = project(point[None], path.c2w[-1], CAMERA)
    mirrored = project(image[None], flipped.c2w[-1], CAMERA)
    np.testing.assert_allclose(mirrored.depth, seen.depth, atol=1e-9)
    if seen.depth[0] > 0.1:
        np.testing.assert_allclose(mirrored.uv, [[64.0, 0.0]] + seen.uv * [-1.0, 1.0], atol=1e-6)


@settings(max_examples=40)
@given(performed(), st.sampled_from([41, 81]))
def test_resampling_keeps_the_ends_and_the_name(path, n_frames):
    finer = algebra.resample(path, n_frames)
    assert len(finer.c2w) == len(finer.intrinsics) == n_frames
    np.testing.assert_allclose(finer.c2w[[0, -1]], path.c2w[[0, -1]], atol=1e-9)
    assert classify(finer.c2w, finer.intrinsics).move is path.move
    assert (n_frames - 1) / finer.fps == pytest.approx((len(path.c2w) - 1) / path.fps)


def test_resampling_to_eighty_frames_is_refused():
    with pytest.raises(ValueError, match="nearest are 77 and 81"):
        algebra.resample(made(Move.PAN_LEFT, 30.0), 80)


def test_a_dolly_then_a_pan_is_both_one_after_the_other():
    path = algebra.then(made(Move.DOLLY_IN, 1.0), made(Move.PAN_RIGHT, 90.0))
    assert path.move is None
    assert path.name == "dolly_in, then pan_right"
    np.testing.assert_array_equal(path.c2w[:5], made(Move.DOLLY_IN, 1.0).c2w)
    np.testing.assert_allclose(path.c2w[-1][:3, 3], [0.0, -1.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(path.c2w[-1][:3, 2], [1.0, 0.0, 0.0], atol=1e-12)
    assert len(path.c2w) == len(path.intrinsics) == 9


@given(filmed(), filmed())
def test_then_is_exact(first, second):
    first, second = first.trajectory, second.trajectory
    path = algebra.then(first, second)
    n = len(first.c2w)
    np.testing.assert_array_equal(path.c2w[:n], first.c2w)
    relative = np.linalg.inv(path.c2w[n - 1]) @ path.c2w[n - 1 :]
    np.testing.assert_allclose(relative, np.linalg.inv(second.c2w[0]) @ second.c2w, atol=1e-9)


@given(filmed())
def test_composing_with_a_static_path_changes_nothing(film):
    path = film.trajectory
    still = make_trajectory(
        Move.STATIC, START, amount=0.0, n_frames=len(path.c2w), target_distance_m=1.0
    )
    np.testing.assert_allclose(algebra.compose(path, still).c2w, path.c2w, atol=1e-12)
    onto = path.c2w[0] @ np.linalg.inv(START)
    np.testing.assert_allclose(onto @ algebra.compose(still, path).c2w, path.c2w, atol=1e-9)


def test_a_dolly_composed_with_a_zoom_does_both():
    path = algebra.compose(made(Move.DOLLY_IN, 1.0), made(Move.ZOOM_IN, 2.0))
    np.testing.assert_array_equal(path.c2w, made(Move.DOLLY_IN, 1.0).c2w)
    assert path.intrinsics[-1].fx == pytest.approx(64.0)
    found = summarize_motion(path.c2w, path.intrinsics, "metric").primitives
    assert [(part.name, part.unit) for part in found] == [
        (Move.ZOOM_IN, "x"),
        (Move.DOLLY_IN, "m"),
    ]
    assert [part.amount for part in found] == pytest.approx([2.0, 1.0])
    assert classify(path.c2w, path.intrinsics).move is None


def test_a_loop_closes():
    path = algebra.loop(made(Move.ORBIT_LEFT, 60.0))
    np.testing.assert_allclose(path.c2w[-1], path.c2w[0], atol=1e-12)
    assert len(path.c2w) == 9


def test_paths_that_do_not_fit_are_not_joined():
    dolly = made(Move.DOLLY_IN, 1.0)
    with pytest.raises(ValueError, match="frame rates differ"):
        algebra.then(dolly, algebra.resample(dolly, 9))
    with pytest.raises(ValueError, match="one is metric, the other relative"):
        algebra.then(dolly, Trajectory(**{**fields(dolly), "scale": "relative"}))
    with pytest.raises(ValueError, match="either both need intrinsics or none"):
        algebra.compose(dolly, Trajectory(**{**fields(dolly), "intrinsics": None}))
    with pytest.raises(ValueError, match="equally many frames, got 5 and 9"):
        algebra.compose(dolly, made(Move.PAN_LEFT, 20.0, n_frames=9))


def fields(path):
    return {name: getattr(path, name) for name in ("name", "c2w", "intrinsics", "fps", "scale")}


def test_latent_steps_hold_one_frame_then_four_each():
    np.testing.assert_array_equal(algebra.latent_frames(9), [[0, 0], [1, 4], [5, 8]])
    path = made(Move.TRUCK_RIGHT, 0.8, n_frames=9)
    latent = algebra.to_latent_frames(path)
    np.testing.assert_allclose(latent.c2w[:, 0, 3], [0.0, 0.4, 0.8])
    assert latent.fps == 4.0
