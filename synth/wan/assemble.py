"""Build pipeline folders from trained parts: ``python -m synth.wan.assemble --vae DIR ...``.

Weights are stored as float16 (load them as float32) and measured as stored: the card's PSNR is
that of the reloaded VAE through diffusers' own ``encode`` and ``decode``.
"""

import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)

from synth.prompts import move_sentence
from synth.storage import write_atomically
from synth.wan.card import CardFacts, model_card
from synth.wan.clips import WAN_MOVES, Clips, frames_to_video, read_clips
from synth.wan.text_codes import make_text_encoder, make_tokenizer, sentence_cosines, token_cosines
from synth.wan.training import read_curve, read_options

FLOW_SHIFT = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Options.

    Attributes:
        vae: Folder of the training of the VAE (with ``vae/`` and ``curve.csv``).
        transformer: Folder of the training of a transformer; its class decides the pipeline.
        data: Folder of the training clips; held-out ones are measured.
        out: Pipeline folder to write.
        following: JSON printed by ``benchmarks/camera_following.py``, for the card.
        seed: Of the trainings, for the card; read only where they left no ``options.json``.
    """

    vae: Path
    transformer: Path
    data: Path
    out: Path
    following: Path | None = None
    seed: int = 0


def assemble(options: Assembly) -> WanPipeline | WanVACEPipeline:
    """Write the pipeline folder with its model card."""
    pipeline = build_pipeline(options.vae / "vae", options.transformer / "transformer")
    save_half(pipeline, options.out)
    vae = AutoencoderKLWan.from_pretrained(options.out / "vae", dtype=torch.float32)
    psnr = reconstruction_psnr(vae, read_clips(options.data, "heldout"))
    sentences = [move_sentence(move) for move in WAN_MOVES]
    text = make_text_encoder(), make_tokenizer()
    following = json.loads(options.following.read_text()) if options.following else None
    facts = CardFacts(
        pipeline=type(pipeline).__name__,
        psnr_db=float(psnr.mean()),
        psnr_worst_db=float(psnr.min()),
        n_heldout=len(psnr),
        vae_options=known_options(options.vae, options.seed),
        options=known_options(options.transformer, options.seed),
        vae_curve=read_curve(options.vae / "curve.csv"),
        curve=read_curve(options.transformer / "curve.csv"),
        gauge=read_curve(options.transformer / "gauge.csv"),
        pooled_cosines=sentence_cosines(*text, sentences).numpy(),
        token_cosines=token_cosines(*text, sentences).numpy(),
        following=following,
    )
    write_atomically(options.out / "README.md", model_card(facts).encode())
    sys.stderr.write(f"{options.out}: {facts.psnr_db:.2f} dB on {facts.n_heldout} clips\n")
    return pipeline


def known_options(training: Path, seed: int) -> dict[str, Any]:
    """Return the options a training left, or what its curve proves (steps) and ``seed``."""
    stored = read_options(training)
    if stored is not None:
        return stored
    curve = read_curve(training / "curve.csv")
    return {**({"steps": int(curve[-1]["step"])} if curve else {}), "seed": seed}


def build_pipeline(vae: Path, transformer: Path) -> WanPipeline | WanVACEPipeline:
    """Put trained parts, the frozen text encoder and the scheduler together."""
    kind = json.loads((transformer / "config.json").read_text())["_class_name"]
    is_vace = kind == WanVACETransformer3DModel.__name__
    model = WanVACETransformer3DModel if is_vace else WanTransformer3DModel
    pipeline = WanVACEPipeline if is_vace else WanPipeline
    return pipeline(
        tokenizer=make_tokenizer(),
        text_encoder=make_text_encoder(),
        vae=AutoencoderKLWan.from_pretrained(vae),
        transformer=model.from_pretrained(transformer),
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=FLOW_SHIFT
        ),
    )


def save_half(pipeline: WanPipeline | WanVACEPipeline, out: Path) -> None:
    """Save a pipeline with all weights as float16."""
    with warnings.catch_warnings():
        # Norms should run as float32; they do, because the folder is loaded as float32.
        warnings.simplefilter("ignore")
        for part in (pipeline.transformer, pipeline.vae, pipeline.text_encoder):
            part.half()
        pipeline.save_pretrained(out)
        for part in (pipeline.transformer, pipeline.vae, pipeline.text_encoder):
            part.float()
    for name in ("vae", "transformer"):  # where they were loaded from is no part of a model
        config = json.loads((out / name / "config.json").read_text())
        config.pop("_name_or_path", None)
        text = json.dumps(config, indent=2, sort_keys=True) + "\n"
        write_atomically(out / name / "config.json", text.encode())


@torch.no_grad()
def reconstruction_psnr(vae: AutoencoderKLWan, clips: Clips) -> np.ndarray:
    """Return the PSNR (dB) of each clip through ``vae.encode`` (mode) and ``vae.decode``."""
    found = []
    for start in range(0, len(clips), 8):
        video = frames_to_video(clips.frames[start : start + 8])
        decoded = vae.decode(vae.encode(video).latent_dist.mode()).sample
        error = (decoded - video).pow(2).mean((1, 2, 3, 4))
        found.append((10.0 * torch.log10(4.0 / error)).numpy())
    return np.concatenate(found)


if __name__ == "__main__":
    assemble(tyro.cli(Assembly))
