"""Render the clips the tiny Wan models are trained on: ``python -m synth.wan.training_clips``.

Every room is filmed with four of the 13 moves, in turn, so that all moves are equally frequent.
Held-out clips come from other rooms. Shards are made in parallel and do not depend on the number
of workers; a shard that exists is not made again.
"""

import io
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import tyro

from synth.film import FilmConfig, FilmedClip, film_moves
from synth.prompts import full_prompt
from synth.rooms.config import TINY_ROOMS
from synth.rooms.furnish import make_room
from synth.storage import write_atomically
from synth.trajectories import Move
from synth.wan.clips import WAN_MOVES

_MOVES_PER_ROOM: Final = 4
_ROOMS_PER_SHARD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingClips:
    """Options.

    Attributes:
        out: Folder for the shards.
        seed: Of rooms and camera paths.
        n_scenes: Training rooms.
        n_heldout: Held-out rooms.
        workers: Processes.
    """

    out: Path
    seed: int = 0
    n_scenes: int = 2100
    n_heldout: int = 130
    workers: int = 2


def main(options: TrainingClips) -> None:
    """Write all shards that do not exist yet."""
    options.out.mkdir(parents=True, exist_ok=True)
    jobs = [
        (options.out / f"{part}-{number:05d}.npz", part, first, min(first + _ROOMS_PER_SHARD, n))
        for part, n in (("heldout", options.n_heldout), ("clips", options.n_scenes))
        for number, first in enumerate(range(0, n, _ROOMS_PER_SHARD))
    ]
    jobs = [job for job in jobs if not job[0].exists()]
    with ProcessPoolExecutor(options.workers) as pool:
        done = pool.map(_make_shard, *zip(*jobs, strict=True), [options.seed] * len(jobs))
        for number, (job, n_clips) in enumerate(zip(jobs, done, strict=True), start=1):
            sys.stderr.write(f"{number}/{len(jobs)} {job[0].name}: {n_clips} clips\n")


def _make_shard(path: Path, part: str, first: int, last: int, seed: int) -> int:
    config = FilmConfig(paths_per_room=_MOVES_PER_ROOM, moves=WAN_MOVES)
    filmed: list[FilmedClip] = []
    for number in range(first, last):
        start = number * _MOVES_PER_ROOM
        moves = [WAN_MOVES[(start + k) % len(WAN_MOVES)] for k in range(_MOVES_PER_ROOM)]
        room = make_room(f"wan-{part}-{number:06d}", seed, TINY_ROOMS)
        clips = film_moves(room, seed, config, moves)
        filmed += [clip for clip in clips if isinstance(clip, FilmedClip)]
    _write(path, filmed)
    return len(filmed)


def _write(path: Path, filmed: Sequence[FilmedClip]) -> None:
    moves = [clip.sequence.requested.move for clip in filmed]
    records = [
        {
            "scene_id": clip.sequence.scene_id,
            "move": str(move),
            # The prompt is "<move> in <scene>"; the rest of it is the scene.
            "scene_description": clip.sequence.prompt.removeprefix(full_prompt(move, "")),
        }
        for clip, move in zip(filmed, moves, strict=True)
        if move is not None
    ]
    write_atomically(path.with_suffix(".json"), json.dumps(records, indent=0).encode())
    order = list(Move)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        frames=np.stack([clip.sequence.frames for clip in filmed]),
        depth=np.stack([clip.truth.depth for clip in filmed]).astype(np.float16),
        move=np.array([order.index(move) for move in moves if move is not None]),
    )
    write_atomically(path, buffer.getvalue())


if __name__ == "__main__":
    main(tyro.cli(TrainingClips))
