"""Rooms as triangle meshes: quads cut into a regular grid, so that light can be baked per vertex.

A regular grid matters: cutting the longest edge first gives spikes in the shadows.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, UInt16

from synth.furniture import FLOOR_COLORS, OBJECT_COLORS, WALL_COLORS
from synth.rooms import FloorPattern, Room, RoomObject
from synth.scene import BACKGROUND_ID

CEILING_COLOR: Final = (0.93, 0.93, 0.91)
BASEBOARD_COLOR: Final = (0.90, 0.90, 0.88)
DOOR_COLOR: Final = (0.58, 0.42, 0.30)
WINDOW_GLOW: Final = (2.6, 2.9, 3.3)  # linear radiance of the pane itself
WINDOW_SIZE_M: Final = (1.5, 1.2, 0.9)  # width, height, height of the sill
DOOR_SIZE_M: Final = (0.9, 2.0)
_OUTSET_M: Final = 0.012  # doors and panes stand this far in front of their wall


class AreaLight(NamedTuple):
    """A rectangle that sends light along ``u x v``; corner and edges in metres, linear RGB."""

    corner: Float64[np.ndarray, "3"]
    u: Float64[np.ndarray, "3"]
    v: Float64[np.ndarray, "3"]
    radiance: Float64[np.ndarray, "3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Triangles of a room with what shading needs.

    Attributes:
        vertices: World metres.
        faces: Vertex indices, counter-clockwise seen from outside the solid.
        normals: Unit normal of each vertex (vertices are never shared between quads).
        albedo: Linear RGB of each face.
        glow: Linear RGB each face sends out by itself.
        instance: Instance id of each face.
        is_floor: Faces that carry the floor pattern.
    """

    vertices: Float64[np.ndarray, "v 3"]
    faces: Int64[np.ndarray, "f 3"]
    normals: Float64[np.ndarray, "v 3"]
    albedo: Float64[np.ndarray, "f 3"]
    glow: Float64[np.ndarray, "f 3"]
    instance: UInt16[np.ndarray, " f"]
    is_floor: Bool[np.ndarray, " f"]
    floor_pattern: FloorPattern
    lights: tuple[AreaLight, ...]


class _Quad(NamedTuple):
    corner: Float64[np.ndarray, "3"]
    u: Float64[np.ndarray, "3"]
    v: Float64[np.ndarray, "3"]
    srgb: tuple[float, float, float]
    instance: int
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    is_floor: bool = False


def linear_from_srgb(srgb: Float64[np.ndarray, "*any"]) -> Float64[np.ndarray, "*any"]:
    """Decode sRGB in 0..1 to linear light (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def room_mesh(room: Room, *, step_m: float) -> Mesh:
    """Mesh a room: shell, baseboards, window, door and furniture, cut every ``step_m`` metres."""
    quads = _shell(room)
    for thing in room.objects:
        quads += _object_quads(thing)
    vertices, faces, normals, owner = [], [], [], []
    n_vertices = 0
    for index, quad in enumerate(quads):
        v, f, normal = _grid(quad, step_m)
        vertices.append(v)
        faces.append(f + n_vertices)
        normals.append(np.tile(normal, (len(v), 1)))
        owner.append(np.full(len(f), index))
        n_vertices += len(v)
    of = np.concatenate(owner)
    return Mesh(
        vertices=np.concatenate(vertices),
        faces=np.concatenate(faces),
        normals=np.concatenate(normals),
        albedo=linear_from_srgb(np.array([q.srgb for q in quads]))[of],
        glow=np.array([q.glow for q in quads])[of],
        instance=np.array([q.instance for q in quads], dtype=np.uint16)[of],
        is_floor=np.array([q.is_floor for q in quads])[of],
        floor_pattern=room.floor_pattern,
        lights=_lights(room),
    )


def _grid(
    quad: _Quad, step_m: float
) -> tuple[Float64[np.ndarray, "v 3"], Int64[np.ndarray, "f 3"], Float64[np.ndarray, "3"]]:
    n_u = max(1, int(np.ceil(np.linalg.norm(quad.u) / step_m)))
    n_v = max(1, int(np.ceil(np.linalg.norm(quad.v) / step_m)))
    s, t = np.meshgrid(np.linspace(0, 1, n_u + 1), np.linspace(0, 1, n_v + 1))
    vertices = quad.corner + s.reshape(-1, 1) * quad.u + t.reshape(-1, 1) * quad.v
    first = (np.arange(n_v)[:, None] * (n_u + 1) + np.arange(n_u)).ravel()
    lower = np.stack([first, first + 1, first + n_u + 2], axis=1)
    upper = np.stack([first, first + n_u + 2, first + n_u + 1], axis=1)
    normal = np.cross(quad.u, quad.v)
    return vertices, np.concatenate([lower, upper]), normal / np.linalg.norm(normal)


def _wall_frame(
    room: Room, wall: int
) -> tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]:
    """Return a wall's start, its direction along the floor and its inward normal.

    Along x up is inward: quads spanned by (along, up) face into the room.
    """
    x, y, _ = room.size_m
    match wall:
        case 0:  # y = 0
            return np.array([x, 0.0, 0.0]), np.array([-1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
        case 1:  # y = max
            return np.array([0.0, y, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
        case 2:  # x = 0
            return np.array([0.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])
        case _:  # x = max
            return np.array([x, y, 0.0]), np.array([0.0, -1.0, 0.0]), np.array([-1.0, 0.0, 0.0])


def _wall_length(room: Room, wall: int) -> float:
    return float(room.size_m[0] if wall < 2 else room.size_m[1])


def _on_wall(
    room: Room, wall: int, at: float, size: tuple[float, float], bottom: float
) -> tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]:
    """Return corner, u and v of an upright rectangle on a wall, kept 10 cm off the corners."""
    start, along, inward = _wall_frame(room, wall)
    length = _wall_length(room, wall)
    middle = float(np.clip(at * length, size[0] / 2 + 0.1, length - size[0] / 2 - 0.1))
    corner = start + along * (middle - size[0] / 2) + inward * _OUTSET_M + [0.0, 0.0, bottom]
    return corner, along * size[0], np.array([0.0, 0.0, size[1]])


def _shell(room: Room) -> list[_Quad]:
    x, y, z = room.size_m
    ex, ey, ez = np.array([x, 0.0, 0.0]), np.array([0.0, y, 0.0]), np.array([0.0, 0.0, z])
    wall, floor = WALL_COLORS[room.wall_color], FLOOR_COLORS[room.floor_color]
    origin = np.zeros(3)
    quads = [
        _Quad(origin, ex, ey, floor, BACKGROUND_ID, is_floor=True),
        _Quad(ez, ey, ex, CEILING_COLOR, BACKGROUND_ID),
    ]
    for side in range(4):
        start, along, inward = _wall_frame(room, side)
        length = _wall_length(room, side)
        quads.append(_Quad(start, along * length, ez, wall, BACKGROUND_ID))
        board = start + inward * 0.008
        quads.append(
            _Quad(board, along * length, np.array([0, 0, 0.09]), BASEBOARD_COLOR, BACKGROUND_ID)
        )
    width, height, sill = WINDOW_SIZE_M
    corner, u, v = _on_wall(room, room.window_wall, room.window_at, (width, height), sill)
    quads.append(_Quad(corner, u, v, (0.8, 0.88, 0.95), BACKGROUND_ID, glow=WINDOW_GLOW))
    corner, u, v = _on_wall(room, room.door_wall, room.door_at, DOOR_SIZE_M, 0.0)
    quads.append(_Quad(corner, u, v, DOOR_COLOR, BACKGROUND_ID))
    return quads


def _object_quads(thing: RoomObject) -> list[_Quad]:
    base = np.array(OBJECT_COLORS[thing.color])
    quads: list[_Quad] = []
    for part in thing.parts:
        r, g, b = np.clip(base * part.tint, 0.02, 0.95).tolist()
        quads += [
            _face(thing, part.center, part.size / 2, axis, sign, (r, g, b))
            for axis in range(3)
            for sign in (-1.0, 1.0)
        ]
    return quads


def _face(
    thing: RoomObject,
    center: Float64[np.ndarray, "3"],
    half: Float64[np.ndarray, "3"],
    axis: int,
    sign: float,
    srgb: tuple[float, float, float],
) -> _Quad:
    """One side of a part's box, its normal pointing outward."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    corner = center.copy()
    corner[axis] += sign * half[axis]
    corner[[first, second]] -= half[[first, second]]
    u, v = np.zeros(3), np.zeros(3)
    u[first], v[second] = 2 * half[first], 2 * half[second]
    if sign < 0:
        u, v = v, u
    to_world = thing.rotation
    return _Quad(
        to_world @ corner + thing.center, to_world @ u, to_world @ v, srgb, thing.instance_id
    )


def _lights(room: Room) -> tuple[AreaLight, ...]:
    """The window and a ceiling panel; radiances by eye, so that rooms look like daylight."""
    width, height, sill = WINDOW_SIZE_M
    corner, u, v = _on_wall(room, room.window_wall, room.window_at, (width, height), sill)
    inward = _wall_frame(room, room.window_wall)[2]
    window = AreaLight(corner + 0.03 * inward, u, v, np.array([7.5, 8.2, 9.2]))
    x, y, z = room.size_m
    panel = AreaLight(
        np.array([x / 2 - 0.4, y / 2 - 0.4, z - 0.01]),
        np.array([0.0, 0.8, 0.0]),
        np.array([0.8, 0.0, 0.0]),
        np.array([13.0, 11.5, 9.5]),
    )
    return (window, panel)
