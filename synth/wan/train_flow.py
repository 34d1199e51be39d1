"""The training loop of both transformers: seeded by step, counted in steps, resumable."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from diffusers.models.modeling_utils import ModelMixin

from synth.wan.flow import GAUGE_SIGMAS, Predict, flow_batch, flow_loss, move_gauge
from synth.wan.latents import read_latents
from synth.wan.optimizers import Optimizers
from synth.wan.text_codes import embed, make_text_encoder, make_tokenizer
from synth.wan.training import Curve, Precision, autocast, cosine_factor, load_state, save_state

_WARM_UP: Final = 100
_HOLD: Final = 0.3  # share of the training at the full learning rate


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
    """
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    train, held_out = read_latents(options.latents, "clips"), read_latents(options.latents, "heldout")
    text = make_text_encoder(), make_tokenizer()
    model.to(device).train()
    optimizers = Optimizers(model, muon_rate=options.muon_rate, adam_rate=options.adam_rate)
    state = load_state(options.out)
    first = 0
    if state is not None:
        optimizers.load(state)
        first = int(state["step"])
    curve = Curve(path=options.out / "curve.csv", columns=("loss", "mse"))
    gauge = Curve(path=options.out / "gauge.csv", columns=_GAUGE_COLUMNS)
    curve.resume(first)
    gauge.resume(first)
    last = min(options.steps, options.stop_after or options.steps)
    losses: list[torch.Tensor] = []
    for step in range(first, last):
        batch = flow_batch(train, pairs=options.batch // 2, seed=options.seed, name=name, step=step)
        prompts = embed(*text, batch.prompts).to(device)
        with autocast(options.device, options.precision):
            predicted = predict(
                batch.noisy.to(device), batch.timestep.to(device), prompts, batch.depth.to(device)
            )
        loss, mse = flow_loss(predicted.float(), batch.target.to(device))
        loss.backward()  # type: ignore[no-untyped-call]
        factor = cosine_factor(step, steps=options.steps, warm_up=_WARM_UP, hold=_HOLD)
        optimizers.update(factor, step)
        losses.append(torch.stack([loss, mse]).detach())
        done = step + 1
        if done % options.log_every == 0 or done == last:
            mean = torch.stack(losses).mean(0).tolist()
            sys.stderr.write(curve.add(done, {"loss": mean[0], "mse": mean[1]}) + "\n")
            losses = []
        if done % options.gauge_every == 0 or done == last:
            with optimizers.averaged():
                found = move_gauge(
                    predict, held_out, text, n_clips=options.gauge_clips, device=device
                )
            values = [found.right[s] for s in GAUGE_SIGMAS] + [found.gap[s] for s in GAUGE_SIGMAS]
            row = dict(zip(_GAUGE_COLUMNS, values, strict=True))
            sys.stderr.write("gauge " + gauge.add(done, row) + "\n")
        if done % options.save_every == 0 or done == last:
            save_state(options.out, {"step": done, **optimizers.state()})
    with optimizers.averaged():
        model.save_pretrained(options.out / "transformer")


_GAUGE_COLUMNS: Final = tuple(f"{what}_{s}" for what in ("right", "gap") for s in GAUGE_SIGMAS)
