"""Every estimator keeps the contract, and a wrong pose convention does not."""

import box_rooms
import numpy as np
import pytest
from estimator_contract import ROOM_RGBD, check_estimate, disagreement, room_rgbd
from fake_reconstructors import FakeDepthAnything3, FakeMapAnything, FakeVggt
from tiny_measurers import save_depth_anything

from synth.measure.estimator import EstimateError, GeometryRequest
from synth.measure.estimators import ESTIMATORS, make_estimator
from synth.measure.estimators.depth_anything_3 import DepthAnything3Estimator, variant_of
from synth.measure.estimators.map_anything import MapAnythingEstimator
from synth.measure.estimators.oracle import OracleErrors, OracleEstimator
from synth.measure.estimators.posed_depth import PosedDepth
from synth.measure.estimators.vggt import VggtEstimator
from synth.measure.packages import MissingPackageError, ModelWeights
from synth.measure.scale import align_scale


@pytest.fixture(scope="module")
def drawn():
    path = box_rooms.around(n_views=4, span_deg=60.0)
    return box_rooms.draw(box_rooms.four_things(), path, box_rooms.camera(120))


@pytest.fixture(scope="module", params=["room_rgbd", "drawn"])
def truth(request, drawn):
    if request.param == "drawn":
        return drawn
    if not ROOM_RGBD.exists():
        pytest.skip("the given room is not in ../shared/data")
    return room_rgbd()


def asking(truth, **known):
    frames = np.zeros((*truth.depth.shape, 3), np.uint8)
    return GeometryRequest(frames=frames, **known)


def test_the_oracle_keeps_the_contract(truth):
    check_estimate(OracleEstimator(truth=truth), asking(truth), truth=truth)


def test_map_anything_keeps_the_contract(truth):
    longest = 434 if truth.depth.shape[2] == 434 else 112
    estimator = MapAnythingEstimator(FakeMapAnything(truth, longest), "fake", "-", longest)
    check_estimate(estimator, asking(truth, intrinsics=truth.intrinsics), truth=truth)


def test_vggt_keeps_the_contract(truth):
    longest = 434 if truth.depth.shape[2] == 434 else 112
    fake = FakeVggt(truth, longest)
    check_estimate(VggtEstimator(fake, fake.decode, "fake", "-", longest), asking(truth))


@pytest.mark.parametrize("variant", ["relative", "nested"])
def test_depth_anything_3_keeps_the_contract(truth, variant):
    size = truth.depth.shape[1:] if truth.depth.shape[2] == 434 else (112, 126)
    estimator = DepthAnything3Estimator(FakeDepthAnything3(truth, variant, size), variant, "f", "-")
    check_estimate(estimator, asking(truth), truth=truth)


def test_depth_anything_3_metric_needs_the_focal_length(drawn):
    estimator = DepthAnything3Estimator(FakeDepthAnything3(drawn, "metric"), "metric", "f", "-")
    check_estimate(estimator, asking(drawn, intrinsics=drawn.intrinsics), truth=drawn)
    with pytest.raises(ValueError, match="focal length"):
        estimator.estimate(asking(drawn))


def test_w2c_read_as_c2w_breaks_the_contract(truth):
    longest = 434 if truth.depth.shape[2] == 434 else 112
    wrong = MapAnythingEstimator(FakeMapAnything(truth, longest, poses="w2c"), "f", "-", longest)
    assert disagreement(wrong.estimate(asking(truth))) > 0.03
    with pytest.raises(AssertionError):
        check_estimate(wrong, asking(truth))


def test_known_cameras_reach_map_anything_with_integer_centers(drawn):
    fake = FakeMapAnything(drawn, 112)
    request = asking(drawn, intrinsics=drawn.intrinsics, c2w=drawn.c2w)
    MapAnythingEstimator(fake, "f", "-", 112).estimate(request)
    # 120 px become 112: the middle of the image is column 55.5 when centers are integers.
    matrix = fake.views[1]["intrinsics"][0].numpy()
    np.testing.assert_allclose(matrix[:2, 2], [55.5, 55.5], atol=1e-5)
    np.testing.assert_allclose(fake.views[0]["camera_poses"][0].numpy(), np.eye(4), atol=1e-6)


@pytest.mark.parametrize(
    ("weights", "variant"),
    [
        ("depth-anything/DA3NESTED-GIANT-LARGE", "nested"),
        ("depth-anything/DA3METRIC-LARGE", "metric"),
        ("depth-anything/DA3-BASE", "relative"),
    ],
)
def test_published_names_tell_the_variant(weights, variant):
    assert variant_of(weights) == variant


def test_a_relative_world_gets_its_metres_from_metric_depth(drawn):
    fake = FakeVggt(drawn, 112, unit=2.5)
    relative = VggtEstimator(fake, fake.decode, "fake", "-", 112)
    joined = PosedDepth(poses=relative, depth=OracleEstimator(truth=drawn))
    estimated = check_estimate(joined, asking(drawn), truth=drawn)
    assert estimated.scale_spread < 0.01
    alignment = align_scale(
        relative.estimate(asking(drawn)), OracleEstimator(truth=drawn).estimate(asking(drawn))
    )
    assert alignment.scale == pytest.approx(2.5, rel=5e-3)


def test_scattered_depth_is_not_trusted_for_a_scale(drawn):
    fake = FakeVggt(drawn, 112)
    relative = VggtEstimator(fake, fake.decode, "f", "-", 112).estimate(asking(drawn))
    rough = OracleEstimator(truth=drawn, errors=OracleErrors(depth_share=0.6))
    alignment = align_scale(relative, rough.estimate(asking(drawn)))
    assert alignment.spread > 0.2
    assert not alignment.is_trusted


def test_depth_anything_loads_from_a_folder_and_speaks_of_source_pixels(tmp_path):
    weights = ModelWeights(id=str(save_depth_anything(tmp_path)), licence="Apache-2.0")
    estimator = make_estimator("depth-anything", weights)
    frames = np.random.default_rng(0).integers(0, 255, (3, 48, 80, 3), dtype=np.uint8)
    estimated = check_estimate(estimator, GeometryRequest(frames=frames))
    assert estimated.depth.shape == (3, 48, 80)
    assert estimated.depth.max() <= 20.001
    assert np.ptp(estimated.depth) > 0.5
    again = estimator.estimate(GeometryRequest(frames=frames))
    np.testing.assert_array_equal(estimated.depth, again.depth)


def test_padding_of_the_image_processor_is_cut_off_again(tmp_path):
    weights = ModelWeights(id=str(save_depth_anything(tmp_path, pad=True)))
    estimator = make_estimator("depth-anything", weights)
    frames = np.random.default_rng(0).integers(0, 255, (1, 42, 70, 3), dtype=np.uint8)
    wider = np.pad(frames, ((0, 0), (7, 7), (7, 7), (0, 0)))  # 56 x 84: whole patches by hand
    inner = estimator.estimate(GeometryRequest(frames=wider)).depth[:, 7:-7, 7:-7]
    assert inner.shape == (1, 42, 70)
    padded = estimator.estimate(GeometryRequest(frames=frames[:, :41, :69])).depth
    assert padded.shape == (1, 41, 69)


def test_relative_depth_weights_are_refused(tmp_path):
    folder = save_depth_anything(tmp_path, kind="relative", max_depth=1)
    with pytest.raises(ValueError, match="Metric checkpoint"):
        make_estimator("depth-anything", ModelWeights(id=str(folder)))


@pytest.mark.parametrize("name", ["map-anything", "depth-anything-3", "vggt"])
def test_a_missing_package_fails_at_once_with_the_line_that_installs_it(tmp_path, name):
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(MissingPackageError, match="pip install"):
        make_estimator(name, ModelWeights(id=str(tmp_path)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: make_estimator("colmap"), "no geometry estimator 'colmap'"),
        (lambda: make_estimator("depth-anything"), "needs weights"),
        (lambda: make_estimator("pycolmap", device="cuda"), "CPU"),
        (lambda: make_estimator("pycolmap+pycolmap"), "no metric depth"),
        (lambda: ModelWeights(id="owner/name"), "pinned"),
        (lambda: GeometryRequest(frames=np.zeros((0, 4, 4, 3), np.uint8)), "no frames"),
        (
            lambda: GeometryRequest(
                frames=np.zeros((2, 4, 4, 3), np.uint8), intrinsics=(box_rooms.camera(4),)
            ),
            "2 known intrinsics",
        ),
        (
            lambda: GeometryRequest(
                frames=np.zeros((1, 8, 8, 3), np.uint8), intrinsics=(box_rooms.camera(4),)
            ),
            "another size",
        ),
    ],
)
def test_bad_requests_are_refused_with_a_way_out(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_frames_without_texture_cannot_be_estimated_from_motion():
    frames = np.full((5, 64, 64, 3), 127, np.uint8)
    with pytest.raises(EstimateError, match="no model"):
        make_estimator("pycolmap").estimate(GeometryRequest(frames=frames))


def test_the_table_names_every_estimator_once():
    assert set(ESTIMATORS) == {
        "pycolmap", "depth-anything", "map-anything", "depth-anything-3", "vggt",
    }  # fmt: skip
