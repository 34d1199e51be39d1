"""The loop that every training here runs: counted in steps, seeded, resumable to the byte."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from fusion_model.device import torch_threads
from synth.wan.training import Curve, cosine_factor, load_state, save_state

CURVE_FILE: Final = "curve.csv"
_LOG_EVERY: Final = 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopConfig:
    """How many steps of what size.

    Attributes:
        steps: Optimiser steps.
        learning_rate: AdamW's peak, after a linear warm-up and before a cosine to about zero.
        weight_decay: AdamW's, on matrices only.
        warm_up: Steps of linear warm-up.
        clip_norm: Largest gradient norm.
        checkpoint_every: Steps between resumable states.
        n_threads: Fixed, because sums in another order give other bytes.

    Raises:
        ValueError: A count below 1.
    """

    steps: int
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.01
    warm_up: int = 20
    clip_norm: float = 1.0
    checkpoint_every: int = 60
    n_threads: int = 1

    def __post_init__(self) -> None:
        for name in ("steps", "warm_up", "checkpoint_every", "n_threads"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"LoopConfig.{name} must be at least 1, got {getattr(self, name)}."
                )


def run_steps(
    model: nn.Module,
    loss_of_step: Callable[[int], Tensor],
    config: LoopConfig,
    *,
    out: Path,
    fingerprint: str,
) -> float:
    """Train ``model`` in place; what was saved under ``out`` before is continued.

    Args:
        model: Already on its device, in training mode.
        loss_of_step: The loss of one step; everything random in it must come from the step's
            number, or a resumed training ends elsewhere.
        config: Steps and optimiser.
        out: Folder of this training alone; gets ``curve.csv`` and ``state/``.
        fingerprint: Of settings and data; a state with another one is refused.

    Returns:
        Mean loss of the last steps.

    Raises:
        ValueError: ``out`` holds another training.
    """
    optimizer = _optimizer(model, config)
    first, recent = _resume(model, optimizer, out, fingerprint)
    curve = Curve(path=out / CURVE_FILE, columns=("loss", "learning_rate"))
    curve.resume(first)
    with torch_threads(config.n_threads):
        for done in range(first + 1, config.steps + 1):
            rate = _set_rate(optimizer, config, done - 1)
            loss = _step(model, optimizer, config, loss_of_step(done - 1))
            recent = [*recent[1 - _LOG_EVERY :], loss]
            if done % _LOG_EVERY == 0 or done == config.steps:
                values = {"loss": sum(recent) / len(recent), "learning_rate": rate}
                _log.info("%s: %s", out.name, curve.add(done, values))
            if done % config.checkpoint_every == 0 or done == config.steps:
                state = {
                    "fingerprint": fingerprint,
                    "step": done,
                    "recent": recent,
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                }
                save_state(out, state)
    return sum(recent) / len(recent)


def _set_rate(optimizer: torch.optim.Optimizer, config: LoopConfig, step: int) -> float:
    factor = cosine_factor(step, steps=config.steps, warm_up=config.warm_up)
    for group in optimizer.param_groups:
        group["lr"] = config.learning_rate * factor
    return config.learning_rate * factor


def _step(
    model: nn.Module, optimizer: torch.optim.Optimizer, config: LoopConfig, loss: Tensor
) -> float:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
    optimizer.step()
    return float(loss.item())


def _optimizer(model: nn.Module, config: LoopConfig) -> torch.optim.AdamW:
    groups: list[dict[str, Any]] = [
        {
            "params": [p for p in model.parameters() if p.ndim >= 2],
            "weight_decay": config.weight_decay,
        },
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))


def _resume(
    model: nn.Module, optimizer: torch.optim.Optimizer, out: Path, fingerprint: str
) -> tuple[int, list[float]]:
    state = load_state(out)
    if state is None:
        return 0, []
    if state["fingerprint"] != fingerprint:
        raise ValueError(
            f"Training in {out}: the folder holds a training with other settings or data; remove "
            "it or choose another folder."
        )
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"]), list(state["recent"])
