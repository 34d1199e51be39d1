"""VEGA-3D's adaptive gated fusion: one learned gate per visual token.

Shape letters: B batch, N visual tokens, D width. Gate direction follows VEGA-3D
(arXiv 2603.19235): the gate is the share of the semantic branch.

The paper and its two code branches define three different mixes under one name:

- ``paper_raw`` (paper, eq. 7-8): the gate looks at normalised tokens, the mix is of raw ones;
- ``main_ln`` (branch main): the mix is of the normalised tokens;
- ``sr_residual`` (branch spatial-reasoning): raw semantic tokens plus a learned share ``a`` of
  the way to the generative ones, ``a`` starting at 0.2.
"""

import math
from typing import Final, Literal, NamedTuple, assert_never

import torch
from jaxtyping import Float
from torch import Tensor, nn

FusionFormula = Literal["paper_raw", "main_ln", "sr_residual"]

_INITIAL_RESIDUAL_SCALE: Final = 0.2


class Fused(NamedTuple):
    """Fused tokens, and how they were mixed."""

    tokens_BND: Float[Tensor, "b n d"]
    semantic_share_BN1: Float[Tensor, "b n 1"]


class AdaptiveGatedFusion(nn.Module):
    """Mix semantic and generative tokens, each token with its own share.

    Args:
        dim: Width of both inputs and of the output.
        formula: Which of the three published definitions; see the module's docstring.
        initial_semantic_share: Gate before training, inside (0, 1).

    Raises:
        ValueError: The initial share cannot be learned from.
    """

    def __init__(
        self,
        dim: int,
        formula: FusionFormula = "paper_raw",
        *,
        initial_semantic_share: float = 0.5,
    ) -> None:
        super().__init__()
        if not 0.0 < initial_semantic_share < 1.0:
            raise ValueError(
                "AdaptiveGatedFusion needs initial_semantic_share inside (0, 1) so that the gate "
                f"can still learn, got {initial_semantic_share}."
            )
        self.formula: FusionFormula = formula
        self.norm_semantic = nn.LayerNorm(dim)
        self.norm_generative = nn.LayerNorm(dim)
        self.gate_logit = nn.Linear(2 * dim, 1)
        nn.init.zeros_(self.gate_logit.weight)
        logit = math.log(initial_semantic_share / (1 - initial_semantic_share))
        nn.init.constant_(self.gate_logit.bias, logit)
        if formula == "sr_residual":
            self.residual_scale = nn.Parameter(torch.tensor(_INITIAL_RESIDUAL_SCALE))

    def forward(
        self, semantic_BND: Float[Tensor, "b n d"], generative_BND: Float[Tensor, "b n d"]
    ) -> Fused:
        """Return the mix; watch the mean share: stuck at 0 or 1, one branch is dead.

        The share returned is what the semantic branch contributes: for ``sr_residual`` that is
        ``1 - a (1 - gate)``.
        """
        normed_semantic_BND = self.norm_semantic(semantic_BND)
        normed_generative_BND = self.norm_generative(generative_BND)
        both_BNE = torch.cat([normed_semantic_BND, normed_generative_BND], dim=-1)
        gate_BN1 = self.gate_logit(both_BNE).sigmoid()
        match self.formula:
            case "paper_raw":
                return _mix(semantic_BND, generative_BND, gate_BN1)
            case "main_ln":
                return _mix(normed_semantic_BND, normed_generative_BND, gate_BN1)
            case "sr_residual":
                share_BN1 = 1 - self.residual_scale * (1 - gate_BN1)
                return _mix(semantic_BND, generative_BND, share_BN1)
            case _:
                assert_never(self.formula)


def _mix(
    semantic_BND: Float[Tensor, "b n d"],
    generative_BND: Float[Tensor, "b n d"],
    share_BN1: Float[Tensor, "b n 1"],
) -> Fused:
    return Fused(share_BN1 * semantic_BND + (1 - share_BN1) * generative_BND, share_BN1)
