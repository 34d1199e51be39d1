import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from hand_rooms import L_SHAPE, RED, hand_room, part, placed

from synth.cameras import Intrinsics, project
from synth.film import FilmConfig, FilmedClip, NotFilmed, film_moves, film_room
from synth.measure.oracle import measure_rendered
from synth.measure.reprojection import DepthView, depth_disagreement
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.scene import BACKGROUND_ID
from synth.storage import (
    read_geometries,
    read_sequences,
    read_truths,
    write_geometries,
    write_sequences,
    write_truths,
)
from synth.trajectories import BASIC_MOVES, Move, family


@pytest.fixture(scope="module")
def clips():
    filmed = film_room("room-000001", 0, TINY_ROOMS, FilmConfig(paths_per_room=3))
    found = [clip for clip in filmed if isinstance(clip, FilmedClip)]
    assert found
    return found


def test_frames_of_a_clip_agree_on_the_geometry_to_a_millimetre(clips):
    errors = []
    for clip in clips:
        truth = clip.truth
        fields = (truth.depth, truth.instances, truth.c2w, truth.intrinsics)
        views = [DepthView(*view) for view in zip(*fields, strict=True)]
        errors.append(depth_disagreement(views[0], views[-1]))
    errors = np.concatenate(errors)
    assert len(errors) > 500
    assert np.median(errors) < 1e-3
    assert np.quantile(errors, 0.99) < 1e-2


def test_a_wrong_pose_is_seen_as_disagreement(clips):
    truth = clips[0].truth
    moved = truth.c2w[0].copy()
    moved[:3, 3] += [0.05, 0.05, 0.05]
    view = DepthView(truth.depth[0], truth.instances[0], truth.c2w[0], truth.intrinsics[0])
    assert np.median(depth_disagreement(view, view._replace(c2w=moved))) > 5e-3


def test_floor_depth_equals_the_analytic_intersection(clips):
    truth, intrinsics = clips[0].truth, clips[0].truth.intrinsics[0]
    c2w = truth.c2w[0]
    u, v = np.meshgrid(np.arange(64) + 0.5, np.arange(64) + 0.5)
    rays = np.stack(
        [
            (u - intrinsics.cx) / intrinsics.fx,
            (v - intrinsics.cy) / intrinsics.fy,
            np.ones((64, 64)),
        ],
        axis=-1,
    )
    down = (rays @ c2w[:3, :3].T)[..., 2]
    points_z = c2w[2, 3] + truth.depth[0] * down
    floor = (truth.instances[0] == BACKGROUND_ID) & (np.abs(points_z) < 5e-3)
    assert floor.sum() > 100
    expected = -c2w[2, 3] / down[floor]
    assert np.median(np.abs(truth.depth[0][floor] - expected)) < 1e-4


def test_pixels_of_an_object_lie_inside_its_box(clips):
    for clip in clips:
        truth = clip.truth
        for thing in truth.objects:
            pixels = np.argwhere(truth.instances[0] == thing.instance_id)
            assert len(pixels) == thing.visible_pixels[0]
            if not len(pixels):
                continue
            z = truth.depth[0][tuple(pixels.T)].astype(np.float64)
            k = truth.intrinsics[0]
            cam = np.stack(
                [
                    (pixels[:, 1] + 0.5 - k.cx) / k.fx * z,
                    (pixels[:, 0] + 0.5 - k.cy) / k.fy * z,
                    z,
                ],
                axis=1,
            )
            world = cam @ truth.c2w[0][:3, :3].T + truth.c2w[0][:3, 3]
            local = (world - thing.center) @ thing.rotation
            assert (np.abs(local) <= thing.size / 2 + 1e-4).all()


def test_a_visible_object_projects_to_where_its_pixels_are(clips):
    compared = 0
    for clip in clips:
        for thing in clip.truth.objects:
            pixels = np.argwhere(clip.truth.instances[0] == thing.instance_id)
            if len(pixels) < 60 or pixels.min() < 2 or pixels.max() > 61:
                continue  # cut off, or hidden for the most part
            seen = project(thing.center[None], clip.truth.c2w[0], clip.truth.intrinsics[0])
            assert np.linalg.norm(pixels.mean(0)[::-1] - seen.uv[0]) < 8
            compared += 1
    assert compared


def test_the_oracle_measures_the_move_that_was_filmed(clips):
    for clip in clips:
        geometry = measure_rendered(clip.sequence, clip.truth)
        assert geometry.motion is not None
        assert geometry.motion.move == clip.sequence.requested.move
        assert all(o.visible_pixels.any() for o in geometry.objects)


def test_the_oracle_refuses_the_truth_of_another_clip(clips):
    with pytest.raises(ValueError, match="pair the shards"):
        measure_rendered(clips[0].sequence, clips[1].truth)


def test_shards_survive_the_round_trip_and_are_the_same_bytes_twice(clips, tmp_path):
    sequences = [c.sequence for c in clips]
    truths = [c.truth for c in clips]
    geometries = [measure_rendered(c.sequence, c.truth) for c in clips]
    for write, read, records, arrays in (
        (write_sequences, read_sequences, sequences, ("frames",)),
        (write_truths, read_truths, truths, ("depth", "instances", "c2w")),
        (write_geometries, read_geometries, geometries, ("depth", "instances", "c2w")),
    ):
        first = write(tmp_path / "a.npz", records).read_bytes()
        back = read(tmp_path / "a.npz")
        assert write(tmp_path / "b.npz", back).read_bytes() == first
        for before, after in zip(records, back, strict=True):
            assert before.sequence_id == after.sequence_id
            for name in arrays:
                np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def film_digest(worker):
    del worker
    filmed = film_room("room-7", 3, RoomConfig(), FilmConfig(n_frames=5, paths_per_room=2))
    clips = [clip for clip in filmed if isinstance(clip, FilmedClip)]
    digest = hashlib.sha256()
    for clip in clips:
        for array in (clip.sequence.frames, clip.truth.depth, clip.truth.instances):
            digest.update(array.tobytes())
    return len(clips), digest.hexdigest()


def test_filming_gives_the_same_bytes_in_this_and_in_other_processes():
    here = film_digest(0)
    assert here[0] == 2
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(film_digest, range(2))) == [here, here]


@pytest.mark.parametrize("move", [m for m in Move if m not in BASIC_MOVES])
def test_moves_beyond_the_basic_ones_are_filmed_too(move):
    room = hand_room(L_SHAPE)
    config = FilmConfig(n_frames=5, size_px=32, least_objects=1)
    (clip,) = film_moves(room, 0, config, [move])
    assert isinstance(clip, FilmedClip)
    focal = [camera.fx for camera in clip.truth.intrinsics]
    zooms = family(move) in ("zoom", "dolly_zoom")
    assert (len(set(focal)) == 5) == zooms
    assert (clip.truth.depth > 0).all()


def test_frames_may_be_wide_and_the_lights_change_from_path_to_path():
    config = FilmConfig(
        size_px=96, height_px=64, n_frames=5, lightings=("as_furnished", "daylight", "evening")
    )
    clips = film_moves(hand_room(), 0, config, [Move.STATIC] * 3)
    assert all(clip.sequence.frames.shape == (5, 64, 96, 3) for clip in clips)
    assert "evening" in clips[2].sequence.prompt
    assert "evening" not in clips[1].sequence.prompt
    daylit, evening = (clip.sequence.frames.mean(axis=(0, 1, 2)) for clip in clips[1:])
    assert daylit[2] / daylit[0] > evening[2] / evening[0]  # lamps are warmer than the sky


def test_lights_that_a_room_lacks_are_left_out():
    room = replace(hand_room(), openings=())
    config = FilmConfig(n_frames=5, size_px=32, lightings=("daylight",))
    (lost,) = film_moves(room, 0, config, [Move.STATIC])
    assert isinstance(lost, NotFilmed)
    assert lost.reason == "no_light"


def test_a_room_full_of_furniture_has_no_free_path():
    big = (4.6, 3.6, 2.5)
    cupboard = placed(1, "cabinet", (2.5, 2.0), big, (part("box", (0, 0, 0), big, RED),))
    (lost,) = film_moves(
        replace(hand_room(), objects=(cupboard,)), 0, FilmConfig(), [Move.DOLLY_IN]
    )
    assert isinstance(lost, NotFilmed)
    assert lost.reason == "no_free_camera_path"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_frames": 80}, "77 and 81"),
        ({"size_px": 70}, "64 and 80"),
        ({"height_px": 100}, "height_px .* 96 and 112"),
        ({"lightings": ()}, "one lighting"),
        ({"fov_deg": 170.0}, "20 to 120"),
        ({"paths_per_room": 0}, "at least one path"),
    ],
)
def test_impossible_film_settings_are_refused_with_a_way_out(change, message):
    with pytest.raises(ValueError, match=message):
        FilmConfig(**change)


def test_intrinsics_from_field_of_view_see_that_angle():
    k = Intrinsics.from_fov(width=64, height=64, fov_deg=90.0)
    assert k.fx == pytest.approx(32.0)
