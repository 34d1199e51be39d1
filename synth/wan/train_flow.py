"""The training loop of both transformers: seeded by step, counted in steps, resumable."""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import torch
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor

from synth.wan.flow import GAUGE_SIGMAS, Gauge, Predict, flow_batch, flow_loss, move_gauge
from synth.wan.latents import read_latents
from synth.wan.optimizers import Optimizers
from synth.wan.text_codes import embed, make_text_encoder, make_tokenizer
from synth.wan.training import (
    Curve,
    Precision,
    autocast,
    cosine_factor,
    keep_options,
    load_state,
    save_state,
)

_WARM_UP: Final = 100
_HOLD: Final = 0.3  # share of the training at the full learning rate
_GAUGE_COLUMNS: Final = tuple(f"{what}_{s}" for what in ("right", "gap") for s in GAUGE_SIGMAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTraining:
    """Options both transformer trainings have.

    Attributes:
        latents: Folder written by ``synth.wan.latents``.
        out: Where state, curve and weights go; a stopped training there is resumed.
        steps: Length of the training.
        batch: Latent clips per step; half as many scenes, each in two variants.
        muon_rate: Peak learning rate of the block matrices.
        adam_rate: Peak learning rate of all other parameters.
        log_every: Steps between rows of the curve.
        gauge_every: Steps between measurements on held-out clips.
        gauge_clips: Held-out clips measured.
        save_every: Steps between checkpoints.
        stop_after: Stop (resumable) when this many steps are done; the schedule is unchanged.
        threads: CPU threads; results depend on their number in the last digits.
        seed: Of everything random.
        device: ``cpu`` or ``cuda``.
        precision: Of the forward pass.
    """

    latents: Path
    out: Path
    steps: int = 3000
    batch: int = 32
    muon_rate: float = 3e-3
    adam_rate: float = 2e-3
    log_every: int = 100
    gauge_every: int = 500
    gauge_clips: int = 128
    save_every: int = 250
    stop_after: int | None = None
    threads: int = 2
    seed: int = 0
    device: str = "cpu"
    precision: Precision = "bf16"


def train_flow(options: FlowTraining, model: ModelMixin, predict: Predict, *, name: str) -> None:
    """Train, or resume, and save the averaged weights under ``options.out / "transformer"``.

    Args:
        options: Of the training.
        model: The transformer with its first weights.
        predict: Calls ``model``.
        name: Of the training, for its random streams.

    Raises:
        ValueError: ``options.out`` holds a training that began with other options.
    """
    keep_options(options.out, asdict(options))
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    train, held_out = (
        read_latents(options.latents, "clips"),
        read_latents(options.latents, "heldout"),
    )
    text = make_text_encoder(), make_tokenizer()
    model.to(device).train()
    optimizers = Optimizers(model, muon_rate=options.muon_rate, adam_rate=options.adam_rate)
    state = load_state(options.out)
    first = 0
    if state is not None:
        optimizers.load(state)
        first = int(state["step"])
    log = _Log(options, first)
    last = min(options.steps, options.stop_after or options.steps)
    for step in range(first, last):
        batch = flow_batch(train, pairs=options.batch // 2, seed=options.seed, name=name, step=step)
        prompts = embed(*text, batch.prompts).to(device)
        with autocast(options.device, options.precision):
            predicted = predict(
                batch.noisy.to(device), batch.timestep.to(device), prompts, batch.depth.to(device)
            )
        loss, mse = flow_loss(predicted.float(), batch.target.to(device))
        loss.backward()
        factor = cosine_factor(step, steps=options.steps, warm_up=_WARM_UP, hold=_HOLD)
        optimizers.update(factor, step)
        done = step + 1
        log.add(done, loss, mse, is_last=done == last)
        if done % options.gauge_every == 0 or done == last:
            with optimizers.averaged():
                n_clips = options.gauge_clips
                log.add_gauge(done, move_gauge(predict, held_out, text, n_clips, device))
        if done % options.save_every == 0 or done == last:
            save_state(options.out, {"step": done, **optimizers.state()})
    with optimizers.averaged():
        model.save_pretrained(options.out / "transformer")


class _Log:
    """The curves of a training, on disk and on stderr."""

    def __init__(self, options: FlowTraining, first: int) -> None:
        self._every = options.log_every
        self._curve = Curve(path=options.out / "curve.csv", columns=("loss", "mse"))
        self._gauge = Curve(path=options.out / "gauge.csv", columns=_GAUGE_COLUMNS)
        self._losses: list[Tensor] = []
        for curve in (self._curve, self._gauge):
            curve.resume(first)

    def add(self, done: int, loss: Tensor, mse: Tensor, *, is_last: bool) -> None:
        self._losses.append(torch.stack([loss, mse]).detach())
        if done % self._every == 0 or is_last:
            mean = torch.stack(self._losses).mean(0).tolist()
            sys.stderr.write(self._curve.add(done, {"loss": mean[0], "mse": mean[1]}) + "\n")
            self._losses = []

    def add_gauge(self, done: int, found: Gauge) -> None:
        values = [found.right[s] for s in GAUGE_SIGMAS] + [found.gap[s] for s in GAUGE_SIGMAS]
        row = dict(zip(_GAUGE_COLUMNS, values, strict=True))
        sys.stderr.write("gauge " + self._gauge.add(done, row) + "\n")
