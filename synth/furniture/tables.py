"""Tables and desks: a top at a measured height, and free floor below for chairs."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on

_EN_TABLE: Final = "DIN EN 12521 / DIN 68885 (dining tables, height 0.72-0.76 m)"
_MAKERS: Final = "typical manufacturers' range"
_DINING: Final = ("vase", "bowl", "plate", "mug", "bottle", "fruit bowl", "candle", "newspaper")
_LOW: Final = ("book", "vase", "bowl", "mug", "candle", "newspaper", "remote control", "fruit bowl")
_DESK: Final = ("lamp", "mug", "book", "row of books", "pen cup", "photo frame", "flower pot")


def _table(o: Order) -> Model:
    """A plate on four corner legs, or on two side panels."""
    thick = 0.035
    top = o.block((o.h - thick, o.h), o.look.main)
    leg = 0.06
    if o.rng.random() < 0.7:
        under = o.legs(o.h - thick, leg, o.look.second)
    else:
        leg = 0.05
        sides = ((0.06, 0.06 + leg), (o.w - 0.06 - leg, o.w - 0.06))
        under = [o.part(x, (0.08, o.d - 0.08), (0.0, o.h - thick), o.look.second) for x in sides]
        leg += 0.06
    knees = o.knee_space((leg, o.w - leg), (0.0, o.d), o.h - thick)
    sides_free = o.knee_space((0.0, o.w), (0.08, o.d - 0.08), o.h - thick)
    spaces = (knees, sides_free) if len(under) == 4 else (knees,)
    return Model((top, *under), (surface_on(top, rim_m=0.03), *spaces))


def _round_table(o: Order) -> Model:
    thick = 0.035
    top = o.block((o.h - thick, o.h), o.look.main, "cylinder")
    parts = (
        top,
        o.disc(0.10, (0.03, o.h - thick), o.look.second),
        o.disc(o.w * 0.5, (0.0, 0.03), o.look.second),
    )
    return Model(parts, (surface_on(top, rim_m=0.02),))


def _coffee_table(o: Order) -> Model:
    """A low plate on legs, sometimes with a lower shelf, sometimes round."""
    thick = 0.03
    if o.w < 0.95 and o.rng.random() < 0.4:
        top = o.block((o.h - thick, o.h), o.look.main, "cylinder")
        stand = o.disc(min(o.w, o.d) * 0.6, (0.0, o.h - thick), o.look.second)
        return Model((top, stand), (surface_on(top, rim_m=0.02),))
    top = o.block((o.h - thick, o.h), o.look.main)
    parts = [top, *o.legs(o.h - thick, 0.045, o.look.second)]
    surfaces = [surface_on(top, rim_m=0.02)]
    if o.rng.random() < 0.4:
        shelf = o.part((0.045, o.w - 0.045), (0.01, o.d - 0.01), (0.12, 0.14), o.look.main)
        parts.append(shelf)
        surfaces.append(surface_on(shelf, "inside", o.h - thick - 0.14, rim_m=0.04))
    return Model(tuple(parts), tuple(surfaces))


def _side_table(o: Order) -> Model:
    round_top = o.rng.random() < 0.5
    top = o.block((o.h - 0.025, o.h), o.look.main, "cylinder" if round_top else "box")
    if round_top:
        legs = [
            o.disc(0.05, (0.02, o.h - 0.025), o.look.second),
            o.disc(o.w * 0.6, (0.0, 0.02), o.look.second),
        ]
    else:
        legs = o.legs(o.h - 0.025, 0.03, o.look.second)
    return Model((top, *legs), (surface_on(top, rim_m=0.01),))


def _desk(o: Order) -> Model:
    """A plate, a side panel on the left and drawers, or another panel, on the right."""
    thick, panel = 0.03, 0.035
    top = o.block((o.h - thick, o.h), o.look.main)
    parts = [top, o.part((0.0, panel), (0.02, o.d), (0.0, o.h - thick), o.look.second)]
    pedestal = o.w >= 1.15 and o.rng.random() < 0.6
    right = 0.40 if pedestal else panel
    parts.append(o.part((o.w - right, o.w), (0.02, o.d), (0.0, o.h - thick), o.look.second))
    if pedestal:
        pitch = (o.h - thick - 0.06) / 3
        for i in range(3):
            z = 0.05 + i * pitch
            x = (o.w - right + 0.015, o.w - 0.015)
            parts.append(o.part(x, (0.0, 0.02), (z, z + pitch - 0.02), o.look.main))
    back = o.part((panel, o.w - right), (o.d - 0.02, o.d), (o.h - 0.35, o.h - thick), o.look.second)
    knees = o.knee_space((panel, o.w - right), (0.0, o.d - 0.02), o.h - thick)
    return Model((*parts, back), (surface_on(top, rim_m=0.015), knees))


def _console(o: Order) -> Model:
    top = o.block((o.h - 0.03, o.h), o.look.main)
    shelf = o.part((0.03, o.w - 0.03), (0.02, o.d - 0.02), (0.16, 0.18), o.look.main)
    parts = (top, shelf, *o.legs(o.h - 0.03, 0.03, o.look.second))
    inside = surface_on(shelf, "inside", o.h - 0.03 - 0.18, rim_m=0.03)
    return Model(parts, (surface_on(top, rim_m=0.01), inside))


def _dressing_table(o: Order) -> Model:
    """A small table with two drawers and a mirror standing at its back."""
    plate = 0.76
    top = o.block((plate - 0.03, plate), o.look.main)
    mirror = o.part(
        (o.w * 0.2, o.w * 0.8), (o.d - 0.03, o.d), (plate, o.h), o.look.accent
    )  # fmt: skip
    drawers = [
        o.part(x, (0.0, o.d - 0.02), (plate - 0.15, plate - 0.03), o.look.second)
        for x in ((0.04, o.w / 2 - 0.01), (o.w / 2 + 0.01, o.w - 0.04))
    ]
    knees = o.knee_space((0.04, o.w - 0.04), (0.0, o.d), plate - 0.15)
    shelf = surface_on(top, clear_m=float("inf"), rim_m=0.02)
    shelf = shelf._replace(center=(0.0, -0.03), half=(shelf.half[0], shelf.half[1] - 0.03))
    parts = (top, mirror, *drawers, *o.legs(plate - 0.03, 0.04, o.look.main))
    return Model(parts, (shelf, knees))


KINDS: Final = (
    Kind(
        name="table", width_m=(1.20, 2.00), depth_m=(0.78, 1.00), height_m=(0.73, 0.76),
        source=_EN_TABLE, rests="floor", coats=("wood", "wood", "metal"), build=_table,
        carries=_DINING,
    ),
    Kind(
        name="round table", width_m=(0.85, 1.25), depth_m=(0.85, 1.25), height_m=(0.73, 0.76),
        source=_EN_TABLE, rests="floor", coats=("wood", "metal", "metal"), build=_round_table,
        carries=_DINING, upright=True,
    ),
    Kind(
        name="coffee table", width_m=(0.70, 1.30), depth_m=(0.50, 0.72), height_m=(0.36, 0.48),
        source=_MAKERS, rests="floor", coats=("wood", "metal", "wood"), build=_coffee_table,
        carries=_LOW, holds=("book", "newspaper", "basket"),
    ),
    Kind(
        name="side table", width_m=(0.38, 0.55), depth_m=(0.38, 0.55), height_m=(0.45, 0.62),
        source=_MAKERS, rests="floor", coats=("wood", "metal", "wood"), build=_side_table,
        carries=("lamp", "book", "mug", "flower pot", "candle"), upright=True,
    ),
    Kind(
        name="desk", width_m=(1.00, 1.80), depth_m=(0.60, 0.80), height_m=(0.72, 0.76),
        source="DIN EN 527-1 (work tables, height 0.74 m +- 0.02)", rests="floor",
        coats=("wood", "paint", "metal"), build=_desk, carries=_DESK,
    ),
    Kind(
        name="console table", width_m=(0.80, 1.30), depth_m=(0.28, 0.40), height_m=(0.74, 0.86),
        source=_MAKERS, rests="floor", coats=("wood", "metal", "wood"), build=_console,
        front_m=0.4, carries=("vase", "lamp", "bowl", "photo frame", "flower pot", "candle"),
        holds=("basket", "pair of shoes", "box"),
    ),
    Kind(
        name="dressing table", width_m=(0.80, 1.20), depth_m=(0.40, 0.50), height_m=(1.20, 1.45),
        source=_MAKERS, rests="floor", coats=("pale", "pale", "silvered"), build=_dressing_table,
        front_m=0.5, carries=("bottle", "vase", "photo frame", "candle", "pen cup"),
    ),
)  # fmt: skip
