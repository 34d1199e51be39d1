"""Plants, lamps, rugs and ornaments."""

from typing import Final

from synth.furniture.build import Kind, LightSpot, Model, Order, surface_on
from synth.rooms.room import Part, PartShape

_MAKERS: Final = "typical manufacturers' range"


def _foliage(o: Order, bottom: float, n_extra: int) -> list[Part]:
    """Ellipsoids from ``bottom`` to the top that touch the sides of the box."""
    middle = (bottom + o.h) / 2
    parts = [
        o.part((0.0, o.w), (o.d * 0.1, o.d * 0.9), (bottom, middle + 0.1 * o.h), o.look.second,
               "sphere"),
        o.part((o.w * 0.12, o.w * 0.88), (0.0, o.d), (bottom + 0.12 * o.h, o.h), o.look.second,
               "sphere"),
    ]  # fmt: skip
    for _ in range(n_extra):
        r = float(o.rng.uniform(0.14, 0.20)) * min(o.w, o.d)
        x = float(o.rng.uniform(r, o.w - r))
        y = float(o.rng.uniform(r, o.d - r))
        z = float(o.rng.uniform(bottom + r, max(bottom + r, o.h - r)))
        parts.append(
            o.part((x - r, x + r), (y - r, y + r), (z - r, min(z + r, o.h)), o.look.second,
                   "sphere")
        )  # fmt: skip
    return parts


def _plant(o: Order) -> Model:
    """A pot, a stem and a bushy crown."""
    pot_h = min(0.32, o.h * 0.35)
    pot_w = min(o.w, o.d) * 0.55
    pot = o.disc(pot_w, (0.0, pot_h), o.look.main)
    stem_top = pot_h + 0.25 * (o.h - pot_h)
    stem = o.disc(0.035, (pot_h, stem_top + 0.05), o.look.accent)
    return Model((pot, stem, *_foliage(o, stem_top, 4)))


def _flower_pot(o: Order) -> Model:
    pot = o.disc(min(o.w, o.d) * 0.7, (0.0, o.h * 0.42), o.look.main)
    return Model((pot, *_foliage(o, o.h * 0.40, 2)))


def _vase(o: Order) -> Model:
    """A belly, a neck and a lip; sometimes three flowers."""
    belly_h = o.h * 0.55
    parts = [
        o.part((0.0, o.w), (0.0, o.d), (0.0, belly_h), o.look.main, "sphere"),
        o.disc(o.w * 0.5, (0.0, belly_h * 0.25), o.look.main),
    ]
    if o.rng.random() < 0.5:
        parts.append(o.disc(o.w * 0.4, (belly_h * 0.8, o.h), o.look.main))
        return Model(tuple(parts))
    parts.append(o.disc(o.w * 0.4, (belly_h * 0.8, o.h * 0.62), o.look.main))
    for x, y, top in ((0.3, 0.4, 0.9), (0.5, 0.65, 1.0), (0.7, 0.35, 0.86)):
        r = o.w * 0.16
        cx, cy, z = x * o.w, y * o.d, top * o.h
        parts.append(
            o.part((cx - 0.004, cx + 0.004), (cy - 0.004, cy + 0.004), (o.h * 0.6, z - r),
                   o.look.second)
        )  # fmt: skip
        bloom = (cx - r, cx + r), (cy - r, cy + r), (z - 2 * r, z)
        parts.append(o.part(*bloom, o.look.accent, "sphere"))
    return Model(tuple(parts))


def _shade(o: Order, z: tuple[float, float]) -> Part:
    return o.block(z, o.look.second, "cylinder" if o.rng.random() < 0.6 else "cone")


def _lamp_light(o: Order, z: tuple[float, float]) -> LightSpot:
    return LightSpot((0.0, 0.0, (z[0] + z[1]) / 2 - o.h / 2), min(0.05, o.w / 5))


def _floor_lamp(o: Order) -> Model:
    shade = (o.h - 0.30, o.h)
    parts = (
        _shade(o, shade),
        o.disc(0.03, (0.025, o.h - 0.28), o.look.main),
        o.disc(o.w * 0.75, (0.0, 0.025), o.look.main),
    )
    return Model(parts, light=_lamp_light(o, shade))


def _lamp(o: Order) -> Model:
    shade = (o.h * 0.52, o.h)
    foot = o.disc(o.w * 0.5, (0.0, 0.02), o.look.main)
    if o.rng.random() < 0.5:
        r = o.w * 0.28
        body = o.part((o.w / 2 - r, o.w / 2 + r), (o.d / 2 - r, o.d / 2 + r), (0.02, o.h * 0.5),
                      o.look.main, "sphere")  # fmt: skip
    else:
        body = o.disc(0.035, (0.02, o.h * 0.55), o.look.main)
    neck = o.disc(0.02, (o.h * 0.4, o.h * 0.56), o.look.main)
    return Model((_shade(o, shade), foot, body, neck), light=_lamp_light(o, shade))


def _rug(o: Order) -> Model:
    """A flat rectangle with a border; what stands on it must stand on it wholly."""
    border = 0.08
    ends = [
        o.part(x, (0.0, o.d), (0.0, o.h), o.look.second)
        for x in ((0.0, border), (o.w - border, o.w))
    ]
    field = o.part((border, o.w - border), (0.0, o.d), (0.0, o.h), o.look.main)
    whole = surface_on(field)
    return Model((field, *ends), (whole._replace(half=(o.w / 2, o.d / 2)),))


def _candle(o: Order) -> Model:
    flame = o.part(
        (o.w * 0.38, o.w * 0.62), (o.d * 0.38, o.d * 0.62), (o.h - 0.03, o.h), o.look.second,
        "sphere",
    )  # fmt: skip
    return Model((o.block((0.0, o.h - 0.025), o.look.main, "cylinder"), flame))


def _sculpture(o: Order) -> Model:
    """A plinth with three stacked solids that narrow upwards."""
    shapes: tuple[PartShape, ...] = ("sphere", "box", "cone", "cylinder")
    parts = [o.block((0.0, o.h * 0.12), o.look.second)]
    edges = (0.12, 0.50, 0.78, 1.0)
    for i, share in enumerate((0.95, 0.7, 0.5)):
        shape = shapes[int(o.rng.integers(4))]
        x, y = o.w * (1 - share) / 2, o.d * (1 - share) / 2
        z = (edges[i] * o.h, edges[i + 1] * o.h)
        parts.append(o.part((x, o.w - x), (y, o.d - y), z, o.look.main, shape))
    return Model(tuple(parts))


def _globe(o: Order) -> Model:
    r = o.w / 2
    ball = o.part((0.0, o.w), (0.0, o.d), (o.h - 2 * r, o.h), o.look.main, "sphere")
    foot = o.disc(o.w * 0.6, (0.0, 0.02), o.look.second)
    stem = o.disc(0.02, (0.02, o.h - 1.8 * r), o.look.second)
    return Model((ball, foot, stem))


def _teddy_bear(o: Order) -> Model:
    """Sitting: body, head, ears, arms and legs as ellipsoids."""
    m, w, d, h = o.look.main, o.w, o.d, o.h
    parts = [
        o.part((w * 0.2, w * 0.8), (d * 0.3, d), (0.0, h * 0.62), m, "sphere"),
        o.part((w * 0.24, w * 0.76), (d * 0.3, d * 0.9), (h * 0.5, h * 0.96), m, "sphere"),
    ]
    for side in (0.0, 1.0):
        x = (w * (0.10 + 0.5 * side), w * (0.40 + 0.5 * side))
        parts.append(o.part(x, (0.0, d * 0.6), (0.0, h * 0.22), m, "sphere"))
        arm = (0.0, w * 0.28) if side == 0.0 else (w * 0.72, w)
        parts.append(o.part(arm, (d * 0.2, d * 0.65), (h * 0.25, h * 0.5), m, "sphere"))
        ear = (w * (0.22 + 0.36 * side), w * (0.42 + 0.36 * side))
        parts.append(o.part(ear, (d * 0.5, d * 0.7), (h * 0.82, h), m, "sphere"))
    return Model(tuple(parts))


KINDS: Final = (
    Kind(
        name="plant", width_m=(0.40, 0.75), depth_m=(0.40, 0.75), height_m=(0.80, 1.80),
        source=_MAKERS + " (pots 0.20-0.40 m)", rests="floor",
        coats=("terracotta", "leaf", "wood"), build=_plant, upright=True,
    ),
    Kind(
        name="flower pot", width_m=(0.14, 0.26), depth_m=(0.14, 0.26), height_m=(0.20, 0.42),
        source=_MAKERS, rests="top", coats=("terracotta", "leaf", "leaf"), build=_flower_pot,
        upright=True,
    ),
    Kind(
        name="vase", width_m=(0.10, 0.20), depth_m=(0.10, 0.20), height_m=(0.22, 0.45),
        source=_MAKERS, rests="top", coats=("accent", "leaf", "accent"), build=_vase,
        upright=True,
    ),
    Kind(
        name="floor lamp", width_m=(0.30, 0.48), depth_m=(0.30, 0.48), height_m=(1.40, 1.75),
        source=_MAKERS, rests="floor", coats=("metal", "glow", "metal"), build=_floor_lamp,
        upright=True,
    ),
    Kind(
        name="lamp", width_m=(0.20, 0.34), depth_m=(0.20, 0.34), height_m=(0.34, 0.58),
        source=_MAKERS, rests="top", coats=("ceramic", "glow", "metal"), build=_lamp,
        upright=True,
    ),
    Kind(
        name="rug", width_m=(1.60, 3.00), depth_m=(1.20, 2.00), height_m=(0.008, 0.018),
        source=_MAKERS + " (1.2 x 1.7 to 2.0 x 3.0 m)", rests="floor",
        coats=("fabric", "fabric", "fabric"), build=_rug,
    ),
    Kind(
        name="candle", width_m=(0.06, 0.10), depth_m=(0.06, 0.10), height_m=(0.10, 0.24),
        source=_MAKERS, rests="top", coats=("bedding", "glow", "bedding"), build=_candle,
        upright=True,
    ),
    Kind(
        name="sculpture", width_m=(0.10, 0.18), depth_m=(0.10, 0.18), height_m=(0.20, 0.40),
        source=_MAKERS, rests="top", coats=("accent", "dark", "accent"), build=_sculpture,
    ),
    Kind(
        name="globe", width_m=(0.20, 0.30), depth_m=(0.20, 0.30), height_m=(0.30, 0.42),
        source=_MAKERS, rests="top", coats=("accent", "metal", "metal"), build=_globe,
        upright=True,
    ),
    Kind(
        name="teddy bear", width_m=(0.20, 0.34), depth_m=(0.20, 0.30), height_m=(0.26, 0.42),
        source=_MAKERS, rests="top", coats=("straw", "straw", "straw"), build=_teddy_bear,
    ),
)  # fmt: skip
