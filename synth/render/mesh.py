"""Rooms as triangles: surfaces of one material each, with everything light and shading need.

Planar surfaces are cut into a regular grid, so that light can be baked per vertex (cutting the
longest edge first gives spikes in the shadows). Vertices are never shared between surfaces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, Int64, UInt16

from synth.render.patterns import REPEATS, pattern_index, pattern_strength
from synth.rooms.room import Material

LightGroup = Literal["daylight", "ceiling", "lamps"]
_LEAST_CHANGE: Final = 0.012  # patterns that change light less than this are not seen in 8 bits
LIGHT_GROUPS: Final[tuple[LightGroup, ...]] = ("daylight", "ceiling", "lamps")


class Surface(NamedTuple):
    """What a piece of the mesh is made of.

    Attributes:
        instance: Instance id of its pixels.
        lit_by: Which lights its own glow goes on and off with.
        glow: Linear radiance of its own; ``None``: what the material says.
        is_solid: Whether its faces bound a solid, so that a back face means "inside it".
    """

    material: Material
    instance: int
    lit_by: LightGroup = "lamps"
    glow: tuple[float, float, float] | None = None
    is_solid: bool = True


class Piece(NamedTuple):
    """Triangles, counter-clockwise seen from outside.

    ``uv`` is the place on the pattern in metres. Faces of one smooth patch share a number.
    """

    vertices: Float64[np.ndarray, "v 3"]
    normals: Float64[np.ndarray, "v 3"]
    uv: Float64[np.ndarray, "v 2"]
    faces: Int64[np.ndarray, "f 3"]
    patch: Int64[np.ndarray, " f"]


class Quads(NamedTuple):
    """Rectangles that face along ``u x v``; they are cut into a grid when the mesh is built.

    ``uv`` is the place on the pattern at each corner, in metres; on ``turned`` ones the
    pattern's first axis runs along v.
    """

    corner: Float64[np.ndarray, "q 3"]
    u: Float64[np.ndarray, "q 3"]
    v: Float64[np.ndarray, "q 3"]
    uv: Float64[np.ndarray, "q 2"]
    turned: Bool[np.ndarray, " q"]


class SurfaceTable(NamedTuple):
    """Looks of all surfaces.

    Attributes:
        albedo: Linear RGB.
        glow: Linear RGB sent out by itself.
        lit_by: Index into ``LIGHT_GROUPS`` of that glow.
        pattern: Index into the pattern atlas, 0 is plain.
        picture_m: Side that one picture of the pattern covers.
    """

    albedo: Float32[np.ndarray, "s 3"]
    glow: Float32[np.ndarray, "s 3"]
    lit_by: Int64[np.ndarray, " s"]
    instance: UInt16[np.ndarray, " s"]
    is_solid: Bool[np.ndarray, " s"]
    pattern: Int32[np.ndarray, " s"]
    contrast: Float32[np.ndarray, " s"]
    picture_m: Float32[np.ndarray, " s"]
    gloss: Float32[np.ndarray, " s"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoomMesh:
    """Triangles of a room in world metres.

    Attributes:
        uv: Place on the pattern of each vertex, in pictures of it.
        vertex_surface: Row of the surface table for each vertex.
        face_surface: The same for each face.
        patch: Pixels of two patches meet in an edge that needs smoothing.
        surfaces: Looks.
    """

    vertices: Float64[np.ndarray, "v 3"]
    normals: Float64[np.ndarray, "v 3"]
    uv: Float64[np.ndarray, "v 2"]
    vertex_surface: Int64[np.ndarray, " v"]
    faces: Int64[np.ndarray, "f 3"]
    face_surface: Int64[np.ndarray, " f"]
    patch: Int32[np.ndarray, " f"]
    surfaces: SurfaceTable

    @property
    def corners(self) -> Float64[np.ndarray, "f 3 3"]:
        """The three vertices of every face."""
        return np.asarray(self.vertices[self.faces])


def linear_from_srgb(srgb: Float64[np.ndarray, "*any"]) -> Float64[np.ndarray, "*any"]:
    """Decode sRGB in 0..1 to linear light (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def one_quad(
    corner: Float64[np.ndarray, "3"], u: Float64[np.ndarray, "3"], v: Float64[np.ndarray, "3"]
) -> Quads:
    """Make a single rectangle, its pattern starting in the corner."""
    return Quads(corner[None], u[None], v[None], np.zeros((1, 2)), np.zeros(1, dtype=np.bool_))


class MeshBuilder:
    """Collects surfaces; ``build`` cuts and joins them.

    Args:
        step_m: Largest side of a grid cell.
    """

    def __init__(self, step_m: float) -> None:
        self.step_m = step_m
        self._surfaces: list[Surface] = []
        self._quads: list[tuple[Quads, Int64[np.ndarray, " q"]]] = []
        self._pieces: list[tuple[Piece, int]] = []

    def add_quads(self, quads: Quads, surfaces: Sequence[Surface]) -> None:
        """Add rectangles that come in runs of equal length, one run per surface."""
        run = len(quads.corner) // len(surfaces)
        first = len(self._surfaces)
        self._quads.append((quads, np.repeat(np.arange(len(surfaces)) + first, run)))
        self._surfaces += surfaces

    def add_piece(self, piece: Piece, surface: Surface) -> None:
        """Add triangles that are cut already."""
        self._pieces.append((piece, len(self._surfaces)))
        self._surfaces.append(surface)

    def build(self) -> RoomMesh:
        """Join everything that was added; there must be at least one rectangle."""
        parts = [*self._cut_quads(), *((p, np.array([s])) for p, s in self._pieces)]
        pieces = [piece for piece, _ in parts]
        owner = [np.broadcast_to(o, piece.patch.shape) for piece, o in parts]
        n_vertices = np.cumsum([0] + [len(p.vertices) for p in pieces])
        n_patches = np.cumsum([0] + [int(p.patch.max()) + 1 for p in pieces])
        faces = np.concatenate([p.faces + n for p, n in zip(pieces, n_vertices, strict=False)])
        face_surface = np.concatenate(owner)
        vertex_surface = np.zeros(n_vertices[-1], dtype=np.int64)
        vertex_surface[faces] = face_surface[:, None]
        table = _surface_table(self._surfaces)
        uv = np.concatenate([p.uv for p in pieces])
        return RoomMesh(
            vertices=np.concatenate([p.vertices for p in pieces]),
            normals=np.concatenate([p.normals for p in pieces]),
            uv=uv / table.picture_m[vertex_surface, None],
            vertex_surface=vertex_surface,
            faces=faces,
            face_surface=face_surface,
            patch=np.concatenate(
                [p.patch + n for p, n in zip(pieces, n_patches, strict=False)]
            ).astype(np.int32),
            surfaces=table,
        )

    def _cut_quads(self) -> Iterator[tuple[Piece, Int64[np.ndarray, " f"]]]:
        """Cut all rectangles, those with the same number of cells at once."""
        quads = Quads(*map(np.concatenate, zip(*(q for q, _ in self._quads), strict=True)))
        owner = np.concatenate([o for _, o in self._quads])
        sides = np.stack([np.linalg.norm(e, axis=1) for e in (quads.u, quads.v)], axis=1)
        # The smallest excess is rounding, not another cell.
        cells = np.maximum(1, np.ceil(sides / self.step_m - 1e-9)).astype(np.int64)
        kinds, kind_of = np.unique(cells, axis=0, return_inverse=True)
        for kind, (n_u, n_v) in enumerate(kinds):
            chosen = np.flatnonzero(kind_of.ravel() == kind)
            piece = _grid(Quads(*(a[chosen] for a in quads)), sides[chosen], int(n_u), int(n_v))
            yield piece, owner[chosen][piece.patch]


def _grid(quads: Quads, sides: Float64[np.ndarray, "q 2"], n_u: int, n_v: int) -> Piece:
    """Cut rectangles into ``n_u`` by ``n_v`` cells each."""
    n_quads, per_quad = len(quads.corner), (n_u + 1) * (n_v + 1)
    lattice = np.meshgrid(np.linspace(0, 1, n_u + 1), np.linspace(0, 1, n_v + 1))
    s, t = (axis.reshape(1, -1, 1) for axis in lattice)
    vertices = quads.corner[:, None] + s * quads.u[:, None] + t * quads.v[:, None]
    normals = np.cross(quads.u, quads.v)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    along = np.concatenate([s * sides[:, None, :1], t * sides[:, None, 1:]], axis=2)
    along[quads.turned] = along[quads.turned][..., ::-1]
    first = (np.arange(n_v)[:, None] * (n_u + 1) + np.arange(n_u)).ravel()
    lower = np.stack([first, first + 1, first + n_u + 2], axis=1)
    upper = np.stack([first, first + n_u + 2, first + n_u + 1], axis=1)
    faces = np.concatenate([lower, upper])
    return Piece(
        vertices=vertices.reshape(-1, 3),
        normals=np.repeat(normals, per_quad, axis=0),
        uv=(along + quads.uv[:, None]).reshape(-1, 2),
        faces=(faces + np.arange(n_quads)[:, None, None] * per_quad).reshape(-1, 3),
        patch=np.repeat(np.arange(n_quads), len(faces)),
    )


def _surface_table(surfaces: Sequence[Surface]) -> SurfaceTable:
    materials = [s.material for s in surfaces]
    albedo = linear_from_srgb(np.array([m.srgb for m in materials], dtype=np.float64))
    own = albedo * np.array([m.glow for m in materials])[:, None]
    for row, surface in enumerate(surfaces):
        if surface.glow is not None:
            own[row] = surface.glow
    varies = np.array([m.contrast * pattern_strength(m.pattern) > _LEAST_CHANGE for m in materials])
    pattern = np.array([pattern_index(m.pattern) for m in materials])
    return SurfaceTable(
        albedo=albedo.astype(np.float32),
        glow=own.astype(np.float32),
        lit_by=np.array([LIGHT_GROUPS.index(s.lit_by) for s in surfaces]),
        instance=np.array([s.instance for s in surfaces], dtype=np.uint16),
        is_solid=np.array([s.is_solid for s in surfaces]),
        pattern=np.where(varies, pattern, 0).astype(np.int32),
        contrast=np.array([m.contrast for m in materials], dtype=np.float32),
        picture_m=np.array([m.repeat_m * REPEATS[m.pattern] for m in materials], dtype=np.float32),
        gloss=np.array([m.gloss for m in materials], dtype=np.float32),
    )
