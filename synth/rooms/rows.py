"""Fitted furniture: a kitchen row under its wall cupboards, and a bathroom's fixtures."""

from typing import Final

from synth.rooms.anchors import TRIES, WALL_GAP_M, against_wall, stand_at_wall
from synth.rooms.boxes import box_at
from synth.rooms.building_site import Piece, Site, front_of
from synth.rooms.carrying import WallSpot, hang
from synth.rooms.openings import Wall
from synth.rooms.room import Support

_MODULE_M: Final = 0.602  # units stand 2 mm apart
_TAP_M: Final = 0.28
_CUPBOARD_GAP_M: Final = 0.51  # between worktop and wall cupboards (DIN EN 1116)
_BESIDE_ROW_M: Final = 0.04
_HOOD_GAP_M: Final = 0.70


def kitchen_row(site: Site, *, most: int = 6) -> list[Piece]:
    """Stand fitted units along one wall: sink, stove and dishwasher among worktops.

    The refrigerator closes the row. Wall cupboards hang above it wherever no window is.
    """
    if not site.allows("kitchen counter"):
        return []
    for _ in range(TRIES):
        wall = site.walls[int(site.rng.integers(len(site.walls)))]
        n = min(most, int((wall.length_m - 0.15) / _MODULE_M))
        n = int(site.rng.integers(min(3, n), n + 1)) if n >= 3 else 0
        if n == 0:
            continue
        spare = wall.length_m - n * _MODULE_M - 0.1
        start = 0.05 + (0.0 if site.rng.random() < 0.6 else float(site.rng.random()) * spare)
        height = float(site.rng.uniform(0.87, 0.91))
        middle = wall.place(start + n * _MODULE_M / 2, 0.305 + WALL_GAP_M)
        row = box_at(middle, (n * _MODULE_M, 0.61, height))
        if not site.is_free(row) or not site.is_free(front_of(row, 0.7)):
            continue
        return _units(site, wall, start, n, height)
    site.left_out.append("kitchen counter")
    return []


def _units(site: Site, wall: Wall, start: float, n: int, height: float) -> list[Piece]:
    wanted = ["kitchen sink", "stove"] + (["dishwasher"] if n > 3 else [])
    wanted = [name for name in wanted if site.allows(name)]
    slots = [int(i) for i in site.rng.permutation(n)]
    names = ["kitchen counter"] * n
    front = site.pick("kitchen counter").look
    placed: list[Piece] = []
    for slot, name in zip(slots, wanted, strict=False):
        names[slot] = name
    for slot, name in enumerate(names):
        for choice in (name, "kitchen counter"):
            tall = height + (_TAP_M if choice == "kitchen sink" else 0.0)
            pick = site.pick(choice, (0.60, 0.61, tall))
            if choice in ("kitchen counter", "kitchen sink"):  # one front, one worktop
                look = front._replace(second=pick.look.second)
                pick = site.rebuilt(pick, look)
            place = wall.place(start + (slot + 0.5) * _MODULE_M, pick.size[1] / 2 + WALL_GAP_M)
            near = tuple(p.number for p in placed)
            piece = site.stand(
                pick, place, near=near, abutting=near,
                relations=(Support("against_wall", wall.number),),
            )  # fmt: skip
            if piece is not None:
                placed.append(piece)
                break
        if name not in ("kitchen counter", placed[-1].kind.name if placed else ""):
            site.left_out.append(name)
    _above(site, wall, placed, height)
    return placed


def _above(site: Site, wall: Wall, row: list[Piece], height: float) -> None:
    """Hang a hood above the stove and cupboards above the rest, where the wall is free."""
    if not row:
        return
    cupboard = site.pick("wall cupboard")
    cupboard = site.rebuilt(cupboard, cupboard.look._replace(main=row[0].look.main))
    hung: list[int] = []
    for piece in row:
        x, y = piece.place.x, piece.place.y
        along = (x - wall.start[0]) * wall.along[0] + (y - wall.start[1]) * wall.along[1]
        if piece.kind.name == "stove":
            new = hang(site, "range hood", (wall,), at=WallSpot(along, height + _HOOD_GAP_M),
                       abutting=hung)  # fmt: skip
        elif site.chance(0.75):
            new = hang(site, "wall cupboard", (wall,), pick=cupboard, abutting=hung,
                       at=WallSpot(along, height + _CUPBOARD_GAP_M))  # fmt: skip
        else:
            new = None
        if new is not None:
            hung.append(new.number)


def refrigerator(site: Site, row: list[Piece]) -> Piece | None:
    """Stand the refrigerator at an end of the kitchen row, else at a wall."""
    if not site.allows("refrigerator"):
        return None
    pick = site.pick("refrigerator")
    for end, side in ((0, 1), (-1, -1)) if row else ():
        wall = site.walls[next(s.of for s in row[end].supports if s.relation == "against_wall")]
        x, y = row[end].place.x, row[end].place.y
        along = (x - wall.start[0]) * wall.along[0] + (y - wall.start[1]) * wall.along[1]
        at = along - side * (row[end].size[0] / 2 + pick.size[0] / 2 + _BESIDE_ROW_M)
        piece = stand_at_wall(site, pick, wall, at, near=[unit.number for unit in row])
        if piece is not None:
            return piece
    return against_wall(site, "refrigerator", corner_share=0.7)


def fixtures(site: Site) -> None:
    """Bathtub or shower, toilet, and a washbasin with a mirror above it."""
    bath = "bathtub" if site.rng.random() < 0.55 else "shower"
    if against_wall(site, bath, corner_share=0.9) is None and bath == "bathtub":
        against_wall(site, "shower", corner_share=0.9)
    against_wall(site, "toilet", corner_share=0.2)
    basin = against_wall(site, "washbasin", corner_share=0.15)
    if basin is not None:
        above(site, "mirror", basin, 0.12)
    if site.chance(0.45):
        against_wall(site, "washing machine", corner_share=0.7)


def above(site: Site, name: str, piece: Piece, gap_m: float) -> Piece | None:
    """Hang something on the wall behind a piece, centered, ``gap_m`` above its top."""
    numbers = [s.of for s in piece.supports if s.relation == "against_wall"]
    if not numbers or not site.allows(name):
        return None
    wall = site.walls[numbers[0]]
    x, y = piece.place.x, piece.place.y
    along = (x - wall.start[0]) * wall.along[0] + (y - wall.start[1]) * wall.along[1]
    spot = WallSpot(along, piece.box.z_high + gap_m)
    return hang(site, name, (wall,), at=spot)
