"""Train the tiny SigLIP: ``python -m fusion_model.pretrain.siglip --out checkpoints/tiny/siglip``.

Frames of rendered rooms and captions of what they show, matched with SigLIP's sigmoid loss. The
captions name colours and kinds of things and say nothing about places or distances.
"""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
import tyro
from torch import Tensor
from transformers import PreTrainedTokenizerBase, SiglipConfig, SiglipModel

from fusion_model.chat import PAD
from fusion_model.device import DeviceName, pick_device, torch_threads
from fusion_model.frames import to_model_range
from fusion_model.pretrain.card import write_card
from fusion_model.pretrain.material import CaptionedFrame, captioned_frames
from fusion_model.pretrain.tokenizer import train_tokenizer
from fusion_model.training_loop import CURVE_FILE, LoopConfig, run_steps
from synth.seeding import rng_for
from synth.wan.training import torch_seeded

_TEXT_LENGTH: Final = 40
_MOST_NAMED: Final = 6  # things a caption names, walls and floor among them
_HELD_OUT: Final = 9  # of ten frames' rooms, one is kept for the card's accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig:
    """Recipe of the tiny image-text model.

    Attributes:
        n_rooms: Rooms to film, nine frames each.
        batch: Pairs per step; every other pair of the batch is a wrong one.
        image_px: Side of the pictures.
        patch_px: Side of a patch.
        hidden: Width of both towers.
        layers: Depth of the vision tower; the text tower has half.
        loop: Steps and optimiser.
        seed: Of everything.
    """

    n_rooms: int = 450
    batch: int = 64
    image_px: int = 64
    patch_px: int = 8
    hidden: int = 96
    layers: int = 4
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            steps=800, learning_rate=1.5e-3, warm_up=60, checkpoint_every=100
        )
    )
    seed: int = 0


def make_siglip(tokenizer: PreTrainedTokenizerBase, config: PretrainConfig) -> SiglipModel:
    """Build the untrained model, its weights drawn from the seed."""
    tower = {
        "hidden_size": config.hidden,
        "intermediate_size": 4 * config.hidden,
        "num_attention_heads": 4,
    }
    pad = tokenizer.convert_tokens_to_ids(PAD)
    text = {
        **tower,
        "num_hidden_layers": max(1, config.layers // 2),
        "vocab_size": len(tokenizer),
        "max_position_embeddings": _TEXT_LENGTH,
        "pad_token_id": pad,
        "bos_token_id": pad,
        "eos_token_id": pad,
    }
    vision = {
        **tower,
        "num_hidden_layers": config.layers,
        "image_size": config.image_px,
        "patch_size": config.patch_px,
    }
    with torch_seeded(config.seed, "siglip weights"):
        model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
        # The paper's start: temperature 10 and bias -10, so that the many wrong pairs of a batch
        # do not drown the right ones in the first steps.
        with torch.no_grad():
            model.logit_scale.fill_(float(np.log(10.0)))
            model.logit_bias.fill_(-10.0)
    return model


def caption(frame: CaptionedFrame, rng: np.random.Generator) -> str:
    """Name some of what the frame shows, in random order."""
    n_named = min(len(frame.phrases), _MOST_NAMED)
    order = rng.permutation(len(frame.phrases))[:n_named]
    return "a room with " + ", ".join(frame.phrases[int(i)] for i in order)


def pretrain_siglip(
    frames: Sequence[CaptionedFrame],
    *,
    out: Path,
    config: PretrainConfig,
    work: Path,
    device: DeviceName = "auto",
) -> Path:
    """Train and save under ``out``; ``work`` keeps the resumable state."""
    n_train = max(1, len(frames) * _HELD_OUT // 10)  # frames of a room stand together
    training, held_out = frames[:n_train], frames[n_train:]
    rng = rng_for(config.seed, "tokenizer")
    tokenizer = train_tokenizer([caption(frame, rng) for frame in training])
    model = make_siglip(tokenizer, config).to(pick_device(device)).train()
    run_steps(
        model,
        lambda step: _loss(
            model, tokenizer, _draw(training, config.batch, rng_for(config.seed, str(step)))
        ),
        config.loop,
        out=work,
        fingerprint=repr(config),
    )
    accuracy = matching_accuracy(model, tokenizer, held_out, config) if held_out else float("nan")
    out.mkdir(parents=True, exist_ok=True)
    model.to("cpu").half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    shutil.copyfile(work / CURVE_FILE, out / CURVE_FILE)
    write_card(
        out,
        title="Tiny SigLIP of rendered rooms",
        recipe=__doc__.split("\n\n", 1)[1].strip(),
        command=(
            f"python -m fusion_model.pretrain.siglip --out {out.name} "
            f"--steps {config.loop.steps} --seed {config.seed}"
        ),
        facts={
            "settings": str(asdict(config)),
            "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
            f"held-out pictures matched to the right one of {config.batch} captions": (
                f"{accuracy:.3f} (chance {1 / config.batch:.3f})"
            ),
        },
        curve=work / CURVE_FILE,
    )
    return out


def _draw(
    frames: Sequence[CaptionedFrame], count: int, rng: np.random.Generator
) -> tuple[Tensor, list[str]]:
    """Return pictures and captions of ``count`` random frames."""
    chosen = [frames[int(i)] for i in rng.integers(len(frames), size=count)]
    images = to_model_range(np.stack([frame.rgb for frame in chosen])[:, None])[:, 0]
    return images, [caption(frame, rng) for frame in chosen]


def _logits(
    model: SiglipModel, tokenizer: PreTrainedTokenizerBase, drawn: tuple[Tensor, list[str]]
) -> Tensor:
    images, captions = drawn
    tokens = tokenizer(
        captions,
        padding="max_length",
        max_length=_TEXT_LENGTH,
        truncation=True,
        return_tensors="pt",
    )
    # SigLIP's text tower reads its last position and attends to padding: no mask, as in the paper.
    logits: Tensor = model(
        input_ids=tokens.input_ids.to(model.device), pixel_values=images.to(model.device)
    ).logits_per_image
    return logits


def _loss(
    model: SiglipModel, tokenizer: PreTrainedTokenizerBase, drawn: tuple[Tensor, list[str]]
) -> Tensor:
    """Sigmoid loss over all pairs of the batch (Zhai et al. 2023, algorithm 1)."""
    logits = _logits(model, tokenizer, drawn)
    right = 2 * torch.eye(len(logits), device=logits.device) - 1
    return -torch.nn.functional.logsigmoid(right * logits).sum() / len(logits)


@torch.no_grad()
def matching_accuracy(
    model: SiglipModel,
    tokenizer: PreTrainedTokenizerBase,
    frames: Sequence[CaptionedFrame],
    config: PretrainConfig,
) -> float:
    """Return how often a picture's own caption scores highest among a batch of captions."""
    model.eval()
    right = []
    for number in range(8):
        rng = rng_for(config.seed, "held out", str(number))
        logits = _logits(model, tokenizer, _draw(frames, config.batch, rng))
        right.append(logits.argmax(1).cpu() == torch.arange(len(logits)))
    return float(torch.cat(right).float().mean())


def main(
    out: Path,
    *,
    steps: int = 800,
    seed: int = 0,
    n_rooms: int = 450,
    work: Path | None = None,
    device: DeviceName = "cpu",
) -> None:
    """Film rooms and train; run again after a stop, it continues.

    Args:
        out: Checkpoint folder.
        steps: Optimiser steps.
        seed: Of rooms, weights and batches.
        n_rooms: Rooms to film.
        work: Folder of the resumable state; ``<out>.training`` unless given.
        device: Where to compute.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    loop = replace(PretrainConfig().loop, steps=steps)
    config = PretrainConfig(n_rooms=n_rooms, loop=loop, seed=seed)
    with torch_threads(loop.n_threads):
        frames = captioned_frames(n_rooms, seed)
        state = work or out.with_name(out.name + ".training")
        pretrain_siglip(frames, out=out, config=config, work=state, device=device)


if __name__ == "__main__":
    tyro.cli(main)
