"""Wan pipelines with random weights and two-layer transformers, for tests of the machinery."""

import hashlib
import json
from pathlib import Path

import numpy as np
from diffusers import (
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from safetensors.torch import save_file
from transformers import CLIPImageProcessorPil, CLIPVisionConfig, CLIPVisionModel

from synth.cameras import Intrinsics
from synth.generators import GenerationRequest
from synth.poses import look_at
from synth.trajectories import Move, make_trajectory
from synth.wan.assemble import save_half
from synth.wan.fun_camera import CameraAdapter
from synth.wan.models import VACE_CHANNELS, make_vae
from synth.wan.recipe import CameraModel, ModelSource, WanRecipe
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
_IMAGE_TOKENS = 5  # of a 32-pixel image in patches of 16, and the class token


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
        vae=vae, transformer=transformer, **_common_parts()
    )
    save_half(pipeline, folder)


def save_random_image_pipeline(folder: Path, *, with_last_frame: bool = False) -> None:
    """Save an image-to-video pipeline that also looks at its images with a CLIP encoder."""
    shape = {**_TRANSFORMER, "in_channels": 16 + 4 + 16, "image_dim": 24, "added_kv_proj_dim": 24}
    if with_last_frame:
        shape["pos_embed_seq_len"] = 2 * _IMAGE_TOKENS
    with torch_seeded(0, "tiny wan"):
        transformer, vae = WanTransformer3DModel(**shape), make_vae()
        image_encoder = CLIPVisionModel(
            CLIPVisionConfig(
                hidden_size=24,
                intermediate_size=32,
                num_hidden_layers=3,
                num_attention_heads=2,
                image_size=32,
                patch_size=16,
            )
        )
    pipeline = WanImageToVideoPipeline(
        vae=vae,
        transformer=transformer,
        image_encoder=image_encoder,
        image_processor=CLIPImageProcessorPil(
            size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
        ),
        **_common_parts(),
    )
    pipeline.save_pretrained(folder)


# How diffusers' names are spelled in native Wan checkpoints, longest first.
_NATIVE = (
    ("condition_embedder.time_embedder.linear_1", "time_embedding.0"),
    ("condition_embedder.time_embedder.linear_2", "time_embedding.2"),
    ("condition_embedder.text_embedder.linear_1", "text_embedding.0"),
    ("condition_embedder.text_embedder.linear_2", "text_embedding.2"),
    ("condition_embedder.time_proj", "time_projection.1"),
    ("condition_embedder.image_embedder.norm1", "img_emb.proj.0"),
    ("condition_embedder.image_embedder.ff.net.0.proj", "img_emb.proj.1"),
    ("condition_embedder.image_embedder.ff.net.2", "img_emb.proj.3"),
    ("condition_embedder.image_embedder.norm2", "img_emb.proj.4"),
    *((".attn1.", ".self_attn."), (".attn2.", ".cross_attn."), (".to_out.0.", ".o.")),
    *((".to_q.", ".q."), (".to_k.", ".k."), (".to_v.", ".v.")),
    *((".add_k_proj.", ".k_img."), (".add_v_proj.", ".v_img."), (".norm_added_k.", ".norm_k_img.")),
    *((".ffn.net.0.proj.", ".ffn.0."), (".ffn.net.2.", ".ffn.2."), (".norm2.", ".norm3.")),
    *(("proj_out.", "head.head."), ("scale_shift_table", "modulation")),
)


def save_random_camera_model(path: Path) -> CameraModel:
    """Save a camera model with the sizes of ``save_random_image_pipeline``."""
    shape = {**_TRANSFORMER, "in_channels": 32, "image_dim": 24, "added_kv_proj_dim": 24}
    with torch_seeded(0, "camera model"):
        transformer, adapter = WanTransformer3DModel(**shape), CameraAdapter(24)
    native = {f"control_adapter.{name}": value for name, value in adapter.state_dict().items()}
    for name, value in transformer.state_dict().items():
        new = name.replace("scale_shift_table", "head.modulation") if "." not in name else name
        for ours, theirs in _NATIVE:
            new = new.replace(ours, theirs)
        native[new] = value.clone()
    save_file(native, path)
    return CameraModel(path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def _common_parts() -> dict[str, object]:
    return {
        "tokenizer": make_tokenizer(),
        "text_encoder": make_text_encoder(),
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0
        ),
    }


def tiny_wan_recipe(folder: Path, task: str = "t2v", **changes: object) -> WanRecipe:
    """Return the recipe of two guided steps for a pipeline saved here."""
    settings = {
        "name": "random",
        "task": task,
        "model": ModelSource(id=str(folder)),
        "dtype": "float32",
        "steps": 2,
        "guidance": 3.0,
        "opposes_move": True,
        "max_sequence_length": 32,
        "max_batch": 1 if task in ("i2v", "vace") else 4,
        **({"strength": 0.8} if task == "v2v" else {}),
        **changes,
    }
    return WanRecipe(**settings)


def wan_request(
    number: int = 0,
    move: Move = Move.PAN_LEFT,
    n_frames: int = 5,
    size_px: int = 16,
    **inputs: object,
) -> GenerationRequest:
    """Ask for a small clip of a white room."""
    start = look_at(np.array([0.0, 0, 1.5]), np.array([0.0, 2, 1.4]), np.array([0.0, 0, 1]))
    path = make_trajectory(
        move,
        start,
        amount=0.0 if move is Move.STATIC else 20.0,
        n_frames=n_frames,
        target_distance_m=2.0,
        intrinsics=Intrinsics.from_fov(width=size_px, height=size_px, fov_deg=80.0),
        fps=8.0,
    )
    return GenerationRequest(
        sequence_id=f"wan-{number}/{move}",
        scene_id=f"wan-{number}",
        scene_description="a room with white walls and a wood floor",
        trajectory=path,
        seed=0,
        **inputs,
    )


def random_frames(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*shape, 3), dtype=np.uint8)


def rename_stored_class(folder: Path, name: str) -> None:
    """Let a saved pipeline say that it is of another class."""
    path = folder / "model_index.json"
    index = json.loads(path.read_text())
    path.write_text(json.dumps({**index, "_class_name": name}))
