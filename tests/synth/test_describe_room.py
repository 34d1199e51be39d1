from dataclasses import replace

import numpy as np
import pytest

from synth.rooms.config import RoomConfig
from synth.rooms.describe import describe_room
from synth.rooms.furnish import make_room
from synth.rooms.room import FLOOR, Material, Room, RoomObject, Support

WHITE = Material(color="white", srgb=(0.9, 0.9, 0.9))
GREY = Material(color="grey", srgb=(0.5, 0.5, 0.5), pattern="carpet")


def thing(number, category, color, *supports):
    return RoomObject(
        instance_id=number, category=category, color=color, center=np.zeros(3), size=np.ones(3),
        rotation=np.eye(3), parts=(), supports=supports or (Support("on_floor", FLOOR),),
    )  # fmt: skip


def room(*objects, kind="office", walls=(WHITE,) * 4, daylight=(7.0, 8.0, 9.0)):
    return Room(
        scene_id="r", kind=kind, outline=np.array([[0.0, 0], [4, 0], [4, 4], [0, 4]]),
        height_m=2.5, walls=walls, floor=GREY, ceiling=WHITE, openings=(), daylight=daylight,
        ceiling_lights=(), bulbs=(), objects=objects, left_out=(),
    )  # fmt: skip


def test_a_furnished_room_is_described_with_relations_and_counts():
    made = room(
        thing(1, "desk", "oak"),
        thing(2, "monitor", "black", Support("on", 1)),
        thing(3, "plant", "white"),
        thing(4, "plant", "white"),
        thing(5, "office chair", "blue", Support("on_floor", FLOOR), Support("facing", 1)),
    )
    assert describe_room(made, [1, 2, 3, 4, 5]) == (
        "an office with white walls and a grey carpet, an oak desk, a black monitor on the desk, "
        "2 white plants, a blue office chair facing the desk, lit from the ceiling"
    )


def test_relations_to_objects_that_are_not_named_stay_unsaid():
    made = room(thing(1, "desk", "oak"), thing(2, "row of books", "red", Support("on", 1)))
    assert "a red row of books, lit" in describe_room(made, [2])


def test_one_wall_that_differs_and_the_evening_are_said():
    blue = replace(WHITE, color="blue")
    made = room(kind="bedroom", walls=(WHITE, WHITE, blue, WHITE), daylight=(0.05, 0.07, 0.1))
    assert describe_room(made) == (
        "a bedroom with white walls, one blue wall and a grey carpet, lit by lamps in the evening"
    )


@pytest.mark.parametrize(
    ("category", "plural"),
    [("bookshelf", "bookshelves"), ("row of books", "rows of books"), ("couch", "couches"),
     ("box", "boxes"), ("pair of shoes", "pairs of shoes")],
)  # fmt: skip
def test_plurals_are_english(category, plural):
    made = room(thing(1, category, "red"), thing(2, category, "red"))
    assert f"2 red {plural}" in describe_room(made, [1, 2])


def test_naming_an_object_that_is_not_there_is_refused():
    made = make_room("r", 0, RoomConfig())
    with pytest.raises(ValueError, match=r"has no instances \[999\]"):
        describe_room(made, [999])
