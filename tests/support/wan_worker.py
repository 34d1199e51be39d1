"""Generate clips into a folder, slowly: ``python wan_worker.py PIPELINE FOLDER``; to be killed."""

import sys
import time
from pathlib import Path

import torch
from tiny_wan import tiny_wan_recipe, wan_request

from synth.trajectories import Move
from synth.wan.engine import WanEngine
from synth.wan.resume import generate_into


def worker_engine(pipeline: Path, **options: object) -> WanEngine:
    return WanEngine(tiny_wan_recipe(pipeline, max_batch=2), **options)


def worker_requests() -> list:
    moves = (Move.PAN_LEFT, Move.TILT_UP, Move.DOLLY_IN)
    return [wan_request(n, moves[n % len(moves)]) for n in range(6)]


if __name__ == "__main__":
    torch.set_num_threads(1)
    engine = worker_engine(Path(sys.argv[1]), on_step=lambda _: time.sleep(0.3))
    generate_into(Path(sys.argv[2]), worker_requests(), engine)
