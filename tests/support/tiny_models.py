"""Models of a few thousand random weights, of the real classes and in the real folder layouts."""

from pathlib import Path

import numpy as np
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanPipeline,
    WanTransformer3DModel,
)
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.processors import TemplateProcessing
from transformers import (
    PreTrainedTokenizerFast,
    SiglipVisionConfig,
    SiglipVisionModel,
    UMT5Config,
    UMT5EncoderModel,
)

from fusion_model.features import VisualFeatures
from fusion_model.pretrain.qwen2 import PretrainConfig, make_language_model
from fusion_model.pretrain.tokenizer import train_tokenizer
from fusion_model.prior import PriorGrid
from qa_gen.prompting import render
from qa_gen.record import Choice, Quantity, QuestionKind, SpatialQA
from synth.seeding import rng_for
from synth.wan.training import torch_seeded

N_SEQUENCES = 12
GRID = PriorGrid(3, 2, 2)


def save_wan_pipeline(folder: Path) -> Path:
    """Save a WanPipeline with three blocks of 24 channels that takes 32x32 frames."""
    raw = Tokenizer(WordLevel({"<pad>": 0, "</s>": 1, "<unk>": 2}, unk_token="<unk>"))
    raw.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    with torch_seeded(0, "tiny pipeline"):
        pipe = WanPipeline(
            tokenizer=tokenizer,
            text_encoder=UMT5EncoderModel(
                UMT5Config(vocab_size=8, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
            ),
            transformer=WanTransformer3DModel(
                num_attention_heads=2,
                attention_head_dim=12,
                in_channels=4,
                out_channels=4,
                text_dim=16,
                freq_dim=16,
                ffn_dim=32,
                num_layers=3,
                rope_max_seq_len=32,
            ),
            vae=AutoencoderKLWan(
                base_dim=4,
                z_dim=4,
                dim_mult=[1, 1, 1, 1],
                num_res_blocks=1,
                latents_mean=[0.1] * 4,
                latents_std=[0.5] * 4,
            ),
            scheduler=UniPCMultistepScheduler(
                prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
            ),
        )
    pipe.save_pretrained(folder)
    return folder


def make_vision_tower() -> SiglipVisionModel:
    """Build a SigLIP vision tower for 32x32 pictures in patches of 8."""
    with torch_seeded(0, "tiny siglip"):
        return SiglipVisionModel(
            SiglipVisionConfig(
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=3,
                num_attention_heads=2,
                image_size=32,
                patch_size=8,
            )
        )


def make_qa(number: int, *, sequence: int | None = None) -> SpatialQA:
    """Make a camera question (even numbers) or a distance question about a sequence."""
    sequence = number % N_SEQUENCES if sequence is None else sequence
    is_choice = number % 2 == 0
    options = ("pan to the left", "pan to the right")
    return SpatialQA(
        qa_id=f"room-{sequence}/path-0/{number}",
        sequence_id=f"room-{sequence}/path-0",
        scene_id=f"room-{sequence}",
        kind=QuestionKind.CAMERA_MOTION if is_choice else QuestionKind.OBJECT_ABS_DISTANCE,
        question="How did the camera move?" if is_choice else "How far are bed and box?",
        answer=Choice(options, sequence % 2)
        if is_choice
        else Quantity((1.2, 2.6)[sequence % 2], "m", 1),
        definition="test",
        value=None,
        margin=1.0,
        margin_unit="m",
        sigma=None,
        evidence_frames=(),
        objects=(),
        geometry_source="oracle",
    )


def make_features() -> VisualFeatures:
    """Make random features in which the generative ones know each sequence's answers."""
    rng = rng_for(0, "features")
    generative = rng.normal(size=(N_SEQUENCES, GRID.n_tokens, 6))
    generative[:, :, 0] += 4.0 * (np.arange(N_SEQUENCES) % 2)[:, None]
    return VisualFeatures(
        sequence_ids=tuple(f"room-{i}/path-0" for i in range(N_SEQUENCES)),
        grid=GRID,
        semantic=rng.normal(size=(N_SEQUENCES, GRID.n_tokens, 5)).astype(np.float32),
        generative=generative.astype(np.float32),
    )


def save_language_model(folder: Path) -> Path:
    """Save a Qwen2 of two layers with its tokenizer."""
    tokenizer = train_tokenizer([render(make_qa(i)) for i in range(2 * N_SEQUENCES)] * 2)
    config = PretrainConfig(hidden=32, layers=2)
    make_language_model(tokenizer, config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
