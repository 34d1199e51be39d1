"""Toy training clips: a coloured square that moves, 5 frames of 16x16, in the shards' format."""

import json
from pathlib import Path

import numpy as np

from synth.seeding import rng_for
from synth.trajectories import Move

TOY_MOVES = (Move.PAN_LEFT, Move.PAN_RIGHT, Move.TILT_UP, Move.STATIC)


def write_toy_clips(folder: Path, n_clips: int = 6, n_frames: int = 5, size_px: int = 16) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("clips", "heldout"):
        rng = rng_for(0, "toy", part)
        shape = (n_clips, n_frames, size_px, size_px)
        frames = np.full((*shape, 3), 200, dtype=np.uint8)
        depth = np.full(shape, 3.0, dtype=np.float16)
        moves = [TOY_MOVES[i % len(TOY_MOVES)] for i in range(n_clips)]
        for clip, move in enumerate(moves):
            color = rng.integers(0, 255, size=3)
            for t in range(n_frames):
                x = 4 + {Move.PAN_LEFT: t, Move.PAN_RIGHT: -t}.get(move, 0) % 8
                y = 4 + (t if move is Move.TILT_UP else 0)
                frames[clip, t, y : y + 4, x : x + 4] = color
                depth[clip, t, y : y + 4, x : x + 4] = 1.0
        order = list(Move)
        np.savez(
            folder / f"{part}-00000.npz",
            frames=frames,
            depth=depth,
            move=np.array([order.index(move) for move in moves]),
        )
        records = [
            {
                "scene_id": f"toy-{part}-{i}",
                "move": str(move),
                "scene_description": "a room with white walls and a wood floor",
            }
            for i, move in enumerate(moves)
        ]
        (folder / f"{part}-00000.json").write_text(json.dumps(records))
