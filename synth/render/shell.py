"""The shell of a room as triangles: floor, ceiling, walls, baseboards, doors and windows.

Floor and ceiling are cut along one regular grid with a line through every corner of the outline,
so that rooms with right angles need no clipping; cells that a slanted wall crosses are clipped
and triangulated. Walls reach a little below the floor and above the ceiling: what rounding
leaves open there is closed from behind.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import shapely
from jaxtyping import Float64, Int64

from synth.render.mesh import MeshBuilder, Piece, Quads, Surface, one_quad
from synth.rooms.room import Material, Opening, Radiance, Room
from synth.scene import BACKGROUND_ID

PANE_SHARE: Final = 0.355  # of the daylight that a pane itself shows: the sky seen by a camera
_SKIRT_M: Final = 0.004
_LEAST_AREA_M2: Final = 1e-9
_WHITE_PAINT: Final = Material(color="white", srgb=(0.90, 0.90, 0.88))
_GLASS: Final = Material(color="white", srgb=(0.30, 0.32, 0.34))
_STEEL: Final = Material(color="gray", srgb=(0.55, 0.55, 0.55), gloss=0.5)
# What is seen through a window, from below: shares of its height, factors on the daylight.
_VIEW: Final = (
    (0.30, (0.16, 0.22, 0.11)),  # greenery
    (0.12, (0.55, 0.60, 0.58)),  # haze
    (0.58, (1.05, 1.05, 1.05)),  # sky
)
_BASEBOARD_M: Final = (0.008, 0.09)  # how far it stands off the wall, height
_OUTSET_M: Final = 0.012  # doors and panes stand this far in front of their wall
_CASING_M: Final = (0.06, 0.022)  # width and thickness of the frame around doors and windows
_BAR_M: Final = 0.035  # width of the bars between panes
_LEAST_SILL_M: Final = 0.4  # windows to the floor have no sill board
_UP: Final = np.array([0.0, 0.0, 1.0])


class WallFrame(NamedTuple):
    """A wall as it is seen from inside: ``(along, up)`` spans rectangles that face the room."""

    foot: Float64[np.ndarray, "3"]  # its right end on the floor
    along: Float64[np.ndarray, "3"]  # unit, towards the wall's first corner
    inward: Float64[np.ndarray, "3"]  # unit normal
    length_m: float

    def at(self, along_m: float, height_m: float, off_m: float) -> Float64[np.ndarray, "3"]:
        """Return a point of the wall; ``along_m`` counts from the wall's second corner."""
        point: Float64[np.ndarray, 3] = (
            self.foot + along_m * self.along + height_m * _UP + off_m * self.inward
        )
        return point


class Rectangle(NamedTuple):
    """A rectangle on a wall: from ``left`` to ``right`` along it, from ``low`` to ``high``."""

    left: float
    right: float
    low: float
    high: float


def wall_frame(room: Room, wall: int) -> WallFrame:
    """Return the frame of wall ``wall``."""
    first, second = room.outline[wall], room.outline[(wall + 1) % len(room.outline)]
    length = float(np.hypot(*(second - first)))
    along = np.array([*(first - second) / length, 0.0])
    inward = np.array([along[1], -along[0], 0.0])
    return WallFrame(np.array([*second, 0.0]), along, inward, length)


def opening_rectangle(room: Room, opening: Opening) -> Rectangle:
    """Return where a door or window lies on its wall."""
    middle = wall_frame(room, opening.wall).length_m - opening.along_m
    return Rectangle(
        left=middle - opening.width_m / 2,
        right=middle + opening.width_m / 2,
        low=opening.sill_m,
        high=opening.sill_m + opening.height_m,
    )


def flat_on_wall(wall: WallFrame, where: Rectangle, off_m: float) -> Quads:
    """Return a rectangle parallel to a wall, ``off_m`` in front of it."""
    return one_quad(
        wall.at(where.left, where.low, off_m),
        (where.right - where.left) * wall.along,
        (where.high - where.low) * _UP,
    )


def add_shell(builder: MeshBuilder, room: Room) -> None:
    """Add everything that bounds a room."""
    _add_floor_and_ceiling(builder, room)
    stand_off, board_top = _BASEBOARD_M
    for number, material in enumerate(room.walls):
        wall = wall_frame(room, number)
        whole = Rectangle(0.0, wall.length_m, -_SKIRT_M, room.height_m + _SKIRT_M)
        builder.add_quads(flat_on_wall(wall, whole, 0.0), [Surface(material, BACKGROUND_ID)])
        board = Rectangle(0.0, wall.length_m, 0.0, board_top)
        builder.add_quads(
            flat_on_wall(wall, board, stand_off), [Surface(_WHITE_PAINT, BACKGROUND_ID)]
        )
    for opening in room.openings:
        wall, where = wall_frame(room, opening.wall), opening_rectangle(room, opening)
        if opening.kind == "door":
            _add_door(builder, wall, where, opening.material)
        else:
            _add_window(builder, wall, where, opening.material, room.daylight)


def _add_door(builder: MeshBuilder, wall: WallFrame, where: Rectangle, material: Material) -> None:
    """Add a leaf with its casing and handle."""
    leaf = Surface(material, BACKGROUND_ID)
    builder.add_quads(flat_on_wall(wall, where, _OUTSET_M), [leaf])
    _add_casing(builder, wall, where, Surface(_WHITE_PAINT, BACKGROUND_ID), has_foot=False)
    left = where.right - 0.18
    handle = Rectangle(left, left + 0.12, where.low + 1.02, where.low + 1.045)
    _add_relief(builder, wall, handle, 0.06, Surface(_STEEL, BACKGROUND_ID))


def _add_window(
    builder: MeshBuilder, wall: WallFrame, where: Rectangle, material: Material, daylight: Radiance
) -> None:
    """Add a window: a bare pane if its material glows, else panes framed in that material."""
    if material.glow > 0:
        _add_pane(builder, wall, where, material, tuple(PANE_SHARE * d for d in daylight))
        return
    height, low = where.high - where.low, where.low
    for share, factor in _VIEW:
        band = Rectangle(where.left, where.right, low, low + share * height)
        glow = tuple(PANE_SHARE * f * d for f, d in zip(factor, daylight, strict=True))
        _add_pane(builder, wall, band, _GLASS, glow)
        low = band.high
    frame = Surface(material, BACKGROUND_ID)
    _add_casing(builder, wall, where, frame, has_foot=True)
    middle = (where.left + where.right) / 2
    bar = Rectangle(middle - _BAR_M / 2, middle + _BAR_M / 2, where.low, where.high)
    _add_relief(builder, wall, bar, _CASING_M[1], frame)
    if where.low > _LEAST_SILL_M:
        sill = Rectangle(where.left - 0.1, where.right + 0.1, where.low - 0.09, where.low - 0.06)
        _add_relief(builder, wall, sill, 0.09, frame)


def _add_pane(
    builder: MeshBuilder,
    wall: WallFrame,
    where: Rectangle,
    material: Material,
    glow: tuple[float, ...],
) -> None:
    pane = Surface(material, BACKGROUND_ID, "daylight", (glow[0], glow[1], glow[2]))
    builder.add_quads(flat_on_wall(wall, where, _OUTSET_M), [pane])


def _add_casing(
    builder: MeshBuilder, wall: WallFrame, where: Rectangle, surface: Surface, *, has_foot: bool
) -> None:
    """Add a frame around an opening, kept within its wall."""
    width, thickness = _CASING_M
    left, right = max(0.0, where.left - width), min(wall.length_m, where.right + width)
    foot = max(0.0, where.low - width)
    bars = [
        Rectangle(left, where.left, where.low, where.high),
        Rectangle(where.right, right, where.low, where.high),
        Rectangle(left, right, where.high, where.high + width),
    ]
    if has_foot:
        bars.append(Rectangle(left, right, foot, where.low))
    for bar in bars:
        if min(bar.right - bar.left, bar.high - bar.low) > 1e-6:
            _add_relief(builder, wall, bar, thickness, surface)


def _add_relief(
    builder: MeshBuilder, wall: WallFrame, where: Rectangle, thickness_m: float, surface: Surface
) -> None:
    """Add a flat box on a wall, without its back."""
    front = flat_on_wall(wall, where, thickness_m)
    width, height = (where.right - where.left) * wall.along, (where.high - where.low) * _UP
    back = thickness_m * wall.inward
    foot, top = wall.at(where.left, where.low, 0.0), wall.at(where.left, where.high, 0.0)
    sides = [
        front,
        one_quad(foot, back, height),
        one_quad(foot + width, height, back),
        one_quad(foot, width, back),
        one_quad(top, back, width),
    ]
    builder.add_quads(Quads(*map(np.concatenate, zip(*sides, strict=True))), [surface])


def _add_floor_and_ceiling(builder: MeshBuilder, room: Room) -> None:
    xy, faces = _cut_polygon(room.outline, builder.step_m)
    for height, up, material in ((0.0, 1.0, room.floor), (room.height_m, -1.0, room.ceiling)):
        piece = Piece(
            vertices=np.column_stack([xy, np.full(len(xy), height)]),
            normals=np.tile([0.0, 0.0, up], (len(xy), 1)),
            uv=xy,
            faces=faces if up > 0 else faces[:, ::-1],
            patch=np.zeros(len(faces), dtype=np.int64),
        )
        builder.add_piece(piece, Surface(material, BACKGROUND_ID))


def _cut_polygon(
    outline: Float64[np.ndarray, "p 2"], step_m: float
) -> tuple[Float64[np.ndarray, "v 2"], Int64[np.ndarray, "f 3"]]:
    """Cut a simple polygon into a grid: its vertices and counter-clockwise triangles."""
    x, y = (_grid_lines(outline[:, axis], step_m) for axis in range(2))
    left, low = (a.ravel() for a in np.meshgrid(x[:-1], y[:-1]))
    right, high = (a.ravel() for a in np.meshgrid(x[1:], y[1:]))
    polygon = shapely.Polygon(outline)
    shapely.prepare(polygon)
    cells = shapely.box(left, low, right, high)
    whole = shapely.covers(polygon, cells)
    a, b = np.stack([left, low], 1)[whole], np.stack([right, low], 1)[whole]
    c, d = np.stack([right, high], 1)[whole], np.stack([left, high], 1)[whole]
    clipped = shapely.intersection(polygon, cells[~whole])
    triangles = np.concatenate(
        [np.stack([a, b, c], 1), np.stack([a, c, d], 1), _triangulated(clipped)]
    )
    # Neighbouring cells cut a slanted wall at the same points, up to rounding.
    points = np.round(triangles.reshape(-1, 2), 9)
    unique, index = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    vertices, faces = np.stack([unique.real, unique.imag], axis=1), index.reshape(-1, 3)
    first, second = (vertices[faces[:, k]] - vertices[faces[:, 0]] for k in (1, 2))
    area = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    return vertices, faces[area > _LEAST_AREA_M2]


def _grid_lines(corners: Float64[np.ndarray, " p"], step_m: float) -> Float64[np.ndarray, " lines"]:
    """Lines through every corner, and between them at most ``step_m`` apart."""
    stops = np.unique(corners)
    lines = [
        np.linspace(a, b, max(1, int(np.ceil((b - a) / step_m - 1e-9))), endpoint=False)
        for a, b in pairwise(stops)
    ]
    return np.concatenate([*lines, stops[-1:]])


def _triangulated(
    shapes: Iterable[shapely.Geometry],
) -> Float64[np.ndarray, "f 3 2"]:
    """Cut what is left of clipped cells into counter-clockwise triangles."""
    parts = [p for s in shapes for p in shapely.get_parts(s) if p.area > _LEAST_AREA_M2]
    found = [t for p in parts for t in shapely.get_parts(shapely.constrained_delaunay_triangles(p))]
    if not found:
        return np.zeros((0, 3, 2))
    corners = shapely.get_coordinates(found).reshape(-1, 4, 2)[:, :3]
    clockwise = ~shapely.is_ccw(shapely.get_exterior_ring(found))
    corners[clockwise] = corners[clockwise][:, ::-1]
    return np.asarray(corners)
