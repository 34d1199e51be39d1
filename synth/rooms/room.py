"""What a furnished room is: its outline, openings, materials, and what every object rests on.

World frame: metres, +z up, the floor is z = 0. Wall ``i`` runs from ``outline[i]`` to
``outline[i + 1]``; the outline goes counter-clockwise seen from above, so the room lies to the
left of every wall.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, Int64

Srgb = tuple[float, float, float]  # 0..1, sRGB encoded
Radiance = tuple[float, float, float]  # linear RGB, in the renderer's units
Pattern = Literal[
    "plain", "planks", "parquet", "tiles", "bricks", "plaster", "carpet", "fabric", "stripes",
    "checks", "wood_grain", "marble", "leaves",
]  # fmt: skip
PartShape = Literal["box", "cylinder", "cone", "sphere"]
Relation = Literal[
    "on_floor", "on", "inside", "under", "beside", "facing", "against_wall", "on_wall", "on_ceiling"
]
FLOOR: Final = 0  # ``Support.of`` of what stands on the floor or hangs from the ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """How a surface looks.

    Attributes:
        color: Name of the colour as prompts say it, e.g. ``"red"`` or ``"wood"``.
        srgb: Mean colour.
        pattern: What varies over the surface.
        repeat_m: Side of one repeat of the pattern.
        contrast: How strongly the pattern changes the colour, 0 (not at all) to 1.
        gloss: Weight of the highlight, 0 (matt) to 1.
        glow: Linear radiance it sends out by itself, as a factor on its colour; 0 for most.
    """

    color: str
    srgb: Srgb
    pattern: Pattern = "plain"
    repeat_m: float = 1.0
    contrast: float = 0.0
    gloss: float = 0.0
    glow: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A solid of an object, in the object's own axes: x along its width, +y its back, z up.

    Cylinders and cones stand along their z; a sphere is the ellipsoid in the box. ``center`` is
    in metres from the middle of the object, ``size`` the full extents.
    """

    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    material: Material
    shape: PartShape = "box"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObjectMesh:
    """Triangles of a catalogue object, in the object's own axes, metres from its middle."""

    vertices: Float64[np.ndarray, "v 3"]
    faces: Int64[np.ndarray, "f 3"]  # counter-clockwise seen from outside
    face_srgb: Float32[np.ndarray, "f 3"]


class Support(NamedTuple):
    """One edge of the support graph.

    ``of`` is an instance id (on, inside, under, beside, facing), the number of a wall
    (against_wall, on_wall) or ``FLOOR`` (on_floor, on_ceiling).
    """

    relation: Relation
    of: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoomObject:
    """A placed object: its tight oriented box, and what it is drawn with.

    Attributes:
        instance_id: > 0; value of its pixels in instance maps.
        category: Key of the furniture table, or the catalogue's category.
        color: Name of its main colour.
        center: Middle of the box.
        size: Full extents along the box's own axes.
        rotation: Columns are its width, back and up axes in the world.
        parts: Empty when ``mesh`` is given.
        mesh: Triangles of a catalogue object.
        supports: What it rests on and how it stands to others; the first is what carries it.
        source: ``"procedural"``, or catalogue and entry with its licence.
    """

    instance_id: int
    category: str
    color: str
    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    rotation: Float64[np.ndarray, "3 3"]
    parts: tuple[Part, ...]
    supports: tuple[Support, ...]
    mesh: ObjectMesh | None = None
    source: str = "procedural"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A door or window in a wall.

    Attributes:
        wall: Number of the wall.
        along_m: Middle of the opening, from the wall's first corner.
        sill_m: Height of its lower edge; 0 for doors.
    """

    kind: Literal["door", "window"]
    wall: int
    along_m: float
    width_m: float
    height_m: float
    sill_m: float
    material: Material


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingLight:
    """A square panel under the ceiling that shines downwards."""

    x_m: float
    y_m: float
    side_m: float
    radiance: Radiance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulb:
    """A small light inside a lamp: a sphere of ``radius_m`` at a point of the room."""

    x_m: float
    y_m: float
    z_m: float
    radius_m: float
    radiance: Radiance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """A furnished room.

    Attributes:
        kind: What it is used for: ``"living room"``, ``"office"``, ...
        outline: Floor corners, counter-clockwise; any simple polygon.
        walls: Material of each wall.
        daylight: Linear radiance of every window.
        left_out: Categories that found no free place, counted and published.
    """

    scene_id: str
    kind: str
    outline: Float64[np.ndarray, "p 2"]
    height_m: float
    walls: tuple[Material, ...]
    floor: Material
    ceiling: Material
    openings: tuple[Opening, ...]
    daylight: Radiance
    ceiling_lights: tuple[CeilingLight, ...]
    bulbs: tuple[Bulb, ...]
    objects: tuple[RoomObject, ...]
    left_out: tuple[str, ...]

    @property
    def floor_polygon(self) -> Float64[np.ndarray, "p 2"]:
        """Floor outline in metres, counter-clockwise."""
        return self.outline

    @property
    def extent_m(self) -> Float64[np.ndarray, "2 3"]:
        """Lowest and highest corner of the box around the room."""
        low, high = self.outline.min(axis=0), self.outline.max(axis=0)
        return np.array([[*low, 0.0], [*high, self.height_m]])
