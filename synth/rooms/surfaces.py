"""Materials of the shell: walls, floor, ceiling, doors and windows."""

from typing import Final, NamedTuple

import numpy as np

from synth.rooms.palettes import NAMED, Palette
from synth.rooms.room import Material, Pattern, Srgb

_WET: Final = ("bathroom", "kitchen", "laundry room")


class Shell(NamedTuple):
    """Materials of what is no furniture."""

    walls: tuple[Material, ...]
    floor: Material
    ceiling: Material
    door: Material
    window: Material


class _Floor(NamedTuple):
    color: str
    srgb: Srgb
    pattern: Pattern
    repeat_m: float
    contrast: float
    gloss: float


_DRY_FLOORS: Final = (
    _Floor("wood", (0.64, 0.46, 0.29), "planks", 1.10, 0.30, 0.1),
    _Floor("wood", (0.74, 0.59, 0.41), "planks", 1.20, 0.22, 0.1),
    _Floor("dark wood", (0.36, 0.24, 0.16), "planks", 1.15, 0.30, 0.12),
    _Floor("wood", (0.60, 0.43, 0.27), "parquet", 0.50, 0.28, 0.12),
    _Floor("grey", (0.52, 0.52, 0.53), "carpet", 0.40, 0.18, 0.0),
    _Floor("beige", (0.70, 0.62, 0.50), "carpet", 0.40, 0.18, 0.0),
    _Floor("blue", (0.30, 0.38, 0.50), "carpet", 0.40, 0.18, 0.0),
    _Floor("grey", (0.58, 0.57, 0.55), "plain", 1.0, 0.0, 0.06),
)
_WET_FLOORS: Final = (
    _Floor("white", (0.84, 0.84, 0.82), "tiles", 0.30, 0.12, 0.2),
    _Floor("grey", (0.50, 0.51, 0.52), "tiles", 0.60, 0.14, 0.15),
    _Floor("beige", (0.76, 0.69, 0.57), "tiles", 0.45, 0.14, 0.15),
    _Floor("black and white", (0.52, 0.52, 0.52), "checks", 0.60, 0.75, 0.15),
    _Floor("marble", (0.82, 0.81, 0.79), "marble", 1.20, 0.25, 0.25),
    _Floor("terracotta", (0.66, 0.40, 0.29), "tiles", 0.30, 0.15, 0.1),
)


def _floor(kind: str, rng: np.random.Generator) -> Material:
    table = _WET_FLOORS if kind in _WET or rng.random() < 0.15 else _DRY_FLOORS
    chosen = table[int(rng.integers(len(table)))]
    return Material(
        color=chosen.color,
        srgb=chosen.srgb,
        pattern=chosen.pattern,
        repeat_m=chosen.repeat_m * float(rng.uniform(0.85, 1.15)),
        contrast=chosen.contrast,
        gloss=chosen.gloss,
    )


def _softened(name: str) -> Srgb:
    """Wall paint: the named colour, a quarter of the way to white unless it is dark."""
    r, g, b = NAMED[name]
    if r + g + b < 1.2:
        return (r, g, b)
    return (r + 0.25 * (0.93 - r), g + 0.25 * (0.93 - g), b + 0.25 * (0.92 - b))


def _wall(name: str, pattern: Pattern) -> Material:
    match pattern:
        case "bricks":
            return Material(
                color="brick", srgb=(0.60, 0.36, 0.28), pattern="bricks", repeat_m=0.5, contrast=0.3
            )
        case "tiles":
            return Material(
                color=name, srgb=_softened(name), pattern="tiles", repeat_m=0.2, contrast=0.12,
                gloss=0.4,
            )  # fmt: skip
        case "stripes":
            return Material(
                color=name, srgb=_softened(name), pattern="stripes", repeat_m=0.30, contrast=0.12
            )
        case _:
            return Material(
                color=name, srgb=_softened(name), pattern="plaster", repeat_m=0.8, contrast=0.05
            )


def draw_shell(kind: str, n_walls: int, palette: Palette, rng: np.random.Generator) -> Shell:
    """Draw wall paint, perhaps one wall that differs, a floor, door and window frames."""
    names = palette.scheme.walls
    name = names[int(rng.integers(len(names)))]
    if kind == "bathroom" and rng.random() < 0.7:
        base = _wall(("white", "cream", "light grey", "light blue")[int(rng.integers(4))], "tiles")
    else:
        base = _wall(name, "stripes" if rng.random() < 0.1 else "plaster")
    walls = [base] * n_walls
    draw = rng.random()
    if kind != "bathroom" and draw < 0.35:
        accent = int(rng.integers(n_walls))
        other = palette.scheme.textiles[int(rng.integers(len(palette.scheme.textiles)))]
        walls[accent] = _wall(other, "bricks" if draw < 0.08 else "plaster")
    door_name = ("white", palette.wood)[int(rng.random() < 0.5)]
    grain: Pattern = "plain" if door_name == "white" else "wood_grain"
    door = Material(
        color=door_name, srgb=NAMED[door_name], pattern=grain, repeat_m=0.6,
        contrast=0.0 if grain == "plain" else 0.2, gloss=0.2,
    )  # fmt: skip
    frame = ("white", "white", "dark grey", palette.wood)[int(rng.integers(4))]
    return Shell(
        walls=tuple(walls),
        floor=_floor(kind, rng),
        ceiling=Material(color="white", srgb=(0.93, 0.93, 0.91)),
        door=door,
        window=Material(color=frame, srgb=NAMED[frame], gloss=0.2),
    )
