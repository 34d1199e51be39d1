"""Let Wan generate clips of rooms that are filmed for comparison and for depth control only.

Each generated clip gets a room of its own: no scene of the rendered part is generated again, so
the split by scenes holds for both.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from flows.preflight import find_checkpoint
from flows.recipes.recipe import Recipe, WanConfig
from flows.run_folder import RunFolder
from flows.stages import scenes_of
from flows.work.synthesize import Filmed, write_shard
from flows.workers import Device, Job
from synth.film import FilmedClip, film_moves
from synth.generators import GenerationRequest, VideoGenerator
from synth.prompts import full_prompt
from synth.rooms import make_room
from synth.storage import write_sequences
from synth.wan.clips import WAN_MOVES
from synth.wan.generator import Sampling, WanT2VGenerator, WanVaceGenerator

_MOVE_STRIDE: Final = 5  # coprime to the number of moves: neighbours differ, all are used


def make_generated(job: Job) -> list[Path]:
    """Make one shard of generated clips."""
    run = RunFolder(job.run)
    recipe, source = run.recipe(), job.shard.rpartition("-")[0]
    filmed = Filmed.sort(
        result
        for scene_id in scenes_of(recipe, job.shard)
        for result in film_moves(
            make_room(scene_id, recipe.seed, recipe.synth.rooms),
            recipe.seed,
            replace(recipe.synth.film, moves=WAN_MOVES),
            [WAN_MOVES[int(scene_id.rpartition("-")[2]) * _MOVE_STRIDE % len(WAN_MOVES)]],
        )
    )
    requests = [_request(recipe, clip, source) for clip in filmed.clips]
    sequences = load_generator(source, recipe.wan, job.device).generate(requests)
    reference = run.stage("synthesize") / f"{job.shard}.reference.npz"
    return [
        *write_shard(job, sequences, filmed),
        write_sequences(reference, [clip.sequence for clip in filmed.clips]),
    ]


def _request(recipe: Recipe, clip: FilmedClip, source: str) -> GenerationRequest:
    sequence = clip.sequence
    move = sequence.requested.move
    assert move is not None  # filmed along a primitive
    return GenerationRequest(
        sequence_id=sequence.sequence_id,
        scene_id=sequence.scene_id,
        scene_description=sequence.prompt.removeprefix(full_prompt(move, "")),
        trajectory=sequence.requested,
        intrinsics=sequence.intrinsics,
        fps=sequence.fps,
        seed=recipe.seed,
        control_depth=clip.truth.depth if source == "wan-vace" else None,
    )


@lru_cache(maxsize=2)
def load_generator(source: str, config: WanConfig, device: Device) -> VideoGenerator:
    """Load a pipeline once a worker."""
    match source:
        case "wan-t2v":
            folder = find_checkpoint(config.t2v, "wan.t2v")
            sampling = Sampling(steps=config.steps, guidance=config.guidance)
            return WanT2VGenerator.from_pretrained(folder, sampling, device=device)
        case "wan-vace":
            folder = find_checkpoint(config.vace, "wan.vace")
            sampling = Sampling(steps=config.steps, guidance=config.vace_guidance, negative="empty")
            return WanVaceGenerator.from_pretrained(folder, sampling, device=device)
        case _:
            raise ValueError(f"no generator makes shards named {source!r}")
