"""Where floor pieces go: backs to walls, into corners, beside each other, onto free floor."""

from collections.abc import Collection, Sequence
from math import pi
from typing import Final

from synth.furniture.build import Kind
from synth.rooms.boxes import Placed, UprightBox, box_at, inside, touch
from synth.rooms.building_site import Pick, Piece, Reserved, Site, Size
from synth.rooms.openings import Wall
from synth.rooms.room import Support

TRIES: Final = 30
WALL_GAP_M: Final = 0.025  # behind backs: skirting boards are 1 cm thick
_SIDE_GAP_M: Final = 0.06  # beside a wall, in corners
OWN: Final = 0  # owner of the walking area


def against_wall(
    site: Site,
    name: str,
    *,
    walls: Sequence[Wall] = (),
    corner_share: float = 0.3,
    pick: Pick | None = None,
    spare_m: float = _SIDE_GAP_M,
) -> Piece | None:
    """Stand a piece with its back to a wall; count it as left out after 30 tries.

    Args:
        site: The room so far.
        name: Category.
        walls: Walls to draw from, longer ones more often; all if empty.
        corner_share: Chance of standing at an end of the wall.
        pick: The article, if it was chosen before.
        spare_m: Wall kept free at both sides, as far as from a corner.
    """
    if not site.allows(name):
        return None
    chosen = pick or site.pick(name)
    piece = _at_some_wall(site, chosen, walls or site.walls, corner_share, spare_m, TRIES * 2 // 3)
    if piece is None and pick is None and chosen.entry is None:
        # Too large for this room: a person would buy the smallest one instead.
        least = site.pick(name, smallest(chosen.kind, chosen.size))
        piece = _at_some_wall(site, least, walls or site.walls, corner_share, spare_m, TRIES // 3)
    if piece is None:
        site.left_out.append(name)
    return piece


def smallest(kind: Kind, size: Size) -> Size:
    """Return the smallest floor plan of a kind, at the height that was drawn."""
    return kind.width_m[0], kind.depth_m[0], size[2]


def _at_some_wall(
    site: Site,
    pick: Pick,
    walls: Sequence[Wall],
    corner_share: float,
    spare_m: float,
    tries: int,
) -> Piece | None:
    rng, w = site.rng, pick.size[0]
    open_walls = [wall for wall in walls if wall.length_m >= w + 0.1]
    total = sum(wall.length_m for wall in open_walls)
    for _ in range(tries if open_walls else 0):
        draw = float(rng.random()) * total
        wall = open_walls[-1]
        for candidate in open_walls:
            draw -= candidate.length_m
            if draw < 0:
                wall = candidate
                break
        low, high = w / 2 + spare_m, wall.length_m - w / 2 - spare_m
        if high <= low and spare_m > _SIDE_GAP_M:
            continue
        if high <= low:
            along = wall.length_m / 2
        elif rng.random() < corner_share:
            along = low if rng.random() < 0.5 else high
        else:
            along = float(rng.uniform(low, high))
        piece = stand_at_wall(site, pick, wall, along)
        if piece is not None:
            return piece
    return None


def stand_at_wall(
    site: Site, pick: Pick, wall: Wall, along_m: float, *, near: Collection[int] = ()
) -> Piece | None:
    """Stand a piece with its back to one place of a wall, if it is free there."""
    if pick.kind.height_m[0] > 0.9 and _covers_window(site, wall, along_m, pick):
        return None
    place = wall.place(along_m, pick.size[1] / 2 + WALL_GAP_M)
    return site.stand(pick, place, near=near, relations=(Support("against_wall", wall.number),))


def _covers_window(site: Site, wall: Wall, along_m: float, pick: Pick) -> bool:
    """A quick refusal; ``Site.is_free`` knows exactly, from the window's keep-out box."""
    x, y = wall.point(along_m, 0.1)
    probe = UprightBox(x, y, pick.size[0] / 2, 0.05, 0.0, pick.size[2], *_turn(wall))
    return any(touch(probe, box, 0.0) for box in site.blocked)


def _turn(wall: Wall) -> tuple[float, float]:
    nx, ny = wall.inward
    return -ny, nx


def on_free_floor(
    site: Site, name: str, *, pick: Pick | None = None, around_m: float = 0.0, tries: int = TRIES
) -> Piece | None:
    """Stand a piece somewhere on the floor, square to a random wall.

    ``around_m`` is floor kept free on all four sides, for chairs or passing.
    """
    if not site.allows(name):
        return None
    pick = pick or site.pick(name)
    for _ in range(tries):
        place = draw_place(site, pick)
        w, d, h = pick.size
        if around_m and not _is_clear(site, box_at(place, (w + 2 * around_m, d + 2 * around_m, h))):
            continue
        piece = site.stand(pick, place)
        if piece is not None:
            return piece
    site.left_out.append(name)
    return None


def draw_place(site: Site, pick: Pick) -> Placed:
    """Draw a place in the box around the room, square to a random wall."""
    rng = site.rng
    xs, ys = [p[0] for p in site.outline], [p[1] for p in site.outline]
    reach = min(pick.size[:2]) / 2
    wall = site.walls[int(rng.integers(len(site.walls)))]
    return Placed(
        float(rng.uniform(min(xs) + reach, max(xs) - reach)),
        float(rng.uniform(min(ys) + reach, max(ys) - reach)),
        wall.yaw + int(rng.integers(4)) * pi / 2,
    )


def _is_clear(site: Site, box: UprightBox) -> bool:
    return inside(site.outline, box, 0.0) and not any(
        touch(box, piece.box, 0.0) for piece in site.pieces if piece.kind.name != "rug"
    )


def beside(
    site: Site, name: str, anchor: Piece, *, side: int, gap_m: float = 0.06, flush: str = "back"
) -> Piece | None:
    """Stand a piece to the left (-1) or right (+1) of another, turned like it.

    ``flush`` aligns their backs, fronts or middles.
    """
    if not site.allows(name):
        return None
    pick = site.pick(name)
    w, d, _ = pick.size
    across = side * (anchor.box.half_w + gap_m + w / 2)
    back = {"back": anchor.box.half_d - d / 2, "front": d / 2 - anchor.box.half_d, "middle": 0.0}
    x, y = anchor.box.world(across, back[flush])
    piece = site.stand(
        pick,
        Placed(x, y, anchor.place.yaw),
        near=(anchor.number,),
        relations=(Support("beside", anchor.number),),
    )
    if piece is None:
        site.left_out.append(name)
        return None
    walls = [s for s in anchor.supports if s.relation == "against_wall"]
    if walls and flush == "back":
        piece.supports.append(walls[0])
    return piece


def facing_place(anchor: UprightBox, yaw: float, across: float, away_m: float) -> Placed:
    """Return a place in front of a box, ``away_m`` from its front, turned to face it."""
    x, y = anchor.world(across, -anchor.half_d - away_m)
    return Placed(x, y, yaw + pi)


def reserve_walk(site: Site) -> bool:
    """Keep a square of floor free to stand and film in, as large as there is one."""
    xs, ys = [p[0] for p in site.outline], [p[1] for p in site.outline]
    for side in (1.8, 1.4, 1.1, 0.9, 0.75):
        for _ in range(12):
            wall = site.walls[int(site.rng.integers(len(site.walls)))]
            place = Placed(
                float(site.rng.uniform(min(xs), max(xs))),
                float(site.rng.uniform(min(ys), max(ys))),
                wall.yaw,
            )
            box = box_at(place, (side, side, 1.9), 0.05)
            if _is_clear(site, box):
                site.reserved.append(Reserved(box, OWN))
                return True
    return False
