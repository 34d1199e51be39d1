"""What do step caches save, and at what price? ``python -m benchmarks.step_caches``.

Makes clips with and without each cache on a small text-to-video pipeline, in one process. Prints
the share of transformer blocks skipped in each branch of guidance, the CPU time of a clip as a
share of the time without a cache (medians of runs that take turns), and the PSNR against the
uncached clip. The last row is the floor of that number: the same clip, seen against another seed's.
"""

import json
import time
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import torch
import tyro
from diffusers import DiffusionPipeline, WanPipeline
from jaxtyping import Float

from synth.prompts import full_prompt
from synth.trajectories import Move
from synth.wan.block_counts import CacheEffect
from synth.wan.caching import enable_step_cache, measure_mag_ratios
from synth.wan.step_cache import TAYLOR_SUBLAYERS, StepCache
from synth.wan.training import torch_generator

_SCENE: Final = "a room with white walls and a wood floor, a red sofa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        model: Folder of a ``WanPipeline`` with its text encoder.
        steps: Denoising steps.
        guidance: Classifier-free guidance scale.
        size_px: Side of the frames.
        frames: Frames of a clip.
        text_positions: ``max_sequence_length`` the model was trained with.
        runs: Clips per cache.
        threads: CPU threads of torch.
        json: Print one JSON object instead of a table.
    """

    model: Path = Path("checkpoints/tiny/wan-t2v")
    steps: int = 20
    guidance: float = 3.0
    size_px: int = 64
    frames: int = 9
    text_positions: int = 32
    runs: int = 3
    threads: int = 1
    json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: Of the cache.
        skipped: Share of blocks skipped in each branch, by its name.
        cpu_ratio: CPU time over that without a cache.
        psnr_db: Against the uncached clip of the same noise; the mean over runs.
    """

    name: str
    skipped: Mapping[str, float]
    cpu_ratio: float
    psnr_db: float


def main(options: Options) -> None:
    """Measure, then print a table or JSON."""
    torch.set_num_threads(options.threads)
    rows = measure(options)
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print(f"{options.steps} steps, guidance {options.guidance}, {options.model}\n")
    print("| cache | skipped cond | skipped uncond | CPU time | PSNR dB |")
    print("|---|---|---|---|---|")
    for row in rows:
        shares = " | ".join(f"{row.skipped[b]:.0%}" for b in ("cond", "uncond"))
        print(f"| {row.name} | {shares} | {row.cpu_ratio:.2f} | {row.psnr_db:.1f} |")


def measure(options: Options) -> list[Row]:
    """Return one row per cache, and the floor."""
    pipeline = WanPipeline.from_pretrained(options.model, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    caches = _caches(pipeline, options)
    clips: dict[str, list[np.ndarray]] = {name: [] for name in caches}
    seconds: dict[str, list[float]] = {name: [] for name in caches}
    effects: dict[str, CacheEffect] = {}
    _clip(pipeline, options, seed=0)  # warms up
    for run in range(options.runs):  # in turn, so that a busy machine slows all alike
        for name, cache in caches.items():
            running = enable_step_cache(pipeline, cache, steps=options.steps)
            running.start_clip()
            started = time.process_time()
            clips[name].append(_clip(pipeline, options, seed=run))
            seconds[name].append(time.process_time() - started)
            effects[name] = running.finish_clip()
            running.disable()
    base = clips["none"]
    rows = [
        Row(
            name=name,
            skipped=_shares(effects[name]),
            cpu_ratio=median(a / b for a, b in zip(seconds[name], seconds["none"], strict=True)),
            psnr_db=_mean_psnr(clips[name], base),
        )
        for name in caches
        if name != "none"
    ]
    others = [*base[1:], base[0]]
    nothing = {"cond": 0.0, "uncond": 0.0}
    return [
        *rows,
        Row(name="another seed", skipped=nothing, cpu_ratio=1.0, psnr_db=_mean_psnr(others, base)),
    ]


def _caches(pipeline: DiffusionPipeline, options: Options) -> dict[str, StepCache]:
    ratios = measure_mag_ratios(pipeline, lambda: _clip(pipeline, options, seed=99))
    taylor = StepCache(method="taylor")
    mag = StepCache(method="mag", mag_ratios=ratios)
    return {
        "none": StepCache(),
        **{
            f"first_block {threshold}": StepCache(
                method="first_block", threshold=threshold, may_be_idle=True
            )
            for threshold in (0.05, 0.1, 0.2)
        },
        **{
            f"mag {threshold}": replace(mag, threshold=threshold, may_be_idle=True)
            for threshold in (0.06, 0.12, 0.24)
        },
        **{
            f"sea {threshold}": StepCache(method="sea", threshold=threshold, may_be_idle=True)
            for threshold in (0.25, 0.5)
        },
        "taylor lite": taylor,
        "taylor sublayers": replace(taylor, taylor_modules=(TAYLOR_SUBLAYERS,)),
    }


def _clip(pipeline: DiffusionPipeline, options: Options, *, seed: int) -> np.ndarray:
    frames: np.ndarray = pipeline(
        prompt=full_prompt(Move.PAN_LEFT, _SCENE),
        negative_prompt="",
        height=options.size_px,
        width=options.size_px,
        num_frames=options.frames,
        num_inference_steps=options.steps,
        guidance_scale=options.guidance,
        max_sequence_length=options.text_positions,
        generator=torch_generator(seed, "step caches"),
        output_type="np",
    ).frames[0]
    return frames


def _shares(effect: CacheEffect) -> dict[str, float]:
    return {b.branch: 1.0 - b.blocks_computed / b.blocks_possible for b in effect.branches}


def _mean_psnr(
    found: list[Float[np.ndarray, "t h w 3"]], base: list[Float[np.ndarray, "t h w 3"]]
) -> float:
    errors = [float(np.square(a - b).mean()) for a, b in zip(found, base, strict=True)]
    return float(np.mean([-10.0 * np.log10(max(error, 1e-10)) for error in errors]))


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # float16 weights run as float32
    main(tyro.cli(Options))
