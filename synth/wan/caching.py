"""Turn a step cache on, prove that it skips something, and refuse the wrong combinations.

What is refused was measured with diffusers 0.42.1 (``tests/synth/test_caching.py``): VACE adds its
hints *between* blocks, so caches that replace the blocks by a residual add them twice; MagCache
miscounts the steps of two-expert models; the video-to-video pipeline names no branch of guidance;
and pipelines other than text-to-video do not tell SeaCache the noise level.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

import torch
from diffusers import DiffusionPipeline
from diffusers.hooks import (
    FirstBlockCacheConfig,
    MagCacheConfig,
    SeaCacheConfig,
    TaylorSeerCacheConfig,
)
from torch import Tensor, nn

from synth.wan.block_counts import BlockCounter, CacheEffect
from synth.wan.step_cache import METHODS_BY_TASK, StepCache

CACHE_HAD_NO_EFFECT: Final = "cache_had_no_effect"
_TASKS: Final[Mapping[str, str]] = {
    "WanPipeline": "t2v",
    "WanImageToVideoPipeline": "i2v",
    "WanVideoToVideoPipeline": "v2v",
    "WanVACEPipeline": "vace",
}


class CacheHadNoEffectError(ValueError):
    """A step cache was on and every block of a whole clip was computed."""


class RunningCache:
    """A step cache on a pipeline; made by ``enable_step_cache``.

    Attributes:
        cache: What runs; with the method ``none`` all methods do nothing.
    """

    def __init__(self, pipeline: DiffusionPipeline, cache: StepCache, *, steps: int) -> None:
        self.cache = cache
        self._pipeline = pipeline
        self._steps = steps
        self._transformers = _transformers(pipeline) if cache.is_on else []
        parts = [_parts(each, cache) for each in self._transformers]
        self._counter = BlockCounter(self._transformers, parts[0] if parts else ())
        self._turn_on()

    def start_clip(self) -> None:
        """Forget the last clip, also one that was interrupted or failed."""
        for transformer in self._transformers:
            transformer._reset_stateful_cache()  # diffusers' own pipelines call it by this name
        self._counter.clear()

    def finish_clip(self, *, is_whole: bool = True) -> CacheEffect:
        """Return what was skipped since ``start_clip``.

        Args:
            is_whole: Whether all steps ran; a clip that was stopped early proves nothing and is
                not checked.

        Raises:
            CacheHadNoEffectError: As ``check_effect`` does.
            RuntimeError: As well.
        """
        effect = self._counter.effect(self.cache.method)
        if self.cache.is_on and is_whole:
            check_effect(effect, self.cache)
        return effect

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Run the models without the cache inside the block, for features and single passes."""
        self._turn_off()
        try:
            yield
        finally:
            self._turn_on()

    def disable(self) -> None:
        """Turn the cache off and take all hooks away."""
        self._turn_off()
        self._counter.remove()
        self._transformers = []

    def _turn_on(self) -> None:
        with _without_offloading(self._pipeline):
            for transformer in self._transformers:
                transformer.enable_cache(_config(self.cache, self._steps, transformer.dtype))

    def _turn_off(self) -> None:
        with _without_offloading(self._pipeline):
            for transformer in self._transformers:
                transformer._reset_stateful_cache()
                transformer.disable_cache()


def check_effect(effect: CacheEffect, cache: StepCache) -> None:
    """Accept what a cache did over a whole clip.

    Raises:
        CacheHadNoEffectError: Every block was computed, and the cache may not be idle.
        RuntimeError: A branch of guidance never ran its own blocks.
    """
    for branch in effect.branches:
        if not branch.blocks_computed:
            raise RuntimeError(
                f"step cache {cache.method}: the branch {branch.branch!r} made {branch.forwards} "
                "passes and computed no block, so it reused what another branch left; turn the "
                "cache off and report this with the version of diffusers."
            )
    if effect.blocks_computed >= effect.blocks_possible and not cache.may_be_idle:
        raise CacheHadNoEffectError(
            f"{CACHE_HAD_NO_EFFECT}: {cache} computed all {effect.blocks_possible} blocks of a "
            "clip. Raise its threshold, sample more steps, or run without a cache "
            "(may_be_idle=True lets it pass)."
        )


def enable_step_cache(pipeline: DiffusionPipeline, cache: StepCache, *, steps: int) -> RunningCache:
    """Turn a step cache on.

    Call it last, after ``load_loras`` and ``synth.wan.placing.place``.

    Args:
        pipeline: Any of diffusers' Wan pipelines.
        cache: What to turn on; ``none`` leaves the pipeline alone.
        steps: Denoising steps of the clips; MagCache counts them.

    Raises:
        ValueError: The method is wrong for this pipeline, a cache is on already, or
            ``taylor_modules`` match nothing.
    """
    if cache.is_on:
        _check_pipeline(pipeline, cache)
    return RunningCache(pipeline, cache, steps=steps)


def measure_mag_ratios(
    pipeline: DiffusionPipeline, run_clip: Callable[[], object]
) -> tuple[float, ...]:
    """Measure the ratios MagCache needs while a clip is made without a cache.

    The ratio of a step is the mean, over tokens and branches, of the length of the residual (last
    block's output minus first block's input) over its length one step before; 1 at the first step.

    Args:
        pipeline: A pipeline with one transformer and no cache.
        run_clip: Calls the pipeline once; its prompt, size and steps should be typical.
    """
    (transformer,) = _transformers(pipeline)
    branch_counter = BlockCounter([transformer])
    entered: list[Tensor] = []
    residuals: dict[str, list[Tensor]] = {}

    def enter(_block: nn.Module, inputs: tuple[Any, ...]) -> None:
        entered[:] = [inputs[0]]

    def leave(_block: nn.Module, _inputs: tuple[Any, ...], output: Tensor) -> None:
        length = torch.linalg.norm((output - entered[0]).float(), dim=-1)
        residuals.setdefault(branch_counter.branch, []).append(length)

    handles = [
        transformer.blocks[0].register_forward_pre_hook(enter),
        transformer.blocks[-1].register_forward_hook(leave),
    ]
    try:
        run_clip()
    finally:
        for handle in handles:
            handle.remove()
        branch_counter.remove()
    series = [
        [1.0, *((now / (before + 1e-8)).mean().item() for before, now in pairwise(lengths))]
        for lengths in residuals.values()
    ]
    return tuple(sum(step) / len(step) for step in zip(*series, strict=True))


def _transformers(pipeline: DiffusionPipeline) -> list[Any]:
    both = (pipeline.transformer, getattr(pipeline, "transformer_2", None))
    return [each for each in both if each is not None]


def _check_pipeline(pipeline: DiffusionPipeline, cache: StepCache) -> None:
    tasks = [_TASKS[c.__name__] for c in type(pipeline).__mro__ if c.__name__ in _TASKS]
    allowed = METHODS_BY_TASK[tasks[0]] if tasks else ()
    if len(_transformers(pipeline)) > 1:
        allowed = tuple(method for method in allowed if method != "mag")
    if cache.method not in allowed:
        raise ValueError(
            f"step cache {cache.method}: not right for a {type(pipeline).__name__}"
            f"{' with two transformers' if len(_transformers(pipeline)) > 1 else ''}; "
            f"it can use {', '.join(allowed) or 'none'}."
        )
    if any(each.is_cache_enabled for each in _transformers(pipeline)):
        raise ValueError(
            f"step cache {cache.method}: the transformer runs a cache already; disable that first."
        )


@contextmanager
def _without_offloading(pipeline: DiffusionPipeline) -> Iterator[None]:
    # Whole-model offloading keeps the forward it found and puts it back after each clip, which
    # would undo hooks that came later; so it goes off first and on again last.
    is_offloaded = bool(getattr(pipeline, "_all_hooks", None))
    if is_offloaded:
        pipeline.remove_all_hooks()
    try:
        yield
    finally:
        if is_offloaded:
            pipeline.enable_model_cpu_offload(device=pipeline._offload_device)


def _parts(transformer: nn.Module, cache: StepCache) -> list[str]:
    """Return the modules that TaylorSeer predicts, if they are inside of blocks."""
    if not cache.taylor_modules:
        return []
    names = [
        name
        for name, _ in transformer.named_modules()
        if any(re.fullmatch(pattern, name) for pattern in cache.taylor_modules)
    ]
    if not any(name.startswith(("blocks.", "vace_blocks.")) for name in names):
        raise ValueError(
            f"step cache taylor: taylor_modules={cache.taylor_modules} match no module of "
            f"{type(transformer).__name__} inside its blocks in full; try "
            "synth.wan.step_cache.TAYLOR_SUBLAYERS."
        )
    return [name for name in names if name.startswith(("blocks.", "vace_blocks."))]


def _config(cache: StepCache, steps: int, dtype: torch.dtype) -> Any:  # noqa: ANN401
    match cache.method:
        case "first_block":
            return FirstBlockCacheConfig(threshold=cache.threshold)
        case "mag":
            return MagCacheConfig(
                threshold=cache.threshold,
                max_skip_steps=cache.max_skipped,
                retention_ratio=cache.first_full_share,
                num_inference_steps=steps,
                mag_ratios=list(cache.mag_ratios),
            )
        case "sea":
            return SeaCacheConfig(
                threshold=cache.threshold,
                retention_steps=cache.first_full_steps,
                cache_end_steps=cache.last_full_steps,
                max_consecutive_cached=cache.max_skipped,
            )
        case "taylor":
            return TaylorSeerCacheConfig(
                cache_interval=cache.interval,
                disable_cache_before_step=cache.first_full_steps,
                disable_cache_after_step=steps - cache.last_full_steps
                if cache.last_full_steps
                else None,
                max_order=cache.order,
                # bfloat16 is diffusers' default, which would round a float32 model's outputs.
                taylor_factors_dtype=dtype,
                cache_identifiers=list(cache.taylor_modules) or None,
                use_lite_mode=not cache.taylor_modules,
            )
        case "none":
            raise ValueError("step cache none: there is nothing to turn on.")
