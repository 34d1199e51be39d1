"""Let Wan generate clips of rooms that are filmed for comparison and for depth control only.

Each generated clip gets a room of its own: no scene of the rendered part is generated again, so
the split by scenes holds for both.
"""

import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flows.preflight import found
from flows.recipes.recipe import SHORT_PROMPT, Recipe, WanConfig
from flows.run_folder import RunFolder
from flows.stages import scenes_of
from flows.work.catalogue import catalogue_of
from flows.work.cells import assign, cells_path, move_of, rooms_of, template_of, write_cells
from flows.work.generated import measure_clips, write_measured
from flows.work.rendered_scene import rendered_scene
from flows.work.synthesize import Filmed, write_shard
from flows.workers import Device, Job
from synth.film import FilmedClip, NotFilmed, film_moves
from synth.generators import GenerationRequest, Rejected
from synth.prompts import full_prompt
from synth.rooms.furnish import make_room
from synth.scene import MultiViewSequence
from synth.scene_prompts.grammar import sample_scene
from synth.scene_prompts.templates import TEMPLATES, write_prompt
from synth.storage import write_sequences
from synth.wan.engine import WanEngine
from synth.wan.resume import generate_into, read_generated
from synth.yields import Cell


def make_generated(job: Job) -> list[Path]:
    """Make one shard of generated clips; clips that a killed run finished are not made again."""
    run = RunFolder(job.run)
    recipe, source = run.recipe(), job.shard.rpartition("-")[0]
    folder = run.stage("synthesize")
    catalogue = catalogue_of(recipe)
    cells = dict(zip(scenes_of(recipe, job.shard), assign(run, recipe, job.shard), strict=True))
    filmed = Filmed.sort(
        result
        for scene_id, cell in cells.items()
        for result in film_moves(
            make_room(scene_id, recipe.seed, rooms_of(cell, recipe.synth.rooms), catalogue),
            recipe.seed,
            recipe.synth.film,
            [move_of(cell)],
        )
    )
    requests = [
        _request(recipe, clip, source, cells[clip.sequence.scene_id]) for clip in filmed.clips
    ]
    parts = folder / f"{job.shard}.clips"
    generate_into(parts, requests, load_generator(source, recipe.wan, job.device))
    results = read_generated(parts, requests)
    sequences = [result for result in results if not isinstance(result, Rejected)]
    filmed = _without_rejected(filmed, results)
    planned = [(f"{scene_id}/path-0", cell) for scene_id, cell in cells.items()]
    made = [
        *write_shard(job, sequences, filmed),
        write_sequences(
            folder / f"{job.shard}.reference.npz", [clip.sequence for clip in filmed.clips]
        ),
        write_cells(cells_path(folder, job.shard), planned, [s.sequence_id for s in sequences]),
    ]
    if recipe.wan.floor_share < 1:  # the next round asks what this one was worth
        truths = [clip.truth for clip in filmed.clips]
        measured = measure_clips(job, sequences, truths)
        made += write_measured(folder, job.shard, measured)
    shutil.rmtree(parts)
    return made


def _without_rejected(filmed: Filmed, results: Sequence[MultiViewSequence | Rejected]) -> Filmed:
    """Count clips that Wan gave up as lost, and forget their truth and reference."""
    kept = Filmed([], list(filmed.lost))
    for clip, result in zip(filmed.clips, results, strict=True):
        move = clip.sequence.requested.move
        if isinstance(result, Rejected):
            assert move is not None  # filmed along a primitive
            kept.lost.append(
                NotFilmed(sequence_id=result.sequence_id, move=move, reason=result.reason)
            )
        else:
            kept.clips.append(clip)
    return kept


def _request(recipe: Recipe, clip: FilmedClip, source: str, cell: Cell) -> GenerationRequest:
    sequence, move = clip.sequence, move_of(cell)
    return GenerationRequest(
        sequence_id=sequence.sequence_id,
        scene_id=sequence.scene_id,
        scene_description=sequence.prompt.removeprefix(full_prompt(move, "")),
        trajectory=sequence.requested,
        seed=recipe.seed,
        control_depth=clip.truth.depth if source == "wan-vace" else None,
        written_prompt=_written_prompt(recipe, clip, source, cell),
    )


def _written_prompt(recipe: Recipe, clip: FilmedClip, source: str, cell: Cell) -> str | None:
    """Write the long prompt of a template.

    Over depth the words describe the room that the depth is of; from text alone the scene is the
    grammar's, of the same kind of room.
    """
    if template_of(cell) == SHORT_PROMPT:
        return None
    if source == "wan-vace":
        scene = rendered_scene(clip)
    else:
        scene = sample_scene(clip.sequence.scene_id, recipe.seed, room=cell.scene_kind)
    return write_prompt(TEMPLATES[template_of(cell)], scene, move_of(cell), seed=recipe.seed)


@lru_cache(maxsize=1)  # two models of 14B fill a card; an engine loads when its first clip is made
def load_generator(source: str, config: WanConfig, device: Device) -> WanEngine:
    """Make the engine of a source, and keep it until another source's is asked for."""
    match source:
        case "wan-t2v":
            recipe = found(config.t2v, "wan.t2v")
        case "wan-vace":
            recipe = found(config.vace, "wan.vace")
        case _:
            raise ValueError(f"no generator makes shards named {source!r}")
    return WanEngine(recipe, device=device, prompt_cache=config.prompt_cache)
