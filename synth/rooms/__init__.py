"""Procedural rooms: furniture in metric sizes that rests on its support and never intersects.

Placement goes from large to small with a bounded number of tries per object; what does not fit
is left out and counted in ``Room.left_out``. The box that is placed is the box of the final
parts (placing a placeholder and swapping in another mesh is how other generators float things).
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Float64

from synth.furniture import CATEGORIES, FLOOR_COLORS, OBJECT_COLORS, WALL_COLORS, Part
from synth.poses import axis_angle
from synth.seeding import rng_for

CLEARANCE_M: Final = 0.04  # between two objects, and the reason nothing ever touches by rounding
_TRIES: Final = 30
_UP: Final = np.array([0.0, 0.0, 1.0])
_REPEATABLE: Final = ("chair", "stool", "box")

FloorPattern = Literal["plain", "planks", "tiles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomConfig:
    """What rooms look like.

    Attributes:
        side_m: Range of width and depth.
        height_m: Range of the ceiling height.
        n_floor_objects: Fewest and most objects standing on the floor.
        n_top_objects: Most objects standing on others.
        repeat_share: Chance that one category stands there twice.
    """

    side_m: tuple[float, float] = (3.8, 5.8)
    height_m: tuple[float, float] = (2.5, 2.9)
    n_floor_objects: tuple[int, int] = (5, 8)
    n_top_objects: int = 2
    repeat_share: float = 0.25

    def __post_init__(self) -> None:
        if not 3.0 <= self.side_m[0] <= self.side_m[1]:
            raise ValueError(
                f"RoomConfig.side_m must be a range starting at 3.0 or more metres (smaller rooms "
                f"leave no free camera path), got {self.side_m}."
            )
        if not 1 <= self.n_floor_objects[0] <= self.n_floor_objects[1]:
            raise ValueError(
                f"RoomConfig.n_floor_objects must be (fewest, most) with fewest >= 1, got "
                f"{self.n_floor_objects}."
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoomObject:
    """A placed object: its oriented box and the boxes it is drawn with.

    Attributes:
        rotation: Columns are its width, back and up axes in the world.
        parts: In the object's own axes.
        supported_by: Instance id of what it stands on, or ``None`` for the floor.
    """

    instance_id: int
    category: str
    color: str
    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    rotation: Float64[np.ndarray, "3 3"]
    parts: tuple[Part, ...]
    supported_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """A box room with one corner in the origin: x to ``size_m[0]``, y to ``size_m[1]``, z up.

    Attributes:
        window_wall: Wall with the window: 0 at y=0, 1 at y=max, 2 at x=0, 3 at x=max.
        window_at: Middle of the window along that wall, as a share of it.
        door_wall: Wall with the door, never the window's.
        left_out: Categories that found no free place.
    """

    scene_id: str
    size_m: Float64[np.ndarray, "3"]
    wall_color: str
    floor_color: str
    floor_pattern: FloorPattern
    window_wall: int
    window_at: float
    door_wall: int
    door_at: float
    objects: tuple[RoomObject, ...]
    left_out: tuple[str, ...]

    @property
    def floor_polygon(self) -> Float64[np.ndarray, "4 2"]:
        """Floor outline in metres, counter-clockwise."""
        x, y, _ = self.size_m
        return np.array([[0.0, 0.0], [x, 0.0], [x, y], [0.0, y]])


def make_room(scene_id: str, seed: int, config: RoomConfig) -> Room:
    """Furnish one room; the same arguments give the same room anywhere."""
    rng = rng_for(seed, scene_id, "room")
    size = np.array(
        [rng.uniform(*config.side_m), rng.uniform(*config.side_m), rng.uniform(*config.height_m)]
    )
    window_wall, door_wall = (int(w) for w in rng.permutation(4)[:2])
    wall, floor = str(rng.choice(list(WALL_COLORS))), str(rng.choice(list(FLOOR_COLORS)))
    pattern: FloorPattern = "planks" if floor == "wood" else ("tiles", "plain")[rng.integers(2)]
    window_at, door_at = float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.2, 0.8))
    placed: list[RoomObject] = []
    left_out: list[str] = []
    colors = [str(c) for c in rng.permutation(list(OBJECT_COLORS))]
    for category in _wanted(rng, config):
        color = colors[len(placed) % len(colors)]
        new = _place(category, color, len(placed) + 1, size, placed, rng)
        if new is None:
            left_out.append(category)
        else:
            placed.append(new)
    return Room(
        scene_id=scene_id,
        size_m=size,
        wall_color=wall,
        floor_color=floor,
        floor_pattern=pattern,
        window_wall=window_wall,
        window_at=window_at,
        door_wall=door_wall,
        door_at=door_at,
        objects=tuple(placed),
        left_out=tuple(left_out),
    )


def _wanted(rng: np.random.Generator, config: RoomConfig) -> list[str]:
    """Categories to place: floor objects from large to small, then what stands on them."""
    on_floor = [name for name, c in CATEGORIES.items() if c.where != "on_top"]
    on_top = [name for name, c in CATEGORIES.items() if c.where == "on_top"]
    n_floor = int(rng.integers(config.n_floor_objects[0], config.n_floor_objects[1] + 1))
    chosen = [str(name) for name in rng.permutation(on_floor)[:n_floor]]
    if rng.random() < config.repeat_share:
        repeated = [name for name in chosen if name in _REPEATABLE]
        chosen += repeated[:1]
    n_top = int(rng.integers(0, config.n_top_objects + 1))
    small = [str(name) for name in rng.permutation(on_top)[:n_top]]
    order = list(CATEGORIES)  # the table goes from large to small
    return [*sorted(chosen, key=order.index), *small]


def _place(
    category: str,
    color: str,
    instance_id: int,
    room_size: Float64[np.ndarray, "3"],
    placed: list[RoomObject],
    rng: np.random.Generator,
) -> RoomObject | None:
    spec = CATEGORIES[category]
    size = np.array(
        [rng.uniform(*spec.width_m), rng.uniform(*spec.depth_m), rng.uniform(*spec.height_m)]
    )
    for _ in range(_TRIES):
        support = None
        match spec.where:
            case "wall":
                xy, yaw = _against_wall(size, room_size, rng)
            case "free":
                xy, yaw = _on_free_floor(size, room_size, rng)
            case "on_top":
                supports = [o for o in placed if CATEGORIES[o.category].supports]
                if not supports:
                    return None
                support = supports[int(rng.integers(len(supports)))]
                xy, yaw = _on_top_of(support, size, rng)
        bottom = 0.0 if support is None else support.center[2] + support.size[2] / 2
        new = RoomObject(
            instance_id=instance_id,
            category=category,
            color=color,
            center=np.array([xy[0], xy[1], bottom + size[2] / 2]),
            size=size,
            rotation=axis_angle(_UP, yaw),
            parts=tuple(spec.parts(size)),
            supported_by=None if support is None else support.instance_id,
        )
        if _fits(new, room_size, placed, support):
            return new
    return None


def _against_wall(
    size: Float64[np.ndarray, "3"], room: Float64[np.ndarray, "3"], rng: np.random.Generator
) -> tuple[Float64[np.ndarray, "2"], float]:
    """Back 3 cm from a random wall; +y of the object points at the wall."""
    wall, along = int(rng.integers(4)), float(rng.uniform())
    gap = size[1] / 2 + 0.03
    side = room[0] if wall < 2 else room[1]
    s = size[0] / 2 + CLEARANCE_M + along * (side - size[0] - 2 * CLEARANCE_M)
    match wall:
        case 0:
            return np.array([s, gap]), np.pi
        case 1:
            return np.array([s, room[1] - gap]), 0.0
        case 2:
            return np.array([gap, s]), np.pi / 2
        case _:
            return np.array([room[0] - gap, s]), -np.pi / 2


def _on_free_floor(
    size: Float64[np.ndarray, "3"], room: Float64[np.ndarray, "3"], rng: np.random.Generator
) -> tuple[Float64[np.ndarray, "2"], float]:
    reach = float(np.hypot(size[0], size[1])) / 2 + CLEARANCE_M
    xy = rng.uniform(reach, room[:2] - reach)
    quarter = int(rng.integers(4)) * np.pi / 2
    return xy, float(quarter + rng.uniform(-0.35, 0.35))


def _on_top_of(
    support: RoomObject, size: Float64[np.ndarray, "3"], rng: np.random.Generator
) -> tuple[Float64[np.ndarray, "2"], float]:
    """Somewhere on the support's top, wholly over it when it fits, turned like it."""
    free = np.maximum(support.size[:2] - size[:2] - 0.04, 0.0) / 2
    local = np.array([*rng.uniform(-free, free), 0.0])
    yaw = float(np.arctan2(support.rotation[1, 0], support.rotation[0, 0]))
    return (support.center + support.rotation @ local)[:2], yaw


def _fits(
    new: RoomObject,
    room: Float64[np.ndarray, "3"],
    placed: list[RoomObject],
    support: RoomObject | None,
) -> bool:
    corners = footprint(new)
    inside = (corners >= 0.01).all() and (corners <= room[:2] - 0.01).all()
    if support is not None and (new.size[:2] > support.size[:2]).any():
        return False
    return bool(inside) and not any(
        boxes_intersect(new, other, margin_m=CLEARANCE_M)
        for other in placed
        if other is not support
    )


def footprint(thing: RoomObject, *, margin_m: float = 0.0) -> Float64[np.ndarray, "4 2"]:
    """Corners of the box seen from above, grown by ``margin_m`` on every side."""
    half = thing.size[:2] / 2 + margin_m
    signs = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    corners: Float64[np.ndarray, "4 2"] = (
        thing.center[:2] + (signs * half) @ thing.rotation[:2, :2].T
    )
    return corners


def boxes_intersect(first: RoomObject, second: RoomObject, *, margin_m: float) -> bool:
    """Whether two upright boxes come closer than ``margin_m`` (separating axes; z is exact)."""
    gap_z = abs(first.center[2] - second.center[2]) - (first.size[2] + second.size[2]) / 2
    if gap_z >= margin_m:
        return False
    a, b = footprint(first, margin_m=margin_m), footprint(second)
    for axes in (first.rotation[:2, :2], second.rotation[:2, :2]):
        on_a, on_b = a @ axes, b @ axes
        if ((on_a.max(0) <= on_b.min(0)) | (on_b.max(0) <= on_a.min(0))).any():
            return False
    return True
