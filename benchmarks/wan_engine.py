"""What does our Wan engine cost and save? ``python -m benchmarks.wan_engine``.

Against a plain loop over diffusers' ``WanPipeline`` in the same run: with equal settings (the
overhead; pixels must be equal), and with our defaults (cached prompts, batches) against one clip a
call as in diffusers' documentation. CPU time of one thread, the median of pairs that are measured
in turns. Then the peak memory of processes with and without the text encoder.
The whole 1.3B architecture is in ``benchmarks.wan_architecture``.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
import tyro
from diffusers import WanPipeline, WanTransformer3DModel
from jaxtyping import UInt8
from transformers import UMT5Config, UMT5EncoderModel

from benchmarks.peak_memory import peak_mib
from synth.cameras import Intrinsics
from synth.generators import GenerationRequest, Rejected
from synth.poses import look_at
from synth.trajectories import Move, make_trajectory
from synth.wan.clips import WAN_MOVES
from synth.wan.conditions import negative_prompt
from synth.wan.engine import WanEngine
from synth.wan.recipe import ModelSource, WanRecipe
from synth.wan.recipes import TINY_T2V
from synth.wan.training import torch_generator, torch_seeded
from synth.wan.watching import to_bytes

Worker = Literal["none", "plain", "engine", "cached"]
_SCENES: Final = ("white walls and a wood floor", "blue walls and a gray floor, a red sofa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        checkpoint: Pipeline folder of a ``WanPipeline``.
        clips: Clips per measurement.
        steps: Denoising steps.
        rounds: Pairs of measurements.
        text_width: Also measure memory with a random UMT5 of this width and 12 layers (1024: 0.7
            GB) and a transformer that reads it; 0 leaves that out.
        part: What to measure.
        json: Print one JSON object instead of tables.
        worker: Only measure one process's memory; how this program calls itself.
        prompt_cache: Of a worker.
    """

    checkpoint: Path = Path("checkpoints/tiny/wan-t2v")
    clips: int = 13
    steps: int = 20
    rounds: int = 5
    text_width: int = 0
    part: Literal["all", "speed", "memory"] = "all"
    json: bool = False
    worker: Worker = "none"
    prompt_cache: Path | None = None


def recipe_of(options: Options) -> WanRecipe:
    """Return the tiny recipe for the checkpoint and steps asked for."""
    source = ModelSource(id=str(options.checkpoint.resolve()))
    return replace(TINY_T2V, model=source, steps=options.steps)


def requests_of(options: Options) -> list[GenerationRequest]:
    """Ask for clips of all moves in two scenes."""
    return [
        _request(number, WAN_MOVES[number % len(WAN_MOVES)], _SCENES[number % len(_SCENES)])
        for number in range(options.clips)
    ]


def plain_loop(
    pipeline: WanPipeline, recipe: WanRecipe, requests: Sequence[GenerationRequest], batch: int
) -> list[UInt8[np.ndarray, "t h w 3"]]:
    """Call the pipeline as its documentation does: texts in, frames out."""
    clips: list[UInt8[np.ndarray, "t h w 3"]] = []
    for start in range(0, len(requests), batch):
        part = requests[start : start + batch]
        frames = pipeline(
            prompt=[request.prompt for request in part],
            negative_prompt=[negative_prompt(request, recipe) for request in part],
            generator=[torch_generator(r.seed, r.sequence_id, "noise") for r in part],
            **_call(recipe, part),
        ).frames
        clips += [to_bytes(clip) for clip in frames]
    return clips


def plain_loop_of_embeddings(
    pipeline: WanPipeline, engine: WanEngine, requests: Sequence[GenerationRequest]
) -> list[UInt8[np.ndarray, "t h w 3"]]:
    """Do exactly what the engine does, without the engine: embeddings in, frames out."""
    recipe, clips = engine.recipe, []
    for start in range(0, len(requests), recipe.max_batch):
        part = requests[start : start + recipe.max_batch]
        negatives = [negative_prompt(request, recipe) for request in part]
        frames = pipeline(
            prompt_embeds=engine.prompts.padded([request.prompt for request in part]),
            negative_prompt_embeds=engine.prompts.padded(negatives),
            generator=[torch_generator(r.seed, r.sequence_id, "noise") for r in part],
            **_call(recipe, part),
        ).frames
        clips += [to_bytes(clip) for clip in frames]
    return clips


def measure_speed(options: Options) -> dict[str, Any]:
    """Return CPU seconds per clip and the ratios of engine and loops."""
    torch.set_num_threads(1)
    recipe, requests = recipe_of(options), requests_of(options)
    engine = WanEngine(recipe)
    engine.prepare(requests)
    loop = WanPipeline.from_pretrained(options.checkpoint, dtype=torch.float32)
    loop.set_progress_bar_config(disable=True)
    batched = plain_loop(loop, recipe, requests, recipe.max_batch)
    made = engine.generate(requests)  # also the warm-up of all
    equal = [
        not isinstance(result, Rejected) and np.array_equal(result.frames, clip)
        for result, clip in zip(made, batched, strict=True)
    ]
    works: dict[str, Callable[[], object]] = {
        "engine": lambda: engine.generate(requests),
        "same_calls": lambda: plain_loop_of_embeddings(loop, engine, requests),
        "texts_batched": lambda: plain_loop(loop, recipe, requests, recipe.max_batch),
        "texts_one_by_one": lambda: plain_loop(loop, recipe, requests, 1),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(options.rounds):
        order = list(works) if turn % 2 == 0 else list(reversed(works))
        for name in order:
            seconds[name].append(_cpu_seconds(works[name]) / len(requests))
    ratio = {
        name: statistics.median(
            a / b for a, b in zip(seconds[name], seconds["engine"], strict=True)
        )
        for name in works
    }
    return {
        "clips": len(requests),
        "steps": options.steps,
        "pixels_equal": all(equal),
        "cpu_s_per_clip": {name: round(min(values), 4) for name, values in seconds.items()},
        "engine_over_same_calls": round(1 / ratio["same_calls"], 4),
        "engine_over_texts_batched": round(1 / ratio["texts_batched"], 4),
        "one_by_one_over_engine": round(ratio["texts_one_by_one"], 3),
    }


def measure_memory(options: Options) -> dict[str, dict[str, float]]:
    """Return the peak memory (MiB) of processes that generate with and without text encoder."""
    found = {"tiny": _peaks(options)}
    if options.text_width:
        with tempfile.TemporaryDirectory() as temporary:
            wide = Path(temporary) / "wide"
            save_with_wide_text(options.checkpoint, wide, options.text_width)
            found[f"text encoder of width {options.text_width}"] = _peaks(
                replace(options, checkpoint=wide)
            )
    return found


def _peaks(options: Options) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as cache:
        peaks = {}
        # "engine" fills the cache that "cached" finds.
        for worker in ("plain", "engine", "cached"):
            command = [sys.executable, "-m", "benchmarks.wan_engine", "--worker", worker]
            command += ["--checkpoint", str(options.checkpoint), "--prompt-cache", cache]
            command += ["--clips", "2", "--steps", "2"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            peaks[worker] = round(float(done.stdout), 1)
    return peaks


def peak_of_worker(options: Options) -> float:
    """Generate two clips in this process and return its peak memory, MiB."""
    torch.set_num_threads(1)
    recipe, requests = recipe_of(options), requests_of(options)
    if options.worker == "plain":
        pipeline = WanPipeline.from_pretrained(options.checkpoint, dtype=torch.float32)
        pipeline.set_progress_bar_config(disable=True)
        plain_loop(pipeline, recipe, requests, recipe.max_batch)
    else:
        WanEngine(recipe, prompt_cache=options.prompt_cache).generate(requests)
    return peak_mib()


def save_with_wide_text(source: Path, folder: Path, width: int) -> None:
    """Write a pipeline whose text encoder is large and random, and whose transformer reads it."""
    pipeline = WanPipeline.from_pretrained(source, dtype=torch.float32)
    with torch_seeded(0, "wide text"):
        pipeline.text_encoder = UMT5EncoderModel(
            UMT5Config(
                vocab_size=len(pipeline.tokenizer),
                d_model=width,
                d_kv=64,
                d_ff=5 * width // 2,
                num_layers=12,
                num_heads=width // 64,
            )
        )
        config = {**pipeline.transformer.config, "text_dim": width}
        pipeline.transformer = WanTransformer3DModel.from_config(config)
    pipeline.save_pretrained(folder)


def _request(number: int, move: Move, scene: str) -> GenerationRequest:
    start = look_at(np.array([0.0, 0, 1.5]), np.array([0.0, 2, 1.4]), np.array([0.0, 0, 1]))
    path = make_trajectory(
        move,
        start,
        amount=0.0 if move is Move.STATIC else 60.0,  # models read words, not poses
        n_frames=9,
        target_distance_m=2.0,
        intrinsics=Intrinsics.from_fov(width=64, height=64, fov_deg=80.0),
        fps=8.0,
    )
    return GenerationRequest(
        sequence_id=f"bench-{number}/{move}",
        scene_id=f"bench-{number}",
        scene_description=f"a room with {scene}",
        trajectory=path,
        seed=0,
    )


def _call(recipe: WanRecipe, part: Sequence[GenerationRequest]) -> dict[str, Any]:
    height, width = part[0].size
    return {
        "num_frames": part[0].n_frames,
        "height": height,
        "width": width,
        "num_inference_steps": recipe.steps,
        "guidance_scale": recipe.guidance,
        "max_sequence_length": recipe.max_sequence_length,
        "output_type": "np",
    }


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main(options: Options) -> None:
    """Print what was measured."""
    if options.worker != "none":
        print(peak_of_worker(options))
        return
    speed = {} if options.part == "memory" else measure_speed(options)
    if speed and not options.json:
        print("| speed | |\n|---|---|")
        for name, value in speed.items():
            print(f"| {name} | {value} |", flush=True)
    memory = {} if options.part == "speed" else measure_memory(options)
    if options.json:
        print(json.dumps({"speed": speed, "memory_mib": memory}))
        return
    if memory:
        print("\n| peak memory, MiB | plain loop | engine, prompts new | engine, prompts cached |")
        print("|---|---|---|---|")
    for name, peaks in memory.items():
        print(f"| {name} | {peaks['plain']} | {peaks['engine']} | {peaks['cached']} |")


if __name__ == "__main__":
    main(tyro.cli(Options))
