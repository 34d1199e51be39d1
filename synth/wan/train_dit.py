"""Train the text-to-video transformer: ``python -m synth.wan.train_dit --latents DIR --out DIR``.

Flow matching on cached latents with a frozen text encoder; see ``synth.wan.flow`` for what makes
the move words count. Ends with ``DIR/transformer`` (averaged weights).
"""

import torch
import tyro
from diffusers import WanTransformer3DModel
from jaxtyping import Float
from torch import Tensor

from synth.wan.models import make_transformer
from synth.wan.train_flow import FlowTraining, train_flow
from synth.wan.training import torch_seeded


def train_dit(options: FlowTraining) -> WanTransformer3DModel:
    """Train, or resume, the text-to-video transformer."""
    with torch_seeded(options.seed, "t2v", "weights"):
        transformer = make_transformer()

    def predict(
        noisy: Float[Tensor, "b z t y x"],
        timestep: Float[Tensor, " b"],
        text: Float[Tensor, "b n d"],
        depth: Float[Tensor, "b z t y x"],  # noqa: ARG001 - only the sibling sees depth
    ) -> Float[Tensor, "b z t y x"]:
        velocity: torch.Tensor = transformer(noisy, timestep, text, return_dict=False)[0]
        return velocity

    train_flow(options, transformer, predict, name="t2v")
    return transformer


if __name__ == "__main__":
    train_dit(tyro.cli(FlowTraining))
