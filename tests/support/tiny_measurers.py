"""Tiny random checkpoints of measuring models, as ``save_pretrained`` leaves them. No Hub."""

import json

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    DepthAnythingConfig,
    DepthAnythingForDepthEstimation,
    Dinov2Config,
    DPTImageProcessorPil,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    GroundingDinoImageProcessorPil,
    PreTrainedTokenizerFast,
    Sam2Config,
    Sam2Model,
    SwinConfig,
)

DOT = 1012  # the ids that Grounding DINO's text masks are made from are those of BERT
WORDS = ("a", "an", "chair", "table", "coffee", "lamp")


def save_depth_anything(folder, *, kind="metric", max_depth=20, side=56, pad=False):
    """A metric head over a two-layer Dinov2; returns the folder."""
    config = DepthAnythingConfig(
        backbone_config=Dinov2Config(
            image_size=side,
            patch_size=14,
            hidden_size=16,
            num_hidden_layers=4,
            num_attention_heads=2,
            out_indices=[1, 2, 3, 4],
            reshape_hidden_states=False,
            apply_layernorm=True,
        ),
        patch_size=14,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=4,
        depth_estimation_type=kind,
        max_depth=max_depth,
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(0)
        model = DepthAnythingForDepthEstimation(config)
        for weights in (*model.neck.parameters(), *model.head.parameters()):
            if weights.dim() > 1:  # as it is initialised, a random head says the same everywhere
                torch.nn.init.normal_(weights, std=0.4)
        model.save_pretrained(folder)
    DPTImageProcessorPil(
        size={"height": side, "width": side},
        do_resize=not pad,
        do_pad=pad,
        size_divisor=14 if pad else None,
        ensure_multiple_of=14,
        keep_aspect_ratio=True,
    ).save_pretrained(folder)
    return folder


def save_grounding_dino(folder):
    """Grounding DINO with a word-level tokenizer whose special ids are BERT's."""
    text = BertConfig(
        vocab_size=1100,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    backbone = SwinConfig(
        image_size=64,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 2, 2, 2],
        window_size=2,
        out_features=["stage2", "stage3", "stage4"],
    )
    config = GroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        d_model=32,  # its group norms have 32 groups
        encoder_layers=1,
        decoder_layers=2,  # with one, weight tying finds nothing to tie
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        num_queries=12,
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(1)
        GroundingDinoForObjectDetection(config).save_pretrained(folder)
    GroundingDinoImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96}).save_pretrained(
        folder
    )
    _tokenizer().save_pretrained(folder)
    return folder


def save_sam2(folder):
    """SAM 2 at 64 x 64."""
    hiera = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": 8,
        "image_size": [64, 64],
        "blocks_per_stage": [1, 1, 1, 1],
        "embed_dim_per_stage": [8, 16, 32, 64],
        "num_attention_heads_per_stage": [1, 1, 2, 2],
        "window_size_per_stage": [4, 2, 2, 2],
        "global_attention_blocks": [],
        "window_positional_embedding_background_size": [2, 2],
    }
    config = Sam2Config(
        vision_config={
            "backbone_config": hiera,
            "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
            "fpn_hidden_size": 16,
        },
        prompt_encoder_config={"hidden_size": 16, "image_size": 64, "mask_input_channels": 4},
        mask_decoder_config={
            "hidden_size": 16,
            "mlp_dim": 16,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": 16,
        },
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(2)
        Sam2Model(config).save_pretrained(folder)
    return folder


def _tokenizer():
    vocabulary = {f"[unused{i}]": i for i in range(1100)}
    for name, number in (("[PAD]", 0), ("[UNK]", 100), ("[CLS]", 101), ("[SEP]", 102), (".", DOT)):
        del vocabulary[f"[unused{number}]"]
        vocabulary[name] = number
    for number, word in enumerate(WORDS, start=200):
        del vocabulary[f"[unused{number}]"]
        vocabulary[word] = number
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.Lowercase()
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 101), ("[SEP]", 102)]
    )
    raw.decoder = decoders.WordPiece()
    return PreTrainedTokenizerFast(
        tokenizer_object=raw,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
    )


def settings(folder):
    """The preprocessor's settings as saved."""
    return json.loads((folder / "preprocessor_config.json").read_text())
