"""Make rooms: ``make_room(scene_id, seed, config)``; the same arguments give the same room."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from synth.catalogues.catalogue import Catalogue
from synth.poses import axis_angle
from synth.rooms.building_site import Piece, Site
from synth.rooms.config import RoomConfig, RoomKind
from synth.rooms.dressing import add_clutter, dress_windows, hang_pictures
from synth.rooms.layouts import LAYOUTS
from synth.rooms.lighting import draw_bulbs, draw_ceiling, draw_daylight
from synth.rooms.openings import draw_openings, keep_out, walls_of
from synth.rooms.palettes import draw_palette
from synth.rooms.room import Opening, Room, RoomObject
from synth.rooms.scattered import scatter_room
from synth.rooms.shapes import LEAST_SIDE_M, Outline, RoomShape, area_m2, make_outline
from synth.rooms.surfaces import Shell, draw_shell
from synth.seeding import rng_for

Range = tuple[float, float]
# Longer and shorter side in metres, from small flats to generous houses.
SIDES_M: Final[Mapping[RoomKind, tuple[Range, Range]]] = {
    "living room": ((4.2, 6.2), (3.7, 5.0)),
    "bedroom": ((3.6, 5.2), (3.2, 4.4)),
    "kids room": ((3.4, 4.8), (2.9, 4.0)),
    "dining room": ((3.6, 5.2), (3.2, 4.4)),
    "kitchen": ((3.2, 5.0), (2.8, 4.2)),
    "office": ((4.2, 6.6), (3.7, 5.4)),
    "study": ((3.0, 4.4), (2.7, 3.8)),
    "bathroom": ((2.6, 4.0), (2.2, 3.2)),
    "hallway": ((3.6, 6.0), (1.8, 2.6)),
    "studio": ((5.2, 7.0), (4.5, 5.8)),
}
_UP: Final = np.array([0.0, 0.0, 1.0])
_LARGE_M2: Final = 22.0


def make_room(
    scene_id: str, seed: int, config: RoomConfig, catalogue: Catalogue | None = None
) -> Room:
    """Make and furnish one room.

    Args:
        scene_id: Names the room and, with ``seed``, all its randomness.
        seed: Of the whole run.
        config: What rooms look like.
        catalogue: Meshes that may stand in for built pieces of their category.

    Raises:
        ValueError: A catalogue was given for scattered rooms, which use none.
    """
    rng = rng_for(seed, scene_id, "room")
    if config.scatter is not None:
        if catalogue is not None:
            raise ValueError(
                "make_room: scattered rooms (RoomConfig.scatter) are built from the tiny "
                "categories only; leave the catalogue out or set scatter=None."
            )
        return scatter_room(scene_id, rng, config)
    return _furnished(scene_id, rng, config, catalogue)


def _furnished(
    scene_id: str, rng: np.random.Generator, config: RoomConfig, catalogue: Catalogue | None
) -> Room:
    """Draw the shell, then fill it: windows, large pieces, walls, ceiling, small things."""
    kind = config.kinds[int(rng.integers(len(config.kinds)))]
    outline = _outline(kind, config, rng)
    height = float(rng.uniform(*config.height_m))
    palette = draw_palette(rng)
    shell = draw_shell(kind, len(outline), palette, rng)
    walls = walls_of(outline)
    openings = _openings(kind, outline, height, shell, rng)
    site = Site(
        outline=[(float(x), float(y)) for x, y in outline],
        walls=walls,
        height_m=height,
        config=config,
        palette=palette,
        rng=rng,
        catalogue=catalogue,
        blocked=[keep_out(opening, walls[opening.wall]) for opening in openings],
    )
    dress_windows(site, openings)
    LAYOUTS[kind](site)
    hang_pictures(site, kind)
    evening = bool(rng.random() < config.evening_share)
    panels = draw_ceiling(site, evening=evening)
    add_clutter(site, kind)
    return Room(
        scene_id=scene_id,
        kind=kind,
        outline=outline,
        height_m=height,
        walls=shell.walls,
        floor=shell.floor,
        ceiling=shell.ceiling,
        openings=openings,
        daylight=draw_daylight(rng, evening=evening),
        ceiling_lights=panels,
        bulbs=draw_bulbs(site, evening=evening),
        objects=tuple(_finished(piece) for piece in site.pieces),
        left_out=tuple(site.left_out),
    )


def _openings(
    kind: RoomKind, outline: Outline, height_m: float, shell: Shell, rng: np.random.Generator
) -> tuple[Opening, ...]:
    """Large rooms and hallways have two doors; half the hallways have no window."""
    large = area_m2(outline) > _LARGE_M2
    dark = kind == "hallway" and rng.random() < 0.5
    n_windows = 0 if dark else 1 + int(rng.integers(3)) // 2
    return draw_openings(
        walls_of(outline),
        height_m,
        2 if large or kind == "hallway" else 1,
        n_windows + large,
        (shell.door, shell.window),
        rng,
    )


def _outline(kind: RoomKind, config: RoomConfig, rng: np.random.Generator) -> Outline:
    longer, shorter = SIDES_M[kind]
    if config.side_m is not None:
        longer = shorter = config.side_m
    x, y = float(rng.uniform(*longer)), float(rng.uniform(*shorter))
    possible = [s for s in config.shapes if min(x, y) >= LEAST_SIDE_M[s]] or ["rectangle"]
    shape: RoomShape = possible[int(rng.integers(len(possible)))]
    if "rectangle" in config.shapes and rng.random() < config.rectangle_share:
        shape = "rectangle"
    return make_outline(shape, x, y, rng)


def _finished(piece: Piece) -> RoomObject:
    box, entry = piece.box, piece.entry
    return RoomObject(
        instance_id=piece.number,
        category=piece.kind.name,
        color=piece.look.main.color if entry is None else entry.color,
        center=np.array([box.x, box.y, (box.z_low + box.z_high) / 2]),
        size=np.array(piece.size),
        rotation=axis_angle(_UP, piece.place.yaw),
        parts=piece.model.parts,
        supports=tuple(piece.supports),
        mesh=None if entry is None else entry.mesh,
        source="procedural" if entry is None else entry.source,
    )
