"""The last layer: curtains and radiators, pictures, lamps under the ceiling, small things."""

from collections.abc import Mapping
from typing import Final

from synth.rooms.anchors import against_wall, on_free_floor
from synth.rooms.building_site import Piece, Site
from synth.rooms.carrying import WallSpot, hang, hang_from_ceiling, put_on, put_under
from synth.rooms.config import RoomKind
from synth.rooms.room import Opening
from synth.rooms.rows import above

_ON_WALLS: Final[Mapping[RoomKind, tuple[tuple[str, float], ...]]] = {
    "living room": (("picture", 0.9), ("picture", 0.6), ("picture", 0.4), ("wall shelf", 0.4),
                    ("wall clock", 0.25), ("wall lamp", 0.25), ("mirror", 0.2)),
    "bedroom": (("picture", 0.8), ("picture", 0.5), ("mirror", 0.4), ("wall lamp", 0.3),
                ("wall shelf", 0.3)),
    "kids room": (("picture", 0.8), ("picture", 0.6), ("wall shelf", 0.6), ("wall clock", 0.3)),
    "dining room": (("picture", 0.9), ("picture", 0.5), ("mirror", 0.3), ("wall clock", 0.3),
                    ("wall lamp", 0.3)),
    "kitchen": (("wall clock", 0.6), ("picture", 0.4), ("wall shelf", 0.4)),
    "office": (("whiteboard", 0.6), ("wall clock", 0.6), ("picture", 0.6), ("wall shelf", 0.3)),
    "study": (("picture", 0.7), ("picture", 0.4), ("wall shelf", 0.5), ("wall clock", 0.3)),
    "bathroom": (("towel rail", 0.9), ("towel rail", 0.4), ("picture", 0.15), ("wall shelf", 0.3)),
    "hallway": (("coat rack", 0.5), ("mirror", 0.5), ("picture", 0.7), ("picture", 0.5),
                ("wall lamp", 0.4), ("wall clock", 0.2)),
    "studio": (("picture", 0.8), ("picture", 0.5), ("wall shelf", 0.4), ("mirror", 0.3),
               ("wall clock", 0.3)),
}  # fmt: skip
_ON_FLOORS: Final[Mapping[RoomKind, tuple[str, ...]]] = {
    "living room": ("cardboard box", "ottoman", "trash bin"),
    "bedroom": ("cardboard box", "suitcase", "laundry basket", "trash bin"),
    "kids room": ("cardboard box", "trash bin"),
    "dining room": ("cardboard box", "stool"),
    "kitchen": ("trash bin", "stool", "cardboard box"),
    "office": ("cardboard box", "trash bin", "suitcase"),
    "study": ("cardboard box", "trash bin"),
    "bathroom": ("trash bin", "stool"),
    "hallway": ("suitcase", "cardboard box", "trash bin"),
    "studio": ("cardboard box", "suitcase", "trash bin"),
}
_BESIDE_WINDOW_M: Final = 0.12  # clear of the frame and the sill board
_MOST_TRIED: Final = 16  # things per piece
_MOST_IN_A_ROW: Final = 2


def dress_windows(site: Site, openings: tuple[Opening, ...]) -> None:
    """Hang radiators below windows and curtains at both sides, where the wall allows."""
    curtains = site.chance(0.5)
    fabric = site.pick("curtain")
    for opening in openings:
        if opening.kind != "window":
            continue
        wall = site.walls[opening.wall]
        if opening.sill_m > 0.75 and site.chance(0.6):
            radiator = site.pick("radiator")
            if radiator.size[2] + 0.12 < opening.sill_m - 0.11:
                hang(site, "radiator", (wall,), pick=radiator, at=WallSpot(opening.along_m, 0.12))
        if not curtains:
            continue
        w, _, h = fabric.size
        for side in (-1.0, 1.0):
            at = opening.along_m + side * (opening.width_m / 2 + w / 2 + _BESIDE_WINDOW_M)
            if w / 2 + 0.02 < at < wall.length_m - w / 2 - 0.02 and h + 0.15 < site.height_m:
                bottom = min(0.05, site.height_m - h - 0.06)
                hang(site, "curtain", (wall,), pick=fabric, at=WallSpot(at, bottom))


def hang_pictures(site: Site, kind: RoomKind) -> None:
    """Hang pictures above sofas, beds and sideboards first, then what else suits the room."""
    for piece in list(site.pieces):
        if piece.kind.name in ("sofa", "bed", "cabinet", "chest of drawers") and site.chance(0.5):
            above(site, "picture", piece, 0.30)
    for name, share in _ON_WALLS[kind]:
        if site.chance(share):
            hang(site, name, site.walls)


def light_ceiling(site: Site, pendants: int) -> None:
    """Hang lamps above tables first, then above the middle of the room."""
    tables = [p for p in site.pieces if p.kind.name in ("table", "round table", "kitchen island")]
    for table in tables[:pendants]:
        hang_from_ceiling(site, "ceiling lamp", table.place.x, table.place.y)
    if pendants and not tables:
        x, y = middle_of(site)
        hang_from_ceiling(site, "ceiling lamp", x, y)


def middle_of(site: Site) -> tuple[float, float]:
    """Return the middle of the floor: its centroid (it lies inside all our shapes)."""
    points = list(site.outline)
    area = cx = cy = 0.0
    for a, b in zip(points, [*points[1:], points[0]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        area += cross
        cx += (a[0] + b[0]) * cross
        cy += (a[1] + b[1]) * cross
    return cx / (3 * area), cy / (3 * area)


def add_clutter(site: Site, kind: RoomKind) -> None:
    """Put small things on tops and into compartments, and a few onto the floor."""
    share = site.config.clutter
    for piece in list(site.pieces):
        if piece.kind.holds:
            _fill(site, piece, share)
        if piece.kind.carries:
            _cover(site, piece, share)
        if piece.kind.name in ("bed", "single bed") and site.rng.random() < 0.4 * share:
            put_under(site, "box", piece)
    names = _ON_FLOORS[kind]
    for _ in range(int(site.rng.poisson(1.3 * share))):
        name = names[int(site.rng.integers(len(names)))]
        if site.rng.random() < 0.7:
            against_wall(site, name, corner_share=0.5)
        else:
            on_free_floor(site, name, tries=10)
    if kind == "kids room" and site.rng.random() < share:
        _toys(site)


def _fill(site: Site, piece: Piece, share: float) -> None:
    inside = [s for s in piece.model.surfaces if s.kind == "inside"]
    wanted = int(site.rng.binomial(min(len(inside) * _MOST_IN_A_ROW, _MOST_TRIED), share))
    for _ in range(wanted):
        put_on(site, _one_of(site, piece.kind.holds), piece, where="inside")


def _cover(site: Site, piece: Piece, share: float) -> None:
    tops = [s for s in piece.model.surfaces if s.kind == "top"]
    room_m2 = sum(4 * s.half[0] * s.half[1] for s in tops)
    for _ in range(int(site.rng.poisson(share * min(5.0, 0.7 + 3.0 * room_m2)))):
        put_on(site, _one_of(site, piece.kind.carries), piece)


def _one_of(site: Site, names: tuple[str, ...]) -> str:
    return names[int(site.rng.integers(len(names)))]


def _toys(site: Site) -> None:
    """Toys lie on rugs, where children play."""
    for piece in list(site.pieces):
        if piece.kind.name == "rug":
            for _ in range(int(site.rng.integers(1, 5))):
                put_on(site, ("toy", "ball", "teddy bear")[int(site.rng.integers(3))], piece)
