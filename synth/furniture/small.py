"""Small things that lie on tables, stand in shelves or lie about on the floor."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on
from synth.rooms.room import Part, PartShape

_MAKERS: Final = "typical manufacturers' range"
_ISO_PAPER: Final = "ISO 216 (A5 0.148 x 0.210 m to A4 0.210 x 0.297 m)"


def _book(o: Order) -> Model:
    cover = min(0.004, o.h / 5)
    parts = (
        o.block((0.0, cover), o.look.main),
        o.part((0.0, o.w - 0.004), (0.003, o.d - 0.003), (cover, o.h - cover), o.look.accent),
        o.block((o.h - cover, o.h), o.look.main),
    )
    return Model(parts, (surface_on(parts[2], rim_m=0.005),))


def _row_of_books(o: Order) -> Model:
    """Upright books of random thickness and height that fill the width; one has full height."""
    covers = (o.look.main, o.look.second, o.look.accent)
    n = max(2, int(o.w / 0.042))
    thick = o.rng.uniform(0.5, 1.5, n)
    edges = [0.0, *(float(e) for e in (thick.cumsum() / thick.sum() * o.w))]
    edges[-1] = o.w
    tallest = int(o.rng.integers(n))
    parts: list[Part] = []
    for i in range(n):
        tall = o.h if i == tallest else o.h * float(o.rng.uniform(0.72, 0.98))
        cover = covers[int(o.rng.integers(3))]
        depth = o.d if i == tallest else o.d * float(o.rng.uniform(0.85, 1.0))
        parts.append(o.part((edges[i], edges[i + 1]), (0.0, depth), (0.0, tall), cover))
    return Model(tuple(parts))


def _box(o: Order) -> Model:
    """A carton with a strip of tape, or a storage box with a lid."""
    if o.rng.random() < 0.5:
        body = o.part((0.0, o.w), (0.002, o.d), (0.0, o.h), o.look.main)
        middle = (o.w / 2 - 0.025, o.w / 2 + 0.025)
        tape = o.part(middle, (0.0, 0.002), (o.h * 0.7, o.h), o.look.accent)
        return Model((body, tape), (surface_on(body, rim_m=0.01),))
    lid_h = min(0.04, o.h * 0.3)
    body = o.part((0.006, o.w - 0.006), (0.006, o.d - 0.006), (0.0, o.h - lid_h), o.look.main)
    lid = o.block((o.h - lid_h, o.h), o.look.second)
    return Model((body, lid), (surface_on(lid, rim_m=0.01),))


def _basket(o: Order) -> Model:
    rim = min(0.03, o.h * 0.25)
    body = o.part((0.008, o.w - 0.008), (0.008, o.d - 0.008), (0.0, o.h - rim), o.look.main)
    return Model((body, o.block((o.h - rim, o.h), o.look.second)))


def _trash_bin(o: Order) -> Model:
    shape: PartShape = "cylinder" if o.rng.random() < 0.6 else "box"
    body = o.part((0.01, o.w - 0.01), (0.01, o.d - 0.01), (0.0, o.h - 0.04), o.look.main, shape)
    return Model((body, o.block((o.h - 0.04, o.h), o.look.second, shape)))


def _suitcase(o: Order) -> Model:
    """Upright on wheels with ribs and a handle."""
    m, foot = o.look.main, 0.04
    body = o.part((0.0, o.w), (0.01, o.d), (foot, o.h - 0.12), m)
    ribs = [
        o.part((o.w * x, o.w * x + 0.02), (0.0, 0.01), (foot + 0.03, o.h - 0.15), o.look.second)
        for x in (0.2, 0.45, 0.7)
    ]
    rods = [
        o.part((x, x + 0.015), (o.d - 0.05, o.d - 0.035), (o.h - 0.12, o.h - 0.02), o.look.accent)
        for x in (o.w * 0.3, o.w * 0.7 - 0.015)
    ]
    grip = o.part(
        (o.w * 0.3, o.w * 0.7), (o.d - 0.06, o.d - 0.025), (o.h - 0.02, o.h), o.look.accent
    )
    wheels = [
        o.part((x, x + 0.03), (y, y + 0.03), (0.0, foot), o.look.accent)
        for x in (0.02, o.w - 0.05)
        for y in (0.02, o.d - 0.03)
    ]
    return Model((body, *ribs, *rods, grip, *wheels))


def _backpack(o: Order) -> Model:
    """A rounded bag with a pocket in front and two straps at its back."""
    body = o.part((0.0, o.w), (o.d * 0.2, o.d - 0.02), (0.0, o.h), o.look.main, "sphere")
    core = o.part((o.w * 0.08, o.w * 0.92), (o.d * 0.3, o.d * 0.9), (0.0, o.h * 0.8), o.look.main)
    pocket = o.part(
        (o.w * 0.18, o.w * 0.82),
        (0.0, o.d * 0.5),
        (o.h * 0.06, o.h * 0.48),
        o.look.second,
        "sphere",
    )
    straps = [
        o.part((x, x + 0.04), (o.d * 0.85, o.d), (o.h * 0.15, o.h * 0.75), o.look.accent)
        for x in (o.w * 0.25, o.w * 0.75 - 0.04)
    ]
    return Model((body, core, pocket, *straps))


def _cushion(o: Order) -> Model:
    """A cushion leaning against a back: drawn upright, thick in the middle."""
    body = o.block((0.0, o.h), o.look.main, "sphere")
    core = o.part(
        (o.w * 0.06, o.w * 0.94), (o.d * 0.25, o.d * 0.75), (0.0, o.h * 0.94), o.look.main
    )
    return Model((body, core))


def _shoes(o: Order) -> Model:
    """A pair, toes to the front."""
    parts: list[Part] = []
    for x in ((0.0, o.w * 0.46), (o.w * 0.54, o.w)):
        parts += [
            o.part(x, (0.0, o.d), (0.0, o.h * 0.25), o.look.second),
            o.part(x, (0.0, o.d * 0.8), (0.0, o.h * 0.75), o.look.main, "sphere"),
            o.part(x, (o.d * 0.5, o.d), (o.h * 0.25, o.h), o.look.main),
        ]
    return Model(tuple(parts))


def _ball(o: Order) -> Model:
    return Model((o.block((0.0, o.h), o.look.main, "sphere"),))


def _toy(o: Order) -> Model:
    """A toy car: body, cabin and four wheels."""
    r = o.h * 0.22
    parts = [
        o.part((0.0, o.w), (0.0, o.d), (r, o.h * 0.6), o.look.main),
        o.part((o.w * 0.25, o.w * 0.75), (o.d * 0.08, o.d * 0.92), (o.h * 0.6, o.h), o.look.second),
    ]
    parts += [
        o.part((x - r, x + r), y, (0.0, 2 * r), o.look.accent, "sphere")
        for x in (max(r, o.w * 0.2), min(o.w - r, o.w * 0.8))
        for y in ((0.0, o.d * 0.2), (o.d * 0.8, o.d))
    ]
    return Model(tuple(parts))


def _pen_cup(o: Order) -> Model:
    cup = o.block((0.0, o.h * 0.6), o.look.main, "cylinder")
    pens = [
        o.part((o.w * x, o.w * x + 0.008), (o.d * y, o.d * y + 0.008), (o.h * 0.5, o.h * top), m)
        for x, y, top, m in (
            (0.3, 0.35, 1.0, o.look.second), (0.55, 0.55, 0.92, o.look.accent),
            (0.62, 0.3, 0.86, o.look.second),
        )
    ]  # fmt: skip
    return Model((cup, *pens))


def _photo_frame(o: Order) -> Model:
    """A frame standing upright on a foot at its back."""
    parts = (
        o.part((0.0, o.w), (0.004, 0.018), (0.0, o.h), o.look.main),
        o.part((0.015, o.w - 0.015), (0.0, 0.004), (0.015, o.h - 0.015), o.look.accent),
        o.part((o.w * 0.4, o.w * 0.6), (0.018, o.d), (0.0, 0.01), o.look.main),
    )
    return Model(parts)


def _clock(o: Order) -> Model:
    """An alarm clock: a body with a face and two bells."""
    parts = [
        o.part((0.0, o.w), (0.008, o.d), (0.0, o.h * 0.85), o.look.main),
        o.part((o.w * 0.08, o.w * 0.92), (0.0, 0.008), (o.h * 0.06, o.h * 0.79), o.look.accent),
    ]
    for x in (0.1, 0.6):
        bell = (o.w * x, o.w * (x + 0.3))
        parts.append(o.part(bell, (o.d * 0.3, o.d * 0.9), (o.h * 0.75, o.h), o.look.main, "sphere"))
    return Model(tuple(parts))


def _newspaper(o: Order) -> Model:
    sheet = o.block((0.0, o.h * 0.7), o.look.main)
    head = o.part((0.02, o.w - 0.02), (o.d * 0.75, o.d * 0.92), (o.h * 0.7, o.h), o.look.second)
    return Model((sheet, head))


KINDS: Final = (
    Kind(
        name="book", width_m=(0.15, 0.24), depth_m=(0.2, 0.3), height_m=(0.015, 0.05),
        source=_ISO_PAPER, rests="top",
        coats=("accent", "accent", "paper"), build=_book,
    ),
    Kind(
        name="row of books", width_m=(0.16, 0.42), depth_m=(0.15, 0.22), height_m=(0.2, 0.29),
        source=_ISO_PAPER, rests="top",
        coats=("accent", "accent", "accent"), build=_row_of_books,
    ),
    Kind(
        name="newspaper", width_m=(0.21, 0.3), depth_m=(0.29, 0.4), height_m=(0.006, 0.015),
        source=_ISO_PAPER, rests="top",
        coats=("paper", "dark", "paper"), build=_newspaper,
    ),
    Kind(
        name="pen cup", width_m=(0.07, 0.1), depth_m=(0.07, 0.1), height_m=(0.14, 0.2),
        source=_MAKERS, rests="top",
        coats=("plastic", "accent", "dark"), build=_pen_cup,
        upright=True,
    ),
    Kind(
        name="photo frame", width_m=(0.13, 0.24), depth_m=(0.08, 0.12), height_m=(0.18, 0.3),
        source=_ISO_PAPER, rests="top",
        coats=("wood", "wood", "paper"), build=_photo_frame,
    ),
    Kind(
        name="clock", width_m=(0.14, 0.22), depth_m=(0.06, 0.1), height_m=(0.14, 0.22),
        source=_MAKERS, rests="top",
        coats=("wood", "metal", "paper"), build=_clock,
    ),
    Kind(
        name="alarm clock", width_m=(0.08, 0.13), depth_m=(0.05, 0.07), height_m=(0.09, 0.14),
        source=_MAKERS, rests="top",
        coats=("accent", "metal", "paper"), build=_clock,
    ),
    Kind(
        name="box", width_m=(0.25, 0.42), depth_m=(0.2, 0.32), height_m=(0.14, 0.28),
        source=_MAKERS, rests="top",
        coats=("straw", "straw", "paper"), build=_box,
    ),
    Kind(
        name="basket", width_m=(0.22, 0.34), depth_m=(0.18, 0.28), height_m=(0.12, 0.22),
        source=_MAKERS, rests="top",
        coats=("straw", "straw", "straw"), build=_basket,
    ),
    Kind(
        name="cardboard box", width_m=(0.4, 0.62), depth_m=(0.3, 0.45), height_m=(0.28, 0.45),
        source=_MAKERS + " (removal boxes)", rests="floor",
        coats=("straw", "straw", "paper"), build=_box,
        carries=("box", "book", "teddy bear"),
    ),
    Kind(
        name="trash bin", width_m=(0.24, 0.34), depth_m=(0.24, 0.34), height_m=(0.28, 0.62),
        source=_MAKERS, rests="floor",
        coats=("plastic", "dark", "dark"), build=_trash_bin,
        upright=True,
    ),
    Kind(
        name="suitcase", width_m=(0.38, 0.52), depth_m=(0.22, 0.32), height_m=(0.62, 0.82),
        source="IATA cabin size 0.55 m to checked 0.80 m, handle out", rests="floor",
        coats=("accent", "dark", "dark"), build=_suitcase,
    ),
    Kind(
        name="backpack", width_m=(0.28, 0.36), depth_m=(0.22, 0.32), height_m=(0.42, 0.54),
        source=_MAKERS, rests="top",
        coats=("accent", "dark", "dark"), build=_backpack,
    ),
    Kind(
        name="cushion", width_m=(0.36, 0.46), depth_m=(0.14, 0.2), height_m=(0.34, 0.44),
        source=_MAKERS + " (0.40 x 0.40 m)", rests="top",
        coats=("accent", "accent", "accent"), build=_cushion,
    ),
    Kind(
        name="pair of shoes", width_m=(0.2, 0.26), depth_m=(0.26, 0.31), height_m=(0.09, 0.14),
        source="Paris points: sizes 38-46 are 0.25-0.31 m", rests="top",
        coats=("dark", "accent", "dark"), build=_shoes,
    ),
    Kind(
        name="ball", width_m=(0.18, 0.26), depth_m=(0.18, 0.26), height_m=(0.18, 0.26),
        source=_MAKERS + " (football 0.22 m)", rests="top",
        coats=("accent", "accent", "accent"), build=_ball,
        upright=True,
    ),
    Kind(
        name="toy", width_m=(0.16, 0.3), depth_m=(0.09, 0.15), height_m=(0.09, 0.16),
        source=_MAKERS, rests="top",
        coats=("accent", "glass", "dark"), build=_toy,
    ),
)  # fmt: skip
