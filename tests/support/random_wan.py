"""Wan pipelines with random weights in memory, without text encoders; they run in milliseconds."""

import torch
from diffusers import (
    AutoencoderKLWan,
    DiffusionPipeline,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
    WanVideoToVideoPipeline,
)
from torch import Tensor

from synth.wan.models import VACE_CHANNELS
from synth.wan.training import torch_generator, torch_seeded

BLOCKS = 4
TEXT_DIM = 32
SIZE_PX = 32
FRAMES = 5
_TRANSFORMER = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "out_channels": 16,
    "text_dim": TEXT_DIM,
    "freq_dim": 16,
    "ffn_dim": 32,
    "num_layers": BLOCKS,
    "rope_max_seq_len": 32,
}
PIPELINES = {
    "t2v": WanPipeline,
    "i2v": WanImageToVideoPipeline,
    "v2v": WanVideoToVideoPipeline,
    "vace": WanVACEPipeline,
}

# How diffusers' names are spelled in native Wan checkpoints, longest first.
NATIVE = (
    ("condition_embedder.time_embedder.linear_1", "time_embedding.0"),
    ("condition_embedder.time_embedder.linear_2", "time_embedding.2"),
    ("condition_embedder.text_embedder.linear_1", "text_embedding.0"),
    ("condition_embedder.text_embedder.linear_2", "text_embedding.2"),
    ("condition_embedder.time_proj", "time_projection.1"),
    (".attn1.", ".self_attn."),
    (".attn2.", ".cross_attn."),
    (".to_out.0.", ".o."),
    (".to_q.", ".q."),
    (".to_k.", ".k."),
    (".to_v.", ".v."),
    (".ffn.net.0.proj.", ".ffn.0."),
    (".ffn.net.2.", ".ffn.2."),
    (".norm2.", ".norm3."),
    ("proj_out.", "head.head."),
)


def random_transformer(task: str = "t2v"):
    with torch_seeded(0, "random wan"):
        if task == "vace":
            return WanVACETransformer3DModel(
                **_TRANSFORMER, in_channels=16, vace_layers=[0, 2], vace_in_channels=VACE_CHANNELS
            )
        return WanTransformer3DModel(**_TRANSFORMER, in_channels=36 if task == "i2v" else 16)


def random_pipeline(task: str = "t2v", **parts) -> DiffusionPipeline:
    """Build a pipeline; ``parts`` replace or add components and options."""
    with torch_seeded(0, "random vae"):
        vae = AutoencoderKLWan(base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1)
    made = {
        "tokenizer": None,
        "text_encoder": None,
        "vae": vae,
        "transformer": random_transformer(task),
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    }
    if task == "i2v":
        made |= {"image_encoder": None, "image_processor": None}
    pipeline = PIPELINES[task](**(made | parts))
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def text(name: str) -> Tensor:
    return torch.randn(1, 16, TEXT_DIM, generator=torch_generator(0, name))


def sample(pipeline, *, steps: int = 12, guidance: float = 5.0, seed: int = 0, **options) -> Tensor:
    """Make one clip's latents of shape (1, 16, 2, 4, 4) under guidance."""
    given = {
        "prompt_embeds": text("prompt"),
        "negative_prompt_embeds": text("negative") if guidance > 1 else None,
        "height": SIZE_PX,
        "width": SIZE_PX,
        "num_frames": FRAMES,
        "num_inference_steps": steps,
        "guidance_scale": guidance,
        "generator": torch_generator(seed, "noise"),
        "output_type": "latent",
    }
    return pipeline(**(given | options)).frames


def native_name(name: str) -> str:
    """Spell a weight of diffusers' Wan transformer as native checkpoints do."""
    for ours, theirs in NATIVE:
        name = name.replace(ours, theirs)
    if name == "scale_shift_table":
        return "head.modulation"
    return name.replace("scale_shift_table", "modulation")
