"""Vertical extents and floor plans of boxes that stand, lie or lean."""

import numpy as np
import pytest
import shapely
from box_scenes import box
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from qa_gen.boxes import Boxes, stack_boxes
from qa_gen.floor_plan import floor_plan
from qa_gen.heights import heights_of, horizontal_sides
from synth.poses import axis_angle

X = np.array([1.0, 0.0, 0.0])


def turned(size, degrees, axis=X):
    """One box around the origin, turned about an axis."""
    return Boxes(
        center=np.zeros((1, 3)),
        half=np.array([size]) / 2,
        rotation=axis_angle(axis, np.deg2rad(degrees))[None],
    )


def random_boxes(seed, n=12):
    rng = np.random.default_rng(seed)
    rotation = Rotation.random(n, random_state=seed).as_matrix()
    rotation[::3] = np.eye(3)[[2, 0, 1]]  # on its side
    return Boxes(rng.uniform(-2, 2, (n, 3)), rng.uniform(0.05, 0.8, (n, 3)), rotation)


@given(seed=st.integers(0, 10_000))
def test_heights_are_those_of_the_highest_and_lowest_corner(seed):
    boxes = random_boxes(seed)
    heights = heights_of(boxes)
    corners = boxes.corners()[..., 2]
    np.testing.assert_allclose(heights.low, corners.min(axis=1), atol=1e-12)
    np.testing.assert_allclose(heights.high, corners.max(axis=1), atol=1e-12)


def test_a_box_on_its_side_stands_and_one_that_leans_does_not():
    # Turned by 90 degrees about x, what was y (0.5 m) is up. At 10 degrees the 2 m of z reach
    # 1.970 m up and the 0.5 m of y add 0.087: a share of 0.042. At 30: 1.732 and 0.25: 0.126.
    lying, leaning, tilted = (heights_of(turned((1.0, 0.5, 2.0), a)) for a in (90.0, 10.0, 30.0))
    assert lying.extent == pytest.approx([0.5])
    assert lying.lean == pytest.approx([0.0], abs=1e-12)
    assert leaning.lean == pytest.approx([0.0868 / (1.9696 + 0.0868)], abs=1e-3)
    assert [bool(h.stands[0]) for h in (lying, leaning, tilted)] == [True, True, False]


def test_a_leaning_rug_says_nothing_about_its_height():
    # 2 m of it raised by 3 degrees are 10 cm, 1 cm of thickness are 1.
    assert not heights_of(turned((2.0, 2.0, 0.01), 3.0)).stands[0]


def test_horizontal_sides_are_those_beside_the_upright_axis():
    upright = horizontal_sides(turned((1.0, 0.5, 2.0), 0.0))
    lying = horizontal_sides(turned((1.0, 0.5, 2.0), 90.0))  # now y is up
    assert (upright.longer[0], upright.shorter[0]) == (1.0, 0.5)
    assert (lying.longer[0], lying.shorter[0]) == (2.0, 1.0)
    level = [bool(horizontal_sides(turned((1, 1, 1), a)).level[0]) for a in (9.9, 10.1, 80.1)]
    assert level == [True, False, True]


def test_the_gap_of_two_floor_plans_worked_out_by_hand():
    # Above each other in part; 0.3 m apart along x; corner to corner (0.3, 0.4): 0.5 m. Heights
    # make no difference.
    boxes = stack_boxes(
        [
            box(1, "a", (0, 0, 0.5), (1, 1, 1)),
            box(2, "b", (0.9, 0, 2.5), (1, 1, 1)),
            box(3, "c", (1.3, 0, 5.0), (1, 1, 1)),
            box(4, "d", (1.3, 1.4, 0.5), (1, 1, 1)),
        ]
    )
    first, second = np.zeros(3, dtype=np.int64), np.array([1, 2, 3])
    assert floor_plan(boxes).gaps(first, second) == pytest.approx([0.0, 0.3, 0.5])


@given(seed=st.integers(0, 10_000))
def test_floor_plans_of_leaning_boxes_hold_the_shadows_of_their_insides(seed):
    boxes = random_boxes(seed)
    plan = floor_plan(boxes)
    inside = np.random.default_rng(seed).uniform(-1, 1, (50, len(boxes.center), 3))
    world = np.einsum("nij,pnj->pni", boxes.rotation, inside * boxes.half) + boxes.center
    points = shapely.points(world[..., :2])
    assert (shapely.distance(plan.outlines, points) < 1e-12).all()
    first, second = np.triu_indices(len(boxes.center), k=1)
    apart = shapely.distance(points[:, first], points[:, second]).min(axis=0)
    gaps = plan.gaps(first, second)
    assert (gaps <= apart + 1e-12).all()
    np.testing.assert_allclose(plan.gaps(second, first), gaps, atol=1e-12)
