"""Parts of objects as triangles: boxes, cylinders, cones and spheres, and catalogue meshes.

Round shapes are tessellated with their vertices on the surface and a multiple of four sides, so
that they touch all six faces of their box.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, assert_never

import numpy as np
from jaxtyping import Float64, Int64

from synth.render.mesh import MeshBuilder, Piece, Quads, Surface
from synth.rooms.room import Material, ObjectMesh, Part, PartShape, RoomObject

_SIDES: Final = (12, 20, 28)  # of round shapes: up to 0.12 m, up to 0.5 m, wider
_COLOR_STEPS: Final = 32.0  # catalogue colours are rounded, for fewer surfaces
_CREASE: Final = 2.0  # mesh normals that round to the same multiple of 1/2 are smoothed together


def add_objects(builder: MeshBuilder, objects: Sequence[RoomObject]) -> None:
    """Add all furniture: every box at once, everything else one by one."""
    boxes: list[tuple[RoomObject, Part, Surface]] = []
    for thing in objects:
        hangs = any(edge.relation == "on_ceiling" for edge in thing.supports)
        for part in thing.parts:
            surface = Surface(part.material, thing.instance_id, "ceiling" if hangs else "lamps")
            if part.shape == "box":
                boxes.append((thing, part, surface))
            else:
                for piece in _round(part.shape, part.size, builder.step_m):
                    placed = _placed(piece, thing, part.center, part.size)
                    builder.add_piece(placed, surface)
        if thing.mesh is not None:
            for piece, surface in _mesh_pieces(thing.mesh, thing.instance_id):
                builder.add_piece(_placed(piece, thing, np.zeros(3), None), surface)
    if boxes:
        builder.add_quads(_box_quads(boxes), [surface for _, _, surface in boxes])


def _box_quads(boxes: Sequence[tuple[RoomObject, Part, Surface]]) -> Quads:
    """Six faces of every box, normals outward, the pattern along each face's longer side."""
    half = np.stack([part.size for _, part, _ in boxes]) / 2
    middle = np.stack([part.center for _, part, _ in boxes])
    corner, u, v = (np.zeros((len(boxes), 6, 3)) for _ in range(3))
    for side in range(6):
        axis, sign = side // 2, side % 2 * 2 - 1
        first, second = ((axis + 1) % 3, (axis + 2) % 3)[:: 1 if sign > 0 else -1]
        corner[:, side] = middle
        corner[:, side, axis] += sign * half[:, axis]
        corner[:, side, first] -= half[:, first]
        corner[:, side, second] -= half[:, second]
        u[:, side, first] = 2 * half[:, first]
        v[:, side, second] = 2 * half[:, second]
    rotation = np.stack([thing.rotation for thing, _, _ in boxes])
    center = np.stack([thing.center for thing, _, _ in boxes])
    # Every face shows another place of its pattern, so that equal things do not look stamped.
    start = np.arange(len(boxes) * 6)[:, None] * [0.618034, 0.754878] % 1.0
    longer = np.linalg.norm(v, axis=2) > np.linalg.norm(u, axis=2)
    return Quads(
        corner=(np.einsum("bij,bsj->bsi", rotation, corner) + center[:, None]).reshape(-1, 3),
        u=np.einsum("bij,bsj->bsi", rotation, u).reshape(-1, 3),
        v=np.einsum("bij,bsj->bsi", rotation, v).reshape(-1, 3),
        uv=start,
        turned=longer.ravel(),
    )


def _placed(
    piece: Piece,
    thing: RoomObject,
    center: Float64[np.ndarray, "3"],
    size: Float64[np.ndarray, "3"] | None,
) -> Piece:
    """Take a piece to the world; with ``size`` it is one of the unit shapes, stretched to it."""
    vertices, normals = piece.vertices, piece.normals
    if size is not None:
        vertices = vertices * size
        normals = normals / size
        normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    return piece._replace(
        vertices=(vertices + center) @ thing.rotation.T + thing.center,
        normals=normals @ thing.rotation.T,
    )


def _round(shape: PartShape, size: Float64[np.ndarray, "3"], step_m: float) -> list[Piece]:
    """Return the pieces of a round shape in the unit box, its pattern in metres."""
    width = float(size[:2].max())
    sides = _SIDES[0] if width <= 0.12 else _SIDES[1] if width <= 0.5 else _SIDES[2]
    rings = max(1, int(np.ceil(width / 2 / step_m)))
    levels = max(1, int(np.ceil(size[2] / step_m)))
    around = float(np.pi * size[:2].mean())
    match shape:
        case "cylinder":
            top = _unit_disc(sides, rings)
            stretch = [(around, float(size[2])), (width, width), (width, width)]
            pieces = [_unit_wall(sides, levels, 1.0), top, _flipped(top)]
        case "cone":
            stretch = [(around, float(size[2])), (width, width)]
            pieces = [_unit_wall(sides, max(levels, 2), 0.0), _flipped(_unit_disc(sides, rings))]
        case "sphere":
            stretch, pieces = [(around, float(size[2]))], [_unit_sphere(sides)]
        case "box":
            raise ValueError("boxes are cut as rectangles, not as round shapes")
        case _:
            assert_never(shape)
    return [p._replace(uv=p.uv * metres) for p, metres in zip(pieces, stretch, strict=True)]


@lru_cache(maxsize=64)
def _unit_wall(sides: int, levels: int, top: float) -> Piece:
    """Wall of a cylinder (``top`` 1) or cone (``top`` 0) in the unit box."""
    share, height = _lattice(sides, levels)
    angle = 2 * np.pi * share
    radius = 0.5 * (1 + (top - 1) * height)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lean = 0.5 * (1 - top)  # how fast the radius shrinks with height
    normals = np.column_stack([circle, np.full(len(circle), lean)])
    return _smooth_piece(
        np.column_stack([circle * radius[:, None], height - 0.5]),
        normals / np.linalg.norm(normals, axis=1, keepdims=True),
        np.stack([share, height], axis=1),
        _lattice_faces(sides, levels),
    )


@lru_cache(maxsize=8)
def _unit_sphere(sides: int) -> Piece:
    """Ball in the unit box, cut along meridians and parallels."""
    share, height = _lattice(sides, sides // 2)
    around, above = 2 * np.pi * share, np.pi * (height - 0.5)
    normals = np.stack(
        [np.cos(above) * np.cos(around), np.cos(above) * np.sin(around), np.sin(above)], axis=1
    )
    uv = np.stack([share, height], axis=1)
    return _smooth_piece(0.5 * normals, normals, uv, _lattice_faces(sides, sides // 2))


@lru_cache(maxsize=64)
def _unit_disc(sides: int, rings: int) -> Piece:
    """Upper cap of a cylinder in the unit box: rings around a middle vertex."""
    share, distance = _lattice(sides, rings)
    angle = 2 * np.pi * share
    flat = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 0.5 * distance[:, None]
    vertices = np.column_stack([flat, np.full(len(flat), 0.5)])
    normals = np.tile([0.0, 0.0, 1.0], (len(flat), 1))
    return _smooth_piece(vertices, normals, flat, _lattice_faces(sides, rings)[:, ::-1])


def _lattice(n_u: int, n_v: int) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Vertices of a lattice, as shares of its two sides."""
    u, v = np.meshgrid(np.linspace(0, 1, n_u + 1), np.linspace(0, 1, n_v + 1))
    return u.ravel(), v.ravel()


def _lattice_faces(n_u: int, n_v: int) -> Int64[np.ndarray, "f 3"]:
    first = (np.arange(n_v)[:, None] * (n_u + 1) + np.arange(n_u)).ravel()
    lower = np.stack([first, first + 1, first + n_u + 2], axis=1)
    upper = np.stack([first, first + n_u + 2, first + n_u + 1], axis=1)
    return np.concatenate([lower, upper])


def _smooth_piece(
    vertices: Float64[np.ndarray, "v 3"],
    normals: Float64[np.ndarray, "v 3"],
    uv: Float64[np.ndarray, "v 2"],
    faces: Int64[np.ndarray, "f 3"],
) -> Piece:
    """Drop the triangles without an area (at poles and tips)."""
    kept = faces[np.linalg.norm(_face_normals(vertices, faces), axis=1) > 1e-9]
    return Piece(vertices, normals, uv, kept, np.zeros(len(kept), dtype=np.int64))


def _face_normals(
    vertices: Float64[np.ndarray, "v 3"], faces: Int64[np.ndarray, "f 3"]
) -> Float64[np.ndarray, "f 3"]:
    """Normals as long as twice the area."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    normals: Float64[np.ndarray, "f 3"] = np.cross(b - a, c - a)
    return normals


def _flipped(cap: Piece) -> Piece:
    """Mirror an upper cap down."""
    down = np.array([1.0, 1.0, -1.0])
    return cap._replace(
        vertices=cap.vertices * down, normals=cap.normals * down, faces=cap.faces[:, ::-1]
    )


def _mesh_pieces(mesh: ObjectMesh, instance: int) -> Iterator[tuple[Piece, Surface]]:
    """Split a catalogue mesh by colour; smooth it where neighbouring faces are nearly parallel."""
    normals = _face_normals(mesh.vertices, mesh.faces)
    area = np.linalg.norm(normals, axis=1)
    real = area > 1e-12
    faces, normals = mesh.faces[real], normals[real]
    unit = normals / area[real, None]
    colors, color_of = np.unique(
        np.round(mesh.face_srgb[real] * _COLOR_STEPS) / _COLOR_STEPS, axis=0, return_inverse=True
    )
    crease, crease_of = np.unique(np.round(unit * _CREASE), axis=0, return_inverse=True)
    del crease
    for number, (r, g, b) in enumerate(colors.tolist()):
        chosen = np.flatnonzero(color_of.ravel() == number)
        keys = np.stack([faces[chosen], np.repeat(crease_of.ravel()[chosen, None], 3, 1)], axis=-1)
        unique, corner = np.unique(keys.reshape(-1, 2), axis=0, return_inverse=True)
        corner = corner.reshape(-1, 3)
        smooth = np.zeros((len(unique), 3))
        for k in range(3):
            np.add.at(smooth, corner[:, k], normals[chosen])
        smooth /= np.linalg.norm(smooth, axis=1, keepdims=True)
        piece = Piece(
            mesh.vertices[unique[:, 0]],
            smooth,
            np.zeros((len(unique), 2)),
            corner,
            crease_of.ravel()[chosen],
        )
        # Catalogue meshes are often open or wound both ways, so they bound no solid.
        yield piece, Surface(Material(color="", srgb=(r, g, b)), instance, is_solid=False)
