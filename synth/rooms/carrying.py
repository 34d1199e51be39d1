"""What other pieces, walls and the ceiling carry: things on tops, in shelves, hung up."""

from collections.abc import Collection, Sequence
from math import cos, pi, sin
from typing import Final, NamedTuple

from synth.furniture.build import Surface, SurfaceKind
from synth.rooms.boxes import Placed, UprightBox, box_at, inside, touch
from synth.rooms.building_site import CLEARANCE_M, Pick, Piece, Site, meets
from synth.rooms.openings import Wall
from synth.rooms.room import FLOOR, Relation, Support

_TRIES: Final = 10
_HEADROOM_M: Final = 0.01
_FRONT_ONLY: Final = 0.04  # metres that books stand behind a shelf's front edge
# Things that lie any way round; all else faces the front of what carries it, nearly.
_CARELESS: Final = ("book", "newspaper", "remote control", "toy", "ball", "mug", "box", "basket")


def put_on(
    site: Site,
    name: str,
    carrier: Piece,
    *,
    where: SurfaceKind = "top",
    at_back: bool = False,
    middle: bool = False,
    pick: Pick | None = None,
) -> Piece | None:
    """Put a small thing on a top (or into a compartment) of another piece.

    Args:
        site: The room so far.
        name: Category.
        carrier: What carries it.
        where: Open tops or compartments.
        at_back: Keep to the back edge, as screens and cushions do.
        middle: Centre it across.
        pick: The article, if it was chosen before.
    """
    surfaces = [s for s in carrier.model.surfaces if s.kind == where]
    if not surfaces or not site.allows(name):
        return None
    pick = pick or site.pick(name)
    w, d, h = pick.size
    fitting = [
        s
        for s in surfaces
        if s.half[0] * 2 >= w and s.half[1] * 2 >= d and s.clear_m >= h + _HEADROOM_M
    ]
    if not fitting:
        return None
    for _ in range(_TRIES):
        surface = fitting[int(site.rng.integers(len(fitting)))]
        place = _on_surface(site, pick, carrier, surface, at_back=at_back, middle=middle)
        if place is None:
            continue
        z_low = (carrier.box.z_low + carrier.box.z_high) / 2 + surface.z
        box = box_at(place, pick.size, z_low)
        if not _free_above(site, box, carrier):
            continue
        relation: Relation = "on" if where == "top" else "inside"
        piece = site.add(pick, place, z_low, [Support(relation, carrier.number)])
        if touch(box, carrier.box, 0.0) and _enters(piece, carrier):
            site.pieces.pop()
            continue
        return piece
    return None


def _on_surface(
    site: Site, pick: Pick, carrier: Piece, surface: Surface, *, at_back: bool, middle: bool
) -> Placed | None:
    """Draw a place wholly over a surface."""
    w, d, _ = pick.size
    rng = site.rng
    turn = 0.0
    if surface.kind == "top" and not at_back:
        spread = pi if pick.kind.name in _CARELESS else 0.2
        turn = float(rng.uniform(-spread, spread))
    c, s = abs(cos(turn)), abs(sin(turn))
    free_x = surface.half[0] - (w * c + d * s) / 2
    free_y = surface.half[1] - (w * s + d * c) / 2
    if free_x < 0 or free_y < 0:
        return None
    x = 0.0 if middle else float(rng.uniform(-free_x, free_x))
    if at_back:
        y = free_y
    elif surface.kind == "inside":
        y = max(-free_y, min(free_y, -free_y + _FRONT_ONLY))
    else:
        y = float(rng.uniform(-free_y, free_y))
    px, py = carrier.box.world(surface.center[0] + x, surface.center[1] + y)
    return Placed(px, py, carrier.place.yaw + turn)


def _free_above(site: Site, box: UprightBox, carrier: Piece) -> bool:
    """Small things stand closer together than furniture does."""
    return (
        box.z_high <= site.height_m
        and inside(site.outline, box, 0.0)
        and not any(touch(box, other, 0.0) for other in site.blocked)
        and not any(touch(box, other.box, 0.012) for other in site.pieces if other is not carrier)
    )


def _enters(piece: Piece, carrier: Piece) -> bool:
    """Whether a thing on or in another touches more of it than the surface below."""
    above = UprightBox(
        piece.box.x, piece.box.y, piece.box.half_w, piece.box.half_d,
        piece.box.z_low + 0.002, piece.box.z_high, piece.box.cos, piece.box.sin,
    )  # fmt: skip
    return any(touch(above, solid, 0.0) for solid in carrier.solid_boxes())


def put_under(site: Site, name: str, carrier: Piece) -> Piece | None:
    """Stand a thing on the floor below another, where that leaves free floor."""
    spaces = [s for s in carrier.model.surfaces if s.kind == "under"]
    if not spaces or not site.allows(name) or carrier.supports[0].relation != "on_floor":
        return None
    pick = site.pick(name)
    w, d, h = pick.size
    for space in spaces:
        free_x, free_y = space.half[0] - w / 2 - 0.02, space.half[1] - d / 2 - 0.02
        if free_x < 0 or free_y < 0 or h + _HEADROOM_M > space.clear_m:
            continue
        x = free_x * (1.0 if site.rng.random() < 0.5 else -1.0)
        px, py = carrier.box.world(space.center[0] + x, space.center[1] + free_y)
        place = Placed(px, py, carrier.place.yaw)
        if site.rug_below(box_at(place, pick.size)) is not True:
            continue
        if not site.is_free(
            box_at(place, pick.size), sharing=(carrier.number,), near=(carrier.number,)
        ):
            continue
        relations = [Support("on_floor", FLOOR), Support("under", carrier.number)]
        piece = site.add(pick, place, 0.0, relations)
        if meets(piece, carrier):
            site.pieces.pop()
            continue
        return piece
    return None


class WallSpot(NamedTuple):
    """A place on a wall: middle along it, and height of the lower edge."""

    along_m: float
    bottom_m: float


def hang(
    site: Site,
    name: str,
    walls: Sequence[Wall],
    *,
    at: WallSpot | None = None,
    pick: Pick | None = None,
    abutting: Collection[int] = (),
) -> Piece | None:
    """Hang a piece on a wall, its back touching it.

    Args:
        site: The room so far.
        name: Category.
        walls: Walls to draw from.
        at: Where on the first of ``walls``; drawn if ``None``.
        pick: The article, if it was chosen before.
        abutting: Pieces it may hang right against.
    """
    if not site.allows(name) or not walls:
        return None
    pick = pick or site.pick(name)
    w, d, h = pick.size
    for _ in range(_TRIES if at is None else 1):
        wall = walls[0] if at else walls[int(site.rng.integers(len(walls)))]
        spare = wall.length_m - w - 0.1
        if spare < 0:
            continue
        along, bottom = at or WallSpot(
            w / 2 + 0.05 + float(site.rng.random()) * spare,
            float(site.rng.uniform(*(pick.kind.bottom_m or (0.0, 0.0)))),
        )
        if bottom + h > site.height_m - 0.04:
            continue
        # Measured 1 cm off the wall, so that touching the wall is not leaving the room.
        probe = box_at(wall.place(along, d / 2 + 0.01), pick.size, bottom)
        if site.is_free(probe, sharing=abutting):
            place = wall.place(along, d / 2)
            return site.add(pick, place, bottom, [Support("on_wall", wall.number)])
    return None


def hang_from_ceiling(site: Site, name: str, x: float, y: float) -> Piece | None:
    """Hang a piece from the ceiling, its top touching it."""
    if not site.allows(name):
        return None
    pick = site.pick(name)
    z_low = site.height_m - pick.size[2]
    place = Placed(x, y, site.walls[0].yaw)
    box = box_at(place, pick.size, z_low)
    if not site.is_free(box) or not inside(site.outline, box, CLEARANCE_M):
        return None
    return site.add(pick, place, z_low, [Support("on_ceiling", FLOOR)])
