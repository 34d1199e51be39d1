"""What a catalogue mesh offers to rooms, measured on its triangles: tops and main colour."""

from typing import Final

import numpy as np

from synth.furniture.build import Surface
from synth.rooms.palettes import NAMED
from synth.rooms.room import ObjectMesh

_LEVEL_M: Final = 0.010  # faces this close below the highest one count as the same top
_FULL: Final = 0.85  # share of the box's floor plan that a rectangular top covers
_ROUND: Final = 0.60  # and a round one (a circle covers 0.785 of its square)
_MATERIALS: Final = ("oak", "pine", "walnut", "cherry", "silver", "gold")  # not told by colour
_RIM: Final = 0.92  # of the half extents, kept for things to stand on


def measured_tops(mesh: ObjectMesh) -> tuple[Surface, ...]:
    """Return the level top of a mesh, if it has one that covers most of its floor plan."""
    corners = mesh.vertices[mesh.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    top = float(mesh.vertices[:, 2].max())
    level = (corners[..., 2] > top - _LEVEL_M).all(axis=1)
    level &= normal[:, 2] > 0.9 * np.linalg.norm(normal, axis=1)
    half = mesh.vertices.max(axis=0)
    covered = float(normal[level, 2].sum()) / 2 / float(4 * half[0] * half[1])
    if covered < _ROUND:
        return ()
    share = _RIM * (1.0 if covered >= _FULL else 2**-0.5)
    return (Surface("top", (0.0, 0.0), (float(half[0]) * share, float(half[1]) * share), top),)


def main_color(mesh: ObjectMesh) -> str:
    """Name the colour that covers most of the mesh's surface."""
    corners = mesh.vertices[mesh.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normal, axis=1)
    names = [name for name in NAMED if name not in _MATERIALS]
    table = np.array([NAMED[name] for name in names])
    nearest = np.linalg.norm(mesh.face_srgb[:, None] - table[None], axis=2).argmin(axis=1)
    return names[int(np.bincount(nearest, weights=area, minlength=len(names)).argmax())]
