"""Sanitary ware and what stands in bathrooms and laundries."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on

_MAKERS: Final = "typical manufacturers' range"


def _toilet(o: Order) -> Model:
    """Bowl, lid and cistern."""
    m, seat_z, tank = o.look.main, 0.42, 0.18
    bowl_d = o.d - tank
    parts = (
        o.part((o.w * 0.15, o.w * 0.85), (bowl_d * 0.25, o.d), (0.0, 0.20), m),
        o.part((0.02, o.w - 0.02), (0.0, bowl_d), (0.20, seat_z - 0.03), m, "cylinder"),
        o.part((0.02, o.w - 0.02), (0.0, bowl_d), (seat_z - 0.03, seat_z), o.look.second,
               "cylinder"),
        o.part((o.w * 0.12, o.w * 0.88), (bowl_d - 0.12, bowl_d), (0.20, seat_z), m),
        o.part((0.0, o.w), (bowl_d, o.d), (0.38, o.h - 0.03), m),
        o.part((0.0, o.w), (bowl_d - 0.01, o.d), (o.h - 0.03, o.h), m),
    )  # fmt: skip
    return Model(parts, (surface_on(parts[-1], rim_m=0.01),))


def _bathtub(o: Order) -> Model:
    """Four walls around a low floor, and a tap at the end."""
    m, rim, tub_h = o.look.main, 0.07, o.h - 0.12
    floor = o.part((rim, o.w - rim), (rim, o.d - rim), (0.0, 0.16), o.look.second)
    parts = (
        floor,
        o.part((0.0, o.w), (0.0, rim), (0.0, tub_h), m),
        o.part((0.0, o.w), (o.d - rim, o.d), (0.0, tub_h), m),
        o.part((0.0, rim), (rim, o.d - rim), (0.0, tub_h), m),
        o.part((o.w - rim, o.w), (rim, o.d - rim), (0.0, tub_h), m),
        o.part((0.02, 0.05), (o.d / 2 - 0.02, o.d / 2 + 0.02), (tub_h, o.h), o.look.accent),
        o.part((0.05, 0.16), (o.d / 2 - 0.015, o.d / 2 + 0.015), (o.h - 0.03, o.h), o.look.accent),
    )
    return Model(parts)


def _shower(o: Order) -> Model:
    """A tray with corner posts, a rail at the top and a pipe with a head.

    Glass is left out: nothing here is transparent, and open posts show what is behind them.
    """
    post = 0.03
    tray = o.block((0.0, 0.06), o.look.main)
    pipe_x = o.w / 2
    parts = [tray]
    parts += o.legs(o.h, post, o.look.accent, bottom=0.06)
    parts += [
        o.part((post, o.w - post), (y, y + post), (o.h - post, o.h), o.look.accent)
        for y in (0.0, o.d - post)
    ]
    parts += [
        o.part((pipe_x - 0.012, pipe_x + 0.012), (o.d - 0.06, o.d - 0.03), (0.9, o.h - 0.08),
               o.look.accent, "cylinder"),
        o.part((pipe_x - 0.10, pipe_x + 0.10), (o.d - 0.30, o.d - 0.06), (o.h - 0.10, o.h - 0.08),
               o.look.accent),
    ]  # fmt: skip
    return Model(tuple(parts))


def _washbasin(o: Order) -> Model:
    """A basin on a vanity unit; the tap's top is the height."""
    rim = o.h - 0.15
    top = o.block((rim - 0.10, rim), o.look.main)
    unit = o.part((0.03, o.w - 0.03), (0.03, o.d), (0.10, rim - 0.10), o.look.second)
    foot = o.part((0.06, o.w - 0.06), (0.08, o.d), (0.0, 0.10), o.look.second)
    middle = o.w / 2
    bowl = o.part((o.w * 0.15, o.w * 0.85), (0.05, o.d - 0.12), (rim, rim + 0.006), o.look.accent)
    tap = o.part((middle - 0.015, middle + 0.015), (o.d - 0.08, o.d - 0.05), (rim, o.h),
                 o.look.accent)  # fmt: skip
    spout = o.part((middle - 0.012, middle + 0.012), (o.d - 0.20, o.d - 0.08), (o.h - 0.025, o.h),
                   o.look.accent)  # fmt: skip
    bar = o.part((middle - 0.01, middle + 0.01), (0.012, 0.03), (rim - 0.32, rim - 0.14),
                 o.look.accent)  # fmt: skip
    return Model((top, unit, foot, bowl, tap, spout, bar))


def _washing_machine(o: Order) -> Model:
    """A white body with a round dark door (an ellipsoid), a drawer and a display."""
    x, z, r = o.w / 2, o.h * 0.45, 0.17
    body = o.part((0.0, o.w), (0.05, o.d), (0.0, o.h), o.look.main)
    parts = (
        body,
        o.part((x - r, x + r), (0.0, 0.10), (z - r, z + r), o.look.accent, "sphere"),
        o.part((0.02, o.w * 0.3), (0.035, 0.05), (o.h - 0.12, o.h - 0.03), o.look.main),
        o.part((o.w * 0.6, o.w - 0.03), (0.04, 0.05), (o.h - 0.10, o.h - 0.05), o.look.second),
    )
    return Model(parts, (surface_on(body, rim_m=0.02),))


def _laundry_basket(o: Order) -> Model:
    body = o.block((0.0, o.h - 0.03), o.look.main, "cylinder" if o.rng.random() < 0.5 else "box")
    lid = o.block((o.h - 0.03, o.h), o.look.second, body.shape)
    return Model((body, lid), (surface_on(lid, rim_m=0.02),))


KINDS: Final = (
    Kind(
        name="toilet", width_m=(0.35, 0.40), depth_m=(0.62, 0.72), height_m=(0.74, 0.84),
        source="DIN EN 33 / DIN EN 997 (WC pans)", rests="floor",
        coats=("ceramic", "ceramic", "metal"), build=_toilet, front_m=0.55,
        carries=("candle", "flower pot"),
    ),
    Kind(
        name="bathtub", width_m=(1.60, 1.80), depth_m=(0.70, 0.80), height_m=(0.66, 0.72),
        source="DIN EN 232 (bathtubs, rim 0.55-0.60 m; tap 0.12 m)", rests="floor",
        coats=("ceramic", "ceramic", "metal"), build=_bathtub, front_m=0.5,
    ),
    Kind(
        name="shower", width_m=(0.80, 1.00), depth_m=(0.80, 1.00), height_m=(1.95, 2.10),
        source="DIN EN 251 (shower trays 0.80-1.00 m)", rests="floor",
        coats=("ceramic", "ceramic", "metal"), build=_shower, front_m=0.5,
    ),
    Kind(
        name="washbasin", width_m=(0.50, 1.00), depth_m=(0.42, 0.52), height_m=(0.98, 1.05),
        source="DIN EN 31 (wash basins, rim 0.83-0.90 m; tap 0.15 m)", rests="floor",
        coats=("ceramic", "wood", "metal"), build=_washbasin, front_m=0.55,
    ),
    Kind(
        name="washing machine", width_m=(0.59, 0.61), depth_m=(0.55, 0.64),
        height_m=(0.84, 0.86), source="Sweet Home 3D catalogue; " + _MAKERS, rests="floor",
        coats=("ceramic", "dark", "screen"), build=_washing_machine, front_m=0.6,
        carries=("basket", "bottle", "box"),
    ),
    Kind(
        name="laundry basket", width_m=(0.36, 0.48), depth_m=(0.30, 0.42),
        height_m=(0.50, 0.66), source=_MAKERS, rests="floor",
        coats=("straw", "straw", "straw"), build=_laundry_basket,
    ),
)  # fmt: skip
