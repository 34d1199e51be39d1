"""Step caches skip blocks in both branches of guidance, and the wrong ones are refused."""

import numpy as np
import pytest
import torch
from diffusers import FasterCacheConfig, PyramidAttentionBroadcastConfig, TaylorSeerCacheConfig
from random_wan import BLOCKS, FRAMES, SIZE_PX, random_pipeline, random_transformer, sample, text

from synth.wan.block_counts import BlockCounter, BranchEffect, CacheEffect
from synth.wan.caching import (
    CacheHadNoEffectError,
    RunningCache,
    check_effect,
    enable_step_cache,
    measure_mag_ratios,
)
from synth.wan.step_cache import TAYLOR_SUBLAYERS, StepCache, check_method

STEPS = 12
CACHES = {
    "first_block": StepCache(method="first_block", threshold=5.0),
    "mag": StepCache(method="mag", mag_ratios=(1.0,) * STEPS),
    "sea": StepCache(method="sea", threshold=100.0),
    "taylor": StepCache(method="taylor"),
    "taylor sublayers": StepCache(method="taylor", taylor_modules=(TAYLOR_SUBLAYERS,)),
}
# Passes with all blocks among 12, by the rules of each method: SeaCache computes the first and
# the last and every third between; TaylorSeer the first three and then every fifth.
FULL_PASSES = {"sea": 5, "taylor": 5, "taylor sublayers": 5}


@pytest.fixture(scope="module")
def uncached():
    return sample(random_pipeline())


@pytest.mark.parametrize("name", CACHES)
def test_a_cache_skips_equally_in_both_branches_and_changes_little(name, uncached):
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, CACHES[name], steps=STEPS)
    running.start_clip()
    latents = sample(pipeline)
    effect = running.finish_clip()
    assert [branch.branch for branch in effect.branches] == ["cond", "uncond"]
    cond, uncond = effect.branches
    assert cond.forwards == uncond.forwards == STEPS
    assert cond.blocks_possible == STEPS * BLOCKS
    assert cond.blocks_computed == uncond.blocks_computed < STEPS * BLOCKS
    if name in FULL_PASSES:
        assert cond.blocks_computed == FULL_PASSES[name] * BLOCKS
    assert effect.skipped_share == 1 - cond.blocks_computed / cond.blocks_possible
    assert not torch.equal(latents, uncached)
    correlation = np.corrcoef(latents.flatten(), uncached.flatten())[0, 1]
    assert correlation > 0.9


@pytest.mark.parametrize("name", CACHES)
def test_a_cached_clip_is_the_same_again_after_other_and_broken_clips(name):
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, CACHES[name], steps=STEPS)
    first = sample(pipeline)
    sample(pipeline, seed=1)

    def break_off(_pipeline, step, _time, values):
        if step == 4:
            raise KeyboardInterrupt
        return values

    with pytest.raises(KeyboardInterrupt):
        sample(pipeline, seed=2, callback_on_step_end=break_off)
    running.start_clip()
    assert torch.equal(sample(pipeline), first)


@pytest.mark.parametrize("name", CACHES)
def test_without_the_cache_the_model_is_as_before(name, uncached):
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, CACHES[name], steps=STEPS)
    sample(pipeline)
    latents, time = torch.ones(1, 16, 2, 4, 4), torch.tensor([500.0])
    with running.paused(), torch.no_grad():
        features = pipeline.transformer(latents, time, text("prompt"), return_dict=False)[0]
        assert torch.equal(sample(pipeline), uncached)
    assert not torch.equal(sample(pipeline), uncached)
    running.disable()
    assert torch.equal(sample(pipeline), uncached)
    with torch.no_grad():
        expected = random_transformer()(latents, time, text("prompt"), return_dict=False)[0]
    assert torch.equal(features, expected)


def test_no_cache_counts_nothing_and_changes_nothing(uncached):
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, StepCache(), steps=STEPS)
    running.start_clip()
    assert torch.equal(sample(pipeline), uncached)
    effect = running.finish_clip()
    assert effect.branches == ()
    assert effect.skipped_share == 0.0


def test_without_guidance_there_is_one_branch():
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, CACHES["taylor"], steps=STEPS)
    sample(pipeline, guidance=1.0)
    effect = running.finish_clip()
    assert [(b.branch, b.blocks_computed) for b in effect.branches] == [("cond", 5 * BLOCKS)]


def test_a_cache_that_skips_nothing_is_refused_or_reported():
    def run(cache, *, is_whole=True):
        pipeline = random_pipeline()
        running = enable_step_cache(pipeline, cache, steps=STEPS)
        running.start_clip()
        sample(pipeline)
        return running.finish_clip(is_whole=is_whole)

    with pytest.raises(CacheHadNoEffectError, match=r"cache_had_no_effect.*all 96 blocks"):
        run(StepCache(method="first_block", threshold=0.0))
    assert run(StepCache(method="first_block", threshold=0.0), is_whole=False).skipped_share == 0
    reported = run(StepCache(method="first_block", threshold=0.0, may_be_idle=True))
    assert reported.skipped_share == 0.0


def test_the_default_of_taylorseer_skips_nothing_on_wan_and_is_refused():
    pipeline = random_pipeline()
    counter = BlockCounter([pipeline.transformer])
    pipeline.transformer.enable_cache(TaylorSeerCacheConfig())
    sample(pipeline)
    assert counter.effect("taylor").skipped_share == 0.0  # diffusers stays silent
    with pytest.raises(ValueError, match="match no module of WanTransformer3DModel"):
        enable_step_cache(
            random_pipeline(),
            StepCache(method="taylor", taylor_modules=("^blocks.*attn",)),
            steps=STEPS,
        )


def test_pyramid_attention_broadcast_gives_one_branch_the_attention_of_the_other():
    pipeline = random_pipeline()
    parts = [f"blocks.{n}.attn1" for n in range(BLOCKS)]
    counter = BlockCounter([pipeline.transformer], parts)
    pipeline.transformer.enable_cache(
        PyramidAttentionBroadcastConfig(
            spatial_attention_block_skip_range=2,
            spatial_attention_timestep_skip_range=(-1, 1001),
            spatial_attention_block_identifiers=("blocks",),
            current_timestep_callback=lambda: pipeline.current_timestep,
        )
    )
    sample(pipeline)
    cond, uncond = counter.effect("pyramid_attention_broadcast").branches
    assert (cond.blocks_computed, uncond.blocks_computed) == (STEPS * BLOCKS, 0)
    with pytest.raises(ValueError, match="attention of the conditional one"):
        check_method("pyramid_attention_broadcast")


def test_a_branch_that_computed_nothing_is_an_error():
    branches = (BranchEffect("cond", 12, 48, 48), BranchEffect("uncond", 12, 0, 48))
    effect = CacheEffect(method="first_block", branches=branches)
    with pytest.raises(RuntimeError, match="'uncond' made 12 passes and computed no block"):
        check_effect(effect, CACHES["first_block"])


def test_faster_cache_fails_on_wan_under_guidance():
    pipeline = random_pipeline()
    pipeline.transformer.enable_cache(
        FasterCacheConfig(
            spatial_attention_block_skip_range=2,
            spatial_attention_timestep_skip_range=(-1, 681),
            current_timestep_callback=lambda: pipeline.current_timestep,
            attention_weight_callback=lambda _: 0.3,
            unconditional_batch_skip_range=5,
            unconditional_batch_timestep_skip_range=(-1, 781),
            tensor_format="BCFHW",
        )
    )
    with pytest.raises(IndexError):
        sample(pipeline)
    with pytest.raises(ValueError, match="both branches of guidance in one batch"):
        check_method("faster_cache")


def test_residual_caches_add_the_hints_of_vace_twice():
    transformer = random_transformer("vace")
    inputs = {
        "hidden_states": torch.ones(1, 16, 2, 4, 4),
        "timestep": torch.tensor([500.0]),
        "encoder_hidden_states": text("prompt"),
        "control_hidden_states": torch.ones(1, 96, 2, 4, 4),
    }
    pipeline = random_pipeline("vace", transformer=transformer)

    def repeat_one_step(cache):
        # The same step twice: whatever a right cache reuses, the second output equals the first.
        running = RunningCache(pipeline, cache, steps=STEPS)
        with torch.no_grad(), transformer.cache_context("cond"):
            computed, reused = (transformer(**inputs, return_dict=False)[0] for _ in range(2))
        assert running.finish_clip().skipped_share > 0
        running.disable()
        return computed, reused

    for cache in (
        CACHES["first_block"],
        StepCache(method="mag", threshold=9.0, first_full_share=0.0, mag_ratios=(1.0,)),
    ):
        computed, reused = repeat_one_step(cache)
        assert (computed - reused).abs().max() > 1e-3
        with pytest.raises(ValueError, match="not right for a WanVACEPipeline; it can use taylor"):
            enable_step_cache(pipeline, cache, steps=STEPS)
    computed, reused = repeat_one_step(StepCache(method="taylor", first_full_steps=1))
    torch.testing.assert_close(reused, computed)


def test_taylorseer_skips_on_vace():
    pipeline = random_pipeline("vace")
    running = enable_step_cache(pipeline, CACHES["taylor"], steps=STEPS)
    video = torch.rand(1, FRAMES, 3, SIZE_PX, SIZE_PX)
    running.start_clip()
    sample(pipeline, video=video)
    effect = running.finish_clip()
    n_blocks = BLOCKS + 2  # with the two that make hints
    assert [b.blocks_computed for b in effect.branches] == [5 * n_blocks, 5 * n_blocks]


def test_caches_are_refused_where_the_pipeline_cannot_drive_them():
    mag = CACHES["mag"]
    with pytest.raises(ValueError, match="WanVideoToVideoPipeline; it can use none"):
        enable_step_cache(random_pipeline("v2v"), mag, steps=STEPS)
    with pytest.raises(ValueError, match="sea: not right for a WanImageToVideoPipeline"):
        enable_step_cache(random_pipeline("i2v"), CACHES["sea"], steps=STEPS)
    two = random_pipeline(transformer_2=random_transformer(), boundary_ratio=0.9)
    with pytest.raises(ValueError, match="with two transformers; it can use first_block, sea, tay"):
        enable_step_cache(two, mag, steps=STEPS)


def test_a_second_cache_is_refused():
    pipeline = random_pipeline()
    enable_step_cache(pipeline, CACHES["mag"], steps=STEPS)
    with pytest.raises(ValueError, match="runs a cache already"):
        enable_step_cache(pipeline, CACHES["sea"], steps=STEPS)


def test_two_experts_are_counted_together():
    pipeline = random_pipeline(transformer_2=random_transformer(), boundary_ratio=0.9)
    running = enable_step_cache(pipeline, CACHES["taylor"], steps=STEPS)
    sample(pipeline)
    effect = running.finish_clip()
    assert [b.blocks_possible for b in effect.branches] == [STEPS * BLOCKS] * 2
    assert 0 < effect.skipped_share < 1


def test_measured_mag_ratios_are_those_of_diffusers_own_calibration(capsys):
    from diffusers.hooks import MagCacheConfig

    pipeline = random_pipeline()
    ratios = measure_mag_ratios(pipeline, lambda: sample(pipeline))
    assert len(ratios) == STEPS
    assert ratios[0] == 1.0
    pipeline.transformer.enable_cache(MagCacheConfig(calibrate=True, num_inference_steps=STEPS))
    sample(pipeline)
    lists = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
    branches = [np.array([float(x) for x in line.strip("[]").split(",")]) for line in lists[1::2]]
    assert len(branches) == 2
    np.testing.assert_allclose(ratios, np.mean(branches, axis=0), rtol=1e-6)
    pipeline.transformer.disable_cache()
    running = enable_step_cache(pipeline, StepCache(method="mag", mag_ratios=ratios), steps=STEPS)
    sample(pipeline)
    assert running.finish_clip().skipped_share > 0
