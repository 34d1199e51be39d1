"""Parity with the official VEGA-3D procedure, on tensors computed from it (numbers only)."""

import json
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from safetensors.torch import load_file

from fusion_model.frames import cover_crop
from fusion_model.gated_fusion import AdaptiveGatedFusion
from fusion_model.noise_level import official_noise_level
from fusion_model.prior import (
    PriorGrid,
    TextContext,
    encode_latents,
    extract_generative_prior,
    hidden_after_block,
    pool_tokens,
)

GOLDEN = Path(__file__).parents[3] / "shared" / "data" / "golden_vega3d"
pytestmark = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the golden tensors of VEGA-3D are not beside this repository"
)


def settings():
    return json.loads((GOLDEN / "config.json").read_text())


def transformer():
    model = WanTransformer3DModel(**settings()["transformer"]).eval()
    model.load_state_dict(load_file(GOLDEN / "transformer.safetensors"))
    return model


def vae():
    model = AutoencoderKLWan(**settings()["vae"]).eval()
    loaded = model.load_state_dict(load_file(GOLDEN / "vae_encoder.safetensors"), strict=False)
    assert all(key.startswith(("decoder", "post_quant")) for key in loaded.missing_keys)
    assert not loaded.unexpected_keys
    return model


@torch.no_grad()
def test_hidden_states_after_every_block_are_the_official_ones():
    tensors, model = load_file(GOLDEN / "extractor.safetensors"), transformer()
    text = TextContext(tensors["text_context"], 512)
    for block in range(settings()["transformer"]["num_layers"]):
        got = hidden_after_block(model, tensors["dit_input"], text=text, timestep=299, block=block)
        torch.testing.assert_close(got, tensors[f"hidden_{block}"], atol=1e-4, rtol=0)


@torch.no_grad()
def test_clip_latents_are_the_official_ones():
    tensors = load_file(GOLDEN / "extractor.safetensors")
    got = encode_latents(vae(), tensors["clip"].transpose(1, 2))
    torch.testing.assert_close(got, tensors["clip_latents"], atol=1e-5, rtol=0)


def test_extracted_features_are_the_official_ones():
    tensors, official = load_file(GOLDEN / "extractor.safetensors"), settings()["extractor"]
    frames = cover_crop(
        tensors["frames"][:, None], height=official["height"], width=official["width"]
    )
    level = official_noise_level(official["timestep_requested"])
    tokens = extract_generative_prior(
        frames,
        vae=vae(),
        transformer=transformer(),
        text_context=TextContext(tensors["text_context"], official["text_tokens_padded_to"]),
        sigma=level.sigma,
        timestep=level.timestep,
        block=official["block"],
        noise=tensors["noise"],
        grouping="per_frame",
    )
    rows, columns = official["pool"]
    pooled = pool_tokens(tokens, PriorGrid(1, 5, 8), rows=rows, columns=columns)
    got = pooled.transpose(1, 2).unflatten(2, (rows, columns))
    torch.testing.assert_close(got, tensors["features"], atol=1e-4, rtol=0)


def test_the_views_of_a_clip_are_separate_videos_when_grouped_per_frame():
    tensors, official = load_file(GOLDEN / "extractor.safetensors"), settings()["extractor"]
    frames = cover_crop(tensors["frames"][:, None], height=80, width=128)
    shared = {
        "vae": vae(),
        "transformer": transformer(),
        "text_context": TextContext(tensors["text_context"], 512),
        "sigma": official["sigma"],
        "timestep": 299,
        "block": 1,
        "grouping": "per_frame",
    }
    alone = extract_generative_prior(frames, noise=tensors["noise"], **shared)
    together = extract_generative_prior(
        frames.transpose(0, 1), noise=tensors["noise"].transpose(0, 2), **shared
    )
    torch.testing.assert_close(together[0], alone.flatten(0, 1), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("formula", "parameters", "out"),
    [
        ("paper_raw", "token_gated", "paper_raw"),
        ("main_ln", "token_gated", "token_gated"),
        ("sr_residual", "token_gated_residual", "token_gated_residual"),
    ],
)
@torch.no_grad()
def test_fused_tokens_are_the_official_ones(formula, parameters, out):
    tensors = load_file(GOLDEN / "fusion.safetensors")
    fusion = AdaptiveGatedFusion(32, formula)
    names = {
        "norm1": "norm_semantic",
        "norm2": "norm_generative",
        "gate_projection.0": "gate_logit",
        "residual_scale": "residual_scale",
    }
    theirs = f"{parameters}.param."
    fusion.load_state_dict(
        {
            name.removeprefix(theirs).replace(old, new): value
            for name, value in tensors.items()
            for old, new in names.items()
            if name.startswith(theirs + old)
        }
    )
    got = fusion(tensors["semantic"], tensors["generative"])
    torch.testing.assert_close(got.tokens_BND, tensors[f"{out}.out"], atol=1e-4, rtol=1e-6)
    if formula == "paper_raw":
        torch.testing.assert_close(got.semantic_share_BN1, tensors["paper_raw.gate"])
