"""Room outlines: rectangles, L, T, U, cut corners, bays and slanted walls, counter-clockwise."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
from jaxtyping import Float64

RoomShape = Literal["rectangle", "l", "t", "u", "cut corner", "slanted", "bay"]
Outline = Float64[np.ndarray, "p 2"]
LEAST_WING_M: Final = 1.5  # no part of a room is narrower than this
_LEAST_WALL_M: Final = 0.4


def _rectangle(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    del rng
    return [(0, 0), (x, 0), (x, y), (0, y)]


def _cut(side: float, rng: np.random.Generator) -> float:
    """How much of a side a wing leaves out: a third to a half, wings stay passable."""
    most = max(_LEAST_WALL_M, side - LEAST_WING_M - 0.3)
    return float(np.clip(side * rng.uniform(0.30, 0.48), _LEAST_WALL_M, most))


def _l(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    a, b = _cut(x, rng), _cut(y, rng)
    return [(0, 0), (x, 0), (x, y - b), (x - a, y - b), (x - a, y), (0, y)]


def _t(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """A bar along y = 0 and a stem towards +y."""
    stem = max(LEAST_WING_M + 0.3, x * float(rng.uniform(0.42, 0.58)))
    left = (x - stem) * float(rng.uniform(0.35, 0.65))
    bar = max(LEAST_WING_M + 0.3, y * float(rng.uniform(0.5, 0.62)))
    return [(0, 0), (x, 0), (x, bar), (left + stem, bar), (left + stem, y), (left, y), (left, bar),
            (0, bar)]  # fmt: skip


def _u(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """A recess in the wall y = max."""
    wing = max(LEAST_WING_M + 0.2, x * float(rng.uniform(0.34, 0.40)))
    depth = min(y - LEAST_WING_M - 0.4, y * float(rng.uniform(0.22, 0.38)))
    return [(0, 0), (x, 0), (x, y), (x - wing, y), (x - wing, y - depth), (wing, y - depth),
            (wing, y), (0, y)]  # fmt: skip


def _cut_corner(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    a = float(rng.uniform(0.7, 0.38 * min(x, y)))
    return [(0, 0), (x, 0), (x, y - a), (x - a, y), (0, y)]


def _slanted(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """One wall leans by up to 20 degrees of its length: a trapezoid."""
    lean = float(rng.uniform(0.12, 0.22)) * x
    return [(0, 0), (x, 0), (x - lean, y), (0, y)]


def _bay(x: float, y: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """A three-sided bay in the wall y = max."""
    deep = float(rng.uniform(0.5, 0.8))
    wide = min(x - 1.4, float(rng.uniform(1.8, 2.6)))
    left = (x - wide) * float(rng.uniform(0.35, 0.65))
    y0 = y - deep
    return [(0, 0), (x, 0), (x, y0), (left + wide, y0), (left + wide - 0.45, y), (left + 0.45, y),
            (left, y0), (0, y0)]  # fmt: skip


_SHAPES: Final[
    Mapping[RoomShape, Callable[[float, float, np.random.Generator], list[tuple[float, float]]]]
] = {
    "rectangle": _rectangle,
    "l": _l,
    "t": _t,
    "u": _u,
    "cut corner": _cut_corner,
    "slanted": _slanted,
    "bay": _bay,
}
SHAPES: Final = tuple(_SHAPES)
# The least width and depth at which a shape still has passable wings, metres.
LEAST_SIDE_M: Final[Mapping[RoomShape, float]] = {
    "rectangle": 0.0, "l": 3.5, "t": 4.2, "u": 4.4, "cut corner": 2.6, "slanted": 2.8, "bay": 3.3,
}  # fmt: skip


def make_outline(shape: RoomShape, x_m: float, y_m: float, rng: np.random.Generator) -> Outline:
    """Draw an outline within ``x_m`` times ``y_m``, mirrored and turned by quarters at random.

    Raises:
        ValueError: The shape needs more room than that (see ``LEAST_SIDE_M``).
    """
    if min(x_m, y_m) < LEAST_SIDE_M[shape]:
        raise ValueError(
            f"make_outline: a room of shape {shape!r} needs sides of at least "
            f"{LEAST_SIDE_M[shape]} m, got {x_m:.2f} x {y_m:.2f}; use a rectangle or larger sides."
        )
    points = np.array(_SHAPES[shape](x_m, y_m, rng), dtype=np.float64)
    if rng.random() < 0.5:
        points = (points * [-1.0, 1.0])[::-1]
    for _ in range(int(rng.integers(4))):
        points = points @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    outline: Outline = points - points.min(axis=0)
    return np.ascontiguousarray(outline)


def area_m2(outline: Outline) -> float:
    """Return the area; positive for counter-clockwise outlines (shoelace formula)."""
    x, y = outline[:, 0], outline[:, 1]
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)
