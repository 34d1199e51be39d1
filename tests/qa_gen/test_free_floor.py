"""Straight ways over a floor."""

import numpy as np
import pytest
from box_scenes import box

from qa_gen.boxes import stack_boxes
from qa_gen.floor_plan import floor_plan
from qa_gen.free_floor import free_floor, legs

SQUARE = np.array([[0.0, 0.0], [6.0, 0.0], [6.0, 6.0], [0.0, 6.0]])
START = box(1, "sofa", (1, 3, 0.2))
GOAL = box(2, "chair", (5, 3, 0.2))


def way(*extra, outline=SQUARE, safety_m=0.0):
    """From the sofa's middle to the chair: x from 1.2 (its side) to 4.8 - 0.3 = 4.5, at y = 3."""
    plan = floor_plan(stack_boxes([START, GOAL, *extra]))
    floor = free_floor(outline, plan, safety_m=safety_m)
    first, second = np.array([0]), np.array([1])
    return legs(floor, plan.middle[first], second, plan.middle, inside=first)


def test_a_free_way_stops_before_its_goal():
    found = way()
    assert found.free.tolist() == [True]
    assert found.start[0] == pytest.approx([1.2, 3.0])
    assert found.stop[0] == pytest.approx([4.5, 3.0])


@pytest.mark.parametrize(("gap", "free"), [(0.19, False), (0.21, True)])
def test_a_robot_keeps_its_radius_from_things(gap, free):
    beside = box(3, "plant", (3, 3 + gap + 0.2, 0.2))
    assert way(beside).free.tolist() == [free]
    assert way(beside, safety_m=0.05).free.tolist() == [False]


@pytest.mark.parametrize(
    ("thing", "free"),
    [
        (box(3, "rug", (3, 3, 0.01), (1, 1, 0.02)), True),
        (box(3, "ceiling lamp", (3, 3, 2.0)), True),
        (box(3, "table", (3, 3, 0.35), (1, 1, 0.7)), False),
    ],
)
def test_what_is_flat_or_overhead_is_not_in_the_way(thing, free):
    assert way(thing).free.tolist() == [free]


def test_a_robot_keeps_its_radius_from_walls():
    notch = np.array([[0, 0], [6, 0], [6, 6], [3.5, 6], [3.5, 3.15], [2.5, 3.15], [2.5, 6], [0, 6]])
    assert way(outline=notch.astype(np.float64)).free.tolist() == [False]
    assert way(outline=SQUARE[::-1].copy()).free.tolist() == [True]  # either way round


def test_a_goal_at_hand_needs_no_way():
    plan = floor_plan(stack_boxes([START, box(2, "chair", (1.5, 3, 0.2))]))
    first = np.array([0])
    found = legs(free_floor(SQUARE, plan), plan.middle[first], np.array([1]), plan.middle, first)
    assert found.free.tolist() == [False]


def test_an_outline_that_crosses_itself_is_refused():
    plan = floor_plan(stack_boxes([START]))
    with pytest.raises(ValueError, match="no simple polygon"):
        free_floor(SQUARE[[0, 2, 1, 3]], plan)
