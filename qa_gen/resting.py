"""What stands or lies on what, as far as boxes tell.

A thing rests on another one if its underside is as high as the other's upper side and its middle
is above the other's outline. How far it is from that, in metres, is its *lift* off the other one:
the greater of the difference in height and of the way from its middle to the outline. The thing
with a lift of about 0 carries it; all others must be clearly farther.

A box's upper side is the highest point of the thing: the back of a chair, the head of a bed. A
cushion on the seat is therefore far from every upper side and nothing is said about it. Something
that lies wholly in another's box (a book in a shelf, a bin under a desk) is told by ``inside``.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from jaxtyping import Bool, Float64

from qa_gen.boxes import Boxes
from qa_gen.floor_plan import FloorPlan, floor_plan

TOLERANCE_M: Final = 0.02  # lift that still counts as contact
_IN_BOX_SLACK: Final = 1e-6


class Resting(NamedTuple):
    """How far each thing is from resting on each other one, and on the floor."""

    lift: Float64[np.ndarray, "n n"]  # of row off column, metres; inf off itself
    aside: Float64[np.ndarray, "n n"]  # from the row's middle to the column's outline
    floor_lift: Float64[np.ndarray, " n"]  # height of the underside off the floor
    inside: Bool[np.ndarray, " n"]  # wholly in another thing's box
    seen: FloorPlan


def resting(boxes: Boxes, floor_m: float | None) -> Resting:
    """Compare every underside with every upper side.

    Args:
        boxes: In metres.
        floor_m: z of the floor; ``None``: unknown, so nothing is said to be on it.
    """
    seen = floor_plan(boxes)
    n = len(seen.bottom)
    points = shapely.points(boxes.center[:, :2])
    aside = shapely.distance(points[:, None], seen.outlines[None, :]).reshape(n, n)
    height = np.abs(seen.bottom[:, None] - seen.top[None, :])
    lift = np.maximum(aside, height)
    np.fill_diagonal(lift, np.inf)
    return Resting(
        lift=lift,
        aside=aside,
        floor_lift=np.abs(seen.bottom - (np.inf if floor_m is None else floor_m)),
        inside=_inside(boxes),
        seen=seen,
    )


def _inside(boxes: Boxes) -> Bool[np.ndarray, " n"]:
    """Whether all corners of a box lie in another one."""
    corners = boxes.corners()
    offset = corners[:, None] - boxes.center[None, :, None]  # n n 8 3, of row from column
    local = np.einsum("abci,bij->abcj", offset, boxes.rotation)
    held = (np.abs(local) <= boxes.half[None, :, None] + _IN_BOX_SLACK).all(axis=(2, 3))
    np.fill_diagonal(held, val=False)
    inside: Bool[np.ndarray, " n"] = held.any(axis=1)
    return inside
