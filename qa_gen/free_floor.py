"""Free floor: the outline of a room less what stands on it, for a robot with a radius.

All lengths are in metres (the outline's unit). A robot is a disc of ``RADIUS_M`` that is
``HEIGHT_M`` high: what hangs above it is not in its way, what is flatter than ``FLAT_M`` (a rug)
neither. A way is free if the robot's middle keeps its radius from walls and from everything that
stands; ways are tested many at once.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from jaxtyping import Bool, Float64, Int64, Shaped

from qa_gen.floor_plan import FloorPlan

RADIUS_M: Final = 0.20  # of a vacuum cleaner or a small delivery robot
HEIGHT_M: Final = 1.00
FLAT_M: Final = 0.03
STOP_M: Final = 0.30  # a robot that goes "until the chair" stops so far before its outline


class FreeFloor(NamedTuple):
    """Where a robot may go.

    Attributes:
        room: Where its middle may be if there were no furniture: the outline, shrunk.
        outlines: Outlines of all things.
        standing: Indices of the things in its way.
        clearance: What its middle keeps from them.
    """

    room: shapely.Geometry
    outlines: Shaped[np.ndarray, " n"]
    standing: Int64[np.ndarray, " s"]
    clearance: float


class Legs(NamedTuple):
    """Straight ways to things, each from its start to where the robot stops.

    Attributes:
        start: Where it starts, or where it leaves the outline of the thing it starts at.
        stop: ``STOP_M`` before the outline of the thing it goes to.
        free: Whether the robot can go there.
    """

    start: Float64[np.ndarray, "c 2"]
    stop: Float64[np.ndarray, "c 2"]
    free: Bool[np.ndarray, " c"]


def free_floor(
    outline: Float64[np.ndarray, "p 2"], plan: FloorPlan, *, safety_m: float = 0.0
) -> FreeFloor:
    """Prepare a room.

    Args:
        outline: Corners of its floor, in order, either way round.
        plan: Everything in it; heights above the floor, which is z = 0.
        safety_m: Added to the robot's radius where geometry is uncertain.

    Raises:
        ValueError: The outline crosses itself or has no area.
    """
    room = shapely.Polygon(outline)
    if not room.is_valid or room.area <= 0:
        raise ValueError(
            f"the floor outline {np.asarray(outline).tolist()} is no simple polygon "
            f"({shapely.is_valid_reason(room)}); give its corners in order, without crossings."
        )
    clearance = RADIUS_M + safety_m
    inner = room.buffer(-clearance)
    shapely.prepare(inner)
    return FreeFloor(
        room=inner,
        outlines=plan.outlines,
        standing=np.flatnonzero((plan.top > FLAT_M) & (plan.bottom < HEIGHT_M)),
        clearance=clearance,
    )


def legs(
    floor: FreeFloor,
    start: Float64[np.ndarray, "c 2"],
    goal: Int64[np.ndarray, " c"],
    middle: Float64[np.ndarray, "n 2"],
    inside: Int64[np.ndarray, " c"] | None = None,
) -> Legs:
    """Go straight from ``start`` toward the middle of thing ``goal`` and stop before it.

    Args:
        floor: The room.
        start: Where each way starts.
        goal: Index of the thing it goes to; it does not block its own way.
        middle: Middles of all things.
        inside: Thing in whose middle the robot starts; it does not block the way, which counts
            from where it leaves the thing's outline. ``None``: it starts on free floor.
    """
    whole = shapely.linestrings(np.stack([start, middle[goal]], axis=1))
    before = shapely.difference(whole, _grown(floor, STOP_M)[goal])
    if inside is not None:
        before = shapely.difference(before, floor.outlines[inside])
    # What is left of a line after convex pieces at its ends are cut off is a line, or nothing.
    some = (shapely.get_type_id(before) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(
        before
    )
    first, last = np.array(start, dtype=np.float64), np.array(start, dtype=np.float64)
    rest = before[some]
    first[some] = shapely.get_coordinates(shapely.get_point(rest, 0))
    last[some] = shapely.get_coordinates(shapely.get_point(rest, -1))
    free = some.copy()
    free[some] = shapely.covers(floor.room, rest)
    ignored = [goal] if inside is None else [goal, inside]
    free &= ~_blocked(floor, before, ignored)
    return Legs(start=first, stop=last, free=free)


def _grown(floor: FreeFloor, by: float) -> Shaped[np.ndarray, " n"]:
    grown: Shaped[np.ndarray, " n"] = shapely.buffer(floor.outlines, by, quad_segs=8)
    return grown


def _blocked(
    floor: FreeFloor, ways: Shaped[np.ndarray, " c"], ignored: list[Int64[np.ndarray, " c"]]
) -> Bool[np.ndarray, " c"]:
    """Whether something other than the ignored things comes closer than the clearance."""
    blocked = np.zeros(len(ways), dtype=np.bool_)
    tree = shapely.STRtree(floor.outlines[floor.standing])
    way, which = tree.query(ways, predicate="dwithin", distance=floor.clearance)
    hit = floor.standing[which]
    counts = np.ones(len(way), dtype=np.bool_)
    for things in ignored:
        counts &= hit != things[way]
    blocked[way[counts]] = True
    return blocked
