"""Shelves, cabinets, chests and wardrobes."""

from itertools import pairwise
from typing import Final

from synth.furniture.build import Kind, Model, Order, Surface, surface_on
from synth.rooms.room import Part

_EN_STORAGE: Final = "DIN EN 14749 (domestic storage); depths for hangers 0.55-0.65 m"
_CATALOG: Final = "Sweet Home 3D catalogue; typical manufacturers' range"
_DECOR: Final = ("vase", "photo frame", "flower pot", "lamp", "candle", "sculpture", "row of books",
                 "clock", "globe", "speaker", "basket")  # fmt: skip
_BOOKS: Final = ("row of books",) * 4
_ON_SHELF: Final = (*_BOOKS, "vase", "box", "photo frame", "basket", "sculpture", "book",
                    "flower pot", "globe")  # fmt: skip


def _carcass(o: Order, thick: float, foot: float = 0.0) -> list[Part]:
    """Sides, bottom, top and back of an open cupboard; the front side is left open."""
    m = o.look.main
    return [
        o.part((0.0, thick), (0.0, o.d - 0.01), (foot, o.h), m),
        o.part((o.w - thick, o.w), (0.0, o.d - 0.01), (foot, o.h), m),
        o.part((0.0, o.w), (o.d - 0.01, o.d), (foot, o.h), o.look.second),
    ]


def _open_shelves(o: Order, heights: list[float], thick: float) -> tuple[list[Part], list[Surface]]:
    """Boards whose tops lie at ``heights``, ascending; each surface knows its free height."""
    boards = [
        o.part((thick, o.w - thick), (0.0, o.d - 0.01), (top - thick, top), o.look.main)
        for top in heights
    ]
    surfaces = [
        surface_on(board, "inside", above - thick - top, rim_m=0.004)
        for board, top, above in zip(boards, heights, heights[1:], strict=False)
    ]
    return boards, surfaces


def _bookshelf(o: Order) -> Model:
    thick = 0.025
    n = max(3, round((o.h - 0.08) / 0.36))
    pitch = (o.h - 0.08) / n
    heights = [0.08 + pitch * i for i in range(n)] + [o.h]
    boards, inside = _open_shelves(o, heights, thick)
    top = surface_on(boards[-1], rim_m=0.02)
    return Model((*_carcass(o, thick), *boards), (*inside, top))


def _cube_shelf(o: Order) -> Model:
    """A grid of open compartments, as wide as high each."""
    thick = 0.03
    n_x, n_z = max(1, round(o.w / 0.38)), max(1, round(o.h / 0.38))
    pitch_x, pitch_z = (o.w - thick) / n_x, (o.h - thick) / n_z
    parts = _carcass(o, thick)
    surfaces = []
    for row in range(n_z + 1):
        z = (row * pitch_z, row * pitch_z + thick)
        parts.append(o.part((thick, o.w - thick), (0.0, o.d - 0.01), z, o.look.main))
    for column in range(1, n_x):
        x = (column * pitch_x, column * pitch_x + thick)
        parts += [
            o.part(x, (0.0, o.d - 0.01), (r * pitch_z + thick, (r + 1) * pitch_z), o.look.main)
            for r in range(n_z)
        ]
    half = ((pitch_x - thick) / 2 - 0.004, (o.d - 0.01) / 2 - 0.004)
    for row in range(n_z):
        for column in range(n_x):
            across = thick + column * pitch_x + (pitch_x - thick) / 2 - o.w / 2
            bottom = row * pitch_z + thick - o.h / 2
            surfaces.append(Surface("inside", (across, -0.005), half, bottom, pitch_z - thick))
    board = surface_on(parts[3 + n_z], rim_m=0.02)
    return Model(tuple(parts), (*surfaces, board))


def _fronts(o: Order, x: tuple[float, ...], z: tuple[float, ...], thick: float) -> list[Part]:
    """Doors or drawers between the given edges, 6 mm apart, with a bar as a handle each."""
    gap = 0.006
    parts = []
    for x0, x1 in pairwise(x):
        for z0, z1 in pairwise(z):
            front = (x0 + gap, x1 - gap)
            parts.append(o.part(front, (0.02, 0.02 + thick), (z0 + gap, z1 - gap), o.look.second))
            if z1 - z0 > x1 - x0:  # a door: its handle stands upright near the free edge
                at = front[1] - 0.05 if len(parts) % 4 < 2 else front[0] + 0.04
                middle = min((z0 + z1) / 2, 1.1)
                bar = (at, at + 0.012), (middle - 0.08, middle + 0.08)
            else:
                at, middle = (x0 + x1) / 2, z1 - min(0.05, (z1 - z0) / 3)
                bar = (at - 0.07, at + 0.07), (middle - 0.008, middle + 0.008)
            parts.append(o.part(bar[0], (0.0, 0.02), bar[1], o.look.accent))
    return parts


def _closed(o: Order, foot: float) -> list[Part]:
    """The body behind the fronts, on a plinth or feet."""
    body = o.part((0.0, o.w), (0.04, o.d), (foot, o.h), o.look.main)
    base = o.part((0.03, o.w - 0.03), (0.07, o.d - 0.02), (0.0, foot), o.look.main)
    return [body, base]


def _top_of(body: Part) -> Surface:
    return surface_on(body, rim_m=0.02)


def _edges(low: float, high: float, n: int) -> tuple[float, ...]:
    return tuple(low + (high - low) * i / n for i in range(n + 1))


def _wardrobe(o: Order) -> Model:
    parts = _closed(o, 0.06)
    n_doors = max(2, round(o.w / 0.5))
    fronts = _fronts(o, _edges(0.01, o.w - 0.01, n_doors), (0.07, o.h - 0.01), 0.02)
    return Model((*parts, *fronts), (_top_of(parts[0]),))


def _cabinet(o: Order) -> Model:
    parts = _closed(o, 0.08)
    n = max(2, round(o.w / 0.45))
    z = (0.09, o.h - 0.01) if o.rng.random() < 0.5 else (0.09, o.h - 0.19, o.h - 0.01)
    fronts = _fronts(o, _edges(0.01, o.w - 0.01, n), z, 0.02)
    return Model((*parts, *fronts), (_top_of(parts[0]),))


def _chest_of_drawers(o: Order) -> Model:
    parts = _closed(o, 0.06)
    n = max(3, round(o.h / 0.24))
    columns = 2 if o.w > 1.0 else 1
    x, z = _edges(0.01, o.w - 0.01, columns), _edges(0.07, o.h - 0.02, n)
    fronts = _fronts(o, x, z, 0.02)
    return Model((*parts, *fronts), (_top_of(parts[0]),))


def _tv_stand(o: Order) -> Model:
    """A low board: drawers at both ends, an open compartment in the middle."""
    thick, foot, third = 0.03, 0.06, o.w / 3
    top = o.part((0.0, o.w), (0.0, o.d), (o.h - thick, o.h), o.look.main)
    floor_board = o.part(
        (third, 2 * third), (0.04, o.d), (foot, foot + thick), o.look.main
    )  # fmt: skip
    parts = [
        top,
        floor_board,
        o.part((0.0, third), (0.04, o.d), (foot, o.h - thick), o.look.main),
        o.part((2 * third, o.w), (0.04, o.d), (foot, o.h - thick), o.look.main),
        o.part((0.04, o.w - 0.04), (0.08, o.d - 0.03), (0.0, foot), o.look.main),
    ]
    inside = surface_on(floor_board, "inside", o.h - 2 * thick - foot, rim_m=0.01)
    for x0 in (0.0, 2 * third):
        x = (x0 + 0.01, x0 + third - 0.01)
        parts.append(o.part(x, (0.02, 0.04), (foot + 0.01, o.h - thick - 0.01), o.look.second))
    return Model(tuple(parts), (_top_of(top), inside))


def _nightstand(o: Order) -> Model:
    parts = _closed(o, 0.10)
    fronts = _fronts(o, (0.01, o.w - 0.01), _edges(0.11, o.h - 0.02, 2), 0.02)
    return Model((*parts, *fronts), (_top_of(parts[0]),))


def _shoe_rack(o: Order) -> Model:
    thick = 0.02
    boards, inside = _open_shelves(o, [0.10, 0.10 + (o.h - 0.10) / 2, o.h], thick)
    return Model((*_carcass(o, thick), *boards), (*inside, surface_on(boards[-1], rim_m=0.02)))


def _filing_cabinet(o: Order) -> Model:
    parts = _closed(o, 0.03)
    n = max(2, round(o.h / 0.33))
    fronts = _fronts(o, (0.005, o.w - 0.005), _edges(0.035, o.h - 0.02, n), 0.02)
    return Model((*parts, *fronts), (_top_of(parts[0]),))


def _coat_stand(o: Order) -> Model:
    """A pole on a round foot with four arms below a knob."""
    x, y, m = o.w / 2, o.d / 2, o.look.main
    parts = (
        o.disc(o.w * 0.8, (0.0, 0.03), m),
        o.disc(0.05, (0.03, o.h - 0.06), m),
        o.part((x - 0.04, x + 0.04), (y - 0.04, y + 0.04), (o.h - 0.08, o.h), m, "sphere"),
        o.part((0.0, o.w), (y - 0.012, y + 0.012), (o.h - 0.22, o.h - 0.19), m),
        o.part((x - 0.012, x + 0.012), (0.0, o.d), (o.h - 0.30, o.h - 0.27), m),
    )
    return Model(parts)


KINDS: Final = (
    Kind(
        name="wardrobe", width_m=(0.90, 2.20), depth_m=(0.56, 0.65), height_m=(1.90, 2.20),
        source=_EN_STORAGE, rests="floor", coats=("wood", "pale", "metal"), build=_wardrobe,
        front_m=0.65, carries=("box", "basket"),
    ),
    Kind(
        name="bookshelf", width_m=(0.60, 1.20), depth_m=(0.27, 0.36), height_m=(1.50, 2.10),
        source=_CATALOG, rests="floor", coats=("wood", "wood", "wood"), build=_bookshelf,
        front_m=0.5, carries=("box", "flower pot", "basket"), holds=_ON_SHELF,
    ),
    Kind(
        name="shelf unit", width_m=(0.77, 1.50), depth_m=(0.33, 0.40), height_m=(0.77, 1.50),
        source=_CATALOG + ", cubes of 0.33-0.38 m", rests="floor",
        coats=("pale", "wood", "wood"), build=_cube_shelf, front_m=0.5, carries=_DECOR,
        holds=(*_ON_SHELF, "toy", "ball"),
    ),
    Kind(
        name="cabinet", width_m=(0.80, 1.80), depth_m=(0.38, 0.48), height_m=(0.70, 0.95),
        source=_EN_STORAGE, rests="floor", coats=("wood", "wood", "metal"), build=_cabinet,
        front_m=0.5, carries=_DECOR,
    ),
    Kind(
        name="chest of drawers", width_m=(0.75, 1.40), depth_m=(0.40, 0.50),
        height_m=(0.75, 1.15), source=_CATALOG, rests="floor", coats=("wood", "pale", "metal"),
        build=_chest_of_drawers, front_m=0.55, carries=_DECOR,
    ),
    Kind(
        name="tv stand", width_m=(1.20, 2.00), depth_m=(0.36, 0.46), height_m=(0.38, 0.55),
        source=_CATALOG, rests="floor", coats=("wood", "pale", "metal"), build=_tv_stand,
        front_m=0.4, carries=("speaker", "vase", "photo frame", "flower pot"),
        holds=("box", "basket", "row of books"),
    ),
    Kind(
        name="nightstand", width_m=(0.38, 0.55), depth_m=(0.35, 0.45), height_m=(0.45, 0.62),
        source=_CATALOG, rests="floor", coats=("wood", "wood", "metal"), build=_nightstand,
        carries=("lamp", "book", "mug", "alarm clock", "photo frame", "bottle"),
    ),
    Kind(
        name="shoe rack", width_m=(0.60, 1.00), depth_m=(0.28, 0.36), height_m=(0.42, 0.60),
        source=_CATALOG, rests="floor", coats=("wood", "wood", "wood"), build=_shoe_rack,
        front_m=0.4, carries=("basket", "backpack", "bowl"), holds=("pair of shoes",),
    ),
    Kind(
        name="filing cabinet", width_m=(0.40, 0.48), depth_m=(0.50, 0.62), height_m=(0.68, 1.35),
        source="DIN 4545 hanging files: inner width 0.33 m for A4", rests="floor",
        coats=("metal", "metal", "dark"), build=_filing_cabinet, front_m=0.5,
        carries=("printer", "flower pot", "row of books", "box"),
    ),
    Kind(
        name="coat stand", width_m=(0.40, 0.55), depth_m=(0.40, 0.55), height_m=(1.65, 1.90),
        source=_CATALOG, rests="floor", coats=("wood", "wood", "wood"), build=_coat_stand,
        upright=True,
    ),
)  # fmt: skip
