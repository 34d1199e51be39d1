"""Boxes, outline and sigma from frames, held against rooms drawn in closed form."""

from dataclasses import replace

import box_rooms
import numpy as np
import pytest

from synth.cameras import unproject
from synth.measure.box_errors import box_errors
from synth.measure.boxes_from_views import FusionConfig, UnmeasuredReason
from synth.measure.consistency import cross_view_consistency, pixel_noise
from synth.measure.detectors.oracle import OracleDetector
from synth.measure.estimated import count_reasons, measure_estimated, measure_in_detail
from synth.measure.estimators.oracle import OracleErrors, OracleEstimator, spoil_depth
from synth.measure.measure_config import MeasureConfig, NotMeasured, NotMeasuredReason
from synth.measure.upright import find_floor
from synth.poses import axis_angle, check_rigid, look_at
from synth.scene import SceneGeometry
from synth.seeding import rng_for

WORDS = ("table", "chair", "box", "cabinet")
NO_ERRORS = OracleErrors()
EXACT = FusionConfig(edge_px=0, mask_px=0.0)


@pytest.fixture(scope="module")
def truth():
    path = box_rooms.around(n_views=5)
    return box_rooms.draw(box_rooms.four_things(), path, box_rooms.camera(96))


def measured(truth, *, errors=NO_ERRORS, detector=None, **config):
    settings = {"vocabulary": WORDS, "fusion": EXACT, **config}
    return measure_in_detail(
        box_rooms.sequence_of(truth),
        OracleEstimator(truth=truth, errors=errors),
        detector or OracleDetector(truth=truth),
        MeasureConfig(**settings),
    )


def errors_of(result, truth):
    found = []
    for thing in result.geometry.objects:
        true = next(o for o in truth.objects if o.category == thing.category)
        found.append(box_errors(thing.center, thing.size, thing.rotation, true))
    return found


def test_boxes_of_wholly_seen_things_are_true_to_a_centimetre(truth):
    result = measured(truth)
    assert {o.category for o in result.geometry.objects} == set(WORDS)
    assert not result.unmeasured
    for errors in errors_of(result, truth):
        assert errors.center < 0.02
        assert np.abs(errors.outward).max() < 0.04
        assert np.median(np.abs(errors.outward)) < 0.012
        assert errors.yaw_deg < 1.0


def test_the_stated_sigma_covers_the_error_of_noisy_depth_and_poses(truth):
    own, scene = [], []
    for share, position_m, rotation_deg in ((0.03, 0.01, 0.2), (0.0, 0.03, 0.5)):
        noise = OracleErrors(depth_share=share, position_m=position_m, rotation_deg=rotation_deg)
        result = measured(truth, errors=noise)
        for thing, errors in zip(result.geometry.objects, errors_of(result, truth), strict=True):
            own.append(np.abs(errors.outward) / result.object_sigmas[thing.instance_id])
            scene.append(np.abs(errors.outward) / result.geometry.sigma_m)
    for z in (np.concatenate(own), np.concatenate(scene)):
        assert (z < 1).mean() > 0.68
        assert (z < 2).mean() > 0.95
        assert np.sqrt((z**2).mean()) > 0.1  # not covered by being vast


def test_more_noise_is_a_larger_sigma(truth):
    sigmas = [
        measured(truth, errors=OracleErrors(depth_share=share)).geometry.sigma_m
        for share in (0.0, 0.05)
    ]
    assert sigmas == sorted(sigmas)
    assert sigmas[1] > 1.5 * sigmas[0]


def test_visible_pixels_and_instances_are_those_of_the_keyframes(truth):
    geometry = measured(truth).geometry
    assert isinstance(geometry, SceneGeometry)
    assert geometry.keyframes == tuple(range(5))
    for thing in geometry.objects:
        counts = (geometry.instances == thing.instance_id).sum(axis=(1, 2))
        np.testing.assert_array_equal(thing.visible_pixels, counts)
        true = next(o for o in truth.objects if o.category == thing.category)
        np.testing.assert_array_equal(thing.visible_pixels, true.visible_pixels)
    assert geometry.reliable.mean() > 0.9
    assert geometry.scale == "metric"
    assert geometry.provenance.made_by == "oracle+oracle"


def test_tracks_that_break_in_every_frame_are_joined_by_where_they_lie(truth):
    loose = OracleDetector(truth=truth, keeps_tracks=False)
    result = measured(truth, detector=loose)
    table = next(o for o in result.geometry.objects if o.category == "table")
    true = next(o for o in truth.objects if o.category == "table")
    assert np.linalg.norm(table.center - true.center) < 0.02
    assert [o.category for o in result.geometry.objects].count("table") == 1


def test_a_thing_cut_by_the_border_has_no_box_and_takes_its_category_along():
    things = [
        box_rooms.thing(2, "chair", (1.8, 2.0, 0.45), (0.45, 0.5, 0.9), 40.0),
        box_rooms.thing(5, "chair", (3.4, 2.4, 0.5), (0.5, 0.5, 1.0), 30.0),
    ]
    path = box_rooms.around(n_views=5, span_deg=4.0)
    wide = box_rooms.draw(things, path, box_rooms.camera(112))
    columns = np.flatnonzero((wide.instances == 5).any(axis=(0, 1)))
    cut = int(columns.mean())  # crop the frames through the middle of the far chair
    k = replace(wide.intrinsics[0], width=cut)
    cropped = replace(
        wide,
        depth=wide.depth[:, :, :cut].copy(),
        instances=wide.instances[:, :, :cut].copy(),
        intrinsics=(k,) * 5,
    )
    result = measured(cropped)
    reasons = {(u.category, u.reason) for u in result.unmeasured}
    assert ("chair", UnmeasuredReason.CUT_BY_BORDER) in reasons
    assert ("chair", UnmeasuredReason.CATEGORY_INCOMPLETE) in reasons
    assert "chair" not in {o.category for o in result.geometry.objects}
    assert count_reasons(result.unmeasured)["cut_by_border"] >= 1
    # Its pixels are still no structure.
    assert (result.geometry.instances[cropped.instances == 5] > 0).all()


def test_a_side_that_was_never_seen_is_not_made_up():
    # From straight ahead and below its top, nobody sees how deep a wardrobe is.
    wardrobe = box_rooms.thing(1, "cabinet", (2.5, 3.2, 1.0), (1.0, 0.6, 2.0))
    eyes = [np.array([2.5 + x, 0.6, 1.2]) for x in (-0.3, 0.0, 0.3)]
    path = np.stack([look_at(e, e + np.array([0.0, 1.0, -0.05]), box_rooms.UP) for e in eyes])
    truth = box_rooms.draw([wardrobe], path, box_rooms.camera(112))
    result = measured(truth)
    assert not result.geometry.objects
    assert result.unmeasured[0].reason is UnmeasuredReason.NOT_WHOLLY_SEEN


def test_a_thing_behind_another_is_not_measured_short():
    front = box_rooms.thing(1, "box", (2.4, 1.9, 0.45), (1.0, 0.3, 0.9))
    behind = box_rooms.thing(2, "table", (2.4, 2.6, 0.6), (0.6, 0.5, 1.2))
    path = box_rooms.around(n_views=5, span_deg=10.0, height_m=1.2)
    truth = box_rooms.draw([front, behind], path, box_rooms.camera(112))
    result = measured(truth)
    assert "table" not in {o.category for o in result.geometry.objects}
    assert "not_wholly_seen" in count_reasons(result.unmeasured)


def test_the_outline_of_a_room_seen_all_around_is_its_floor_plan():
    eye = np.array([2.5, 2.0, 1.5])
    turns = np.deg2rad(np.arange(0, 360, 40))
    path = np.stack(
        [
            look_at(
                eye + np.array([0.1 * np.cos(a), 0.0, 0.0]),
                eye + np.array([np.cos(a), np.sin(a), -0.2]),
                box_rooms.UP,
            )
            for a in turns
        ]
    )
    truth = box_rooms.draw(box_rooms.four_things(), path, box_rooms.camera(96))
    polygon = measured(truth).geometry.room_polygon
    assert polygon is not None
    assert polygon.shape == (4, 2)
    for corner in truth.room_polygon:
        assert np.linalg.norm(polygon - corner, axis=1).min() < 0.05


def test_a_room_seen_in_part_has_no_outline(truth):
    assert measured(truth).geometry.room_polygon is None


def test_a_tilted_world_is_stood_on_its_floor(truth):
    tilt = np.eye(4)
    tilt[:3, :3] = axis_angle(np.array([0.6, 0.8, 0.0]), 0.5)
    tilt[:3, 3] = [3.0, -1.0, 2.0]
    c2w = tilt @ truth.c2w
    points = np.concatenate(
        [
            unproject(d, p, k)[i == 0]
            for d, p, k, i in zip(truth.depth, c2w, truth.intrinsics, truth.instances, strict=True)
        ]
    )
    floor = find_floor(points, c2w, rng_for(0, "room", "floor"))
    assert floor is not None
    upright = floor.world_to_upright @ c2w
    check_rigid(upright)
    np.testing.assert_allclose(upright[:, 2, 3], truth.c2w[:, 2, 3], atol=1e-3)
    up_before, up_after = truth.c2w[0, :3, :3].T @ box_rooms.UP, upright[0, :3, :3].T @ box_rooms.UP
    np.testing.assert_allclose(up_before, up_after, atol=1e-3)
    forward = upright[0, :2, 2]
    assert forward[0] == pytest.approx(0.0, abs=1e-6)
    assert forward[1] > 0


def test_without_a_floor_nothing_is_stood_upright(truth):
    ceiling_only = np.random.default_rng(0).uniform([0, 0, 2.5], [5, 4, 2.6], (2000, 3))
    assert find_floor(ceiling_only, truth.c2w, rng_for(0, "room", "floor")) is None


def test_wrong_poses_make_a_clip_inconsistent(truth):
    wrong = OracleErrors(position_m=1.0, rotation_deg=30.0)
    result = measured(truth, errors=wrong)
    assert isinstance(result, NotMeasured)
    assert result.reason is NotMeasuredReason.INCONSISTENT


class _Lost:
    """An estimator that knows no poses."""

    name, licence = "lost", "Apache-2.0"
    provides = frozenset({"depth", "metric"})

    def __init__(self, truth):
        self._oracle = OracleEstimator(truth=truth)

    def estimate(self, request):
        return replace(self._oracle.estimate(request), c2w=None)


def test_a_clip_without_poses_is_not_measured(truth):
    result = measure_estimated(
        box_rooms.sequence_of(truth),
        _Lost(truth),
        OracleDetector(truth=truth),
        MeasureConfig(vocabulary=WORDS),
    )
    assert isinstance(result, NotMeasured)
    assert result.reason is NotMeasuredReason.NO_POSES


def test_depth_noise_is_measured_per_pixel_and_between_views(truth):
    noise = rng_for(0, "noise", "depth")
    white = truth.depth * (1 + 0.02 * noise.normal(size=truth.depth.shape)).astype(np.float32)
    assert pixel_noise(truth.depth) < 1e-5
    assert pixel_noise(white) == pytest.approx(0.02, rel=0.1)
    spoilt = spoil_depth(truth.depth, 0.03, noise)
    found = cross_view_consistency(spoilt, truth.c2w, truth.intrinsics, tolerance=0.15)
    assert np.std(found.relative_errors) == pytest.approx(0.03 * np.sqrt(2), rel=0.35)


def test_the_same_clip_gives_the_same_numbers(truth):
    noise = OracleErrors(depth_share=0.02)
    first, again = measured(truth, errors=noise), measured(truth, errors=noise)
    for a, b in zip(first.geometry.objects, again.geometry.objects, strict=True):
        np.testing.assert_array_equal(a.center, b.center)
        np.testing.assert_array_equal(a.size, b.size)
    assert first.geometry.sigma_m == again.geometry.sigma_m


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MeasureConfig(vocabulary=()), "needs words"),
        (lambda: MeasureConfig(vocabulary=("a", "a")), "each once"),
        (lambda: MeasureConfig(vocabulary=("a",), most_keyframes=1), "at least 2"),
        (lambda: FusionConfig(edge_px=-1), "edge_px"),
    ],
)
def test_impossible_settings_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
