"""Train the camera judge on rendered clips: ``python -m synth.measure.train_judge --data DIR``.

Clips are mirrored and played backwards with the move relabelled, blurred, re-coloured and made
noisy, so that the judge looks at motion and also serves blurred, generated clips. Prints its
accuracy on held-out rooms and writes it into ``judge.json`` beside the weights.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import tyro
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn.functional import avg_pool2d, cross_entropy

from synth.measure.camera_judge import CameraJudge, judge_input
from synth.seeding import rng_for
from synth.storage import write_atomically
from synth.trajectories import mirror, reverse
from synth.wan.clips import WAN_MOVES, Clips, move_labels, read_clips
from synth.wan.training import cosine_factor, torch_generator, torch_seeded

_CARD: Final = """\
---
license: apache-2.0
library_name: diffusers
---

# Camera judge

A small convolutional network that names which of 13 camera moves nine frames of 64 x 64 pixels
show. It measures generated clips, whose true poses nobody knows.

```
python -m synth.wan.training_clips --out clips
python -m synth.measure.train_judge --data clips --out judge --steps {steps} --seed {seed}
```

- accuracy on {n_heldout} rendered clips of held-out rooms: {accuracy_heldout:.4f} (chance 0.077)
- the same clips blurred, as generated ones are: {accuracy_heldout_blurred:.4f}
- its probabilities are calibrated on those clips (temperature {temperature})

Weights are stored in float16. On generated clips its accuracy is not known: a blurred or
inconsistent clip may show no single move, and a forced choice then still names one. `measure`
therefore names a move only if the mirrored and the reversed clip are judged to show the same.

| step | loss |
|---|---|
{rows}
"""
_MIRRORED: Final = torch.tensor([WAN_MOVES.index(mirror(move)) for move in WAN_MOVES])
_REVERSED: Final = torch.tensor([WAN_MOVES.index(reverse(move)) for move in WAN_MOVES])


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeTraining:
    """Options.

    Attributes:
        data: Folder of training clips.
        out: Folder for the judge.
        steps: Length of the training.
        batch: Clips per step.
        learning_rate: Peak of AdamW's learning rate.
        threads: CPU threads.
        seed: Of everything random.
    """

    data: Path
    out: Path
    steps: int = 4000
    batch: int = 64
    learning_rate: float = 2e-3
    threads: int = 2
    seed: int = 0


def train_judge(options: JudgeTraining) -> CameraJudge:
    """Train, calibrate and save the judge."""
    torch.set_num_threads(options.threads)
    with torch_seeded(options.seed, "judge", "weights"):
        judge = CameraJudge(moves=[move.value for move in WAN_MOVES])
    size_px = judge.config.size_px
    videos, labels = _inputs(read_clips(options.data, "clips"), size_px)
    held_out = _inputs(read_clips(options.data, "heldout"), size_px)
    optimizer = torch.optim.AdamW(judge.parameters(), options.learning_rate, weight_decay=0.02)
    judge.train()
    curve: list[tuple[int, float]] = []
    with torch_seeded(options.seed, "judge", "dropout"):
        for step in range(options.steps):
            factor = cosine_factor(step, steps=options.steps, warm_up=50)
            for group in optimizer.param_groups:
                group["lr"] = options.learning_rate * factor
            rng = rng_for(options.seed, "judge", str(step))
            rows = torch.from_numpy(rng.integers(len(labels), size=options.batch))
            noise = torch_generator(options.seed, "judge", "noise", str(step))
            video, label = augmented(videos[rows].float(), labels[rows], rng, noise)
            loss = cross_entropy(judge(video), label, label_smoothing=0.02)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            if (step + 1) % 500 == 0:
                curve.append((step + 1, float(loss)))
                sys.stderr.write(f"step {step + 1}  loss {float(loss):.3f}\n")
    judge.eval()
    logits = _logits(judge, held_out[0])
    judge.register_to_config(temperature=best_temperature(logits, held_out[1]))
    judge.half().save_pretrained(options.out)
    accuracy = float((logits.argmax(1) == held_out[1]).float().mean())
    blurred = _blurred(held_out[0].float())
    accuracy_blurred = float(
        (_logits(judge.float(), blurred).argmax(1) == held_out[1]).float().mean()
    )
    report = {
        "n_heldout": len(held_out[1]),
        "accuracy_heldout": accuracy,
        "accuracy_heldout_blurred": accuracy_blurred,
        "temperature": judge.config.temperature,
        "steps": options.steps,
        "seed": options.seed,
    }
    write_atomically(options.out / "judge.json", json.dumps(report, indent=1).encode())
    write_atomically(options.out / "README.md", judge_card(report, curve).encode())
    sys.stderr.write(json.dumps(report) + "\n")
    return judge


def judge_card(report: Mapping[str, float], curve: Sequence[tuple[int, float]]) -> str:
    """Write the model card: what the judge is, the command, its accuracy and its curve."""
    rows = "\n".join(f"| {step} | {loss:.3f} |" for step, loss in curve)
    return _CARD.format(**report, rows=rows)


def augmented(
    video: Float[Tensor, "b t 3 s s"],
    label: Int64[Tensor, " b"],
    rng: np.random.Generator,
    noise: torch.Generator,
) -> tuple[Float[Tensor, "b t 3 s s"], Int64[Tensor, " b"]]:
    """Mirror, reverse, blur, re-colour and add noise; labels follow the motion."""
    n = len(video)
    is_mirrored = torch.from_numpy(rng.random(n) < 0.5)
    is_reversed = torch.from_numpy(rng.random(n) < 0.5)
    video = torch.where(is_mirrored.view(-1, 1, 1, 1, 1), video.flip(4), video)
    label = torch.where(is_mirrored, _MIRRORED[label], label)
    video = torch.where(is_reversed.view(-1, 1, 1, 1, 1), video.flip(1), video)
    label = torch.where(is_reversed, _REVERSED[label], label)
    if rng.random() < 0.5:
        video = _blurred(video)
    gain = 0.7 + 0.6 * torch.rand((n, 1, 1, 1, 1), generator=noise)
    tint = 0.1 * torch.randn((n, 1, 3, 1, 1), generator=noise)
    grain = torch.randn(video.shape, generator=noise) * (0.06 * rng.random())
    return video * gain + tint + grain, label


def best_temperature(logits: Float[Tensor, "n m"], labels: Int64[Tensor, " n"]) -> float:
    """Return the temperature with the smallest negative log-likelihood, on a grid."""
    grid = np.geomspace(0.25, 4.0, 41)
    losses = [float(cross_entropy(logits / t, labels)) for t in grid]
    return float(round(grid[int(np.argmin(losses))], 4))


def _inputs(clips: Clips, size_px: int) -> tuple[Float[Tensor, "n t 3 s s"], Int64[Tensor, " n"]]:
    parts = [
        judge_input(clips.frames[start : start + 256], size_px).half()
        for start in range(0, len(clips), 256)
    ]
    return torch.cat(parts), torch.from_numpy(move_labels(clips.moves))


def _blurred(video: Float[Tensor, "b t 3 s s"]) -> Float[Tensor, "b t 3 s s"]:
    flat = avg_pool2d(video.flatten(0, 1), 3, stride=1, padding=1, count_include_pad=False)
    return flat.unflatten(0, video.shape[:2])


@torch.no_grad()
def _logits(judge: CameraJudge, videos: Float[Tensor, "n t 3 s s"]) -> Float[Tensor, "n m"]:
    return torch.cat([judge(part.float()) for part in videos.split(256)])


if __name__ == "__main__":
    train_judge(tyro.cli(JudgeTraining))
