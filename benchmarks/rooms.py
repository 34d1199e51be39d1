"""Are rooms sound, varied and cheap? ``python -m benchmarks.rooms --n-rooms 10000``.

Places rooms, checks each with ``synth.rooms.check`` (which shares no geometry with the code that
places), and prints faults, CPU time a room, memory, what was left out, and how often each kind,
outline and category came up. ``--catalogue`` adds users' own meshes.
"""

import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import tyro

from synth.catalogues.catalogue import Catalogue
from synth.catalogues.catalogue_file import load_catalogue
from synth.rooms.check import check_room
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.rooms.furnish import make_room
from synth.rooms.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        n_rooms: How many rooms.
        seed: Of the rooms.
        tiny: The tiny models' rooms; they were never kept clear of doors and windows, so only
            their other faults count.
        catalogue: A catalogue file of users' meshes.
    """

    n_rooms: int = 10_000
    seed: int = 0
    tiny: bool = False
    catalogue: Path | None = None


@dataclass(slots=True)
class Counts:
    """What was counted on the way."""

    faults: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    corners: Counter[int] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    placing_s: float = 0.0
    checking_s: float = 0.0
    repeated: int = 0
    memory_mb: list[float] = field(default_factory=list)

    def add(self, room: Room) -> None:
        """Count one room."""
        self.kinds[room.kind] += 1
        self.corners[len(room.outline)] += 1
        here = Counter(thing.category for thing in room.objects)
        self.placed += here
        self.left_out.update(room.left_out)
        self.relations.update(s.relation for thing in room.objects for s in thing.supports)
        self.repeated += max(here.values(), default=0) > 1


def measure(options: Options) -> Counts:
    """Place and check all rooms."""
    counts = Counts()
    config = TINY_ROOMS if options.tiny else RoomConfig()
    catalogue: Catalogue | None = None
    if options.catalogue is not None:
        catalogue = load_catalogue(options.catalogue)
    for number in range(options.n_rooms):
        started = time.process_time()
        room = make_room(f"bench-{number:06d}", options.seed, config, catalogue)
        placed = time.process_time()
        faults = [fault.kind for fault in check_room(room)]
        counts.placing_s += placed - started
        counts.checking_s += time.process_time() - placed
        counts.faults.update(f for f in faults if not (options.tiny and f == "blocks_opening"))
        counts.add(room)
        if number % max(1, options.n_rooms // 10) == 0:
            counts.memory_mb.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return counts


def _share_left_out(counts: Counts, category: str) -> float:
    wanted = counts.left_out[category] + counts.placed[category]
    return counts.left_out[category] / wanted


def main(options: Options) -> None:
    """Print the tables."""
    counts = measure(options)
    n = options.n_rooms
    print("| measured | value |\n|---|--:|")
    print(f"| rooms | {n} |")
    print(f"| faults | {sum(counts.faults.values())} {dict(counts.faults) or ''} |")
    print(f"| CPU ms to place a room | {1e3 * counts.placing_s / n:.2f} |")
    print(f"| CPU ms to check a room | {1e3 * counts.checking_s / n:.2f} |")
    print(f"| objects a room | {sum(counts.placed.values()) / n:.1f} |")
    print(f"| categories seen | {len(counts.placed)} |")
    print(f"| rooms with a category several times | {counts.repeated / n:.2%} |")
    wanted = sum(counts.placed.values()) + sum(counts.left_out.values())
    print(f"| wanted pieces left out | {sum(counts.left_out.values()) / wanted:.2%} |")
    after = counts.memory_mb[min(1, len(counts.memory_mb) - 1)]
    print(
        f"| peak memory after a tenth, at the end (MB) | {after:.0f}, {counts.memory_mb[-1]:.0f} |"
    )
    print("\n| kind | rooms |\n|---|--:|")
    for kind, count in counts.kinds.most_common():
        print(f"| {kind} | {count} |")
    print("\n| corners of the outline | rooms |\n|--:|--:|")
    for corners, count in sorted(counts.corners.items()):
        print(f"| {corners} | {count} |")
    print("\n| relation | edges a room |\n|---|--:|")
    for relation, count in counts.relations.most_common():
        print(f"| {relation} | {count / n:.2f} |")
    print("\n| category | placed | left out |\n|---|--:|--:|")
    for category in sorted(set(counts.placed) | set(counts.left_out)):
        share = _share_left_out(counts, category)
        print(f"| {category} | {counts.placed[category]} | {share:.1%} |")


if __name__ == "__main__":
    main(tyro.cli(Options))
