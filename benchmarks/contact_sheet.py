"""What do rooms look like? ``python -m benchmarks.contact_sheet --out sheet.png``.

Renders one good view each of many rooms: of a few dozen eye points, the one that sees the most
objects at a sensible distance. Prints what the sheet shows as a Markdown table.
"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import tyro
from PIL import Image

from synth.cameras import Intrinsics
from synth.free_space import FreeSpace
from synth.poses import Pose, look_at
from synth.render.baked_room import BakedRoom, Detail
from synth.render.members import open_renderer
from synth.render.renderer import RendererName, RoomRenderer
from synth.rooms.config import ROOM_KINDS, TINY_ROOMS, RoomConfig, RoomKind
from synth.rooms.furnish import make_room
from synth.rooms.room import Room
from synth.seeding import rng_for

_UP: Final = np.array([0.0, 0.0, 1.0])
_EYES: Final = 40
_COARSE_PX: Final = 24
_FOV_DEG: Final = 78.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to draw.

    Attributes:
        out: The picture.
        n_rooms: How many rooms; a square number fills the sheet.
        side_px: Side of one view.
        seed: Of the rooms.
        kind: Only this kind of room.
        tiny: The tiny models' rooms instead of the rich ones.
        detail: Grid of the baked light.
        renderer: Member of the renderer family.
    """

    out: Path
    n_rooms: int = 64
    side_px: int = 256
    seed: int = 0
    kind: RoomKind | None = None
    tiny: bool = False
    detail: Detail = "coarse"
    renderer: RendererName = "embreex"


def best_view(room: Room, renderer: RoomRenderer, seed: int) -> Pose:
    """Return the pose, of some drawn, that sees most objects; ties go to the deeper view."""
    rng = rng_for(seed, room.scene_id, "contact_sheet")
    low, high = room.extent_m[:, :2]
    coarse = Intrinsics.from_fov(width=_COARSE_PX, height=_COARSE_PX, fov_deg=_FOV_DEG)
    eyes = np.column_stack(
        [rng.uniform(low + 0.35, high - 0.35, (_EYES, 2)), rng.uniform(1.4, 1.8, _EYES)]
    )
    free = FreeSpace(room).is_free(eyes)
    middle = (low + high) / 2
    best, best_score = None, -np.inf
    for eye in eyes[free] if free.any() else eyes:
        aim = middle + rng.uniform(-0.18, 0.18, 2) * (high - low)
        if float(np.linalg.norm(aim - eye[:2])) < 0.5:
            continue
        pose = look_at(eye, np.array([*aim, 0.75]), _UP)
        look = renderer.truth(pose, coarse)
        seen = len(np.unique(look.instances))
        near = float((look.depth < 0.9).mean())
        score = seen + 1.5 * float(np.median(look.depth)) - 20 * near
        if score > best_score:
            best, best_score = pose, score
    if best is None:
        raise ValueError(f"best_view: no eye point of {room.scene_id} looks across it.")
    return best


def draw(options: Options) -> tuple[Image.Image, list[Room]]:
    """Return the sheet and its rooms, row by row."""
    config = TINY_ROOMS if options.tiny else RoomConfig()
    columns = int(np.ceil(options.n_rooms**0.5))
    rows = -(-options.n_rooms // columns)
    side = options.side_px
    camera = Intrinsics.from_fov(width=side, height=side, fov_deg=_FOV_DEG)
    sheet, rooms = Image.new("RGB", (columns * side, rows * side)), []
    for number in range(options.n_rooms):
        if options.kind is not None:
            config = RoomConfig(kinds=(options.kind,))
        elif not options.tiny:
            config = RoomConfig(kinds=(ROOM_KINDS[number % len(ROOM_KINDS)],))
        room = make_room(f"sheet-{number:04d}", options.seed, config)
        with closing(
            open_renderer(options.renderer, BakedRoom(room, detail=options.detail))
        ) as renderer:
            frame = renderer.render(best_view(room, renderer, options.seed), camera)
        at = ((number % columns) * side, (number // columns) * side)
        sheet.paste(Image.fromarray(frame.rgb), at)
        rooms.append(room)
    return sheet, rooms


def main(options: Options) -> None:
    """Write the picture and print what it shows."""
    sheet, rooms = draw(options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(options.out)
    categories = Counter(thing.category for room in rooms for thing in room.objects)
    print("| what | on this sheet |\n|---|---|")
    print(f"| rooms | {len(rooms)} of {len({room.kind for room in rooms})} kinds |")
    print(f"| outlines | {sorted(Counter(len(room.outline) for room in rooms).items())} corners |")
    print(f"| floors | {len({(r.floor.color, r.floor.pattern) for r in rooms})} materials |")
    print(f"| wall paints | {len({w.color for room in rooms for w in room.walls})} |")
    print(f"| objects | {sum(categories.values())} of {len(categories)} categories |")


if __name__ == "__main__":
    main(tyro.cli(Options))
