"""Pieces that belong together: a table and its chairs, a sofa corner, a bed, a desk."""

from collections.abc import Sequence
from dataclasses import replace
from math import pi
from typing import Final

from synth.rooms.anchors import (
    WALL_GAP_M,
    against_wall,
    beside,
    facing_place,
    on_free_floor,
    stand_at_wall,
)
from synth.rooms.boxes import Placed, box_at
from synth.rooms.building_site import Piece, Site
from synth.rooms.carrying import put_on, put_under
from synth.rooms.openings import Wall

_CHAIR_PITCH_M: Final = 0.62  # width of one place at a table (DIN 68885: at least 0.60)
_SEATED_M: Final = 0.62  # floor kept free around a dining table for chairs
_TABLE_AND_LEGS_M: Final = 1.4  # floor in front of a sofa for a low table
_LEAST_VIEW_M: Final = 1.5  # between a sofa and its television


def dining(site: Site, *, table: str, seat: str = "chair", most: int = 8) -> Piece | None:
    """Stand a table with free floor around it and seats at its sides, tucked in to some degree."""
    placed = _on_a_rug(site, table) if site.chance(0.2) else None
    if placed is None:
        placed = on_free_floor(site, table, around_m=_SEATED_M, tries=45)
    if placed is not None and site.allows(seat):
        seats_at(site, placed, seat, most)
    return placed


def _on_a_rug(site: Site, table: str) -> Piece | None:
    """Stand a table in the middle of a rug that is large enough for its chairs too."""
    pick = site.pick(table)
    w, d, _ = pick.size
    carpet = site.pick("rug", (w + 2 * _SEATED_M, d + 2 * _SEATED_M, 0.012))
    rug = on_free_floor(site, "rug", pick=carpet, tries=15) if site.allows(table) else None
    return None if rug is None else site.stand(pick, rug.place)


def seats_at(site: Site, table: Piece, seat: str, most: int, *, sides: str = "fbrl") -> None:
    """Place seats of one design around a table; those that do not fit are counted."""
    article = site.pick(seat)
    w, d = table.size[0], table.size[1]
    round_top = table.kind.upright
    n_long = 1 if round_top else max(1, int((w - 0.10) / _CHAIR_PITCH_M))
    n_short = 1 if d >= 0.75 else 0
    spots: list[tuple[str, float]] = []
    for side in sides:
        n = n_long if side in "fb" else n_short
        span = w if side in "fb" else d
        spots += [(side, ((i + 0.5) / n - 0.5) * min(span, n * 0.75)) for i in range(n)]
    if len(spots) > most:
        keep = sorted(site.rng.permutation(len(spots))[:most].tolist())
        spots = [spots[i] for i in keep]
    habit = float(site.rng.uniform(0.05, 0.28))  # how deep this household tucks its chairs in
    for side, offset in spots:
        for tucked in (habit + float(site.rng.normal(0.0, 0.03)), 0.10, -0.05):
            place = _at_table(table, side, offset, article.size[1], tucked)
            wobble = float(site.rng.normal(0.0, 0.06))
            turned = Placed(place.x, place.y, place.yaw + wobble)
            if site.tuck(article, turned, table) is not None:
                break
        else:
            site.left_out.append(seat)


def _at_table(table: Piece, side: str, offset: float, deep: float, tucked: float) -> Placed:
    """Return the place of a seat that faces one side: front, back, right or left."""
    box, yaw = table.box, table.place.yaw
    away_y, away_x = box.half_d + deep / 2 - tucked, box.half_w + deep / 2 - tucked
    match side:
        case "f":
            return Placed(*box.world(offset, -away_y), yaw + pi)
        case "b":
            return Placed(*box.world(offset, away_y), yaw)
        case "r":
            return Placed(*box.world(away_x, offset), yaw - pi / 2)
        case _:
            return Placed(*box.world(-away_x, offset), yaw + pi / 2)


def lounge(site: Site) -> Piece | None:
    """Sofa at a wall, a low table in front of it (often on a rug), a television opposite."""
    large = site.rng.random() < 0.35
    sofa = _sofa(site, "corner sofa", 0.6) if large else None
    if sofa is None:
        sofa = _sofa(site, "sofa", 0.1)
    if sofa is None:
        return None
    if site.chance(0.65):
        _rug_in_front(site, sofa)
    if site.chance(0.85):
        _television_opposite(site, sofa)
    table = _low_table(site, sofa)
    if table is not None:
        for side in ("rl", "lr")[int(site.rng.integers(2))]:
            if site.chance(0.4):
                _armchair(site, table, side)
    _at_the_ends(site, sofa)
    for _ in range(int(site.rng.integers(0, 4))):
        put_on(site, "cushion", sofa, at_back=True)
    return sofa


def _sofa(site: Site, name: str, corner_share: float) -> Piece | None:
    """Stand a sofa where a low table fits in front of it, or at least a person."""
    before = len(site.left_out)
    pick = site.pick(name)
    deep = pick._replace(kind=replace(pick.kind, front_m=_TABLE_AND_LEGS_M))
    sofa = against_wall(site, name, corner_share=corner_share, pick=deep, spare_m=0.3)
    if sofa is None:
        del site.left_out[before:]
        sofa = against_wall(site, name, corner_share=corner_share)
    return sofa


def _rug_in_front(site: Site, sofa: Piece) -> Piece | None:
    if not site.allows("rug"):
        return None
    for _ in range(6):
        w, d, h = site.pick("rug").kind.draw_size(site.rng)
        place = facing_place(sofa.box, sofa.place.yaw, float(site.rng.normal(0, 0.1)), d / 2 + 0.05)
        rug = site.stand(site.pick("rug", (w, d, h)), place, near=(sofa.number,))
        if rug is not None:
            return rug
    site.left_out.append("rug")
    return None


def _low_table(site: Site, sofa: Piece) -> Piece | None:
    if not site.allows("coffee table"):
        return None
    pick = site.pick("coffee table")
    for gap in (0.42, 0.35, 0.5, 0.3):
        across = float(site.rng.normal(0.0, 0.06))
        place = facing_place(sofa.box, sofa.place.yaw, across, gap + pick.size[1] / 2)
        near = [p.number for p in site.pieces if p.kind.name in ("sofa", "corner sofa", "tv stand")]
        table = site.stand(pick, place, near=near)
        if table is not None:
            site.relate(table, "beside", sofa)
            return table
    site.left_out.append("coffee table")
    return None


def opposite_walls(site: Site, piece: Piece) -> Sequence[tuple[Wall, float, float]]:
    """Return walls that face a piece: wall, place along it, distance from the piece's front."""
    fx, fy = piece.box.sin, -piece.box.cos  # the piece's front
    x, y = piece.box.world(0.0, -piece.box.half_d)
    found = []
    for wall in site.walls:
        nx, ny = wall.inward
        if nx * fx + ny * fy > -0.95:
            continue
        distance = -((x - wall.start[0]) * nx + (y - wall.start[1]) * ny) / (nx * fx + ny * fy)
        hit_x, hit_y = x + fx * distance, y + fy * distance
        along = (hit_x - wall.start[0]) * wall.along[0] + (hit_y - wall.start[1]) * wall.along[1]
        if distance > 0 and -0.5 < along < wall.length_m + 0.5:
            found.append((wall, along, distance))
    return sorted(found, key=lambda item: item[2])


def _television_opposite(site: Site, sofa: Piece) -> None:
    """Stand a television on its board, facing the sofa if the wall opposite allows."""
    if not (site.allows("tv stand") and site.allows("television")):
        return
    stand, screen = site.pick("tv stand"), site.pick("television")
    if screen.entry is None and screen.size[0] > stand.size[0] - 0.10:
        w, _, h = screen.size
        shrink = (stand.size[0] - 0.10) / w
        screen = site.pick("television", (w * shrink, screen.size[1], h * shrink))
    tall = (*stand.size[:2], stand.size[2] + screen.size[2])
    spots = [
        (wall, along + shift)
        for wall, along, distance in opposite_walls(site, sofa)[:1]
        if distance - stand.size[1] >= _LEAST_VIEW_M
        for shift in (0.0, 0.2, -0.2, 0.45, -0.45, 0.7, -0.7, 1.0, -1.0)
    ]
    for wall in site.walls:  # else at the side, as in narrow rooms
        spots += [(wall, wall.length_m * float(site.rng.uniform(0.2, 0.8))) for _ in range(2)]
    for wall, along in spots:
        place = wall.place(along, stand.size[1] / 2 + WALL_GAP_M)
        if not site.is_free(box_at(place, tall), near=(sofa.number,)):
            continue
        board = stand_at_wall(site, stand, wall, along, near=(sofa.number,))
        if board is None:
            continue
        site.relate(board, "facing", sofa)
        shown = put_on(site, "television", board, at_back=True, middle=True, pick=screen)
        if shown is None:
            site.left_out.append("television")
        else:
            site.relate(shown, "facing", sofa)
        return
    site.left_out += ["tv stand", "television"]


def _armchair(site: Site, table: Piece, side: str) -> None:
    if not site.allows("armchair"):
        return
    pick = site.pick("armchair")
    for gap in (0.35, 0.5):
        place = _at_table(table, side, float(site.rng.normal(0, 0.08)), pick.size[1], -gap)
        turned = Placed(place.x, place.y, place.yaw + float(site.rng.normal(0, 0.15)))
        near = [p.number for p in site.pieces]
        chair = site.stand(pick, turned, near=near)
        if chair is not None:
            site.relate(chair, "facing", table)
            return
    site.left_out.append("armchair")


def _at_the_ends(site: Site, sofa: Piece) -> None:
    """A side table with a lamp at one end, a floor lamp or a plant at the other."""
    sides = (-1, 1) if site.rng.random() < 0.5 else (1, -1)
    if site.chance(0.45):
        table = beside(site, "side table", sofa, side=sides[0])
        if table is not None and site.chance(0.7):
            put_on(site, "lamp", table, middle=True)
    if site.chance(0.6):
        beside(site, ("floor lamp", "plant")[int(site.rng.integers(2))], sofa, side=sides[1])


def sleeping(site: Site, *, bed: str = "bed") -> Piece | None:
    """Bed with its head at a wall, night stands at both sides, sometimes a rug or a bench."""
    before = len(site.left_out)
    wide = bed == "bed"
    placed = against_wall(site, bed, corner_share=0.0, spare_m=0.6) if wide else None
    if placed is None:
        del site.left_out[before:]
        placed = against_wall(site, bed, corner_share=0.3 if wide else 0.7)
    if placed is None:
        return None
    for side in (-1, 1):
        if wide or site.chance(0.5):
            stand = beside(site, "nightstand", placed, side=side, gap_m=0.05)
            if stand is not None and site.chance(0.75):
                put_on(site, "lamp", stand, at_back=True)
    if wide and site.chance(0.25) and site.allows("bench"):
        _bench_at_the_foot(site, placed)
    if site.chance(0.35):
        _rug_beside(site, placed)
    return placed


def _bench_at_the_foot(site: Site, bed: Piece) -> None:
    bench = site.pick("bench")
    place = facing_place(bed.box, bed.place.yaw + pi, 0.0, bench.size[1] / 2 + 0.05)
    if site.stand(bench, place, near=(bed.number,)) is None:
        site.left_out.append("bench")


def _rug_beside(site: Site, bed: Piece) -> None:
    if not site.allows("rug"):
        return
    size = (float(site.rng.uniform(0.6, 0.9)), float(site.rng.uniform(1.2, 1.7)), 0.012)
    for side in (-1, 1):
        across = side * (bed.box.half_w + 0.08 + size[0] / 2)
        back = -bed.box.half_d + size[1] / 2 + 0.1
        place = Placed(*bed.box.world(across, back), bed.place.yaw)
        if site.stand(site.pick("rug", size), place, near=(bed.number,)) is not None:
            return
    site.left_out.append("rug")


def workplace(
    site: Site, *, chair: str = "office chair", walls: Sequence[Wall] = ()
) -> Piece | None:
    """Desk at a wall with a chair at it, a screen or a laptop on it, a computer below."""
    desk = against_wall(site, "desk", walls=walls, corner_share=0.35)
    if desk is None:
        return None
    space = next(s for s in desk.model.surfaces if s.kind == "under") if desk.model.parts else None
    across = space.center[0] if space else 0.0
    article = site.pick(chair)
    if site.allows(chair):
        for tucked in (float(site.rng.uniform(0.05, 0.3)), 0.02, -0.1):
            place = _at_table(desk, "f", across, article.size[1], tucked)
            if site.tuck(article, place, desk) is not None:
                break
        else:
            site.left_out.append(chair)
    if site.rng.random() < 0.75:
        if put_on(site, "monitor", desk, at_back=True) is not None:
            put_on(site, "keyboard", desk)
            if site.chance(0.7):
                put_under(site, "computer", desk)
    else:
        put_on(site, "laptop", desk)
    if site.chance(0.5):
        put_on(site, "lamp", desk, at_back=True)
    if site.chance(0.5):
        beside(site, "trash bin", desk, side=(-1, 1)[int(site.rng.integers(2))], gap_m=0.08)
    return desk
