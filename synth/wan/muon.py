"""Muon: momentum orthogonalised by Newton-Schulz, for matrices and convolution kernels.

Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/, with the update scaled to AdamW's
RMS (Liu et al. 2025, arXiv:2502.16982). ``torch.optim.Muon`` runs one matrix after the other,
which is slow on CPUs; here equal shapes are stacked. As there, the iteration is in bfloat16: it
needs no precision, and CPUs with AVX512-BF16 do it four times faster. A kernel counts as the
matrix (output channels) x (everything else).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import torch
from jaxtyping import Float
from torch import Tensor

_QUINTIC: Final = (3.4445, -4.7750, 2.0315)
_ITERATIONS: Final = 5
_RMS_SCALE: Final = 0.2  # RMS of AdamW's updates


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum and decoupled weight decay."""

    def __init__(
        self,
        params: Iterable[torch.nn.Parameter],
        *,
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]  # gradients are computed before, no closure
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is not None:
                    update = self._momentum(matrix, group).flatten(1)
                    by_shape[update.shape].append((matrix, update))
            for shape, pairs in by_shape.items():
                updates = orthogonalized(torch.stack([update for _, update in pairs]))
                scale = _RMS_SCALE * max(shape) ** 0.5
                for (matrix, _), update in zip(pairs, updates, strict=True):
                    matrix.mul_(1.0 - group["lr"] * group["weight_decay"])
                    matrix.add_(update.view_as(matrix), alpha=-group["lr"] * scale)

    def _momentum(self, matrix: Tensor, group: dict[str, Any]) -> Tensor:
        state = self.state[matrix]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(matrix)
        grad: Tensor = matrix.grad  # type: ignore[assignment]  # the caller checked it
        state["momentum"].lerp_(grad, 1.0 - group["momentum"])
        return grad.lerp(state["momentum"], group["momentum"])


def orthogonalized(matrices: Float[Tensor, "n r c"]) -> Float[Tensor, "n r c"]:
    """Move the singular values of each matrix close to 1 (about 0.7 to 1.2)."""
    a, b, c = _QUINTIC
    x = (matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:
        x = x.transpose(1, 2)
    for _ in range(_ITERATIONS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return (x.transpose(1, 2) if is_tall else x).to(matrices.dtype)
