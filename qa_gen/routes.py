"""Routes of straight legs between objects, with the turns a robot makes between them.

Everything is tried at once, leg by leg: free first legs between all pairs of objects, free second
legs from where those stop, and so on. Each step keeps at most ``PER_PAIR`` legs per ordered pair
of objects, drawn evenly, so that cost stays near the square of their number.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.directions import Sectors, classify_turns, heading_deg
from qa_gen.enumeration import arrangements
from qa_gen.floor_plan import FloorPlan
from qa_gen.free_floor import FreeFloor, legs

PER_PAIR: Final = 2
MOST_LEGS: Final = 3
LEAST_LEG_M: Final = 0.5
LEFT, BACK, RIGHT = range(3)
TURNS: Final = ("Turn Left", "Turn Back", "Turn Right")
# From straight ahead, counter-clockwise; less than 45 degrees off it is no turn.
_SECTORS: Final = Sectors(
    ("ahead", "left", "back", "right", "ahead"), (0.0, 45.0, 135.0, 225.0, 315.0)
)


class Routes(NamedTuple):
    """Routes with the same number of legs.

    Attributes:
        stops: Indices of things: where it starts, then what each leg goes to.
        turn: Before each leg but the first: ``LEFT``, ``BACK`` or ``RIGHT``, -1 for none.
        margin_deg: Of each turn, to the nearest boundary of its sector on either side.
        length: Of each leg.
        end: Where the robot is at last.
        heading_deg: Which way it looks then.
    """

    stops: Int64[np.ndarray, "c s"]
    turn: Int64[np.ndarray, "c t"]
    margin_deg: Float64[np.ndarray, "c t"]
    length: Float64[np.ndarray, "c l"]
    end: Float64[np.ndarray, "c 2"]
    heading_deg: Float64[np.ndarray, " c"]

    def take(self, rows: Int64[np.ndarray, " r"]) -> "Routes":
        """Return the routes at ``rows``, repeats allowed."""
        return Routes(*(column[rows] for column in self))


class Turning(NamedTuple):
    """What a change of direction is called, and how surely."""

    turn: Int64[np.ndarray, " c"]
    margin_deg: Float64[np.ndarray, " c"]


def turning(change_deg: Float64[np.ndarray, " c"]) -> Turning:
    """Name changes of direction (degrees, counter-clockwise)."""
    angle = change_deg % 360.0
    sector = classify_turns(angle, _SECTORS).sector
    inner = np.array(_SECTORS.starts_deg[1:])
    margin = np.abs((angle[:, None] - inner + 180.0) % 360.0 - 180.0).min(axis=1)
    name = np.array([-1, LEFT, BACK, RIGHT, -1])[sector]
    return Turning(turn=name, margin_deg=margin)


def first_legs(floor: FreeFloor, plan: FloorPlan, n: int, rng: np.random.Generator) -> Routes:
    """Return all free straight ways between the first ``n`` things."""
    pairs = arrangements(n, 2, rng)
    start, goal = pairs.T
    way = legs(floor, plan.middle[start], goal, plan.middle, inside=start)
    length = np.linalg.norm(way.stop - way.start, axis=1)
    routes = Routes(
        stops=pairs,
        turn=np.zeros((len(pairs), 0), np.int64),
        margin_deg=np.zeros((len(pairs), 0)),
        length=length[:, None],
        end=way.stop,
        heading_deg=heading_deg(plan.middle[goal] - plan.middle[start]),
    )
    return routes.take(np.flatnonzero(way.free & (length >= LEAST_LEG_M)))


def one_leg_more(
    routes: Routes, floor: FreeFloor, plan: FloorPlan, n: int, rng: np.random.Generator
) -> Routes:
    """Continue every route to every thing it has not been at, by a clear turn."""
    row = np.repeat(np.arange(len(routes.stops)), n)
    goal = np.tile(np.arange(n), len(routes.stops))
    fresh = (routes.stops[row] != goal[:, None]).all(axis=1)
    heading = heading_deg(plan.middle[goal] - routes.end[row])
    turned = turning(heading - routes.heading_deg[row])
    chosen = np.flatnonzero(fresh & (turned.turn >= 0))
    most = PER_PAIR * n * n
    if len(chosen) > most:
        chosen = np.sort(rng.choice(chosen, size=most, replace=False))
    row, goal, heading = row[chosen], goal[chosen], heading[chosen]
    way = legs(floor, routes.end[row], goal, plan.middle)
    length = np.linalg.norm(way.stop - way.start, axis=1)
    before = routes.take(row)
    longer = Routes(
        stops=np.column_stack([before.stops, goal]),
        turn=np.column_stack([before.turn, turned.turn[chosen]]),
        margin_deg=np.column_stack([before.margin_deg, turned.margin_deg[chosen]]),
        length=np.column_stack([before.length, length]),
        end=way.stop,
        heading_deg=heading,
    )
    return longer.take(np.flatnonzero(way.free & (length >= LEAST_LEG_M)))
