"""Say what a room looks like, for prompts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from synth.rooms.room import Pattern, Room, RoomObject

TINY_KIND: Final = "room"  # of scattered rooms, whose sentences use the tiny models' words only
_FLOORS: Final[Mapping[Pattern, str]] = {
    "planks": "plank floor", "parquet": "parquet floor", "tiles": "tiled floor",
    "carpet": "carpet", "checks": "checkered floor", "marble": "marble floor",
}  # fmt: skip
_ON: Final = ("on", "inside", "under")


def describe_room(room: Room, named: Sequence[int] = ()) -> str:
    """Describe a room: its use, walls, floor, light, and the objects with the given ids in order.

    Scattered rooms get the plain sentence the tiny models were trained on; furnished rooms also
    say where a named object is when it stands on, in, under or facing another named one.

    Raises:
        ValueError: An id is not in the room.
    """
    by_id = {thing.instance_id: thing for thing in room.objects}
    unknown = [i for i in named if i not in by_id]
    if unknown:
        raise ValueError(
            f"describe_room: {room.scene_id} has no instances {unknown}; it has {sorted(by_id)}."
        )
    if room.kind == TINY_KIND:
        wall, floor = room.walls[0].color, room.floor.color
        parts = [f"a room with {wall} walls and a {floor} floor"]
        return ", ".join([*parts, *(_with_article(by_id[i]) for i in named)])
    parts = [f"{_article(room.kind)} {room.kind} with {_walls(room)} and {_floor(room)}"]
    parts += _grouped([by_id[i] for i in named], by_id)
    return ", ".join([*parts, _light(room)])


def _article(words: str) -> str:
    return "an" if words[0] in "aeiou" else "a"


def _with_article(thing: RoomObject) -> str:
    return f"{_article(thing.color)} {thing.color} {thing.category}"


def _walls(room: Room) -> str:
    """Name the commonest paint, and one wall that differs."""
    looks = Counter((wall.color, wall.pattern) for wall in room.walls).most_common()
    color, pattern = looks[0][0]
    tiled = "tiled " if pattern == "tiles" else ""
    said = f"{color} {tiled}walls"
    if len(looks) > 1:
        other, pattern = looks[1][0]
        said += f", one {other} wall"
    return said


def _floor(room: Room) -> str:
    what = _FLOORS.get(room.floor.pattern, "floor")
    color = "" if room.floor.color == "marble" else f"{room.floor.color} "
    return f"{_article(color or what)} {color}{what}"


def _light(room: Room) -> str:
    if max(room.daylight) < 1.0:
        return "lit by lamps in the evening"
    if any(opening.kind == "window" for opening in room.openings):
        return "with daylight from the window"
    return "lit from the ceiling"


def _grouped(things: Sequence[RoomObject], by_id: Mapping[int, RoomObject]) -> list[str]:
    """Say each object once; equal ones without a relation are counted together."""
    said: list[str] = []
    alike = Counter(_with_article(t) for t in things if _relation(t, things) is None)
    for thing in things:
        phrase, relation = _with_article(thing), _relation(thing, things)
        if relation is not None:
            word, of = relation
            said.append(f"{phrase} {word} the {by_id[of].category}")
        elif alike[phrase] == 1:
            said.append(phrase)
        elif alike[phrase] > 1:
            said.append(f"{alike[phrase]} {thing.color} {_plural(thing.category)}")
            alike[phrase] = 0
    return said


def _relation(thing: RoomObject, named: Sequence[RoomObject]) -> tuple[str, int] | None:
    """Return how an object stands to another named one: carriers first, then what it faces."""
    words = {"on": "on", "inside": "in", "under": "under", "facing": "facing"}
    ids = {other.instance_id for other in named}
    order = sorted(thing.supports, key=lambda s: s.relation not in _ON)
    return next(((words[s.relation], s.of) for s in order if s.relation in words and s.of in ids),
                None)  # fmt: skip


def _plural(category: str) -> str:
    if " of " in category:  # a row of books, a pair of shoes
        first, rest = category.split(" of ", 1)
        return f"{first}s of {rest}"
    if category.endswith(("shelf", "bookshelf")):
        return f"{category[:-1]}ves"
    if category.endswith(("x", "s", "sh", "ch")):
        return f"{category}es"
    return f"{category}s"
