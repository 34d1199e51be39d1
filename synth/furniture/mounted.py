"""What hangs on walls and from the ceiling; its back (or top) touches what carries it."""

from typing import Final

from synth.furniture.build import Kind, LightSpot, Model, Order, surface_on
from synth.rooms.room import Part, PartShape

_MAKERS: Final = "typical manufacturers' range"


def _picture(o: Order) -> Model:
    """A frame around a canvas of two or three colour fields."""
    rim = 0.02 if min(o.w, o.h) < 0.4 else 0.035
    frame = o.part((0.0, o.w), (0.006, o.d), (0.0, o.h), o.look.main)
    inner_x, inner_z = (rim, o.w - rim), (rim, o.h - rim)
    canvas = o.part(inner_x, (0.003, 0.006), inner_z, o.look.second)
    x = rim + (o.w - 2 * rim) * float(o.rng.uniform(0.1, 0.5))
    z = rim + (o.h - 2 * rim) * float(o.rng.uniform(0.1, 0.5))
    width = (o.w - rim - x) * float(o.rng.uniform(0.4, 0.9))
    height = (o.h - rim - z) * float(o.rng.uniform(0.4, 0.9))
    shape: PartShape = "sphere" if o.rng.random() < 0.4 else "box"
    field = o.part((x, x + width), (0.0, 0.003), (z, z + height), o.look.accent, shape)
    return Model((frame, canvas, field))


def _mirror(o: Order) -> Model:
    rim = 0.025
    frame = o.part((0.0, o.w), (0.004, o.d), (0.0, o.h), o.look.main)
    glass = o.part((rim, o.w - rim), (0.0, 0.004), (rim, o.h - rim), o.look.second)
    return Model((frame, glass))


def _wall_shelf(o: Order) -> Model:
    """A board on two brackets."""
    board = o.block((o.h - 0.03, o.h), o.look.main)
    brackets = [
        o.part((x, x + 0.02), (o.d * 0.3, o.d), (0.0, o.h - 0.03), o.look.second)
        for x in (o.w * 0.12, o.w * 0.88 - 0.02)
    ]
    return Model((board, *brackets), (surface_on(board, rim_m=0.01),))


def _wall_cupboard(o: Order) -> Model:
    body = o.part((0.0, o.w), (0.02, o.d), (0.0, o.h), o.look.main)
    n = 2 if o.w > 0.7 else 1
    parts = [body]
    for i in range(n):
        x = (o.w * i / n + 0.004, o.w * (i + 1) / n - 0.004)
        parts.append(o.part(x, (0.008, 0.02), (0.004, o.h - 0.004), o.look.main))
        at = x[1] - 0.04 if i == 0 else x[0] + 0.028
        parts.append(o.part((at, at + 0.012), (0.0, 0.008), (0.03, 0.15), o.look.second))
    return Model(tuple(parts))


def _range_hood(o: Order) -> Model:
    screen = o.block((0.0, 0.07), o.look.main)
    flue = o.part((o.w * 0.32, o.w * 0.68), (o.d * 0.45, o.d), (0.07, o.h), o.look.main)
    return Model((screen, flue))


def _curtain(o: Order) -> Model:
    """Folds of alternating depth below a rod."""
    rod = o.part((0.0, o.w), (o.d - 0.04, o.d), (o.h - 0.03, o.h), o.look.second)
    n = max(3, int(o.w / 0.07))
    pitch = o.w / n
    folds = [
        o.part(
            (i * pitch, (i + 1) * pitch),
            (0.0, o.d - 0.02) if i % 2 else (o.d * 0.3, o.d - 0.01),
            (0.0, o.h - 0.03),
            o.look.main,
        )
        for i in range(n)
    ]
    return Model((rod, *folds))


def _radiator(o: Order) -> Model:
    """Ribs between two pipes, held off the wall by two brackets."""
    depth = o.d - 0.03
    rib = 0.07
    n = max(4, int(o.w / (rib + 0.02)))
    pitch = (o.w - rib) / (n - 1)
    ribs = [
        o.part((i * pitch, i * pitch + rib), (0.0, depth), (0.0, o.h), o.look.main)
        for i in range(n)
    ]
    pipes = [
        o.part((0.01, o.w - 0.01), (depth * 0.25, depth * 0.75), z, o.look.main)
        for z in ((0.03, 0.08), (o.h - 0.08, o.h - 0.03))
    ]
    holders = [
        o.part((x, x + 0.03), (depth * 0.75, o.d), (o.h - 0.12, o.h - 0.09), o.look.second)
        for x in (o.w * 0.2, o.w * 0.8 - 0.03)
    ]
    return Model((*ribs, *pipes, *holders))


def _wall_clock(o: Order) -> Model:
    """A flat round case; the face is an ellipsoid pressed to a disc."""
    case = o.part((0.0, o.w), (0.004, o.d), (0.0, o.h), o.look.main, "sphere")
    core = o.part((o.w * 0.3, o.w * 0.7), (o.d * 0.5, o.d), (o.h * 0.3, o.h * 0.7), o.look.main)
    face = o.part(
        (o.w * 0.08, o.w * 0.92),
        (0.0, o.d * 0.6),
        (o.h * 0.08, o.h * 0.92),
        o.look.second,
        "sphere",
    )
    hands = (
        o.part((o.w * 0.485, o.w * 0.515), (0.0, 0.004), (o.h * 0.5, o.h * 0.8), o.look.accent),
        o.part((o.w * 0.5, o.w * 0.7), (0.0, 0.004), (o.h * 0.485, o.h * 0.515), o.look.accent),
    )
    return Model((case, core, face, *hands))


def _wall_lamp(o: Order) -> Model:
    plate = o.part((o.w * 0.3, o.w * 0.7), (o.d - 0.02, o.d), (0.0, o.h), o.look.main)
    arm = o.part((o.w * 0.45, o.w * 0.55), (o.d * 0.5, o.d - 0.02), (o.h * 0.1, o.h * 0.2),
                 o.look.main)  # fmt: skip
    shade = o.part((0.0, o.w), (0.0, o.d - 0.03), (o.h * 0.2, o.h), o.look.second, "cylinder")
    middle = (0.0, (o.d - 0.03) / 2 - o.d / 2, 0.1 * o.h)
    return Model((plate, arm, shade), light=LightSpot(middle, 0.03))


def _coat_rack(o: Order) -> Model:
    """A board with hooks."""
    board = o.part((0.0, o.w), (o.d - 0.02, o.d), (0.0, o.h), o.look.main)
    n = max(3, int(o.w / 0.16))
    hooks = [
        o.part((x - 0.01, x + 0.01), (0.0, o.d - 0.02), (o.h * 0.3, o.h * 0.45), o.look.second)
        for x in (o.w * (i + 0.5) / n for i in range(n))
    ]
    return Model((board, *hooks))


def _whiteboard(o: Order) -> Model:
    frame = o.part((0.0, o.w), (o.d - 0.02, o.d), (0.03, o.h), o.look.main)
    sheet = o.part((0.02, o.w - 0.02), (o.d - 0.023, o.d - 0.02), (0.05, o.h - 0.02), o.look.second)
    tray = o.part((o.w * 0.2, o.w * 0.8), (0.0, o.d), (0.0, 0.03), o.look.main)
    return Model((frame, sheet, tray))


def _towel_rail(o: Order) -> Model:
    """A bar with a towel over it."""
    bar = o.part((0.0, o.w), (0.03, 0.05), (o.h - 0.03, o.h - 0.01), o.look.main)
    ends = [
        o.part(x, (0.03, o.d), (o.h - 0.03, o.h - 0.01), o.look.main)
        for x in ((0.0, 0.02), (o.w - 0.02, o.w))
    ]
    left = float(o.rng.uniform(0.05, 0.25)) * o.w
    towel = o.part((left, left + o.w * 0.6), (0.0, o.d - 0.02), (0.0, o.h), o.look.second)
    return Model((bar, *ends, towel))


def _pendant_shade(o: Order) -> tuple[Part, float]:
    bottom, drop = 0.0, min(0.28, o.h * 0.5)
    shapes: tuple[PartShape, ...] = ("cone", "sphere", "cylinder")
    shape = shapes[int(o.rng.integers(3))]
    return o.block((bottom, drop), o.look.second, shape), drop


def _ceiling_lamp(o: Order) -> Model:
    """A shade on a cord below a rose at the ceiling."""
    shade, drop = _pendant_shade(o)
    cord = o.disc(0.012, (drop * 0.9, o.h - 0.03), o.look.main)
    rose = o.disc(0.10, (o.h - 0.03, o.h), o.look.main)
    light = LightSpot((0.0, 0.0, drop / 2 - o.h / 2), 0.05)
    return Model((shade, cord, rose), light=light)


KINDS: Final = (
    Kind(
        name="picture", width_m=(0.30, 1.20), depth_m=(0.02, 0.04), height_m=(0.30, 0.90),
        source="ISO 216 A3 to A0; " + _MAKERS, rests="wall", coats=("wood", "paper", "accent"),
        build=_picture, bottom_m=(1.15, 1.45),
    ),
    Kind(
        name="mirror", width_m=(0.40, 0.90), depth_m=(0.02, 0.04), height_m=(0.60, 1.10),
        source=_MAKERS, rests="wall", coats=("wood", "silvered", "metal"), build=_mirror,
        bottom_m=(1.05, 1.25),
    ),
    Kind(
        name="wall shelf", width_m=(0.50, 1.20), depth_m=(0.18, 0.26), height_m=(0.12, 0.20),
        source=_MAKERS, rests="wall", coats=("wood", "metal", "wood"), build=_wall_shelf,
        bottom_m=(1.25, 1.55),
        carries=("row of books", "vase", "photo frame", "flower pot", "candle", "sculpture"),
    ),
    Kind(
        name="wall cupboard", width_m=(0.60, 0.60), depth_m=(0.32, 0.37), height_m=(0.60, 0.75),
        source="DIN EN 1116 (wall units 0.60 m wide, 0.50 m above the worktop)", rests="wall",
        coats=("paint", "metal", "paint"), build=_wall_cupboard, bottom_m=(1.40, 1.45),
    ),
    Kind(
        name="range hood", width_m=(0.60, 0.60), depth_m=(0.45, 0.50), height_m=(0.60, 0.80),
        source="0.65-0.75 m above the hob; " + _MAKERS, rests="wall",
        coats=("steel", "steel", "steel"), build=_range_hood, bottom_m=(1.56, 1.65),
    ),
    Kind(
        name="curtain", width_m=(0.30, 0.50), depth_m=(0.08, 0.12), height_m=(2.05, 2.30),
        source=_MAKERS, rests="wall", coats=("fabric", "metal", "fabric"), build=_curtain,
        bottom_m=(0.03, 0.06),
    ),
    Kind(
        name="radiator", width_m=(0.60, 1.40), depth_m=(0.10, 0.16), height_m=(0.45, 0.60),
        source="DIN EN 442 (radiators; heights 0.30-0.90 m)", rests="wall",
        coats=("ceramic", "metal", "metal"), build=_radiator, bottom_m=(0.10, 0.16),
    ),
    Kind(
        name="wall clock", width_m=(0.25, 0.38), depth_m=(0.035, 0.05), height_m=(0.25, 0.38),
        source=_MAKERS, rests="wall", coats=("dark", "paper", "dark"), build=_wall_clock,
        bottom_m=(1.65, 1.80),
    ),
    Kind(
        name="wall lamp", width_m=(0.14, 0.24), depth_m=(0.18, 0.26), height_m=(0.22, 0.34),
        source=_MAKERS, rests="wall", coats=("metal", "glow", "metal"), build=_wall_lamp,
        bottom_m=(1.45, 1.65),
    ),
    Kind(
        name="coat rack", width_m=(0.50, 1.00), depth_m=(0.07, 0.10), height_m=(0.12, 0.20),
        source=_MAKERS, rests="wall", coats=("wood", "metal", "wood"), build=_coat_rack,
        bottom_m=(1.55, 1.70),
    ),
    Kind(
        name="whiteboard", width_m=(0.90, 1.80), depth_m=(0.06, 0.09), height_m=(0.60, 1.20),
        source=_MAKERS, rests="wall", coats=("metal", "ceramic", "metal"), build=_whiteboard,
        bottom_m=(0.90, 1.05),
    ),
    Kind(
        name="towel rail", width_m=(0.45, 0.75), depth_m=(0.07, 0.09), height_m=(0.45, 0.70),
        source=_MAKERS, rests="wall", coats=("metal", "accent", "metal"), build=_towel_rail,
        bottom_m=(0.75, 0.95),
    ),
    Kind(
        name="ceiling lamp", width_m=(0.30, 0.55), depth_m=(0.30, 0.55), height_m=(0.45, 0.70),
        source=_MAKERS, rests="ceiling", coats=("metal", "glow", "metal"), build=_ceiling_lamp,
        upright=True,
    ),
)  # fmt: skip
