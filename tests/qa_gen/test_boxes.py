"""Distances between oriented boxes are exact."""

import numpy as np
import pytest
from box_scenes import box, yaw
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import lsq_linear
from strategies import rotations

from qa_gen.boxes import Boxes, gap_matrix, pair_gaps, stack_boxes

vectors = st.tuples(*[st.floats(-3, 3)] * 3).map(np.array)
halves = st.tuples(*[st.floats(0.02, 1.5)] * 3).map(np.array)
boxes = st.tuples(vectors, halves, rotations()).map(lambda b: Boxes(*(x[None] for x in b)))
upright = st.tuples(vectors, halves, st.floats(-180, 180).map(yaw)).map(
    lambda b: Boxes(*(x[None] for x in b))
)


def gap(a, b):
    return float(pair_gaps(a, b)[0])


def gap_by_optimisation(a, b):
    """The least distance as a bounded least-squares problem in box coordinates."""
    system = np.hstack([a.rotation[0] * a.half[0], -b.rotation[0] * b.half[0]])
    target = (b.center - a.center)[0]
    return float(np.sqrt(2 * lsq_linear(system, target, bounds=(-1, 1), method="bvls").cost))


@given(boxes, boxes)
def test_the_gap_is_the_optimum_for_tilted_boxes(a, b):
    assert gap(a, b) == pytest.approx(gap_by_optimisation(a, b), abs=1e-6)


@given(upright, upright)
def test_the_gap_is_the_optimum_for_upright_boxes(a, b):
    assert gap(a, b) == pytest.approx(gap_by_optimisation(a, b), abs=1e-6)


@given(boxes, boxes)
def test_the_gap_does_not_depend_on_the_order(a, b):
    assert gap(a, b) == pytest.approx(gap(b, a), abs=1e-9)


def single(center, size, yaw_deg=0.0):
    return stack_boxes([box(1, "box", center, size, yaw_deg=yaw_deg)])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # face to face along x: 3 - 1/2 - 1/2
        (single((0, 0, 0), (1, 1, 1)), single((3, 0, 0), (1, 1, 1)), 2.0),
        # corner to corner: 1 m apart along each axis
        (single((0, 0, 0), (1, 1, 1)), single((2, 2, 2), (1, 1, 1)), 3**0.5),
        # an upright edge of a box turned by 45 degrees against a face: 3 - 1/2 - sqrt(1/2)
        (single((0, 0, 0), (1, 1, 1)), single((3, 0, 0), (1, 1, 1), 45), 2.5 - 0.5**0.5),
        # one inside the other, and touching faces
        (single((0, 0, 0), (2, 2, 2)), single((0.1, 0, 0), (0.5, 0.5, 0.5)), 0.0),
        (single((0, 0, 0), (1, 1, 1)), single((1, 0, 0), (1, 1, 1)), 0.0),
    ],
)
def test_hand_computed_gaps(a, b, expected):
    assert gap(a, b) == pytest.approx(expected, abs=1e-12)


def test_crossing_bars_touch_edge_against_edge():
    # Two bars of square section, standing on an edge (rolled by 45 degrees about their lengths),
    # crossing at right angles 1 m apart: an edge of each sticks out by half a diagonal, which is
    # 0.25 * sqrt(2).
    half = np.array([[2.0, 0.25, 0.25]])
    roll = np.array([[1, 0, 0], [0, 0.5**0.5, -(0.5**0.5)], [0, 0.5**0.5, 0.5**0.5]])
    along_x = Boxes(np.array([[0.0, 0.0, 0.0]]), half, roll[None])
    along_y = Boxes(np.array([[0.0, 0.0, 1.0]]), half, (yaw(90) @ roll)[None])
    assert gap(along_x, along_y) == pytest.approx(1 - 2 * 0.25 * 2**0.5, abs=1e-12)


def test_crossing_bars_that_pierce_each_other_overlap_though_no_corner_is_inside():
    bar = single((0, 0, 0), (4, 0.2, 0.2))
    assert gap(bar, single((0, 0, 0), (0.2, 4, 0.2))) == 0.0


def test_the_matrix_of_a_scene_is_symmetric_with_a_zero_diagonal():
    things = [box(i + 1, "box", (2.0 * i, 0, 0), (1, 1, 1)) for i in range(4)]
    gaps = gap_matrix(stack_boxes(things))
    expected = [[max(0.0, 2.0 * abs(i - j) - 1) for j in range(4)] for i in range(4)]
    np.testing.assert_allclose(gaps, expected, atol=1e-12)


@pytest.mark.parametrize("n", [0, 1])
def test_a_scene_without_pairs_has_a_matrix_too(n):
    things = [box(1, "box", (0, 0, 0))][:n]
    assert gap_matrix(stack_boxes(things)).shape == (n, n)
