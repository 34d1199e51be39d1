"""A room while it is being furnished: what stands where, and whether one more thing fits.

Everything here keeps one promise: a piece is added only when its own tight box (never a
placeholder) is inside the outline, clear of openings, and a few centimetres from every other
piece; pieces that share space on purpose (a chair under a table, a book in a shelf) are compared
part by part.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from synth.catalogues.catalogue import Catalogue, CatalogueObject
from synth.furniture.build import Kind, Look, Model, Order
from synth.furniture.table import FURNITURE
from synth.rooms.boxes import Placed, Point, UprightBox, box_at, crosses, inside, touch
from synth.rooms.config import RoomConfig
from synth.rooms.openings import Wall
from synth.rooms.palettes import Palette
from synth.rooms.room import FLOOR, Relation, Support

CLEARANCE_M: Final = 0.035  # between two pieces
PART_GAP_M: Final = 0.002  # between parts of pieces that share space on purpose
_EDGE_M: Final = 0.005  # between a piece and the outline
Size = tuple[float, float, float]


class Pick(NamedTuple):
    """A chosen article, ready to be placed any number of times (all chairs of a table match)."""

    kind: Kind
    size: Size
    look: Look
    model: Model
    entry: CatalogueObject | None = None


@dataclass(slots=True, eq=False)
class Piece:
    """A placed piece. ``supports`` grows while the room is furnished."""

    number: int
    kind: Kind
    size: Size
    place: Placed
    box: UprightBox
    model: Model
    look: Look
    supports: list[Support]
    entry: CatalogueObject | None = None
    solids: list[UprightBox] = field(default_factory=list)

    def solid_boxes(self) -> list[UprightBox]:
        """Return its parts as boxes in the room; a catalogue mesh counts as one."""
        if not self.model.parts:
            return [self.box]
        if not self.solids:
            middle = (self.box.z_low + self.box.z_high) / 2
            for part in self.model.parts:
                px, py, pz = part.center.tolist()
                w, d, h = part.size.tolist()
                x, y = self.box.world(px, py)
                self.solids.append(
                    UprightBox(x, y, w / 2, d / 2, middle + pz - h / 2, middle + pz + h / 2,
                               self.box.cos, self.box.sin)
                )  # fmt: skip
        return self.solids


class Reserved(NamedTuple):
    """Floor kept free in front of a piece (``owner``) or for people to walk (owner 0)."""

    box: UprightBox
    owner: int


@dataclass(slots=True, eq=False, kw_only=True)
class Site:
    """The room so far."""

    outline: Sequence[Point]
    walls: tuple[Wall, ...]
    height_m: float
    config: RoomConfig
    palette: Palette
    rng: np.random.Generator
    catalogue: Catalogue | None = None
    blocked: list[UprightBox] = field(default_factory=list)
    reserved: list[Reserved] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """Decide whether something optional is wanted, at the configured density."""
        return bool(self.rng.random() < min(1.0, share * self.config.density / 0.7))

    def allows(self, name: str) -> bool:
        """Whether the configuration wants this category at all."""
        return self.config.categories is None or name in self.config.categories

    def pick(self, name: str, size: Size | None = None) -> Pick:
        """Choose an article of a category: from the catalogue by chance, else built to size."""
        kind = FURNITURE[name]
        entries = self.catalogue.of_category(name) if self.catalogue else ()
        if entries and size is None and self.rng.random() < self.config.catalogue_share:
            entry = entries[int(self.rng.integers(len(entries)))]
            look = self.palette.look(kind, self.rng)
            return Pick(kind, entry.size_m, look, Model((), entry.tops), entry)
        w, d, h = size or kind.draw_size(self.rng)
        look = self.palette.look(kind, self.rng)
        model = kind.build(Order(w=w, d=d, h=h, look=look, rng=self.rng))
        return Pick(kind, (w, d, h), look, model)

    def rebuilt(self, pick: Pick, look: Look) -> Pick:
        """Return the same article in other materials; catalogue meshes keep their own."""
        if pick.entry is not None:
            return pick
        w, d, h = pick.size
        model = pick.kind.build(Order(w=w, d=d, h=h, look=look, rng=self.rng))
        return pick._replace(look=look, model=model)

    def covers(self, x: float, y: float, reach_m: float) -> bool:
        """Whether the floor has a whole square of half-side ``reach_m`` around a point."""
        return inside(self.outline, box_at(Placed(x, y, 0.0), (2 * reach_m, 2 * reach_m, 1.0)), 0.0)

    def rug_below(self, box: UprightBox) -> Piece | bool:
        """Return the rug a footprint stands on wholly, else whether it touches none."""
        for piece in self.pieces:
            if piece.kind.name == "rug" and touch(_flat(box), _flat(piece.box), 0.0):
                return piece if _within(box, piece.box) else False
        return True

    def is_free(
        self, box: UprightBox, *, sharing: Collection[int] = (), near: Collection[int] = ()
    ) -> bool:
        """Whether a box may be added.

        Args:
            box: What to add.
            sharing: Pieces whose boxes it may enter (they are compared part by part later).
            near: Pieces whose reserved floor it may use: members of its own group.
        """
        return (
            box.z_high <= self.height_m + 1e-9
            and inside(self.outline, box, _EDGE_M)
            and not any(touch(box, other, 0.0) for other in self.blocked)
            and not any(
                touch(box, other.box, 0.0) for other in self.reserved if other.owner not in near
            )
            and not any(
                touch(box, other.box, CLEARANCE_M)
                for other in self.pieces
                if other.number not in sharing
            )
        )

    def add(self, pick: Pick, place: Placed, z_low: float, supports: Sequence[Support]) -> Piece:
        """Add a piece that is known to fit."""
        piece = Piece(
            number=len(self.pieces) + 1,
            kind=pick.kind,
            size=pick.size,
            place=place,
            box=box_at(place, pick.size, z_low),
            model=pick.model,
            look=pick.look,
            supports=list(supports),
            entry=pick.entry,
        )
        self.pieces.append(piece)
        return piece

    def stand(
        self,
        pick: Pick,
        place: Placed,
        *,
        near: Collection[int] = (),
        abutting: Collection[int] = (),
        relations: Sequence[Support] = (),
    ) -> Piece | None:
        """Stand a piece on the floor, or on the rug it fits on, if place and front are free.

        ``near`` are pieces whose reserved floor it may use, ``abutting`` those it may stand
        right against, such as the next unit of a kitchen row.
        """
        box = box_at(place, pick.size)
        rug = self.rug_below(box)
        if rug is False:
            return None
        z_low, carrier, sharing = 0.0, Support("on_floor", FLOOR), set(abutting)
        if isinstance(rug, Piece):
            z_low, carrier, sharing = (
                rug.size[2],
                Support("on", rug.number),
                {*abutting, rug.number},
            )
            box = box_at(place, pick.size, z_low)
        if not self.is_free(box, sharing=sharing, near=near):
            return None
        front = front_of(box, pick.kind.front_m) if pick.kind.front_m else None
        if front is not None and not self._front_is_free(front, near):
            return None
        piece = self.add(pick, place, z_low, (carrier, *relations))
        if front is not None:
            self.reserved.append(Reserved(front, piece.number))
        return piece

    def _front_is_free(self, front: UprightBox, near: Collection[int]) -> bool:
        return (
            inside(self.outline, front, 0.0)
            and not any(touch(front, other, 0.0) for other in self.blocked)
            and not any(
                touch(front, other.box, 0.0)
                for other in self.pieces
                if other.number not in near and other.kind.name != "rug"
            )
        )

    def tuck(self, pick: Pick, place: Placed, table: Piece) -> Piece | None:
        """Stand a seat facing a table, partly under it if their parts do not meet."""
        box = box_at(place, pick.size)
        rug = self.rug_below(box)
        if rug is False:
            return None
        z_low = rug.size[2] if isinstance(rug, Piece) else 0.0
        sharing = {table.number} | ({rug.number} if isinstance(rug, Piece) else set())
        box = box_at(place, pick.size, z_low)
        if not self.is_free(box, sharing=sharing, near=(table.number,)):
            return None
        carrier = (
            Support("on", rug.number) if isinstance(rug, Piece) else Support("on_floor", FLOOR)
        )
        relations = [carrier, Support("facing", table.number)]
        shares = touch(box, table.box, 0.0)
        if shares:
            relations.append(Support("under", table.number))
        elif touch(box, table.box, 0.02):
            return None
        piece = self.add(pick, place, z_low, relations)
        if (shares and meets(piece, table)) or not faces(piece, table):
            self.pieces.pop()
            return None
        return piece

    def relate(self, piece: Piece, relation: Relation, of: Piece) -> None:
        """Record how a piece stands to another; facing only if it is so."""
        if relation != "facing" or faces(piece, of):
            piece.supports.append(Support(relation, of.number))


def meets(first: Piece, second: Piece) -> bool:
    """Whether any two parts of two pieces touch."""
    others = [b for b in second.solid_boxes() if touch(b, first.box, PART_GAP_M)]
    return any(touch(a, b, PART_GAP_M) for a in first.solid_boxes() for b in others)


def faces(piece: Piece, other: Piece, reach_m: float = 10.0) -> bool:
    """Whether the way straight ahead of a piece meets another."""
    ahead = piece.box.world(0.0, -reach_m)
    return crosses(other.box, (piece.box.x, piece.box.y), ahead, 0.0)


def front_of(box: UprightBox, deep_m: float) -> UprightBox:
    """Return the floor in front of a box, a little narrower than it, below window sills."""
    x, y = box.world(0.0, -box.half_d - deep_m / 2)
    half_w = max(0.1, box.half_w - 0.03)
    return UprightBox(x, y, half_w, deep_m / 2 - 0.001, 0.05, 0.65, box.cos, box.sin)


def _flat(box: UprightBox) -> UprightBox:
    return UprightBox(box.x, box.y, box.half_w, box.half_d, 0.0, 1.0, box.cos, box.sin)


def _within(box: UprightBox, area: UprightBox, margin_m: float = 0.01) -> bool:
    for corner in box.corners():
        across, back = area.local(*corner)
        if abs(across) > area.half_w - margin_m or abs(back) > area.half_d - margin_m:
            return False
    return True
