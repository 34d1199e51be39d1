"""Path errors: evo's numbers, CamI2V's definitions by hand, and paths with little to go by."""

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import poses

from benchmarks.evo_parity import ALIGNMENTS, GOLDEN, MEASURES, PAIRS, make_pair, measure
from synth.path_errors import (
    PathError,
    associate,
    camera_errors,
    compare_paths,
    rotation_angles,
    umeyama,
)
from synth.pose_files import read_poses, write_poses
from synth.poses import axis_angle

Z = np.array([0.0, 0.0, 1.0])


@pytest.mark.parametrize("align", ALIGNMENTS)
@pytest.mark.parametrize("name", PAIRS)
def test_errors_of_tum_files_are_those_of_evo(name, align, tmp_path):
    expected = json.loads(GOLDEN.read_text())["numbers"][name][align]
    paths = []
    for path in make_pair(name):
        write_poses(tmp_path / path.name, path, "tum")
        paths.append(read_poses(tmp_path / path.name, "tum"))
    matches = associate(*(path.timestamps_s for path in paths))
    ours = compare_paths(
        paths[0].c2w[matches.estimate], paths[1].c2w[matches.reference], align=align
    )
    assert set(expected) == set(MEASURES)
    for field, value in expected.items():
        assert getattr(ours, field) == pytest.approx(value, abs=1e-9)
        assert getattr(measure(name, align), field) == pytest.approx(value, abs=1e-9)


def test_associating_drops_poses_that_are_too_far_apart_in_time():
    matches = associate(np.array([0.0, 1.0, 2.0]), np.array([0.004, 0.5, 0.996, 1.985, 3.0]))
    assert matches.estimate.tolist() == [0, 1]
    assert matches.reference.tolist() == [0, 2]
    wider = associate(np.array([0.0, 1.0, 2.0]), np.array([0.004, 1.985]), max_diff_s=0.02)
    assert (wider.estimate.tolist(), wider.reference.tolist()) == ([0, 2], [0, 1])


def test_of_two_equally_near_poses_the_earlier_one_is_taken():
    assert associate(
        np.array([1.0]), np.array([0.75, 1.25]), max_diff_s=0.5
    ).reference.tolist() == [0]


def test_a_pose_exactly_at_the_limit_is_judged_as_evo_judges_it():
    # 0.056 - 0.046 is 0.01 and a bit in floats, but 0.046 + 0.01 is 0.056.
    assert 0.056 - 0.046 > 0.01
    after_the_end = associate(np.array([0.013, 0.056]), np.array([0.035, 0.039, 0.046]))
    assert (after_the_end.estimate.tolist(), after_the_end.reference.tolist()) == ([1], [2])
    within = associate(np.array([0.056]), np.array([0.046, 0.9]), max_diff_s=0.0100000001)
    assert within.reference.tolist() == [0]
    with pytest.raises(PathError, match=r"within 0.01 s"):
        associate(np.array([0.056]), np.array([0.046, 0.9]))


def test_clocks_that_never_meet_are_refused():
    with pytest.raises(
        PathError, match=r"estimate covers 5.000..6.000 s, the reference 0.000..1.0"
    ):
        associate(np.array([5.0, 6.0]), np.array([0.0, 0.5, 1.0]))


@st.composite
def curved_paths(draw):
    """At least four poses that do not lie on a plane."""
    path = np.stack(draw(st.lists(poses(), min_size=4, max_size=7)))
    centered = path[:, :3, 3] - path[:, :3, 3].mean(axis=0)
    assume(np.linalg.svd(centered)[1][2] > 0.5)
    return path


@given(curved_paths(), poses(), st.floats(0.2, 5.0))
def test_a_path_seen_from_elsewhere_and_in_another_unit_has_no_error_after_sim3(
    path, elsewhere, scale
):
    seen = elsewhere @ path
    seen[:, :3, 3] *= scale
    errors = compare_paths(seen, path, align="sim3")
    assert errors.scale == pytest.approx(1 / scale, rel=1e-6)
    off = (errors.ate_rmse, errors.rpe_trans_rmse, errors.rot_err_deg, errors.trans_err)
    np.testing.assert_allclose((*off, errors.cam_mc), 0.0, atol=1e-6)
    assert errors.matched == len(path)


@given(curved_paths(), poses())
def test_se3_keeps_the_scale(path, elsewhere):
    seen = elsewhere @ path
    assert compare_paths(seen, path, align="se3").ate_rmse == pytest.approx(0.0, abs=1e-6)
    seen[:, :3, 3] *= 2.0
    spread = path[:, :3, 3] - path[:, :3, 3].mean(axis=0)
    expected = np.sqrt((spread**2).sum(axis=1).mean())
    assert compare_paths(seen, path, align="se3").ate_rmse == pytest.approx(expected)


def straight(*positions):
    path = np.stack([np.eye(4)] * len(positions))
    path[:, :3, 3] = positions
    return path


def test_errors_of_a_small_path_by_hand():
    # The reference walks 0, 1, 2 along x; the estimate 0, 1, 3 and turns by 0, 2, 6 degrees.
    reference = straight((0, 0, 0), (1, 0, 0), (2, 0, 0))
    estimate = straight((0, 0, 0), (1, 0, 0), (3, 0, 0))
    for pose, turn in zip(estimate, (0, 2, 6), strict=True):
        pose[:3, :3] = axis_angle(Z, np.deg2rad(turn))
    sums = camera_errors(estimate, reference)
    assert np.rad2deg(sums.rot_err_rad) == pytest.approx(0 + 2 + 6)
    # Scaled by their own reach: 0, 1/3, 1 against 0, 1/2, 1.
    assert sums.trans_err == pytest.approx(1 / 6)
    turned = [2 * np.sqrt(1 - np.cos(np.deg2rad(turn))) for turn in (2, 6)]
    assert sums.cam_mc == pytest.approx(np.hypot(turned[0], 1 / 6) + turned[1])
    errors = compare_paths(estimate, reference, align="se3")
    assert errors.rot_err_deg == pytest.approx(8 / 3)
    assert errors.trans_err == pytest.approx(1 / 18)
    # Centered at 4/3 and 1: off by -1/3, -1/3, 2/3.
    assert errors.ate_rmse == pytest.approx(np.sqrt((1 + 1 + 4) / 27))
    assert errors.rpe_rot_deg_rmse == pytest.approx(np.sqrt((2**2 + 4**2) / 2))


def test_a_straight_path_is_compared_whatever_the_turn_about_its_line():
    path = straight(*((0.1 * step, 0.0, 0.0) for step in range(9)))
    about = np.eye(4)
    about[:3, :3] = axis_angle(np.array([1.0, 0.0, 0.0]), 0.7)
    for align in ALIGNMENTS:
        errors = compare_paths(about @ path, path, align=align)
        assert max(errors.ate_rmse, errors.rpe_trans_rmse, errors.rot_err_deg) < 1e-12


def test_a_camera_that_stands_still_is_compared_without_a_scale():
    still = straight(*[(3.0, 1.0, 2.0)] * 4)
    moving = straight((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 1))
    assert compare_paths(still, still + 0.0, align="se3").ate_rmse == 0.0
    assert compare_paths(still, moving, align="se3").trans_err == pytest.approx(
        camera_errors(moving, still).trans_err / 4
    )
    with pytest.raises(PathError, match="the estimate stands still; align by se3"):
        compare_paths(still, moving, align="sim3")
    with pytest.raises(PathError, match="the reference stands still"):
        compare_paths(moving, still, align="sim3")


def test_a_mirrored_path_is_not_aligned_by_a_reflection():
    path = straight((0, 0, 0), (1, 0, 0), (1, 2, 0), (1, 2, 3), (4, 2, 3))
    mirrored = path.copy()
    mirrored[:, 0, 3] *= -1
    found = umeyama(mirrored[:, :3, 3], path[:, :3, 3], with_scale=False)
    assert np.linalg.det(found.rotation) == pytest.approx(1.0)
    assert compare_paths(mirrored, path, align="se3").ate_rmse > 0.1


@pytest.mark.parametrize(
    ("n_estimate", "n_reference", "expected"),
    [(2, 2, "at least 3 poses in common"), (4, 5, "got 4 and 5; associate them"), (0, 0, "got 0")],
)
def test_paths_that_cannot_be_compared_are_refused(n_estimate, n_reference, expected):
    estimate, reference = (
        np.stack([np.eye(4)] * n) if n else np.zeros((0, 4, 4)) for n in (n_estimate, n_reference)
    )
    for compare in (camera_errors, lambda a, b: compare_paths(a, b, align="se3")):
        with pytest.raises(PathError, match=expected):
            compare(estimate, reference)


@pytest.mark.parametrize("angle", [0.0, 1e-12, 1e-5, 1.0, 3.0, np.pi - 1e-9, np.pi])
def test_rotation_angles_are_exact_for_the_smallest_and_the_largest(angle):
    (got,) = rotation_angles(axis_angle(np.array([0.0, 0.6, 0.8]), angle)[None])
    assert got == pytest.approx(angle, rel=1e-7, abs=1e-15)
