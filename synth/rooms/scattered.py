"""Rooms for the tiny models: a rectangle, one window, one door, furniture at random places.

The tiny checkpoints were trained on these rooms, so shapes, colours and the order of random draws
stay as they are: the same scene id and seed keep giving the same room.
"""

from math import atan2, cos, hypot, pi, sin
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.furniture.tiny import (
    FLOOR_COLORS,
    OBJECT_COLORS,
    TINY_CATEGORIES,
    WALL_COLORS,
    TintedBox,
)
from synth.poses import axis_angle
from synth.rooms.boxes import Placed, UprightBox, touch
from synth.rooms.config import RoomConfig, Scatter
from synth.rooms.room import (
    FLOOR,
    CeilingLight,
    Material,
    Opening,
    Part,
    Pattern,
    Room,
    RoomObject,
    Srgb,
    Support,
)

_MARGIN_M: Final = 0.04  # between two objects
_TRIES: Final = 30
_UP: Final = np.array([0.0, 0.0, 1.0])
_REPEATABLE: Final = ("chair", "stool", "box")
_WINDOW_M: Final = (1.5, 1.2, 0.9)  # width, height, sill
_DOOR_M: Final = (0.9, 2.0)
_WALL_OF: Final = (0, 2, 3, 1)  # sides y=0, y=max, x=0, x=max as numbers of the outline's walls
_DAYLIGHT: Final = (7.5, 8.2, 9.2)
_PANEL: Final = (13.0, 11.5, 9.5)
_PANE: Final = Material(color="white", srgb=(0.80, 0.88, 0.95), glow=3.8)
_DOOR: Final = Material(color="brown", srgb=(0.58, 0.42, 0.30))
_CEILING: Final = Material(color="white", srgb=(0.93, 0.93, 0.91))

Vec3 = Float64[np.ndarray, "3"]


class _Shell(NamedTuple):
    """What was drawn before any furniture, in the order the checkpoints' rooms drew it."""

    size: Vec3
    window_side: int
    door_side: int
    wall: str
    floor: str
    pattern: Pattern
    window_at: float
    door_at: float


class _Thing(NamedTuple):
    number: int
    category: str
    color: str
    size: Vec3
    center: Vec3
    yaw: float
    support: int

    @property
    def box(self) -> UprightBox:
        (w, d, h), (x, y, z) = self.size.tolist(), self.center.tolist()
        return UprightBox(
            x, y, w / 2, d / 2, z - h / 2, z + h / 2, cos(self.yaw), sin(self.yaw)
        )  # fmt: skip


def scatter_room(scene_id: str, rng: np.random.Generator, config: RoomConfig) -> Room:
    """Make one room with objects at random free places."""
    if config.scatter is None or config.side_m is None:
        raise ValueError("scatter_room needs a RoomConfig with scatter and side_m; see TINY_ROOMS.")
    shell = _draw_shell(rng, config.side_m, config.height_m)
    colors = [str(c) for c in rng.permutation(list(OBJECT_COLORS))]
    placed: list[_Thing] = []
    left_out: list[str] = []
    for category in _wanted(rng, config.scatter):
        color = colors[len(placed) % len(colors)]
        new = _place(category, color, shell.size, placed, rng)
        if new is None:
            left_out.append(category)
        else:
            placed.append(new)
    x, y, z = shell.size.tolist()
    return Room(
        scene_id=scene_id,
        kind="room",
        outline=np.array([[0.0, 0.0], [x, 0.0], [x, y], [0.0, y]]),
        height_m=z,
        walls=(Material(color=shell.wall, srgb=WALL_COLORS[shell.wall]),) * 4,
        floor=_floor(shell),
        ceiling=_CEILING,
        openings=_openings(shell),
        daylight=_DAYLIGHT,
        ceiling_lights=(CeilingLight(x_m=x / 2, y_m=y / 2, side_m=0.8, radiance=_PANEL),),
        bulbs=(),
        objects=tuple(_finished(thing) for thing in placed),
        left_out=tuple(left_out),
    )


def _draw_shell(
    rng: np.random.Generator, side_m: tuple[float, float], height_m: tuple[float, float]
) -> _Shell:
    size = np.array([rng.uniform(*side_m), rng.uniform(*side_m), rng.uniform(*height_m)])
    window, door = (int(w) for w in rng.permutation(4)[:2])
    wall, floor = str(rng.choice(list(WALL_COLORS))), str(rng.choice(list(FLOOR_COLORS)))
    pattern: Pattern = "planks" if floor == "wood" else ("tiles", "plain")[rng.integers(2)]
    window_at, door_at = float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.2, 0.8))
    return _Shell(size, window, door, wall, floor, pattern, window_at, door_at)


def _floor(shell: _Shell) -> Material:
    srgb = FLOOR_COLORS[shell.floor]
    match shell.pattern:
        case "planks":
            return Material(
                color=shell.floor, srgb=srgb, pattern="planks", repeat_m=2.4, contrast=0.3
            )
        case "tiles":
            r, g, b = (c * 0.967 for c in srgb)  # every other tile was darker: this is the mean
            return Material(
                color=shell.floor, srgb=(r, g, b), pattern="checks", repeat_m=1.20, contrast=0.075
            )
        case _:
            return Material(color=shell.floor, srgb=srgb)


def _openings(shell: _Shell) -> tuple[Opening, ...]:
    def along(side: int, at: float, width: float) -> float:
        length = float(shell.size[0] if side < 2 else shell.size[1])
        middle = float(np.clip(at * length, width / 2 + 0.1, length - width / 2 - 0.1))
        return length - middle  # the shares count against the outline's direction

    width, height, sill = _WINDOW_M
    window = Opening(
        kind="window", wall=_WALL_OF[shell.window_side], width_m=width, height_m=height,
        along_m=along(shell.window_side, shell.window_at, width), sill_m=sill, material=_PANE,
    )  # fmt: skip
    door = Opening(
        kind="door", wall=_WALL_OF[shell.door_side], width_m=_DOOR_M[0], height_m=_DOOR_M[1],
        along_m=along(shell.door_side, shell.door_at, _DOOR_M[0]), sill_m=0.0, material=_DOOR,
    )  # fmt: skip
    return window, door


def _wanted(rng: np.random.Generator, scatter: Scatter) -> list[str]:
    """Categories to place: floor objects from large to small, then what stands on them."""
    on_floor = [name for name, c in TINY_CATEGORIES.items() if c.where != "on_top"]
    on_top = [name for name, c in TINY_CATEGORIES.items() if c.where == "on_top"]
    n_floor = int(rng.integers(scatter.n_floor_objects[0], scatter.n_floor_objects[1] + 1))
    chosen = [str(name) for name in rng.permutation(on_floor)[:n_floor]]
    if rng.random() < scatter.repeat_share:
        repeated = [name for name in chosen if name in _REPEATABLE]
        chosen += repeated[:1]
    n_top = int(rng.integers(0, scatter.n_top_objects + 1))
    small = [str(name) for name in rng.permutation(on_top)[:n_top]]
    order = list(TINY_CATEGORIES)  # the table goes from large to small
    return [*sorted(chosen, key=order.index), *small]


def _place(
    category: str, color: str, room: Vec3, placed: list[_Thing], rng: np.random.Generator
) -> _Thing | None:
    spec = TINY_CATEGORIES[category]
    size = np.array(
        [rng.uniform(*spec.width_m), rng.uniform(*spec.depth_m), rng.uniform(*spec.height_m)]
    )
    for _ in range(_TRIES):
        support = None
        match spec.where:
            case "wall":
                place = _against_wall(size, room, rng)
            case "free":
                place = _on_free_floor(size, room, rng)
            case "on_top":
                supports = [o for o in placed if TINY_CATEGORIES[o.category].supports]
                if not supports:
                    return None
                support = supports[int(rng.integers(len(supports)))]
                place = _on_top_of(support, size, rng)
        bottom = 0.0 if support is None else float(support.center[2] + support.size[2] / 2)
        new = _Thing(
            number=len(placed) + 1,
            category=category,
            color=color,
            size=size,
            center=np.array([place.x, place.y, bottom + size[2] / 2]),
            yaw=place.yaw,
            support=FLOOR if support is None else support.number,
        )
        if _fits(new, room, placed, support):
            return new
    return None


def _against_wall(size: Vec3, room: Vec3, rng: np.random.Generator) -> Placed:
    """Back 3 cm from a random wall; +y of the object points at the wall."""
    wall, along = int(rng.integers(4)), float(rng.uniform())
    gap = float(size[1] / 2 + 0.03)
    x, y, _ = room.tolist()
    side = x if wall < 2 else y
    s = float(size[0] / 2 + _MARGIN_M + along * (side - size[0] - 2 * _MARGIN_M))
    match wall:
        case 0:
            return Placed(s, gap, pi)
        case 1:
            return Placed(s, y - gap, 0.0)
        case 2:
            return Placed(gap, s, pi / 2)
        case _:
            return Placed(x - gap, s, -pi / 2)


def _on_free_floor(size: Vec3, room: Vec3, rng: np.random.Generator) -> Placed:
    reach = hypot(size[0], size[1]) / 2 + _MARGIN_M
    x, y = rng.uniform(reach, room[:2] - reach).tolist()
    quarter = int(rng.integers(4)) * pi / 2
    return Placed(x, y, float(quarter + rng.uniform(-0.35, 0.35)))


def _on_top_of(support: _Thing, size: Vec3, rng: np.random.Generator) -> Placed:
    """Somewhere on the support's top, wholly over it when it fits, turned like it."""
    free = np.maximum(support.size[:2] - size[:2] - 0.04, 0.0) / 2
    across, back = rng.uniform(-free, free).tolist()
    x, y = support.box.world(across, back)
    return Placed(x, y, atan2(sin(support.yaw), cos(support.yaw)))


def _fits(new: _Thing, room: Vec3, placed: list[_Thing], support: _Thing | None) -> bool:
    corners = np.array(new.box.corners())
    inside = (corners >= 0.01).all() and (corners <= room[:2] - 0.01).all()
    if support is not None and (new.size[:2] > support.size[:2]).any():
        return False
    return bool(inside) and not any(
        touch(new.box, other.box, _MARGIN_M) for other in placed if other is not support
    )


def _finished(thing: _Thing) -> RoomObject:
    parts = tuple(
        _part(thing.color, box) for box in TINY_CATEGORIES[thing.category].parts(thing.size)
    )
    carrier = (
        Support("on_floor", FLOOR) if thing.support == FLOOR else Support("on", thing.support)
    )  # fmt: skip
    return RoomObject(
        instance_id=thing.number,
        category=thing.category,
        color=thing.color,
        center=thing.center,
        size=thing.size,
        rotation=axis_angle(_UP, thing.yaw),
        parts=parts,
        supports=(carrier,),
    )


def _part(color: str, box: TintedBox) -> Part:
    r, g, b = (min(0.95, max(0.02, c * box.tint)) for c in OBJECT_COLORS[color])
    srgb: Srgb = (r, g, b)
    return Part(center=box.center, size=box.size, material=Material(color=color, srgb=srgb))
