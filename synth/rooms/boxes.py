"""Upright boxes in plain floats: the fast geometry of placing.

A furnished room asks thousands of times whether two boxes touch; on two boxes at a time numpy's
call overhead costs more than the arithmetic, so this module uses none. ``check.py`` answers the
same questions again with numpy and shapely, and shares no code with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, sin
from typing import NamedTuple

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UprightBox:
    """A box turned about +z: center, half extents, height span, cosine and sine of its yaw."""

    x: float
    y: float
    half_w: float
    half_d: float
    z_low: float
    z_high: float
    cos: float
    sin: float

    def local(self, x: float, y: float) -> Point:
        """Take a point of the room to this box's axes."""
        dx, dy = x - self.x, y - self.y
        return self.cos * dx + self.sin * dy, -self.sin * dx + self.cos * dy

    def world(self, across: float, back: float) -> Point:
        """Take a point in this box's axes to the room."""
        return (
            self.x + self.cos * across - self.sin * back,
            self.y + self.sin * across + self.cos * back,
        )

    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Return the footprint, counter-clockwise."""
        w, d = self.half_w, self.half_d
        return self.world(-w, -d), self.world(w, -d), self.world(w, d), self.world(-w, d)


class Placed(NamedTuple):
    """A position and a yaw on the floor plan."""

    x: float
    y: float
    yaw: float


def box_at(place: Placed, size: tuple[float, float, float], z_low: float = 0.0) -> UprightBox:
    """Stand a box of ``size`` (width, depth, height) at a place."""
    w, d, h = size
    return UprightBox(
        place.x, place.y, w / 2, d / 2, z_low, z_low + h, cos(place.yaw), sin(place.yaw)
    )


def touch(a: UprightBox, b: UprightBox, margin_m: float) -> bool:
    """Whether two boxes come closer than ``margin_m``, by separating axes; z is exact.

    The first box is grown by the margin on every side, so near its corners this keeps things a
    little further apart than asked.
    """
    if a.z_low - b.z_high >= margin_m or b.z_low - a.z_high >= margin_m:
        return False
    dx, dy = b.x - a.x, b.y - a.y
    reach = a.half_w + a.half_d + b.half_w + b.half_d + margin_m
    if dx > reach or dx < -reach or dy > reach or dy < -reach:
        return False
    c = abs(a.cos * b.cos + a.sin * b.sin)
    s = abs(a.cos * b.sin - a.sin * b.cos)
    on_a = abs(a.cos * dx + a.sin * dy), abs(a.cos * dy - a.sin * dx)
    on_b = abs(b.cos * dx + b.sin * dy), abs(b.cos * dy - b.sin * dx)
    return not (
        on_a[0] >= a.half_w + b.half_w * c + b.half_d * s + margin_m
        or on_a[1] >= a.half_d + b.half_w * s + b.half_d * c + margin_m
        or on_b[0] >= b.half_w + (a.half_w + margin_m) * c + (a.half_d + margin_m) * s
        or on_b[1] >= b.half_d + (a.half_w + margin_m) * s + (a.half_d + margin_m) * c
    )


def contains(outline: Sequence[Point], x: float, y: float) -> bool:
    """Whether a point lies in a polygon (crossing number)."""
    inside = False
    previous = outline[-1]
    for corner in outline:
        if (corner[1] > y) != (previous[1] > y):
            share = (y - corner[1]) / (previous[1] - corner[1])
            if x < corner[0] + share * (previous[0] - corner[0]):
                inside = not inside
        previous = corner
    return inside


def crosses(box: UprightBox, start: Point, end: Point, margin_m: float) -> bool:
    """Whether a segment passes through the interior of a grown footprint (slab clipping)."""
    (x0, y0), (x1, y1) = box.local(*start), box.local(*end)
    low, high = 0.0, 1.0
    for a, b, half in ((x0, x1, box.half_w + margin_m), (y0, y1, box.half_d + margin_m)):
        step = b - a
        if -1e-12 < step < 1e-12:
            if a <= -half or a >= half:
                return False
            continue
        first, last = (-half - a) / step, (half - a) / step
        if first > last:
            first, last = last, first
        low, high = max(low, first), min(high, last)
        if low >= high:
            return False
    return True


def inside(outline: Sequence[Point], box: UprightBox, margin_m: float) -> bool:
    """Whether a footprint, grown by ``margin_m``, lies wholly in a simple polygon."""
    if not contains(outline, box.x, box.y):
        return False
    previous = outline[-1]
    for corner in outline:
        if crosses(box, previous, corner, margin_m):
            return False
        previous = corner
    return True


def gap_to_point(box: UprightBox, x: float, y: float) -> float:
    """Return the distance from a point of the floor plan to a footprint, 0 inside."""
    across, back = box.local(x, y)
    return hypot(max(abs(across) - box.half_w, 0.0), max(abs(back) - box.half_d, 0.0))
