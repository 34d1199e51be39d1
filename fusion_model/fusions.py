"""The ways a model may see: which branches it has, and how they become one set of tokens.

Shape letters: B batch, N visual tokens, D width. Every fusion has the same ``forward``; a branch
that a fusion does not use may be ``None`` and is then not even projected.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from fusion_model.gated_fusion import AdaptiveGatedFusion, Fused, FusionFormula

Variant = Literal["semantic", "generative", "gated", "blind"]


class SemanticOnly(nn.Module):
    """Pass the semantic tokens on; the baseline without a generative prior."""

    def forward(
        self,
        semantic_BND: Float[Tensor, "b n d"],
        generative_BND: Float[Tensor, "b n d"] | None,  # noqa: ARG002  # one signature for all
    ) -> Fused:
        """Return the semantic tokens with a share of 1."""
        return Fused(semantic_BND, torch.ones_like(semantic_BND[..., :1]))


class GenerativeOnly(nn.Module):
    """Pass the generative tokens on."""

    def forward(
        self,
        semantic_BND: Float[Tensor, "b n d"] | None,  # noqa: ARG002  # one signature for all
        generative_BND: Float[Tensor, "b n d"],
    ) -> Fused:
        """Return the generative tokens with a share of 0."""
        return Fused(generative_BND, torch.zeros_like(generative_BND[..., :1]))


class Fusion(NamedTuple):
    """What a variant needs and how it is built.

    Attributes:
        uses_semantic: Whether semantic features are read.
        uses_generative: Whether generative features are read.
        build: Makes the module from the width and the gate's formula; ``None`` for no image.
    """

    uses_semantic: bool
    uses_generative: bool
    build: Callable[[int, FusionFormula], nn.Module] | None


FUSIONS: Final[Mapping[Variant, Fusion]] = {
    "semantic": Fusion(
        uses_semantic=True, uses_generative=False, build=lambda _dim, _formula: SemanticOnly()
    ),
    "generative": Fusion(
        uses_semantic=False, uses_generative=True, build=lambda _dim, _formula: GenerativeOnly()
    ),
    "gated": Fusion(uses_semantic=True, uses_generative=True, build=AdaptiveGatedFusion),
    "blind": Fusion(uses_semantic=False, uses_generative=False, build=None),
}
