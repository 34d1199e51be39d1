"""What each kind of room contains, from the largest piece to the smallest."""

from collections.abc import Callable, Mapping
from typing import Final

from synth.rooms.anchors import against_wall, beside, on_free_floor, reserve_walk
from synth.rooms.building_site import Piece, Site
from synth.rooms.carrying import put_on
from synth.rooms.config import RoomKind
from synth.rooms.groups import dining, lounge, seats_at, sleeping, workplace
from synth.rooms.rows import above, fixtures, kitchen_row, refrigerator


def _optional(site: Site, *wanted: tuple[str, float]) -> list[Piece]:
    """Stand optional pieces at walls, each with its chance."""
    placed = [
        against_wall(site, name, corner_share=0.4) for name, share in wanted if site.chance(share)
    ]
    return [piece for piece in placed if piece is not None]


def _corners(site: Site, *names: tuple[str, float]) -> None:
    """Fill corners with plants, lamps and baskets."""
    for name, share in names:
        if site.chance(share):
            against_wall(site, name, corner_share=1.0)


def _living_room(site: Site) -> None:
    lounge(site)
    if _floor_m2(site) > 19 and site.chance(0.6):
        dining(site, table=_table(site), most=6)
    reserve_walk(site)
    _optional(site, ("bookshelf", 0.7), ("cabinet", 0.6), ("shelf unit", 0.4), ("bookshelf", 0.3),
              ("console table", 0.25), ("armchair", 0.25), ("chest of drawers", 0.2))  # fmt: skip
    _corners(site, ("plant", 0.6), ("floor lamp", 0.4), ("plant", 0.35))
    if site.chance(0.3):
        on_free_floor(site, "ottoman")


def _bedroom(site: Site) -> None:
    sleeping(site)
    _optional(site, ("wardrobe", 0.95))
    reserve_walk(site)
    dressers = _optional(site, ("chest of drawers", 0.6), ("dressing table", 0.35))
    for piece in dressers:
        if piece.kind.name == "dressing table":
            seats_at(site, piece, "stool", 1, sides="f")
        elif site.chance(0.5):
            above(site, "mirror", piece, 0.25)
    if site.chance(0.25):
        workplace(site, chair="chair")
    _optional(site, ("armchair", 0.3), ("bench", 0.15), ("bookshelf", 0.2))
    _corners(site, ("plant", 0.4), ("laundry basket", 0.3), ("floor lamp", 0.25))
    if site.rng.random() < site.config.clutter * 0.3:
        against_wall(site, "suitcase")


def _kids_room(site: Site) -> None:
    beds = ("single bed", "bunk bed", "crib", "single bed")
    first = beds[int(site.rng.integers(4))]
    sleeping(site, bed=first)
    if site.chance(0.3):
        sleeping(site, bed="single bed")
    if first != "crib" and site.chance(0.7):
        workplace(site, chair="chair")
    if site.chance(0.5):
        on_free_floor(site, "rug")
    reserve_walk(site)
    _optional(site, ("wardrobe", 0.6), ("shelf unit", 0.8), ("chest of drawers", 0.5))
    for name, share in (("bean bag", 0.5), ("cardboard box", 0.4), ("stool", 0.3)):
        if site.chance(share):
            on_free_floor(site, name)
    _corners(site, ("laundry basket", 0.3), ("plant", 0.15))


def _dining_room(site: Site) -> None:
    dining(site, table=_table(site), most=int(site.rng.integers(4, 9)))
    reserve_walk(site)
    _optional(site, ("cabinet", 0.8), ("bookshelf", 0.3), ("console table", 0.4),
              ("chest of drawers", 0.2), ("chair", 0.3))  # fmt: skip
    _corners(site, ("plant", 0.7), ("floor lamp", 0.35), ("plant", 0.3))


def _kitchen(site: Site) -> None:
    row = kitchen_row(site)
    refrigerator(site, row)
    if len(row) > 2 and site.chance(0.4):
        kitchen_row(site, most=4)
    if _floor_m2(site) > 13 and site.chance(0.4):
        island = on_free_floor(site, "kitchen island", around_m=0.75)
        if island is not None:
            seats_at(site, island, "bar stool", 3, sides="f")
    elif site.chance(0.8):
        dining(site, table=_table(site), most=4, seat="chair" if site.chance(0.7) else "stool")
    reserve_walk(site)
    _optional(site, ("cabinet", 0.3), ("shelf unit", 0.2))
    _corners(site, ("trash bin", 0.7), ("plant", 0.25))


def _office(site: Site) -> None:
    for _ in range(int(site.rng.integers(2, 5))):
        workplace(site)
    if _floor_m2(site) > 18 and site.chance(0.5):
        dining(site, table=_table(site), most=6, seat="chair")
    reserve_walk(site)
    stores = _optional(site, ("filing cabinet", 0.7), ("filing cabinet", 0.5), ("bookshelf", 0.7),
                       ("cabinet", 0.5), ("coat stand", 0.4), ("shelf unit", 0.3))  # fmt: skip
    for piece in stores:
        if piece.kind.name in ("cabinet", "filing cabinet") and site.chance(0.5):
            put_on(site, "printer", piece)
            break
    _corners(site, ("plant", 0.6), ("trash bin", 0.4), ("plant", 0.3))


def _study(site: Site) -> None:
    workplace(site)
    chair = against_wall(site, "armchair") if site.chance(0.6) else None
    if chair is not None:
        beside(site, "floor lamp", chair, side=1)
        if site.chance(0.5):
            beside(site, "side table", chair, side=-1, flush="middle")
    reserve_walk(site)
    _optional(site, ("bookshelf", 0.95), ("bookshelf", 0.7), ("shelf unit", 0.5),
              ("filing cabinet", 0.4), ("cabinet", 0.4), ("single bed", 0.15))  # fmt: skip
    if site.chance(0.4):
        on_free_floor(site, "rug")
    _corners(site, ("plant", 0.5), ("trash bin", 0.3))


def _bathroom(site: Site) -> None:
    fixtures(site)
    if site.chance(0.5) and site.allows("rug"):
        size = (float(site.rng.uniform(0.7, 1.0)), float(site.rng.uniform(0.5, 0.65)), 0.012)
        on_free_floor(site, "rug", pick=site.pick("rug", size))
    reserve_walk(site)
    _optional(site, ("laundry basket", 0.5), ("shelf unit", 0.3), ("stool", 0.3),
              ("trash bin", 0.5), ("cabinet", 0.15))  # fmt: skip
    _corners(site, ("plant", 0.2))


def _hallway(site: Site) -> None:
    if site.chance(0.5) and site.allows("rug"):
        size = (float(site.rng.uniform(0.7, 0.9)), float(site.rng.uniform(1.6, 2.4)), 0.012)
        on_free_floor(site, "rug", pick=site.pick("rug", size))
    reserve_walk(site)
    placed = _optional(site, ("shoe rack", 0.8), ("console table", 0.6), ("wardrobe", 0.4),
                       ("bench", 0.5), ("chest of drawers", 0.3), ("coat stand", 0.4))  # fmt: skip
    for piece in placed:
        if piece.kind.name in ("console table", "chest of drawers") and site.chance(0.7):
            above(site, "mirror", piece, 0.30)
        elif piece.kind.name in ("shoe rack", "bench"):
            above(site, "coat rack", piece, 1.1)
    _corners(site, ("plant", 0.4), ("floor lamp", 0.2))


def _studio(site: Site) -> None:
    sleeping(site, bed="bed" if site.rng.random() < 0.5 else "single bed")
    refrigerator(site, kitchen_row(site, most=4))
    lounge(site)
    if site.chance(0.7):
        dining(site, table=_table(site), most=3)
    reserve_walk(site)
    _optional(site, ("wardrobe", 0.7), ("bookshelf", 0.5), ("desk", 0.3), ("cabinet", 0.3))
    _corners(site, ("plant", 0.5), ("floor lamp", 0.4))


def _table(site: Site) -> str:
    return "round table" if site.rng.random() < 0.35 else "table"


def _floor_m2(site: Site) -> float:
    points = list(site.outline)
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


LAYOUTS: Final[Mapping[RoomKind, Callable[[Site], None]]] = {
    "living room": _living_room,
    "bedroom": _bedroom,
    "kids room": _kids_room,
    "dining room": _dining_room,
    "kitchen": _kitchen,
    "office": _office,
    "study": _study,
    "bathroom": _bathroom,
    "hallway": _hallway,
    "studio": _studio,
}
