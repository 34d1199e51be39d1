import numpy as np
import pytest

from synth.cameras import Intrinsics, project
from synth.film import FilmConfig, FilmedClip, film_moves, film_room
from synth.measure.oracle import measure_rendered
from synth.measure.reprojection import DepthView, depth_disagreement
from synth.rooms import RoomConfig, make_room
from synth.scene import BACKGROUND_ID
from synth.storage import (
    read_geometries,
    read_sequences,
    read_truths,
    write_geometries,
    write_sequences,
    write_truths,
)
from synth.trajectories import Move


@pytest.fixture(scope="module")
def clips():
    filmed = film_room("room-000001", 0, RoomConfig(), FilmConfig(paths_per_room=3))
    found = [clip for clip in filmed if isinstance(clip, FilmedClip)]
    assert found
    return found


def test_frames_of_a_clip_agree_on_the_geometry_to_a_millimetre(clips):
    errors = []
    for clip in clips:
        truth = clip.truth
        views = [DepthView(*v) for v in zip(truth.depth, truth.instances, truth.c2w, strict=True)]
        errors.append(depth_disagreement(views[0], views[-1], clip.sequence.intrinsics))
    errors = np.concatenate(errors)
    assert len(errors) > 500
    assert np.median(errors) < 1e-3
    assert np.quantile(errors, 0.99) < 1e-2


def test_a_wrong_pose_is_seen_as_disagreement(clips):
    truth, intrinsics = clips[0].truth, clips[0].sequence.intrinsics
    moved = truth.c2w[0].copy()
    moved[:3, 3] += [0.05, 0.05, 0.05]
    view = DepthView(truth.depth[0], truth.instances[0], truth.c2w[0])
    other = DepthView(truth.depth[0], truth.instances[0], moved)
    assert np.median(depth_disagreement(view, other, intrinsics)) > 5e-3


def test_floor_depth_equals_the_analytic_intersection(clips):
    truth, intrinsics = clips[0].truth, clips[0].sequence.intrinsics
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
            k = clip.sequence.intrinsics
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
    clip = clips[0]
    thing = max(clip.truth.objects, key=lambda o: o.visible_pixels[0])
    seen = project(thing.center[None], clip.truth.c2w[0], clip.sequence.intrinsics)
    pixels = np.argwhere(clip.truth.instances[0] == thing.instance_id)
    assert np.linalg.norm(pixels.mean(0)[::-1] - seen.uv[0]) < 20


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


def test_filming_twice_gives_the_same_pixels():
    room = make_room("room-7", 3, RoomConfig())
    first = film_moves(room, 3, FilmConfig(n_frames=5), [Move.PAN_LEFT])[0]
    again = film_moves(room, 3, FilmConfig(n_frames=5), [Move.PAN_LEFT])[0]
    np.testing.assert_array_equal(first.sequence.frames, again.sequence.frames)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_frames": 80}, "77 and 81"),
        ({"size_px": 70}, "64 and 80"),
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
