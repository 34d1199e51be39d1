"""Routes worked out by hand, and walked again step by step."""

from dataclasses import replace

import numpy as np
import pytest
from asking import ask_kind, refused
from box_scenes import box, scene
from worlds import filmed_rooms

from qa_gen.record import QuestionKind
from qa_gen.routes import BACK, LEFT, RIGHT, turning

KIND = QuestionKind.ROUTE_PLANNING
SQUARE = np.array([[0.0, 0.0], [6.0, 0.0], [6.0, 6.0], [0.0, 6.0]])

DOOR_MAT = box(1, "stool", (1, 1, 0.2))
LAMP = box(2, "lamp", (5, 1, 0.2))
DESK = box(3, "desk", (5, 5, 0.2))
PLANT = box(4, "plant", (1, 5, 0.2))


def square_room(*extra, **kwargs):
    """Four things in the corners of a room of 6 m x 6 m."""
    geometry = scene(DOOR_MAT, LAMP, DESK, PLANT, *extra, **kwargs)
    return replace(geometry, room_polygon=SQUARE)


def routes(geometry):
    return {qa.objects: qa for qa in ask_kind(KIND, geometry)}


def test_one_turn_by_hand():
    # From the stool along +x until x = 4.8 - 0.3 = 4.5, then to (5, 5): atan2(4, 0.5) = 82.87
    # degrees to the left, 37.87 more than the 45 from which it is a left turn.
    qa = routes(square_room(sigma_m=0.01))[1, 2, 3]
    assert qa.question == (
        "You are a robot beginning at the stool and facing the lamp. You want to navigate to the "
        "desk. You will perform the following actions (Note: for each [please fill in], choose "
        "either 'turn back,' 'turn left,' or 'turn right.'): 1. Go forward until the lamp. 2. "
        "[please fill in] 3. Go forward until the desk. You have reached the final destination."
    )
    assert qa.answer.text == "Turn Left"
    assert sorted(qa.answer.options) == ["Turn Back", "Turn Left", "Turn Right"]
    assert qa.margin == pytest.approx(82.87 - 45, abs=0.01)
    # The shorter leg is the first, 3.3 m from 1.2 to 4.5.
    assert qa.sigma == pytest.approx(np.degrees(0.02 / 3.3))


def test_two_turns_by_hand():
    # Facing the plant (+y), the lamp is 90 degrees to the right; from there left to the desk.
    qa = routes(square_room())[1, 4, 2, 3]
    assert (
        "1. [please fill in] 2. Go forward until the lamp. 3. [please fill in] 4. " in qa.question
    )
    assert qa.answer.text == "Turn Right, Turn Left"
    assert len(qa.answer.options) == 4
    assert qa.margin == pytest.approx(82.87 - 45, abs=0.01)  # the first turn has 45


def test_a_half_turn_is_no_turn_that_is_asked_about():
    # Facing the desk (45 degrees), the lamp is 45 degrees to the right: on the boundary.
    assert (1, 3, 2) not in routes(square_room())
    assert refused(KIND, square_room())["margin_too_small"] > 0


def test_what_stands_in_the_way_and_what_hangs():
    wall = box(5, "cabinet", (3, 1, 0.5), (0.4, 0.4, 1.0))
    assert (1, 2, 3) not in routes(square_room(wall))
    assert refused(KIND, square_room(wall))["way_blocked"] > 0
    lamp = box(5, "chandelier", (3, 1, 2.3))
    assert (1, 2, 3) in routes(square_room(lamp))
    assert not any(5 in objects[:1] + objects[2:] for objects in routes(square_room(lamp)))
    assert refused(KIND, square_room(lamp))["objects_too_far"] > 0


def test_no_outline_no_route():
    assert refused(KIND, scene(DOOR_MAT, LAMP, DESK)) == {"no_floor_outline": 1}
    alone = replace(scene(DOOR_MAT), room_polygon=SQUARE)
    assert refused(KIND, alone) == {"too_few_objects": 1}
    # Without a floor the turn of exactly 45 degrees is only as sure as it is measured.
    unsure = refused(KIND, square_room(sigma_m=0.01), floors=((KIND, 0.0),))
    assert unsure["uncertain"] > 0


@pytest.mark.parametrize(
    ("change", "turn", "margin"),
    [(90, LEFT, 45), (50, LEFT, 5), (-100, RIGHT, 35), (180, BACK, 45), (-140, BACK, 5),
     (30, -1, 15), (-350, -1, 35)],
)  # fmt: skip
def test_names_of_turns(change, turn, margin):
    found = turning(np.array([float(change)]))
    assert (int(found.turn[0]), float(found.margin_deg[0])) == (turn, pytest.approx(margin))


def test_every_route_can_be_walked_with_the_right_turns_only():
    walked = 0
    for geometry in filmed_rooms(2):
        things = {o.instance_id: o for o in geometry.objects}
        for qa in ask_kind(KIND, geometry, max_per_kind=40):
            # One turn less than legs: the first leg goes to what is faced.
            turns = qa.answer.text.split(", ")
            start, facing, *rest = (things[i] for i in qa.objects)
            ahead = facing.center[:2] - start.center[:2]
            if ". Go forward" in qa.question.split("actions")[1].split("2.")[0]:
                rest = [facing, *rest]
                turns = ["", *turns]
            position = start.center[:2]
            for goal, turn in zip(rest, turns, strict=True):
                way = goal.center[:2] - position
                cross = ahead[0] * way[1] - ahead[1] * way[0]
                angle = np.degrees(np.arctan2(cross, ahead @ way))
                name = "Back" if abs(angle) > 135 else "Left" if angle > 0 else "Right"
                assert turn in ("", f"Turn {name}")
                position, ahead = _walk(geometry, start, position, goal), way
            walked += 1
    assert walked > 20


def _walk(geometry, start, position, goal):
    """Go in steps of 1 cm, straight to the goal, until 0.3 m before it; meet nothing."""
    way = goal.center[:2] - position
    for step in np.arange(0.0, np.linalg.norm(way), 0.01):
        here = position + way / np.linalg.norm(way) * step
        if _distance(goal, here) <= 0.3:
            return here
        if _distance(start, here) == 0.0:
            continue  # still at the place where it began
        for thing in geometry.objects:
            low, high = thing.center[2] - thing.size[2] / 2, thing.center[2] + thing.size[2] / 2
            standing = low < 1.0 and high > 0.03
            if standing and thing is not goal and thing is not start:
                assert _distance(thing, here) >= 0.19
        x, y = here
        left, low, right, high = (
            *geometry.room_polygon.min(axis=0),
            *geometry.room_polygon.max(axis=0),
        )
        assert min(x - left, right - x, y - low, high - y) >= 0.19
    raise AssertionError("never arrived")


def _distance(thing, point):
    """From a point to an upright box, seen from above."""
    local = (point - thing.center[:2]) @ thing.rotation[:2, :2]
    return float(np.linalg.norm(np.maximum(np.abs(local) - thing.size[:2] / 2, 0.0)))
