"""Flow matching on cached latents: batches, loss and the gauge of the move words.

Flow matching: ``x = (1 - sigma) z + sigma noise``, the model predicts ``noise - z`` at
``t = 1000 sigma``. Three means make the few camera words count early:

* every batch holds each clip twice, in two variants with different moves (played backwards, or
  mirrored), under the *same* noise and sigma: the words are then the only cue to the difference;
* sigma is drawn high (shift 8), because the motion is decided above 0.9;
* the loss also compares differences between latent steps. A second quadratic form has the same
  minimiser (the conditional mean) but gives the small, moving part of the target more weight.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from transformers import PreTrainedTokenizerFast, UMT5EncoderModel

from synth.prompts import PARAPHRASES, full_prompt, move_sentence
from synth.seeding import rng_for
from synth.trajectories import Move, reverse
from synth.wan.latents import LatentClips
from synth.wan.text_codes import embed
from synth.wan.training import torch_generator

SIGMA_SHIFT: Final = 8.0
GAUGE_SIGMAS: Final = (0.8, 0.9, 0.95)
_MOTION_WEIGHT: Final = 0.5
_EMPTY_SHARE: Final = 0.12
_MOVE_ONLY_SHARE: Final = 0.5
_SCENE_ONLY_SHARE: Final = 0.04


# A model's velocity, given noisy latents (b z t y x), times in [0, 1000] (b), embedded prompts
# (b n d) and depth latents (like the noisy ones).
Predict = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


class FlowBatch(NamedTuple):
    """Noisy latents with what the model is told and what it must predict."""

    noisy: Float[Tensor, "b z t y x"]
    timestep: Float[Tensor, " b"]
    target: Float[Tensor, "b z t y x"]
    depth: Float[Tensor, "b z t y x"]
    prompts: list[str]


def flow_batch(clips: LatentClips, *, pairs: int, seed: int, name: str, step: int) -> FlowBatch:
    """Draw the batch of one step: ``pairs`` clips in two variants each."""
    rng = rng_for(seed, name, str(step))
    n_variants = clips.color.shape[1]
    rows = rng.integers(len(clips), size=pairs)
    variants = [rng.choice(n_variants, size=2, replace=n_variants < 2) for _ in range(pairs)]
    u = (np.arange(pairs) + rng.random(pairs)) / pairs  # stratified
    sigma = torch.from_numpy(SIGMA_SHIFT * u / (1 + (SIGMA_SHIFT - 1) * u)).float()
    index = np.repeat(rows, 2), np.concatenate(variants)
    clean, depth = clips.color[index].float(), clips.depth[index].float()
    noise = torch.randn(
        (pairs, *clean.shape[1:]), generator=torch_generator(seed, name, "noise", str(step))
    )
    sigma, noise = sigma.repeat_interleave(2), noise.repeat_interleave(2, dim=0)
    at = sigma.view(-1, 1, 1, 1, 1)
    prompts = []
    for row, pair in zip(rows, variants, strict=True):
        kind = rng.random()
        paraphrase = int(rng.integers(6))
        for variant in pair:
            is_empty = bool(rng.random() < _EMPTY_SHARE)
            move = clips.moves[row][variant]
            prompts.append(_prompt(move, clips.scenes[row], 1.0 if is_empty else kind, paraphrase))
    return FlowBatch((1 - at) * clean + at * noise, 1000 * sigma, noise - clean, depth, prompts)


def _prompt(move: Move, scene: str, kind: float, paraphrase: int) -> str:
    # The canonical wording takes half of the draws: short training, few words.
    wording = paraphrase % len(PARAPHRASES[move]) if paraphrase % 2 else 0
    if kind == 1.0:
        return ""
    if kind < _MOVE_ONLY_SHARE:
        return move_sentence(move, wording)
    if kind < _MOVE_ONLY_SHARE + _SCENE_ONLY_SHARE:
        return scene
    return full_prompt(move, scene, wording)


def flow_loss(
    predicted: Float[Tensor, "b z t y x"], target: Float[Tensor, "b z t y x"]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the loss that is minimised and its plain mean squared error."""
    error = predicted - target
    mse = error.pow(2).mean()
    return mse + _MOTION_WEIGHT * error.diff(dim=2).pow(2).mean(), mse


class Gauge(NamedTuple):
    """Held-out loss with the right move sentence, and how much worse the opposite one is."""

    right: dict[float, float]
    gap: dict[float, float]


@torch.no_grad()
def move_gauge(
    predict: Predict,
    clips: LatentClips,
    text: tuple[UMT5EncoderModel, PreTrainedTokenizerFast],
    n_clips: int,
    device: torch.device,
) -> Gauge:
    """Measure whether the move words are used: right against opposite sentence.

    Static clips have no opposite and are left out.
    """
    rows = [i for i in range(len(clips)) if reverse(clips.moves[i][0]) is not clips.moves[i][0]]
    rows = rows[:n_clips]
    clean, depth = clips.color[rows, 0].float(), clips.depth[rows, 0].float()
    noise = torch.randn(clean.shape, generator=torch_generator(0, "gauge"))
    right = [full_prompt(clips.moves[i][0], clips.scenes[i]) for i in rows]
    opposite = [full_prompt(reverse(clips.moves[i][0]), clips.scenes[i]) for i in rows]
    losses: dict[tuple[str, float], list[float]] = {}
    for which, prompts in (("right", right), ("opposite", opposite)):
        for sigma in GAUGE_SIGMAS:
            found = losses.setdefault((which, sigma), [])
            for start in range(0, len(rows), 32):
                part = slice(start, start + 32)
                noisy = (1 - sigma) * clean[part] + sigma * noise[part]
                predicted = predict(
                    noisy.to(device),
                    torch.full((len(noisy),), 1000 * sigma, device=device),
                    embed(*text, prompts[part]).to(device),
                    depth[part].to(device),
                )
                error = predicted - (noise[part] - clean[part]).to(device)
                found += error.pow(2).mean((1, 2, 3, 4)).tolist()
    mean = {key: float(np.mean(values)) for key, values in losses.items()}
    return Gauge(
        {s: mean["right", s] for s in GAUGE_SIGMAS},
        {s: mean["opposite", s] - mean["right", s] for s in GAUGE_SIGMAS},
    )
