"""How a piece of furniture is described and built.

A piece is built from parts in its own frame. While building, lengths count from the front left
bottom corner: x to the right as seen from the front, y to the back, z up. Finished parts and
surfaces count from the middle of the piece, as in ``synth.rooms.room.Part``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from synth.rooms.room import Material, Part, PartShape

Range = tuple[float, float]
Rests = Literal["floor", "top", "wall", "ceiling"]
SurfaceKind = Literal["top", "inside", "under"]
Coat = Literal[
    "wood", "pale", "paint", "fabric", "leather", "metal", "steel", "ceramic", "plastic", "leaf",
    "dark", "screen", "glass", "paper", "accent", "terracotta", "straw", "glow", "bedding",
    "silvered",
]  # fmt: skip
_INSCRIBED: Final = 2**-0.5  # side of the square inside a circle of diameter 1


class Surface(NamedTuple):
    """A level rectangle something may stand on, metres from the middle of the piece.

    ``clear_m`` is the free height above it (infinite on open tops). An ``"under"`` surface is
    floor that the piece leaves free, such as the knee space of a desk.
    """

    kind: SurfaceKind
    center: tuple[float, float]
    half: tuple[float, float]
    z: float
    clear_m: float = float("inf")


class LightSpot(NamedTuple):
    """Where a lamp's light sits, metres from the middle of the piece."""

    center: tuple[float, float, float]
    radius_m: float


class Model(NamedTuple):
    """A built piece."""

    parts: tuple[Part, ...]
    surfaces: tuple[Surface, ...] = ()
    light: LightSpot | None = None


class Look(NamedTuple):
    """Materials of a piece; the first names its colour."""

    main: Material
    second: Material
    accent: Material


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Order:
    """What to build: extents in metres, materials, and the randomness of small details."""

    w: float
    d: float
    h: float
    look: Look
    rng: np.random.Generator

    def part(
        self, x: Range, y: Range, z: Range, material: Material, shape: PartShape = "box"
    ) -> Part:
        """Make the solid that fills three intervals, metres from the front left bottom corner."""
        middle = np.array([x[0] + x[1] - self.w, y[0] + y[1] - self.d, z[0] + z[1] - self.h]) / 2
        extent = np.array([x[1] - x[0], y[1] - y[0], z[1] - z[0]])
        return Part(center=middle, size=extent, material=material, shape=shape)

    def block(self, z: Range, material: Material, shape: PartShape = "box") -> Part:
        """Make a solid over the whole width and depth."""
        return self.part((0.0, self.w), (0.0, self.d), z, material, shape)

    def legs(self, top: float, thick: float, material: Material, bottom: float = 0.0) -> list[Part]:
        """Make four square legs in the corners."""
        return [
            self.part((x, x + thick), (y, y + thick), (bottom, top), material)
            for x in (0.0, self.w - thick)
            for y in (0.0, self.d - thick)
        ]

    def disc(self, diameter: float, z: Range, material: Material) -> Part:
        """Make an upright cylinder on the middle axis."""
        x, y, r = self.w / 2, self.d / 2, diameter / 2
        return self.part((x - r, x + r), (y - r, y + r), z, material, "cylinder")

    def area(
        self,
        x: Range,
        y: Range,
        z: float,
        kind: SurfaceKind = "top",
        clear_m: float = float("inf"),
    ) -> Surface:
        """Name a level rectangle, metres from the front left bottom corner."""
        return Surface(
            kind,
            ((x[0] + x[1] - self.w) / 2, (y[0] + y[1] - self.d) / 2),
            ((x[1] - x[0]) / 2, (y[1] - y[0]) / 2),
            z - self.h / 2,
            clear_m,
        )

    def knee_space(self, x: Range, y: Range, clear_m: float) -> Surface:
        """Say where the floor below this piece is free, and how high."""
        return self.area(x, y, 0.0, "under", clear_m)


def surface_on(
    part: Part, kind: SurfaceKind = "top", clear_m: float = float("inf"), rim_m: float = 0.0
) -> Surface:
    """Measure the level surface on top of a part; ``rim_m`` is kept free along its edges."""
    share = _INSCRIBED if part.shape == "cylinder" else 1.0
    half_x, half_y = (float(s) / 2 * share - rim_m for s in part.size[:2])
    return Surface(
        kind,
        (float(part.center[0]), float(part.center[1])),
        (half_x, half_y),
        float(part.center[2] + part.size[2] / 2),
        clear_m,
    )


Builder = Callable[[Order], Model]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A category of furniture.

    Attributes:
        name: The category, as labels and prompts say it.
        width_m: Range along its own x.
        depth_m: Range along its own y, front to back.
        height_m: Range along z.
        source: Where the sizes are from.
        rests: What carries it: the floor, the top of another piece, a wall or the ceiling.
        coats: Main, second and accent material; the room's palette turns them into colours.
        build: Makes its parts.
        bottom_m: Height of its lower edge, for what hangs on walls.
        front_m: Free floor it needs in front of it.
        carries: Categories that suit its tops.
        holds: Categories that suit its insides.
        upright: Same width and depth (round or square pieces).
    """

    name: str
    width_m: Range
    depth_m: Range
    height_m: Range
    source: str
    rests: Rests
    coats: tuple[Coat, Coat, Coat]
    build: Builder
    bottom_m: Range | None = None
    front_m: float = 0.0
    carries: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    upright: bool = False

    def __post_init__(self) -> None:
        for what in ("width_m", "depth_m", "height_m"):
            low, high = getattr(self, what)
            if not 0 < low <= high:
                raise ValueError(
                    f"Kind {self.name!r}: {what} must be a range of positive metres, "
                    f"got {(low, high)}."
                )
        if (self.rests == "wall") != (self.bottom_m is not None):
            raise ValueError(
                f"Kind {self.name!r}: bottom_m is the height on the wall, so it is given "
                f"exactly when rests is 'wall'; got rests={self.rests!r}, "
                f"bottom_m={self.bottom_m}."
            )

    def draw_size(self, rng: np.random.Generator) -> tuple[float, float, float]:
        """Draw width, depth and height."""
        w = float(rng.uniform(*self.width_m))
        d = w if self.upright else float(rng.uniform(*self.depth_m))
        return w, d, float(rng.uniform(*self.height_m))
