"""The way from an encoder's channels to the language model's width: LLaVA's ``mlp2x_gelu``."""

from jaxtyping import Float
from torch import Tensor, nn


class Projector(nn.Module):
    """Linear, GELU, linear: ``mlp2x_gelu``, as both branches of VEGA-3D have it.

    Args:
        in_dim: Channels of the encoder.
        out_dim: Width of the language model.

    Source: haotian-liu/LLaVA, llava/model/multimodal_projector/builder.py.
    """

    def __init__(self, in_dim: int, out_dim: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(in_dim, out_dim), nn.GELU(), nn.Linear(out_dim, out_dim)
        )

    def forward(self, tokens_BNC: Float[Tensor, "b n c"]) -> Float[Tensor, "b n d"]:
        """Project every token on its own."""
        projected_BND: Tensor = self.layers(tokens_BNC)
        return projected_BND
