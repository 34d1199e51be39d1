"""Beds: mattress sizes are standardised, frames add a few centimetres."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, Surface, surface_on
from synth.rooms.room import Part

_EN_BED: Final = "DIN EN 1334 (mattresses 0.80-2.00 x 1.90-2.20 m) plus frame"
_ON_BED: Final = ("book", "teddy bear", "laptop", "backpack", "newspaper")


def _bedding(o: Order, side: float, z: float, n_pillows: int) -> tuple[list[Part], Surface]:
    """Mattress up to ``z``, a blanket over its front two thirds, pillows at the back."""
    mattress = o.part((side, o.w - side), (0.02, o.d - 0.06), (z - 0.20, z), o.look.second)
    blanket = o.part(
        (side - 0.01, o.w - side + 0.01), (0.01, o.d - 0.75), (z - 0.16, z + 0.03), o.look.accent
    )
    pitch = (o.w - 2 * side) / n_pillows
    pillows = [
        o.part(
            (side + i * pitch + 0.06, side + (i + 1) * pitch - 0.06),
            (o.d - 0.50, o.d - 0.10),
            (z, z + 0.11),
            o.look.second,
        )
        for i in range(n_pillows)
    ]
    return [mattress, blanket, *pillows], surface_on(blanket, rim_m=0.08)


def _bed(o: Order) -> Model:
    """Frame on feet, headboard at the back, bedding; boxes fit under it."""
    z, foot = 0.50, 0.22
    soft, top = _bedding(o, 0.05, z, 2 if o.w > 1.2 else 1)
    parts = [
        o.part((0.0, o.w), (0.0, o.d - 0.06), (foot, z - 0.20), o.look.main),
        o.part((0.0, o.w), (o.d - 0.06, o.d), (0.0, o.h), o.look.main),
        o.part((0.0, 0.06), (0.0, 0.06), (0.0, foot), o.look.main),
        o.part((o.w - 0.06, o.w), (0.0, 0.06), (0.0, foot), o.look.main),
    ]
    space = o.knee_space((0.08, o.w - 0.08), (0.08, o.d - 0.10), foot)
    return Model((*parts, *soft), (top, space))


def _bunk_bed(o: Order) -> Model:
    """Two bunks between four posts; the upper one has a rail and a ladder."""
    post = 0.06
    parts = o.legs(o.h, post, o.look.main)
    low, high = 0.45, o.h - 0.30
    tops = []
    for z in (low, high):
        frame = o.part((0.0, o.w), (0.0, o.d), (z - 0.28, z - 0.16), o.look.main)
        mattress = o.part((post, o.w - post), (post, o.d - post), (z - 0.16, z), o.look.second)
        blanket = o.part(
            (post, o.w - post), (post, o.d - 0.70), (z, z + 0.03), o.look.accent
        )  # fmt: skip
        pillow = o.part(
            (post + 0.08, o.w - post - 0.08), (o.d - 0.48, o.d - 0.12), (z, z + 0.09), o.look.second
        )
        parts += [frame, mattress, blanket, pillow]
        tops.append(blanket)
    rail = (o.h - 0.10, o.h - 0.04)
    parts += [
        o.part((0.0, 0.03), (post, o.d - post), rail, o.look.main),
        o.part((o.w - 0.03, o.w), (post, o.d - 0.60), rail, o.look.main),
    ]
    parts += [
        o.part((o.w - 0.03, o.w), (o.d - 0.58, o.d - post), (step, step + 0.035), o.look.main)
        for step in (0.55, 0.82, 1.09)
    ]
    lower, upper = (surface_on(blanket, rim_m=0.10) for blanket in tops)
    lower = lower._replace(kind="inside", clear_m=high - 0.28 - low - 0.03)
    return Model(tuple(parts), (upper, lower))


def _crib(o: Order) -> Model:
    """Bars on all four sides around a raised mattress."""
    post, bar = 0.04, 0.02
    parts = o.legs(o.h, post, o.look.main)
    mattress = o.part((post, o.w - post), (post, o.d - post), (0.35, 0.45), o.look.second)
    parts += [mattress, o.part((post, o.w - post), (post, o.d - post), (0.30, 0.35), o.look.main)]
    for z in ((0.28, 0.32), (o.h - 0.04, o.h)):
        for y in ((0.0, 0.03), (o.d - 0.03, o.d)):
            parts.append(o.part((post, o.w - post), y, z, o.look.main))
        for x in ((0.0, 0.03), (o.w - 0.03, o.w)):
            parts.append(o.part(x, (post, o.d - post), z, o.look.main))
    n = int((o.w - 2 * post) / 0.13)
    pitch = (o.w - 2 * post) / n
    for i in range(1, n):
        x = (post + i * pitch - bar / 2, post + i * pitch + bar / 2)
        for y in ((0.005, 0.005 + bar), (o.d - 0.005 - bar, o.d - 0.005)):
            parts.append(o.part(x, y, (0.32, o.h - 0.04), o.look.main))
    inside = surface_on(mattress, "inside", 0.6, rim_m=0.05)
    return Model(tuple(parts), (inside,))


KINDS: Final = (
    Kind(
        name="bed", width_m=(1.40, 1.90), depth_m=(2.00, 2.20), height_m=(0.85, 1.15),
        source=_EN_BED, rests="floor", coats=("wood", "bedding", "fabric"), build=_bed,
        front_m=0.45, carries=_ON_BED,
    ),
    Kind(
        name="single bed", width_m=(0.90, 1.10), depth_m=(2.00, 2.15), height_m=(0.75, 1.05),
        source=_EN_BED, rests="floor", coats=("wood", "bedding", "fabric"), build=_bed,
        carries=_ON_BED,
    ),
    Kind(
        name="bunk bed", width_m=(0.95, 1.08), depth_m=(2.00, 2.12), height_m=(1.55, 1.75),
        source="DIN EN 747-1 (bunk beds; guard 0.16 m above the mattress); " + _EN_BED,
        rests="floor", coats=("wood", "bedding", "accent"), build=_bunk_bed,
        carries=("teddy bear", "book"), holds=("teddy bear", "book", "backpack"),
    ),
    Kind(
        name="crib", width_m=(1.24, 1.48), depth_m=(0.66, 0.78), height_m=(0.85, 1.00),
        source="DIN EN 716-1 (cots, inner length 0.90-1.40 m)", rests="floor",
        coats=("pale", "bedding", "wood"), build=_crib, front_m=0.4, holds=("teddy bear",),
    ),
)  # fmt: skip
