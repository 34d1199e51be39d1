"""Overlaps of boxes are exact, also of turned ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from qa_gen.scoring.grounding import grounding_f1
from qa_gen.scoring.overlap import (
    SolidBox,
    accuracy_at,
    aligned_iou,
    box_iou,
    oriented_iou,
    rectangle_iou,
    shared_volume,
)

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_vega3d" / "metrics.json"
needs_golden = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no {GOLDEN.name} in shared data")
whole = st.integers(-4, 4)
sides = st.integers(1, 4)


def solid(center, size, turn=(0, 0, 0)):
    rotation = Rotation.from_euler("ZXY", turn, degrees=True).as_matrix()
    return SolidBox(np.array(center, float), np.array(size, float), rotation)


@needs_golden
def test_aligned_overlaps_are_the_official_ones_but_for_their_epsilon():
    for a, b, expected in json.loads(GOLDEN.read_text())["box_iou"]:
        assert aligned_iou(a, b) == pytest.approx(expected, abs=2e-9)


def test_rectangles():
    assert rectangle_iou((0, 0, 2, 2), (1, 1, 3, 3)) == pytest.approx(1 / 7)
    assert rectangle_iou((0, 0, 2, 2), (2, 0, 3, 2)) == 0.0
    assert rectangle_iou((0, 0, 2, 2), (1, 1, 1, 3)) == 0.0
    assert rectangle_iou((1, 1, 1, 1), (1, 1, 1, 1)) == 0.0


def test_a_square_turned_by_45_degrees_leaves_an_octagon():
    # Two concentric unit squares at 45 degrees share a regular octagon of width 1, whose area is
    # 2 (sqrt 2 - 1) = 0.8284; the boxes are 2 high, so 1.6569 of 2 + 2 - 1.6569 are shared.
    a, b = solid((5, 0, 0), (1, 1, 2)), solid((5, 0, 0), (1, 1, 2), (45, 0, 0))
    shared = 4 * (np.sqrt(2) - 1)
    assert shared_volume(a, b) == pytest.approx(shared, rel=1e-12)
    assert oriented_iou(a, b) == pytest.approx(shared / (4 - shared), rel=1e-12)


def test_a_corner_of_a_cube_cut_by_its_diagonal_plane():
    # The cube's corner (1/2, 1/2, 1/2) lies sqrt(3)/2 from its middle; a large box whose face is
    # the plane x + y + z = 1/2 cuts off the tetrahedron with three edges of length 1: volume 1/6.
    normal = np.ones(3) / np.sqrt(3)
    across = np.array([1.0, -1.0, 0.0]) / np.sqrt(2)
    rotation = np.stack([normal, across, np.cross(normal, across)], axis=1)
    distance = 0.5 / np.sqrt(3)
    big = SolidBox(normal * (distance + 5), np.full(3, 10.0), rotation)
    assert shared_volume(solid((0, 0, 0), (1, 1, 1)), big) == pytest.approx(1 / 6, rel=1e-9)


@given(st.tuples(whole, whole, whole), st.tuples(sides, sides, sides), whole)
def test_turning_both_boxes_together_changes_nothing(center, size, eighths):
    # Integer boxes share faces, edges and corners all the time: the hard cases.
    first = (0, 0, 0, 2, 3, 4)
    expected = aligned_iou(first, (*center, *size))
    assert oriented_iou(solid(first[:3], first[3:]), solid(center, size)) == pytest.approx(
        expected, abs=1e-9
    )
    turn = Rotation.from_euler("xyz", [0.3 * eighths, 0.7, -0.2 * eighths])
    moved = [
        SolidBox(turn.apply(box.center) + np.array([100.0, -50.0, 3.0]), box.size, turn.as_matrix())
        for box in (solid(first[:3], first[3:]), solid(center, size))
    ]
    assert oriented_iou(*moved) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 10_000))
def test_overlap_is_symmetric_and_lies_between_0_and_1(seed):
    rng = np.random.default_rng(seed)
    a, b = (
        SolidBox(rng.normal(size=3), rng.uniform(0.2, 3, 3), Rotation.random(rng=rng).as_matrix())
        for _ in range(2)
    )
    assert oriented_iou(a, b) == pytest.approx(oriented_iou(b, a), abs=1e-12)
    assert 0 <= oriented_iou(a, b) <= 1
    assert oriented_iou(a, a) == pytest.approx(1.0, abs=1e-9)


def test_the_shared_volume_is_what_random_points_find():
    rng = np.random.default_rng(3)
    a = SolidBox(np.zeros(3), np.array([2.0, 1.0, 1.5]), Rotation.random(rng=rng).as_matrix())
    b = SolidBox(
        np.array([0.3, 0.2, -0.1]), np.array([1.0, 2.0, 1.0]), Rotation.random(rng=rng).as_matrix()
    )
    local = rng.uniform(-0.5, 0.5, (400_000, 3)) * a.size
    in_b = (local @ a.rotation.T - b.center) @ b.rotation
    share = (np.abs(in_b) <= b.size / 2).all(axis=1).mean()
    # Standard error: 3 * sqrt(p (1 - p) / 400,000) < 0.0024 of the volume 3.
    assert shared_volume(a, b) == pytest.approx(3 * share, abs=0.01)
    assert 0.2 < share < 0.8


def test_boxes_that_touch_share_nothing():
    cube = solid((0, 0, 0), (1, 1, 1), (30, 40, 50))
    for axis in range(3):
        beside = cube._replace(center=cube.rotation[:, axis])
        assert oriented_iou(cube, beside) == 0.0
    assert oriented_iou(cube, cube._replace(center=np.array([9.0, 0, 0]))) == 0.0


def test_extents_must_be_positive():
    with pytest.raises(ValueError, match="extents > 0"):
        oriented_iou(solid((0, 0, 0), (1, 1, 0)), solid((0, 0, 0), (1, 1, 1)))


def test_a_camera_box_turns_about_z_then_x_then_y():
    # Roll 90 about z swaps x and y; then pitch 90 about the new x axis, which is the old y, swaps
    # old x and z. So extents (1, 2, 3) come to lie along y, z, x: 3 x 1 x 2.
    turned = (0, 0, 5, 1, 2, 3, 90, 90, 0)
    assert box_iou("camera", turned, (0, 0, 5, 3, 1, 2, 0, 0, 0)) == pytest.approx(1.0)
    assert box_iou("camera", turned, (0, 0, 5, 1, 2, 3, 0, 0, 0)) < 0.5


def test_accuracy_counts_overlaps_that_reach_the_threshold():
    assert accuracy_at([0.1, 0.25, 0.5, 0.9], 0.25) == 0.75
    assert accuracy_at([0.1, 0.25, 0.5, 0.9], 0.5) == 0.5
    with pytest.raises(ValueError, match=r"Acc@0.5 needs"):
        accuracy_at([], 0.5)


CUBE = (0, 0, 0, 1, 1, 1)
SHIFTED = (0.5, 0, 0, 1, 1, 1)  # overlaps CUBE by 1/3
FAR = (9, 0, 0, 1, 1, 1)


@pytest.mark.parametrize(
    ("predicted", "truth", "at_25", "at_50"),
    [
        ([CUBE, FAR], [FAR, CUBE], 1.0, 1.0),
        ([SHIFTED], [CUBE], 1.0, 0.0),
        ([CUBE, CUBE], [CUBE], 2 / 3, 2 / 3),  # the second finds nothing: precision 1/2
        ([CUBE], [CUBE, FAR], 2 / 3, 2 / 3),
        ([], [], 1.0, 1.0),
        ([CUBE], [], 0.0, 0.0),
        ([], [CUBE], 0.0, 0.0),
    ],
)
def test_f1_of_several_objects(predicted, truth, at_25, at_50):
    assert grounding_f1(predicted, truth) == pytest.approx((at_25, at_50))
