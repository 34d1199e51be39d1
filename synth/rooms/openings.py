"""Walls, doors and windows: where they are and what floor and wall they keep free."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, hypot
from typing import Final

import numpy as np

from synth.rooms.boxes import Placed, Point, UprightBox, box_at
from synth.rooms.room import Material, Opening
from synth.rooms.shapes import Outline

CORNER_M: Final = 0.12  # openings keep this far from the ends of their wall
_BETWEEN_M: Final = 0.35  # and this far from each other
_SWING_M: Final = 0.05  # beyond the leaf's width
_REVEAL_M: Final = 0.30  # nothing higher than the sill stands this close to a window
FRAME_M: Final = 0.07  # frames around openings
_SILL_BOARD_M: Final = 0.10  # below the opening
_DOOR_M: Final = 2.02  # height (DIN 18101: 1.985-2.11)
_TRIES: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A straight piece of wall.

    Attributes:
        number: Index of its first corner in the outline.
        along: Unit vector from its first corner to its second.
    """

    number: int
    start: Point
    along: Point
    length_m: float

    @property
    def inward(self) -> Point:
        """Unit normal into the room: to the left of ``along``."""
        return -self.along[1], self.along[0]

    @property
    def yaw(self) -> float:
        """Yaw of a thing whose back points at this wall."""
        nx, ny = self.inward
        return atan2(nx, -ny)

    def point(self, along_m: float, away_m: float) -> Point:
        """Return the point of the floor plan at a place along the wall, away from it."""
        nx, ny = self.inward
        return (
            self.start[0] + self.along[0] * along_m + nx * away_m,
            self.start[1] + self.along[1] * along_m + ny * away_m,
        )

    def place(self, along_m: float, away_m: float) -> Placed:
        """Return the place of a thing with its back to this wall, its middle ``away_m`` off."""
        x, y = self.point(along_m, away_m)
        return Placed(x, y, self.yaw)


def walls_of(outline: Outline) -> tuple[Wall, ...]:
    """Return the walls of an outline, in its order."""
    corners = [(float(x), float(y)) for x, y in outline]
    walls = []
    for number, start in enumerate(corners):
        end = corners[(number + 1) % len(corners)]
        length = hypot(end[0] - start[0], end[1] - start[1])
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        walls.append(Wall(number=number, start=start, along=along, length_m=length))
    return tuple(walls)


def keep_out(opening: Opening, wall: Wall) -> UprightBox:
    """Return the space an opening needs: a door's swing, the air in front of a pane."""
    if opening.kind == "door":
        deep = opening.width_m + _SWING_M
        size = (opening.width_m + 2 * FRAME_M, deep, opening.height_m + FRAME_M)
        return box_at(wall.place(opening.along_m, deep / 2), size)
    low = max(0.0, opening.sill_m - _SILL_BOARD_M)
    high = opening.sill_m + opening.height_m + FRAME_M
    size = (opening.width_m + 2 * FRAME_M, _REVEAL_M, high - low)
    return box_at(wall.place(opening.along_m, _REVEAL_M / 2), size, low)


def _free(openings: Sequence[Opening], wall: Wall, along_m: float, width_m: float) -> bool:
    half = width_m / 2
    if along_m - half < CORNER_M or along_m + half > wall.length_m - CORNER_M:
        return False
    return all(
        abs(other.along_m - along_m) >= half + other.width_m / 2 + _BETWEEN_M
        for other in openings
        if other.wall == wall.number
    )


def _swing_is_free(door: Opening, walls: Sequence[Wall], openings: Sequence[Opening]) -> bool:
    """A door's leaf must not strike a window's or another door's space around a corner."""
    wall = walls[door.wall]
    nx, ny = wall.inward
    x, y = wall.point(door.along_m, door.width_m)
    for other in walls:
        if other.number == wall.number:
            continue
        ox, oy = other.inward
        off = (x - other.start[0]) * ox + (y - other.start[1]) * oy
        facing = ox * nx + oy * ny
        if facing < -0.5 and 0 < off < 0.3 and _spans(other, x, y):
            return False  # the opposite wall is too near
    return all(o.kind != "door" or abs(o.wall - door.wall) != 1 or _apart(o, door, walls)
               for o in openings)  # fmt: skip


def _spans(wall: Wall, x: float, y: float) -> bool:
    along = (x - wall.start[0]) * wall.along[0] + (y - wall.start[1]) * wall.along[1]
    return -0.2 < along < wall.length_m + 0.2


def _apart(first: Opening, second: Opening, walls: Sequence[Wall]) -> bool:
    x0, y0 = walls[first.wall].point(first.along_m, 0.0)
    x1, y1 = walls[second.wall].point(second.along_m, 0.0)
    return hypot(x1 - x0, y1 - y0) > first.width_m + second.width_m


def draw_openings(
    walls: Sequence[Wall],
    height_m: float,
    n_doors: int,
    n_windows: int,
    materials: tuple[Material, Material],
    rng: np.random.Generator,
) -> tuple[Opening, ...]:
    """Put doors (DIN 18101 leaves) and windows on the walls; what finds no place is not made.

    Args:
        walls: All walls of the room.
        height_m: Of the ceiling.
        n_doors: How many doors to try.
        n_windows: How many windows to try; they avoid the doors' walls while others are free.
        materials: Of doors and of windows.
        rng: Draws sizes and places.
    """
    openings: list[Opening] = []
    sill, top = float(rng.uniform(0.80, 0.95)), min(2.2, height_m - 0.25)
    bottom = 0.08 if rng.random() < 0.2 else sill  # French windows
    for number in range(n_doors + n_windows):
        is_door = number < n_doors
        for attempt in range(_TRIES):
            wall = walls[int(rng.integers(len(walls)))]
            with_door = any(o.kind == "door" and o.wall == wall.number for o in openings)
            if not is_door and with_door and attempt < _TRIES // 2:
                continue
            width = float(rng.choice((0.80, 0.86, 0.96)) if is_door else rng.uniform(0.9, 1.9))
            if wall.length_m < width + 2 * CORNER_M:
                continue
            along = float(rng.uniform(CORNER_M + width / 2, wall.length_m - CORNER_M - width / 2))
            opening = Opening(
                kind="door" if is_door else "window",
                wall=wall.number,
                along_m=along,
                width_m=width,
                height_m=_DOOR_M if is_door else top - bottom,
                sill_m=0.0 if is_door else bottom,
                material=materials[0] if is_door else materials[1],
            )
            swings = not is_door or _swing_is_free(opening, walls, openings)
            if swings and _free(openings, wall, along, width):
                openings.append(opening)
                break
    return tuple(openings)
