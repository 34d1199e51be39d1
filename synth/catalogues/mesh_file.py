"""Read a mesh file into an ``ObjectMesh``: turned upright, scaled to metres, cleaned, thinned.

Meshes from the wild have zero-length normals, degenerate faces, several materials and textures,
and a hundred thousand triangles. Rooms need one colour a face, no normals at all, and few
triangles: the light of a room is baked per vertex. Meshes need not be watertight.
"""

from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import fast_simplification
import numpy as np
import trimesh
from jaxtyping import Float32, Float64, Int64
from scipy.spatial import cKDTree

from synth.catalogues.catalogue import CatalogueError
from synth.rooms.room import ObjectMesh

Axis = Literal["x", "-x", "y", "-y", "z", "-z"]
MAX_FACES: Final = 3000
SUFFIXES: Final = (".glb", ".gltf", ".obj")
_LEAST_AREA_M2: Final = 1e-10
_MOST_STRETCH: Final = 1.6  # between two axes; more means that axes or sizes are mixed up
_FINEST_GRID: Final = 40  # cells along the longest side
_DEFAULT_SRGB: Final = (0.6, 0.6, 0.6)
_UNIT: Final = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


class _Faces(NamedTuple):
    """Triangles of a file as they are."""

    vertices: Float64[np.ndarray, "v 3"]
    faces: Int64[np.ndarray, "f 3"]
    srgb: Float32[np.ndarray, "f 3"]


def axis_vector(axis: Axis) -> Float64[np.ndarray, "3"]:
    """Return the unit vector of a signed axis name."""
    return np.array(_UNIT[axis[-1]]) * (-1.0 if axis.startswith("-") else 1.0)


def object_axes(up: Axis, front: Axis) -> Float64[np.ndarray, "3 3"]:
    """Return the rotation from file axes to object axes (x width, +y back, z up).

    Raises:
        CatalogueError: ``up`` and ``front`` lie along the same axis.
    """
    z, y = axis_vector(up), -axis_vector(front)
    if abs(float(z @ y)) > 0.5:
        raise CatalogueError(
            f"up and front must be different axes, got up={up!r}, front={front!r}."
        )
    return np.stack([np.cross(y, z), y, z])


def read_mesh(
    path: Path,
    size_m: tuple[float, float, float],
    axes: Float64[np.ndarray, "3 3"],
    *,
    max_faces: int = MAX_FACES,
) -> ObjectMesh:
    """Read one GLB, glTF or OBJ file.

    Args:
        path: The file; materials and textures are looked for beside it.
        size_m: Width, depth and height it shall have.
        axes: Rotation from the file's axes to the object's, see ``object_axes``.
        max_faces: Triangles that are kept for drawing.

    Raises:
        CatalogueError: The file is missing, unreadable, empty, flat, or its proportions
            contradict ``size_m``.
    """
    raw = _read_faces(path)
    vertices = raw.vertices @ axes.T
    if not np.isfinite(vertices).all():
        raise CatalogueError(f"{path.name}: the mesh has vertices that are no finite numbers.")
    cleaned = _cleaned(_Faces(_scaled(vertices, size_m, path.name), raw.faces, raw.srgb), path.name)
    thin = _thinned(cleaned, max_faces)
    return ObjectMesh(
        vertices=_scaled(thin.vertices, size_m, path.name),
        faces=_outward(thin.vertices, thin.faces),
        face_srgb=thin.srgb,
    )


def _read_faces(path: Path) -> _Faces:
    if not path.is_file():
        raise CatalogueError(f"{path.name}: there is no such mesh file in {path.parent}.")
    if path.suffix.lower() not in SUFFIXES:
        raise CatalogueError(
            f"{path.name}: meshes are read from {', '.join(SUFFIXES)} files; convert this one."
        )
    try:
        scene = trimesh.load_scene(path, process=False)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OSError) as error:
        raise CatalogueError(
            f"{path.name}: the mesh cannot be read ({error}); export it again."
        ) from error
    vertices, faces, colors, n = [], [], [], 0
    for node in sorted(scene.graph.nodes_geometry):
        to_world, name = scene.graph[node]
        geometry = scene.geometry[name]
        if not isinstance(geometry, trimesh.Trimesh) or not len(geometry.faces):
            continue
        points = np.asarray(geometry.vertices, dtype=np.float64)
        vertices.append(points @ to_world[:3, :3].T + to_world[:3, 3])
        faces.append(np.asarray(geometry.faces, dtype=np.int64) + n)
        colors.append(face_colors(geometry))
        n += len(points)
    if not faces:
        raise CatalogueError(f"{path.name}: the file holds no triangles.")
    return _Faces(np.concatenate(vertices), np.concatenate(faces), np.concatenate(colors))


def face_colors(geometry: trimesh.Trimesh) -> Float32[np.ndarray, "f 3"]:
    """Return one sRGB colour a face: texture at three points, vertex or face colours, or grey."""
    n = len(geometry.faces)
    visual: Any = geometry.visual  # one of several classes that share no base with these fields
    if visual.kind == "texture":
        texture = _texture_colors(geometry)
        if texture is not None:
            return texture
        color = np.asarray(visual.material.main_color, dtype=np.float64)[:3] / 255
        return np.tile(color.astype(np.float32), (n, 1))
    if visual.kind == "vertex":
        by_vertex = np.asarray(visual.vertex_colors, dtype=np.float64)[:, :3] / 255
        return np.asarray(by_vertex[np.asarray(geometry.faces)].mean(axis=1), dtype=np.float32)
    if visual.kind == "face":
        return (np.asarray(visual.face_colors, dtype=np.float64)[:, :3] / 255).astype(np.float32)
    return np.tile(np.array(_DEFAULT_SRGB, dtype=np.float32), (n, 1))


def _texture_colors(geometry: trimesh.Trimesh) -> Float32[np.ndarray, "f 3"] | None:
    """Look up the picture halfway between each corner and the face's middle."""
    visual: Any = geometry.visual
    image = getattr(visual.material, "image", None)
    if image is None:
        image = getattr(visual.material, "baseColorTexture", None)
    if image is None or visual.uv is None or len(visual.uv) != len(geometry.vertices):
        return None
    pixels = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
    corners = np.asarray(visual.uv, dtype=np.float64)[np.asarray(geometry.faces)]
    if not np.isfinite(corners).all():
        return None
    points = (corners + corners.mean(axis=1, keepdims=True)) / 2 % 1.0
    height, width = pixels.shape[:2]
    column = np.minimum((points[..., 0] * width).astype(np.int64), width - 1)
    row = np.minimum(((1 - points[..., 1]) * height).astype(np.int64), height - 1)
    return np.asarray(pixels[row, column].mean(axis=1), dtype=np.float32)


def _scaled(
    vertices: Float64[np.ndarray, "v 3"], size_m: tuple[float, float, float], name: str
) -> Float64[np.ndarray, "v 3"]:
    """Stretch the tight box to a size, centered in the origin."""
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    extent = high - low
    if (extent < 1e-9 * max(float(extent.max()), 1e-12)).any() or extent.max() == 0:
        raise CatalogueError(
            f"{name}: the mesh is flat (extents {extent.round(6).tolist()}); export the whole "
            "object, or leave it out."
        )
    scale = np.array(size_m) / extent
    if scale.max() / scale.min() > _MOST_STRETCH:
        raise CatalogueError(
            f"{name}: the mesh is {extent.round(4).tolist()} (width, depth, height in its own "
            f"unit) but shall become {size_m} m, which stretches one axis "
            f"{scale.max() / scale.min():.1f} times more than another; check size, up and front."
        )
    scaled: Float64[np.ndarray, "v 3"] = (vertices - (low + high) / 2) * scale
    return scaled


def _cleaned(mesh: _Faces, name: str) -> _Faces:
    """Drop degenerate faces and vertices that no face uses."""
    corners = mesh.vertices[mesh.faces]
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    keep = area > _LEAST_AREA_M2
    if not keep.any():
        raise CatalogueError(f"{name}: all faces of the mesh are degenerate.")
    used, faces = np.unique(mesh.faces[keep], return_inverse=True)
    return _Faces(mesh.vertices[used], faces.reshape(-1, 3), mesh.srgb[keep])


def _thinned(mesh: _Faces, max_faces: int) -> _Faces:
    """Decimate by quadric error; each face takes the colour of the nearest one before.

    Foliage of thousands of loose leaves cannot be decimated that way: there, vertices are then
    gathered on a coarser and coarser grid until few enough faces are left.
    """
    if len(mesh.faces) <= max_faces:
        return mesh
    unique, index = np.unique(mesh.vertices.round(7), axis=0, return_inverse=True)
    points, faces = fast_simplification.simplify(
        unique.astype(np.float32),
        index.reshape(-1)[mesh.faces].astype(np.int32),
        target_count=max_faces,
    )
    vertices, faces = points.astype(np.float64), faces.astype(np.int64)
    cells = _FINEST_GRID
    while len(faces) > max_faces:
        vertices, faces = _gathered(vertices, faces, cells)
        cells = cells * 4 // 5
    before = cKDTree(mesh.vertices[mesh.faces].mean(axis=1))
    nearest = before.query(vertices[faces].mean(axis=1))[1]
    return _cleaned(_Faces(vertices, faces, mesh.srgb[nearest]), "thinned mesh")


def _gathered(
    vertices: Float64[np.ndarray, "v 3"], faces: Int64[np.ndarray, "f 3"], cells: int
) -> tuple[Float64[np.ndarray, "w 3"], Int64[np.ndarray, "g 3"]]:
    """Merge the vertices of each grid cell and drop faces that collapse or repeat."""
    step = float((vertices.max(axis=0) - vertices.min(axis=0)).max()) / cells
    keys = np.floor((vertices - vertices.min(axis=0)) / step).astype(np.int64)
    _, cell = np.unique(keys, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    count = np.bincount(cell)[:, None]
    merged = np.stack([np.bincount(cell, weights=vertices[:, k]) for k in range(3)], 1) / count
    turned = cell[faces]
    whole = (turned != np.roll(turned, 1, axis=1)).all(axis=1)
    _, first = np.unique(np.sort(turned[whole], axis=1), axis=0, return_index=True)
    return merged, turned[whole][np.sort(first)]


def _outward(
    vertices: Float64[np.ndarray, "v 3"], faces: Int64[np.ndarray, "f 3"]
) -> Int64[np.ndarray, "f 3"]:
    """Turn all faces around if the mesh encloses a negative volume."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    volume = float((a * np.cross(b, c)).sum())
    return faces[:, ::-1].copy() if volume < 0 else faces
