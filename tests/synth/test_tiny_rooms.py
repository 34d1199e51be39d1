"""The tiny checkpoints were trained on these rooms: they must stay as they are."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.furniture.tiny import FLOOR_COLORS, OBJECT_COLORS, TINY_CATEGORIES, WALL_COLORS
from synth.rooms.check import check_room
from synth.rooms.config import TINY_ROOMS
from synth.rooms.describe import describe_room
from synth.rooms.furnish import make_room

GOLDEN = Path(__file__).parents[1] / "golden" / "tiny_rooms.json"
WALL_OF_SIDE = {0: 0, 1: 2, 2: 3, 3: 1}  # y=0, y=max, x=0, x=max in the outline's order


@pytest.mark.parametrize("scene_id", json.loads(GOLDEN.read_text()))
def test_a_tiny_room_is_the_one_the_checkpoints_were_trained_on(scene_id):
    expected = json.loads(GOLDEN.read_text())[scene_id]
    room = make_room(scene_id, 0, TINY_ROOMS)
    x, y, z = expected["size_m"]
    np.testing.assert_allclose(room.outline, [[0, 0], [x, 0], [x, y], [0, y]], atol=1e-8)
    assert room.height_m == pytest.approx(z)
    assert {wall.color for wall in room.walls} == {expected["walls"]}
    assert room.floor.color == expected["floor"][0]
    assert list(room.left_out) == expected["left_out"]
    for thing, wanted in zip(room.objects, expected["objects"], strict=True):
        assert (thing.category, thing.color) == (wanted["category"], wanted["color"])
        np.testing.assert_allclose(thing.center, wanted["center"], atol=1e-8)
        np.testing.assert_allclose(thing.size, wanted["size"], atol=1e-8)
        assert thing.supports[0].of == wanted["on"]
        assert len(thing.parts) == wanted["n_parts"]


@pytest.mark.parametrize("scene_id", json.loads(GOLDEN.read_text()))
def test_window_and_door_of_a_tiny_room_are_where_they_were(scene_id):
    expected = json.loads(GOLDEN.read_text())[scene_id]
    room = make_room(scene_id, 0, TINY_ROOMS)
    x, y, _ = expected["size_m"]
    for opening, (side, share) in zip(
        room.openings, (expected["window"], expected["door"]), strict=True
    ):
        length = x if side < 2 else y
        half = opening.width_m / 2 + 0.1
        assert opening.wall == WALL_OF_SIDE[side]
        assert length - opening.along_m == pytest.approx(
            min(max(share * length, half), length - half)
        )


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_tiny_rooms_use_only_what_the_tiny_models_know(seed):
    room = make_room("room-x", seed, TINY_ROOMS)
    assert room.kind == "room"
    assert len(room.outline) == 4
    assert [opening.kind for opening in room.openings] == ["window", "door"]
    assert len(room.ceiling_lights) == 1
    assert room.bulbs == ()
    assert room.floor.color in FLOOR_COLORS
    assert {wall.color for wall in room.walls} <= set(WALL_COLORS)
    for thing in room.objects:
        assert thing.category in TINY_CATEGORIES
        assert thing.color in OBJECT_COLORS
        assert all(part.shape == "box" for part in thing.parts)
    # They were never kept clear of doors and windows; all else holds for them too.
    assert {fault.kind for fault in check_room(room)} <= {"blocks_opening"}


def test_the_sentence_of_a_tiny_room_has_the_words_of_the_tiny_models():
    room = make_room("room-000000", 0, TINY_ROOMS)
    first, third = room.objects[0], room.objects[2]
    article = "an" if first.color == "orange" else "a"
    assert describe_room(room, [1]) == (
        f"a room with {room.walls[0].color} walls and a {room.floor.color} floor, "
        f"{article} {first.color} {first.category}"
    )
    assert describe_room(room, [3, 1]).split(", ")[1].endswith(third.category)
