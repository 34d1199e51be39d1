"""The room's outline from what was seen of its walls: a polygon where they close, else nothing.

Every camera sees free floor between itself and the walls. The union of these fans is the part of
the room that was seen; where its border is wall all around, it is the room.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely
from jaxtyping import Float64
from scipy.spatial import cKDTree
from shapely.geometry import MultiPolygon, Polygon

_BINS: Final = 360  # directions around a camera
_WALL_QUANTILE: Final = 0.7  # of the distances in one direction: nearer ones may be furniture
_KEEP_FROM_FLOOR_AND_CEILING: Final = 0.12  # share of the room's height that is not wall
_LEAST_POINTS: Final = 200
_OPEN_SHARE: Final = 0.08  # of the border that may be without wall points near it
_TOLERANCE: Final = 0.025  # of the room's diagonal: distances below it are details
_SHORTEST_WALL: Final = 0.06  # of the room's diagonal


class _Line(NamedTuple):
    """A wall seen from above: points ``x`` with ``normal @ x == offset``."""

    normal: Float64[np.ndarray, "2"]
    offset: float


def room_outline(
    points: Float64[np.ndarray, "n 3"],
    origin: Float64[np.ndarray, "n 3"],
) -> Float64[np.ndarray, "p 2"] | None:
    """Return the floor outline, counter-clockwise; ``None`` where walls were not seen all around.

    Args:
        points: Points of the structure (no objects), +z up, floor near z = 0.
        origin: Position of the camera that saw each point.
    """
    low, high = (float(q) for q in np.quantile(points[:, 2], [0.01, 0.99]))
    margin = _KEEP_FROM_FLOOR_AND_CEILING * (high - low)
    wall = (points[:, 2] > low + margin) & (points[:, 2] < high - margin)
    if wall.sum() < _LEAST_POINTS:
        return None
    plan, eyes = points[wall, :2], origin[wall, :2]
    fans = [_fan(plan[(eyes == eye).all(axis=1)], eye) for eye in np.unique(eyes, axis=0)]
    walls_seen = np.concatenate([hits for hits, _ in fans])
    seen = shapely.union_all([polygon for _, polygons in fans for polygon in polygons])
    if isinstance(seen, MultiPolygon):
        seen = max(seen.geoms, key=lambda part: part.area)
    if not isinstance(seen, Polygon) or seen.is_empty:
        return None
    diagonal = float(np.hypot(*(np.array(seen.bounds[2:]) - seen.bounds[:2])))
    border = Polygon(seen.exterior)
    samples = shapely.get_coordinates(border.exterior.segmentize(0.01 * diagonal))
    distance = np.asarray(cKDTree(walls_seen).query(samples)[0])
    if (distance > _TOLERANCE * diagonal).mean() > _OPEN_SHARE:
        return None
    return _straightened(border, walls_seen, diagonal)


def _fan(
    plan: Float64[np.ndarray, "n 2"], eye: Float64[np.ndarray, "2"]
) -> tuple[Float64[np.ndarray, "m 2"], list[Polygon]]:
    """Return the wall point in every direction seen from one camera, and the floor before them."""
    away = plan - eye
    distance = np.hypot(away[:, 0], away[:, 1])
    turn = np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) % 1.0
    bins = np.minimum((turn * _BINS).astype(np.int64), _BINS - 1)
    far = np.full(_BINS, np.nan)
    for number in np.unique(bins).tolist():
        far[number] = np.quantile(distance[bins == number], _WALL_QUANTILE)
    angle = (np.arange(_BINS) + 0.5) / _BINS * 2 * np.pi
    hits = eye + far[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    known = np.isfinite(far)
    slices = []
    for number in np.flatnonzero(known).tolist():
        following = (number + 1) % _BINS
        if known[following]:
            slice_ = Polygon([eye, hits[number], hits[following]])
            slices.append(slice_.buffer(1e-9))
    return hits[known], slices


def _straightened(
    border: Polygon, walls_seen: Float64[np.ndarray, "m 2"], diagonal: float
) -> Float64[np.ndarray, "p 2"] | None:
    """Fit a line to the wall points along every long side and let neighbours meet."""
    rough = shapely.get_coordinates(border.simplify(_TOLERANCE * diagonal).exterior)[:-1]
    lines: list[_Line] = []
    for start, end in zip(rough, np.roll(rough, -1, axis=0), strict=True):
        if np.linalg.norm(end - start) >= _SHORTEST_WALL * diagonal:
            line = _fit_line(start, end, walls_seen, _TOLERANCE * diagonal)
            if not lines or abs(lines[-1].normal @ line.normal) < 0.97:
                lines.append(line)
    if len(lines) > 1 and abs(lines[0].normal @ lines[-1].normal) >= 0.97:
        lines.pop()
    if len(lines) < 3:
        return None
    corners = np.array([_meet(a, b) for a, b in zip(lines, lines[1:] + lines[:1], strict=True)])
    outline = Polygon(corners)
    if not outline.is_valid or not 0.8 < outline.area / border.area < 1.25:
        return None
    return corners if outline.exterior.is_ccw else corners[::-1].copy()


def _fit_line(
    start: Float64[np.ndarray, "2"],
    end: Float64[np.ndarray, "2"],
    points: Float64[np.ndarray, "m 2"],
    tolerance: float,
) -> _Line:
    """Fit a line to the points along a side; the side itself where there are too few."""
    direction = (end - start) / np.linalg.norm(end - start)
    normal = np.array([-direction[1], direction[0]])
    along, off = (points - start) @ direction, (points - start) @ normal
    length = float(np.linalg.norm(end - start))
    near = (np.abs(off) < 2 * tolerance) & (along > 0.05 * length) & (along < 0.95 * length)
    if near.sum() < 4:
        return _Line(normal, float(normal @ start))
    middle = np.median(points[near], axis=0)
    axis = np.linalg.svd(points[near] - points[near].mean(axis=0))[2][0]
    fitted = np.array([-axis[1], axis[0]])
    return _Line(fitted, float(fitted @ middle))


def _meet(a: _Line, b: _Line) -> Float64[np.ndarray, "2"]:
    return np.linalg.solve(np.stack([a.normal, b.normal]), np.array([a.offset, b.offset]))
