"""Kitchen units in the 0.60 m grid, appliances, and what stands on worktops."""

from itertools import pairwise
from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on
from synth.rooms.room import Part

_EN_UNIT: Final = "DIN EN 1116 (kitchen units: 0.60 m modules, worktop 0.85-0.92 m)"
_MAKERS: Final = "typical manufacturers' range"
_WORKTOP: Final = (
    "kettle", "toaster", "coffee machine", "bowl", "bottle", "fruit bowl", "pot", "microwave",
    "mug", "flower pot", "row of books", "plate",
)  # fmt: skip


def _unit(o: Order, fronts: tuple[float, ...]) -> tuple[Part, list[Part]]:
    """Worktop on a body with a recessed plinth; fronts cut at the given heights."""
    top = o.block((o.h - 0.04, o.h), o.look.accent)
    parts = [
        top,
        o.part((0.0, o.w), (0.045, o.d), (0.12, o.h - 0.04), o.look.main),
        o.part((0.0, o.w), (0.10, o.d), (0.0, 0.12), o.look.main),
    ]
    for low, high in pairwise(fronts):
        front = (0.004, o.w - 0.004)
        parts.append(o.part(front, (0.025, 0.045), (low + 0.004, high - 0.004), o.look.main))
        bar = (o.w / 2 - 0.08, o.w / 2 + 0.08)
        parts.append(o.part(bar, (0.005, 0.025), (high - 0.05, high - 0.035), o.look.second))
    return top, parts


def _counter(o: Order) -> Model:
    drawers = o.rng.random() < 0.5
    edges = (0.12, 0.40, 0.66, o.h - 0.05) if drawers else (0.12, o.h - 0.05)
    top, parts = _unit(o, edges)
    return Model(tuple(parts), (surface_on(top, rim_m=0.02),))


def _sink(o: Order) -> Model:
    """A unit with a steel basin; a rim and a dark floor stand for the hollow."""
    basin = (o.w * 0.08, o.w * 0.92)
    # The tap's top is the unit's height; the worktop lies below it.
    lowered = o.h - 0.28
    parts = [
        o.part((0.0, o.w), (0.0, o.d), (lowered - 0.04, lowered), o.look.accent),
        o.part((0.0, o.w), (0.045, o.d), (0.12, lowered - 0.04), o.look.main),
        o.part((0.0, o.w), (0.10, o.d), (0.0, 0.12), o.look.main),
        o.part((0.004, o.w - 0.004), (0.025, 0.045), (0.124, lowered - 0.05), o.look.main),
        o.part(basin, (0.07, o.d - 0.12), (lowered, lowered + 0.008), o.look.second),
        o.part(
            (basin[0] + 0.03, basin[1] - 0.03), (0.10, o.d - 0.15),
            (lowered + 0.008, lowered + 0.010), o.look.main,
        ),
        o.part((o.w / 2 - 0.02, o.w / 2 + 0.02), (o.d - 0.09, o.d - 0.05), (lowered, o.h),
               o.look.second, "cylinder"),
        o.part((o.w / 2 - 0.012, o.w / 2 + 0.012), (o.d - 0.27, o.d - 0.09), (o.h - 0.03, o.h),
               o.look.second),
    ]  # fmt: skip
    return Model(tuple(parts))


def _stove(o: Order) -> Model:
    """Oven door with a window, knobs, and four rings on a glass top."""
    top = o.block((o.h - 0.03, o.h - 0.004), o.look.second)
    parts = [
        top,
        o.part((0.0, o.w), (0.03, o.d), (0.0, o.h - 0.03), o.look.main),
        o.part((0.02, o.w - 0.02), (0.015, 0.03), (0.12, o.h - 0.16), o.look.main),
        o.part((0.08, o.w - 0.08), (0.010, 0.015), (0.22, o.h - 0.28), o.look.second),
        o.part((0.06, o.w - 0.06), (0.0, 0.015), (o.h - 0.21, o.h - 0.19), o.look.accent),
    ]
    for x in (0.28, 0.72):
        for y in (0.28, 0.72):
            cx, cy, r = x * o.w, y * o.d, 0.085
            ring = (cx - r, cx + r), (cy - r, cy + r)
            parts.append(
                o.part(*ring, (o.h - 0.004, o.h), o.look.accent, "cylinder")
            )  # fmt: skip
    rings = [surface_on(part) for part in parts[-4:]]
    return Model(tuple(parts), tuple(rings))


def _refrigerator(o: Order) -> Model:
    split = o.h * (0.64 if o.rng.random() < 0.6 else 0.34)
    parts = [o.part((0.0, o.w), (0.07, o.d), (0.0, o.h), o.look.main)]
    for low, high in ((0.04, split), (split, o.h - 0.005)):
        parts.append(o.part((0.0, o.w), (0.03, 0.065), (low + 0.005, high - 0.005), o.look.main))
        grip = (low + 0.06, min(low + 0.5, high - 0.06))
        parts.append(o.part((0.04, 0.065), (0.0, 0.03), grip, o.look.second))
    return Model(tuple(parts), (surface_on(parts[0], rim_m=0.04),))


def _front_loader(o: Order) -> Model:
    """Dishwasher or washing machine: a body, a door and a control strip."""
    body = o.part((0.0, o.w), (0.03, o.d), (0.0, o.h), o.look.main)
    strip = o.part((0.01, o.w - 0.01), (0.015, 0.03), (o.h - 0.12, o.h - 0.01), o.look.second)
    door = o.part((0.01, o.w - 0.01), (0.012, 0.03), (0.10, o.h - 0.13), o.look.main)
    bar = o.part((o.w * 0.25, o.w * 0.75), (0.0, 0.012), (o.h - 0.18, o.h - 0.16), o.look.accent)
    return Model((body, strip, door, bar), (surface_on(body, rim_m=0.02),))


def _microwave(o: Order) -> Model:
    body = o.part((0.0, o.w), (0.015, o.d), (0.0, o.h), o.look.main)
    window = o.part((0.02, o.w * 0.72), (0.0, 0.015), (0.03, o.h - 0.03), o.look.second)
    keys = o.part((o.w * 0.76, o.w - 0.02), (0.005, 0.015), (0.03, o.h - 0.03), o.look.accent)
    return Model((body, window, keys))


def _toaster(o: Order) -> Model:
    body = o.part((0.015, o.w), (0.0, o.d), (0.0, o.h - 0.012), o.look.main)
    lever = o.part((0.0, 0.015), (o.d * 0.4, o.d * 0.6), (o.h * 0.5, o.h * 0.65), o.look.second)
    slots = [
        o.part((0.04, o.w - 0.03), (o.d * y, o.d * (y + 0.14)), (o.h - 0.012, o.h), o.look.second)
        for y in (0.2, 0.6)
    ]
    return Model((body, lever, *slots))


def _coffee_machine(o: Order) -> Model:
    parts = (
        o.part((0.0, o.w), (o.d * 0.55, o.d), (0.0, o.h), o.look.main),
        o.part((0.0, o.w), (0.0, o.d * 0.55), (0.0, 0.05), o.look.main),
        o.part((0.0, o.w), (0.03, o.d * 0.55), (o.h * 0.68, o.h), o.look.main),
        o.part((o.w * 0.2, o.w * 0.8), (0.04, o.d * 0.5), (0.05, o.h * 0.55), o.look.second,
               "cylinder"),
    )  # fmt: skip
    return Model(parts)


def _island(o: Order) -> Model:
    """A worktop over a body that leaves knee space for bar stools on its front side."""
    top = o.block((o.h - 0.04, o.h), o.look.accent)
    body = o.part((0.04, o.w - 0.04), (0.30, o.d - 0.02), (0.08, o.h - 0.04), o.look.main)
    plinth = o.part((0.08, o.w - 0.08), (0.34, o.d - 0.06), (0.0, 0.08), o.look.main)
    knees = o.knee_space((0.0, o.w), (0.0, 0.30), o.h - 0.04)
    return Model((top, body, plinth), (surface_on(top, rim_m=0.03), knees))


_GRID: Final = (0.60, 0.60)  # units stand in a row, so all have the module's width

KINDS: Final = (
    Kind(
        name="refrigerator", width_m=(0.55, 0.70), depth_m=(0.58, 0.70), height_m=(1.45, 2.00),
        source="Sweet Home 3D catalogue; " + _MAKERS, rests="floor",
        coats=("steel", "metal", "metal"), build=_refrigerator, front_m=0.6,
        carries=("basket", "box"),
    ),
    Kind(
        name="kitchen counter", width_m=_GRID, depth_m=(0.60, 0.62), height_m=(0.86, 0.92),
        source=_EN_UNIT, rests="floor", coats=("paint", "metal", "wood"), build=_counter,
        front_m=0.7, carries=_WORKTOP,
    ),
    Kind(
        name="kitchen sink", width_m=_GRID, depth_m=(0.60, 0.62), height_m=(1.14, 1.20),
        source=_EN_UNIT + "; tap 0.28 m", rests="floor", coats=("paint", "steel", "wood"),
        build=_sink, front_m=0.7,
    ),
    Kind(
        name="stove", width_m=_GRID, depth_m=(0.60, 0.62), height_m=(0.86, 0.92),
        source=_EN_UNIT, rests="floor", coats=("steel", "screen", "metal"), build=_stove,
        front_m=0.7, carries=("pot",),
    ),
    Kind(
        name="dishwasher", width_m=_GRID, depth_m=(0.60, 0.62), height_m=(0.86, 0.92),
        source=_EN_UNIT, rests="floor", coats=("steel", "dark", "metal"), build=_front_loader,
        front_m=0.7, carries=_WORKTOP,
    ),
    Kind(
        name="kitchen island", width_m=(1.30, 2.00), depth_m=(0.85, 1.05), height_m=(0.88, 0.94),
        source=_EN_UNIT, rests="floor", coats=("paint", "metal", "wood"), build=_island,
        carries=("fruit bowl", "vase", "bowl", "mug", "bottle", "plate"),
    ),
    Kind(
        name="microwave", width_m=(0.44, 0.52), depth_m=(0.32, 0.40), height_m=(0.26, 0.31),
        source=_MAKERS, rests="top", coats=("steel", "screen", "dark"), build=_microwave,
    ),
    Kind(
        name="toaster", width_m=(0.28, 0.38), depth_m=(0.16, 0.20), height_m=(0.18, 0.22),
        source=_MAKERS, rests="top", coats=("accent", "dark", "metal"), build=_toaster,
    ),
    Kind(
        name="coffee machine", width_m=(0.18, 0.28), depth_m=(0.26, 0.36), height_m=(0.30, 0.40),
        source=_MAKERS, rests="top", coats=("dark", "glass", "metal"), build=_coffee_machine,
    ),
)  # fmt: skip
