"""The 17 categories of the tiny rooms: a few boxes each, as the tiny checkpoints saw them.

Nothing here may change: the tiny models know these shapes, colours and words and no others.

Sizes are (width, depth, height) ranges in metres of common European household furniture, read
off the dimensions in the Sweet Home 3D furniture catalogue (Debian ``sweethome3d-furniture``)
and DIN EN furniture standards (seat height 0.42-0.50, table height 0.72-0.76, desk 0.72-0.76).
A part is a box in the object's own axes: x along its width, +y its back, z up, origin in the
middle of the whole. The parts of a shape touch all six faces of the object's box, so the box is
tight by construction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float64

Vec3 = Float64[np.ndarray, "3"]
Range = tuple[float, float]


class TintedBox(NamedTuple):
    """A box of an object, in the object's own axes.

    Attributes:
        center: Middle of the part, metres from the middle of the object.
        size: Full extents, metres.
        tint: Factor on the object's colour; below 1 darker, above 1 lighter.
    """

    center: Vec3
    size: Vec3
    tint: float


def _span(
    size: Vec3, low: tuple[float, ...], high: tuple[float, ...], tint: float = 1.0
) -> TintedBox:
    """Part between two corners given as fractions (0..1) of the object's box."""
    a = (np.array(low) - 0.5) * size
    b = (np.array(high) - 0.5) * size
    return TintedBox(center=(a + b) / 2, size=b - a, tint=tint)


def _legs(size: Vec3, top: float, thickness_m: float, tint: float = 0.7) -> list[TintedBox]:
    fx, fy = thickness_m / size[0], thickness_m / size[1]
    return [
        _span(size, (x, y, 0.0), (x + fx, y + fy, top), tint)
        for x in (0.0, 1.0 - fx)
        for y in (0.0, 1.0 - fy)
    ]


def _block(size: Vec3) -> list[TintedBox]:
    return [_span(size, (0, 0, 0), (1, 1, 1))]


def _table(size: Vec3) -> list[TintedBox]:
    return [_span(size, (0, 0, 0.93), (1, 1, 1)), *_legs(size, 0.93, 0.06)]


def _desk(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0, 0.94), (1, 1, 1)),
        _span(size, (0, 0, 0), (0.05, 1, 0.94), 0.8),
        _span(size, (0.70, 0, 0), (1, 1, 0.94), 0.85),
    ]


def _chair(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0, 0.47), (1, 1, 0.54)),
        _span(size, (0, 0.90, 0.54), (1, 1, 1), 0.95),
        *_legs(size, 0.47, 0.04),
    ]


def _stool(size: Vec3) -> list[TintedBox]:
    return [_span(size, (0, 0, 0.88), (1, 1, 1)), *_legs(size, 0.88, 0.04)]


def _sofa(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0, 0), (1, 1, 0.30), 0.85),
        _span(size, (0.10, 0, 0.30), (0.50, 0.72, 0.55), 1.08),
        _span(size, (0.50, 0, 0.30), (0.90, 0.72, 0.55), 1.02),
        _span(size, (0, 0.72, 0.30), (1, 1, 1)),
        _span(size, (0, 0, 0.30), (0.10, 0.72, 0.72), 0.95),
        _span(size, (0.90, 0, 0.30), (1, 0.72, 0.72), 0.95),
    ]


def _bed(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0, 0), (1, 0.96, 0.32), 0.7),
        _span(size, (0.02, 0.01, 0.32), (0.98, 0.96, 0.55)),
        _span(size, (0.10, 0.74, 0.55), (0.45, 0.93, 0.66), 1.5),
        _span(size, (0.55, 0.74, 0.55), (0.90, 0.93, 0.66), 1.5),
        _span(size, (0, 0.96, 0), (1, 1, 1), 0.65),
    ]


def _cabinet(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0.04, 0), (1, 1, 1), 0.85),
        _span(size, (0.02, 0, 0.03), (0.485, 0.04, 0.97), 1.05),
        _span(size, (0.515, 0, 0.03), (0.98, 0.04, 0.97), 1.05),
    ]


def _refrigerator(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0.05, 0), (1, 1, 1), 0.9),
        _span(size, (0, 0, 0.02), (1, 0.05, 0.62), 1.05),
        _span(size, (0, 0, 0.64), (1, 0.05, 0.98), 1.05),
    ]


def _bookshelf(size: Vec3) -> list[TintedBox]:
    shelves = [
        _span(size, (0.04, 0, z), (0.96, 0.92, z + 0.025), 0.95)
        for z in (0.0, 0.24, 0.49, 0.73, 0.975)
    ]
    return [
        _span(size, (0, 0.92, 0), (1, 1, 1), 0.55),
        _span(size, (0, 0, 0), (0.04, 0.92, 1), 0.95),
        _span(size, (0.96, 0, 0), (1, 0.92, 1), 0.95),
        *shelves,
        _span(size, (0.08, 0.30, 0.265), (0.55, 0.92, 0.43), 1.3),
        _span(size, (0.35, 0.30, 0.515), (0.90, 0.92, 0.68), 0.4),
    ]


def _lamp(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0.2, 0.2, 0), (0.8, 0.8, 0.06), 0.5),
        _span(size, (0.44, 0.44, 0.06), (0.56, 0.56, 0.62), 0.5),
        _span(size, (0, 0, 0.62), (1, 1, 1), 1.25),
    ]


def _plant(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0.25, 0.25, 0), (0.75, 0.75, 0.35), 0.55),
        _span(size, (0, 0.1, 0.35), (1, 0.9, 0.75)),
        _span(size, (0.15, 0, 0.55), (0.85, 1, 1), 1.15),
    ]


def _screen(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0.3, 0, 0), (0.7, 1, 0.05), 0.8),
        _span(size, (0.45, 0.4, 0.05), (0.55, 0.6, 0.2), 0.8),
        _span(size, (0, 0.35, 0.2), (1, 0.65, 1)),
    ]


def _armchair(size: Vec3) -> list[TintedBox]:
    return [
        _span(size, (0, 0, 0), (1, 1, 0.30), 0.85),
        _span(size, (0.18, 0, 0.30), (0.82, 0.75, 0.52), 1.08),
        _span(size, (0, 0.75, 0.30), (1, 1, 1)),
        _span(size, (0, 0, 0.30), (0.18, 0.75, 0.68), 0.95),
        _span(size, (0.82, 0, 0.30), (1, 0.75, 0.68), 0.95),
    ]


Where = Literal["wall", "free", "on_top"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyCategory:
    """A kind of furniture.

    Attributes:
        width_m: Range along its own x.
        depth_m: Range along its own y (front to back).
        height_m: Range along z.
        where: Back against a wall, free on the floor, or standing on another object's top.
        parts: Builds its boxes for one size.
        supports: Whether small things may stand on its top.
    """

    width_m: Range
    depth_m: Range
    height_m: Range
    where: Where
    parts: Callable[[Vec3], list[TintedBox]]
    supports: bool = False


def _category(
    width: Range,
    depth: Range,
    height: Range,
    where: Where,
    parts: Callable[[Vec3], list[TintedBox]],
    *,
    supports: bool = False,
) -> TinyCategory:
    return TinyCategory(
        width_m=width, depth_m=depth, height_m=height, where=where, parts=parts, supports=supports
    )


TINY_CATEGORIES: Final[Mapping[str, TinyCategory]] = {
    "bed": _category((1.40, 1.80), (1.95, 2.10), (0.70, 1.00), "wall", _bed),
    "sofa": _category((1.60, 2.20), (0.80, 0.95), (0.75, 0.90), "wall", _sofa),
    "wardrobe": _category((0.90, 1.50), (0.55, 0.62), (1.85, 2.15), "wall", _cabinet),
    "bookshelf": _category((0.70, 1.10), (0.28, 0.38), (1.60, 2.00), "wall", _bookshelf),
    "refrigerator": _category((0.58, 0.70), (0.60, 0.68), (1.55, 1.90), "wall", _refrigerator),
    "desk": _category((1.10, 1.50), (0.55, 0.75), (0.72, 0.76), "wall", _desk, supports=True),
    "cabinet": _category((0.80, 1.30), (0.38, 0.50), (0.75, 1.00), "wall", _cabinet, supports=True),
    "nightstand": _category(
        (0.40, 0.55), (0.38, 0.45), (0.48, 0.62), "wall", _block, supports=True
    ),
    "table": _category((1.00, 1.50), (0.70, 0.90), (0.72, 0.76), "free", _table, supports=True),
    "armchair": _category((0.75, 0.95), (0.75, 0.90), (0.78, 0.95), "free", _armchair),
    "chair": _category((0.42, 0.52), (0.44, 0.54), (0.84, 0.98), "free", _chair),
    "stool": _category((0.34, 0.44), (0.34, 0.44), (0.44, 0.62), "free", _stool),
    "box": _category((0.40, 0.65), (0.35, 0.50), (0.32, 0.50), "free", _block),
    "trash bin": _category((0.26, 0.36), (0.26, 0.36), (0.40, 0.62), "free", _block),
    "plant": _category((0.40, 0.60), (0.40, 0.60), (0.80, 1.30), "free", _plant),
    "lamp": _category((0.26, 0.36), (0.26, 0.36), (0.42, 0.58), "on_top", _lamp),
    "monitor": _category((0.50, 0.66), (0.18, 0.24), (0.40, 0.50), "on_top", _screen),
}

# sRGB, 0..1, as a person would name them; pictures differ from these by the light in the room.
OBJECT_COLORS: Final[Mapping[str, tuple[float, float, float]]] = {
    "red": (0.80, 0.16, 0.14),
    "green": (0.18, 0.58, 0.24),
    "blue": (0.16, 0.32, 0.78),
    "yellow": (0.92, 0.80, 0.18),
    "orange": (0.92, 0.50, 0.12),
    "purple": (0.50, 0.24, 0.66),
    "cyan": (0.22, 0.70, 0.76),
    "pink": (0.92, 0.55, 0.66),
    "brown": (0.44, 0.28, 0.16),
    "white": (0.92, 0.92, 0.90),
    "black": (0.12, 0.12, 0.13),
}
WALL_COLORS: Final[Mapping[str, tuple[float, float, float]]] = {
    "white": (0.90, 0.89, 0.87),
    "grey": (0.64, 0.65, 0.67),
    "beige": (0.85, 0.77, 0.62),
    "blue": (0.56, 0.68, 0.86),
    "green": (0.60, 0.78, 0.60),
    "pink": (0.88, 0.68, 0.70),
    "yellow": (0.92, 0.86, 0.54),
}
FLOOR_COLORS: Final[Mapping[str, tuple[float, float, float]]] = {
    "wood": (0.64, 0.44, 0.26),
    "grey": (0.50, 0.50, 0.52),
    "dark": (0.28, 0.23, 0.20),
    "beige": (0.76, 0.68, 0.54),
    "green": (0.32, 0.46, 0.34),
    "red": (0.56, 0.24, 0.22),
}
