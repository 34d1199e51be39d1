"""Check a room against its own claims: ``check_room(room)`` returns what is wrong with it.

Written against the types alone and sharing no geometry with the code that places furniture:
footprints are shapely polygons, boxes are compared in numpy from their corners.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import shapely
from jaxtyping import Float64

from synth.rooms.contact import contact_below
from synth.rooms.room import FLOOR, Opening, Room, RoomObject

FaultKind = Literal[
    "bad_outline", "bad_opening", "bad_support", "bad_box", "floating", "outside", "intersecting",
    "blocks_opening", "not_facing", "back_off_wall", "off_wall", "off_ceiling", "not_under",
]  # fmt: skip
_CARRIERS: Final = ("on_floor", "on", "inside", "on_wall", "on_ceiling")
_SHARING: Final = ("on", "inside", "under")  # relations of boxes that may enter each other
_EXACT_M: Final = 1e-6
_BACK_M: Final = 0.10  # the furthest a back may stand from its wall
_PANE_AIR_M: Final = 0.15  # in front of a window, above its sill
_CORNERS: Final = np.array(
    [[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
)
_SEEN_M: Final = 12.0  # how far facing reaches


class Fault(NamedTuple):
    """Something wrong: with an object (its instance id) or with the room itself (0)."""

    kind: FaultKind
    instance_id: int
    detail: str


def check_room(room: Room) -> tuple[Fault, ...]:
    """Return all faults of a room; none for a sound one."""
    by_id = {thing.instance_id: thing for thing in room.objects}
    faults = [*_shell_faults(room)]
    if len(by_id) != len(room.objects) or min(by_id, default=1) < 1:
        faults.append(Fault("bad_support", 0, "instance ids repeat or are not positive"))
    plans = {thing.instance_id: footprint(thing) for thing in room.objects}
    for thing in room.objects:
        faults += _box_faults(thing)
        faults += _support_faults(room, thing, by_id)
        faults += _relation_faults(room, thing, by_id, plans)
        faults += _place_faults(room, thing, plans[thing.instance_id])
    for first, second in _overlapping(room.objects):
        if not _may_share(first, second):
            faults.append(
                Fault("intersecting", second.instance_id, f"{second.category} in {first.category}")
            )
    return tuple(faults)


def footprint(thing: RoomObject) -> shapely.Polygon:
    """Return an object's box seen from above."""
    half = thing.size[:2] / 2
    signs = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return shapely.Polygon(thing.center[:2] + (signs * half) @ thing.rotation[:2, :2].T)


def _shell_faults(room: Room) -> Iterator[Fault]:
    ring = shapely.LinearRing(room.outline)
    if not ring.is_simple or not shapely.is_ccw(ring):
        yield Fault("bad_outline", 0, "the outline crosses itself or runs clockwise")
    spans: dict[int, list[tuple[float, float]]] = {}
    for opening in room.openings:
        length = _wall_length(room, opening.wall)
        low = opening.along_m - opening.width_m / 2
        high = opening.along_m + opening.width_m / 2
        if low < 0 or high > length or opening.sill_m + opening.height_m > room.height_m:
            yield Fault("bad_opening", 0, f"{opening.kind} reaches beyond wall {opening.wall}")
        if any(low < b and a < high for a, b in spans.get(opening.wall, [])):
            yield Fault("bad_opening", 0, f"openings overlap on wall {opening.wall}")
        spans.setdefault(opening.wall, []).append((low, high))


def _box_faults(thing: RoomObject) -> Iterator[Fault]:
    """The box must be the tight box of what is drawn, and upright."""
    if thing.mesh is not None:
        low, high = thing.mesh.vertices.min(axis=0), thing.mesh.vertices.max(axis=0)
    elif thing.parts:
        low = np.min([p.center - p.size / 2 for p in thing.parts], axis=0)
        high = np.max([p.center + p.size / 2 for p in thing.parts], axis=0)
    else:
        yield Fault("bad_box", thing.instance_id, "neither parts nor mesh")
        return
    if np.abs([low + thing.size / 2, high - thing.size / 2]).max() > _EXACT_M:
        yield Fault("bad_box", thing.instance_id, f"{thing.category}'s box is not tight")
    if np.abs(thing.rotation[:, 2] - [0.0, 0.0, 1.0]).max() > _EXACT_M:
        yield Fault("bad_box", thing.instance_id, f"{thing.category} is not upright")


def _support_faults(
    room: Room, thing: RoomObject, by_id: Mapping[int, RoomObject]
) -> Iterator[Fault]:
    """What carries it must exist, touch it, and lie below its middle."""
    if not thing.supports or thing.supports[0].relation not in _CARRIERS:
        yield Fault("bad_support", thing.instance_id, f"nothing carries the {thing.category}")
        return
    carrier = thing.supports[0]
    bottom = float(thing.center[2] - thing.size[2] / 2)
    match carrier.relation:
        case "on_floor":
            if abs(bottom) > _EXACT_M or carrier.of != FLOOR:
                yield Fault(
                    "floating", thing.instance_id, f"bottom at {bottom:.4f} m, not on floor"
                )
        case "on_wall":
            yield from _wall_contact(room, thing, carrier.of)
        case "on_ceiling":
            gap = room.height_m - bottom - float(thing.size[2])
            if abs(gap) > _EXACT_M:
                yield Fault("off_ceiling", thing.instance_id, f"{gap:.4f} m below the ceiling")
        case _:
            below = by_id.get(carrier.of)
            if below is None or below is thing:
                yield Fault("bad_support", thing.instance_id, f"carried by unknown {carrier.of}")
            elif not contact_below(thing, below, bottom):
                yield Fault("floating", thing.instance_id,
                            f"{thing.category} at {bottom:.4f} m has no surface of "
                            f"{below.category} below its middle")  # fmt: skip


def _wall_contact(room: Room, thing: RoomObject, wall: int) -> Iterator[Fault]:
    if not 0 <= wall < len(room.outline):
        yield Fault("bad_support", thing.instance_id, f"hangs on unknown wall {wall}")
        return
    gap, turned = _gap_to_wall(room, thing, wall)
    if abs(gap) > 1e-3 or turned > 1e-3:
        yield Fault("off_wall", thing.instance_id, f"{thing.category}: back {gap:.4f} m off")


def _gap_to_wall(room: Room, thing: RoomObject, wall: int) -> tuple[float, float]:
    """Return how far a back stands from a wall's line, and 1 minus the cosine between them."""
    start, along = _wall_line(room, wall)
    inward = np.array([-along[1], along[0]])
    back = thing.rotation[:2, 1]
    middle = thing.center[:2] + back * thing.size[1] / 2
    return float((middle - start) @ inward), 1.0 + float(back @ inward)


def _wall_line(room: Room, wall: int) -> tuple[Float64[np.ndarray, "2"], Float64[np.ndarray, "2"]]:
    start, end = room.outline[wall], room.outline[(wall + 1) % len(room.outline)]
    return start, (end - start) / np.linalg.norm(end - start)


def _wall_length(room: Room, wall: int) -> float:
    return float(np.linalg.norm(room.outline[(wall + 1) % len(room.outline)] - room.outline[wall]))


def _relation_faults(
    room: Room,
    thing: RoomObject,
    by_id: Mapping[int, RoomObject],
    plans: Mapping[int, shapely.Polygon],
) -> Iterator[Fault]:
    """Chairs face their tables, backs stand at walls, what is under something is under it."""
    for relation, of in thing.supports[1:]:
        match relation:
            case "against_wall":
                gap, turned = _gap_to_wall(room, thing, of)
                if not 0.0 <= gap <= _BACK_M or turned > 1e-3:
                    yield Fault("back_off_wall", thing.instance_id, f"{gap:.3f} m off wall {of}")
            case "facing":
                front = -thing.rotation[:2, 1]
                view = shapely.LineString([thing.center[:2], thing.center[:2] + _SEEN_M * front])
                if of not in by_id or not view.intersects(plans[of]):
                    yield Fault(
                        "not_facing", thing.instance_id, f"{thing.category} faces past {of}"
                    )
            case "under":
                if of not in by_id or not plans[thing.instance_id].intersects(plans[of]):
                    yield Fault("not_under", thing.instance_id, f"{thing.category} not under {of}")
            case "beside":
                if of not in by_id:
                    yield Fault("bad_support", thing.instance_id, f"beside unknown {of}")
            case _:
                yield Fault("bad_support", thing.instance_id, f"carried twice: {relation}")


def _place_faults(room: Room, thing: RoomObject, plan: shapely.Polygon) -> Iterator[Fault]:
    top = float(thing.center[2] + thing.size[2] / 2)
    bottom = float(thing.center[2] - thing.size[2] / 2)
    outside = plan.difference(shapely.Polygon(room.outline)).area
    if outside > 1e-6 or top > room.height_m + _EXACT_M or bottom < -_EXACT_M:
        yield Fault("outside", thing.instance_id, f"{thing.category} leaves the room")
    for opening in room.openings:
        zone = _opening_zone(room, opening)
        high = opening.sill_m + opening.height_m
        if bottom < high and top > opening.sill_m and plan.intersection(zone).area > 1e-6:
            yield Fault("blocks_opening", thing.instance_id, f"{thing.category}: {opening.kind}")


def _opening_zone(room: Room, opening: Opening) -> shapely.Polygon:
    """Floor that a door swings over, or the air before a pane, seen from above."""
    start, along = _wall_line(room, opening.wall)
    inward = np.array([-along[1], along[0]])
    left = start + along * (opening.along_m - opening.width_m / 2)
    right = start + along * (opening.along_m + opening.width_m / 2)
    deep = inward * (opening.width_m if opening.kind == "door" else _PANE_AIR_M)
    return shapely.Polygon([left, right, right + deep, left + deep])


def _overlapping(things: Sequence[RoomObject]) -> Iterator[tuple[RoomObject, RoomObject]]:
    """Yield all pairs whose boxes share volume; spheres around them rule most pairs out."""
    if not things:
        return
    centers = np.stack([thing.center for thing in things])
    reach = np.array([np.linalg.norm(thing.size) / 2 for thing in things])
    near = np.linalg.norm(centers[:, None] - centers, axis=2) < reach[:, None] + reach
    for i, j in np.argwhere(np.triu(near, 1)).tolist():
        a, b = things[i], things[j]
        if _solids_overlap(a.center, a.size, a.rotation, b.center, b.size, b.rotation):
            yield a, b


def _solids_overlap(
    center_a: Float64[np.ndarray, "3"],
    size_a: Float64[np.ndarray, "3"],
    axes_a: Float64[np.ndarray, "3 3"],
    center_b: Float64[np.ndarray, "3"],
    size_b: Float64[np.ndarray, "3"],
    axes_b: Float64[np.ndarray, "3 3"],
) -> bool:
    """Whether two boxes share volume: separating axes over both boxes' own axes.

    All boxes are upright, so the edges' cross products add no axis.
    """
    corners_a = center_a + (_CORNERS * size_a) @ axes_a.T
    corners_b = center_b + (_CORNERS * size_b) @ axes_b.T
    axes = np.concatenate([axes_a.T, axes_b.T])
    on_a, on_b = corners_a @ axes.T, corners_b @ axes.T
    depth = np.minimum(on_a.max(0), on_b.max(0)) - np.maximum(on_a.min(0), on_b.min(0))
    return bool((depth > _EXACT_M).all())


def _may_share(first: RoomObject, second: RoomObject) -> bool:
    """Whether two overlapping boxes say so, and their parts stay apart."""
    declared = any(
        relation in _SHARING and of == other.instance_id
        for thing, other in ((first, second), (second, first))
        for relation, of in thing.supports
    )
    if not declared:
        return False
    return not any(
        _solids_overlap(center, size, first.rotation, at, other, second.rotation)
        for center, size in _solids(first)
        for at, other in _solids(second)
    )


def _solids(thing: RoomObject) -> list[tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]]:
    """Return middle and extents of all parts; a catalogue mesh counts as its whole box."""
    if thing.mesh is not None:
        return [(thing.center, thing.size)]
    return [(thing.center + thing.rotation @ p.center, p.size) for p in thing.parts]
