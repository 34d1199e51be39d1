"""Optimisers and averaged weights of the transformer trainings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import torch
from torch import nn

from synth.wan.muon import Muon

_EMA_DECAY: Final = 0.999


class Optimizers:
    """Muon on the matrices of the blocks, AdamW on everything else, one schedule for both."""

    def __init__(self, model: nn.Module, *, muon_rate: float, adam_rate: float) -> None:
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        matrices = [p for n, p in named if "blocks." in n and p.ndim == 2]
        chosen = {id(p) for p in matrices}
        others = [p for _, p in named if id(p) not in chosen]
        self.model = model
        self.rates = (muon_rate, adam_rate)
        self.muon = Muon(matrices, lr=muon_rate)
        self.adam = torch.optim.AdamW(others, lr=adam_rate, betas=(0.9, 0.99), weight_decay=0.01)
        self.average = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self, factor: float, step: int) -> None:
        """Clip, step with both rates times ``factor``, and average the weights."""
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer, rate in zip((self.muon, self.adam), self.rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        # Early on the average follows quickly, so that it forgets the random start.
        decay = min(_EMA_DECAY, (1 + step) / (10 + step))
        for key, value in self.model.state_dict().items():
            self.average[key].lerp_(value, 1.0 - decay)

    def state(self) -> dict[str, Any]:
        """Return everything needed to resume."""
        return {
            "model": self.model.state_dict(),
            "average": self.average,
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Resume from ``state``."""
        self.model.load_state_dict(state["model"])
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        for key, value in state["average"].items():
            self.average[key].copy_(value)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Let the model have its averaged weights inside the block."""
        current = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.average)
        try:
            yield
        finally:
            self.model.load_state_dict(current)
