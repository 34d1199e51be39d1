"""Plain loops over diffusers' pipelines, to hold the engine against."""

import numpy as np
from diffusers.video_processor import VideoProcessor

from synth.wan.conditions import negative_prompt
from synth.wan.training import torch_generator


def plain(pipeline, recipe, requests, **arguments):
    """Call a diffusers pipeline with texts, as its documentation does."""
    factor = pipeline.vae.config.scale_factor_spatial
    pipeline.vae_scale_factor_spatial = factor  # diffusers 0.42 miscounts it for VACE and V2V
    pipeline.video_processor = VideoProcessor(vae_scale_factor=factor)
    pipeline.set_progress_bar_config(disable=True)
    noise = [torch_generator(r.seed, r.sequence_id, "noise") for r in requests]
    prompts = [r.prompt for r in requests]
    negatives = [negative_prompt(r, recipe) for r in requests]
    is_single = len(requests) == 1
    frames = pipeline(
        prompt=prompts[0] if is_single else prompts,
        negative_prompt=negatives[0] if is_single else negatives,
        generator=noise[0] if is_single else noise,
        height=16,
        width=16,
        num_inference_steps=recipe.steps,
        guidance_scale=recipe.guidance,
        max_sequence_length=recipe.max_sequence_length,
        **arguments,
    ).frames
    return [np.round(clip * 255).astype(np.uint8) for clip in frames]


def assert_same_frames(results, clips):
    for result, clip in zip(results, clips, strict=True):
        np.testing.assert_array_equal(result.frames, clip)
