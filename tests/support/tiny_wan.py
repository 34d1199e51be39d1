"""Wan pipelines with random weights and two-layer transformers, for tests of the machinery."""

from pathlib import Path

from diffusers import (
    UniPCMultistepScheduler,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)

from synth.wan.assemble import save_half
from synth.wan.models import VACE_CHANNELS, make_vae
from synth.wan.text_codes import make_text_encoder, make_tokenizer
from synth.wan.training import torch_seeded

_TRANSFORMER = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 16,
    "out_channels": 16,
    "text_dim": 128,
    "freq_dim": 16,
    "ffn_dim": 32,
    "num_layers": 2,
    "rope_max_seq_len": 32,
}


def save_random_pipeline(folder: Path, *, vace: bool) -> None:
    with torch_seeded(0, "tiny wan"):
        transformer = (
            WanVACETransformer3DModel(
                **_TRANSFORMER, vace_layers=[0, 1], vace_in_channels=VACE_CHANNELS
            )
            if vace
            else WanTransformer3DModel(**_TRANSFORMER)
        )
        vae = make_vae()
    pipeline = (WanVACEPipeline if vace else WanPipeline)(
        tokenizer=make_tokenizer(),
        text_encoder=make_text_encoder(),
        vae=vae,
        transformer=transformer,
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0
        ),
    )
    save_half(pipeline, folder)
