"""What an object rests on, measured on the supporter's parts or mesh: never on its box."""

from typing import Final

import numpy as np
import shapely

from synth.rooms.room import Part, RoomObject

_EXACT_M: Final = 1e-6
_MESH_M: Final = 0.012  # tops of catalogue meshes are level to this
_CIRCLE: Final = 16  # segments per quarter


def contact_below(thing: RoomObject, below: RoomObject, bottom_m: float) -> bool:
    """Whether surfaces of ``below`` at height ``bottom_m`` carry the middle of ``thing``."""
    half = thing.size[:2] / 2
    signs = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    corners = thing.center[:2] + (signs * half) @ thing.rotation[:2, :2].T
    local = (corners - below.center[:2]) @ below.rotation[:2, :2]
    surface = level_surface(below, bottom_m - float(below.center[2]))
    touching = surface.intersection(shapely.Polygon(local))
    middle = shapely.Point((thing.center[:2] - below.center[:2]) @ below.rotation[:2, :2])
    return bool(touching.area > 0 and touching.convex_hull.distance(middle) <= _EXACT_M)


def level_surface(thing: RoomObject, z: float) -> shapely.Geometry:
    """Return the tops at height ``z`` above the middle of an object, in its own axes."""
    if thing.mesh is not None:
        corners = thing.mesh.vertices[thing.mesh.faces]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        upward = normal[:, 2] > 0.9 * np.linalg.norm(normal, axis=1)
        level = (np.abs(corners[..., 2] - z) <= _MESH_M).all(axis=1) & upward & (normal[:, 2] > 0)
        return shapely.union_all([shapely.Polygon(t[:, :2]) for t in corners[level]])
    tops = [_top(p) for p in thing.parts if abs(p.center[2] + p.size[2] / 2 - z) <= _EXACT_M]
    return shapely.union_all([top for top in tops if top is not None])


def _top(part: Part) -> shapely.Polygon | None:
    """Return the level top of a part; cones and spheres have none."""
    x, y, _ = part.center.tolist()
    w, d, _ = (part.size / 2).tolist()
    match part.shape:
        case "box":
            return shapely.box(x - w, y - d, x + w, y + d)
        case "cylinder":
            disc = shapely.Point(0.0, 0.0).buffer(1.0, quad_segs=_CIRCLE)
            return shapely.Polygon(np.array(disc.exterior.coords) * [w, d] + [x, y])
        case _:
            return None
