"""Train the depth-conditioned transformer: ``python -m synth.wan.train_vace --latents DIR ...``.

It starts as the text-to-video model: the backbone is copied, each control block starts as a copy
of the block it accompanies, and its output projection starts at zero. All weights are trained.
The control is what ``WanVACEPipeline`` makes of a depth video and no mask: latents of an empty
"inactive" video, latents of the depth video as the "reactive" one, and a mask of ones.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from diffusers import AutoencoderKLWan, WanTransformer3DModel, WanVACETransformer3DModel
from jaxtyping import Float
from torch import Tensor, nn

from synth.wan.latents import read_latents
from synth.wan.models import VACE_CHANNELS, VACE_LAYERS, make_vace_transformer
from synth.wan.train_flow import FlowTraining, train_flow
from synth.wan.training import torch_seeded
from synth.wan.vae_single_pass import encode_moments, single_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class VaceTraining(FlowTraining):
    """Options.

    Attributes:
        transformer: Trained text-to-video transformer to start from.
        vae: VAE the latents were made with.
    """

    transformer: Path
    vae: Path


def train_vace(options: VaceTraining) -> WanVACETransformer3DModel:
    """Train, or resume, the depth-conditioned transformer."""
    text_to_video = WanTransformer3DModel.from_pretrained(options.transformer)
    with torch_seeded(options.seed, "vace", "weights"):
        transformer = vace_from_text_to_video(text_to_video)
    vae = AutoencoderKLWan.from_pretrained(options.vae)
    *_, steps, _, side = read_latents(options.latents, "heldout").color.shape
    size_px = side * vae.config.scale_factor_spatial
    empty = inactive_latents(vae, latent_steps=steps, size_px=size_px).to(options.device)

    def predict(
        noisy: Float[Tensor, "b z t y x"],
        timestep: Float[Tensor, " b"],
        text: Float[Tensor, "b n d"],
        depth: Float[Tensor, "b z t y x"],
    ) -> Float[Tensor, "b z t y x"]:
        velocity: torch.Tensor = transformer(
            noisy,
            timestep,
            text,
            control_hidden_states=vace_control(depth, empty),
            return_dict=False,
        )[0]
        return velocity

    train_flow(options, transformer, predict, name="vace")
    return transformer


@torch.no_grad()
def vace_from_text_to_video(source: WanTransformer3DModel) -> WanVACETransformer3DModel:
    """Return a VACE transformer that computes what ``source`` does, whatever its control."""
    transformer = make_vace_transformer()
    transformer.load_state_dict(source.state_dict(), strict=False)
    for block, layer in zip(transformer.vace_blocks, VACE_LAYERS, strict=True):
        block.load_state_dict(source.blocks[layer].state_dict(), strict=False)
        nn.init.zeros_(block.proj_out.weight)
        nn.init.zeros_(block.proj_out.bias)
    return transformer


@torch.no_grad()
def inactive_latents(
    vae: AutoencoderKLWan, *, latent_steps: int, size_px: int
) -> Float[Tensor, "1 z t y x"]:
    """Return the normalised latents of the video of zeros (mid-grey) that fills the mask."""
    n_frames = 4 * (latent_steps - 1) + 1
    with single_pass(vae):
        mean, _ = encode_moments(vae, torch.zeros(1, 3, n_frames, size_px, size_px))
    shape = (1, -1, 1, 1, 1)
    center = torch.tensor(vae.config.latents_mean).view(shape)
    return (mean - center) / torch.tensor(vae.config.latents_std).view(shape)


def vace_control(
    depth: Float[Tensor, "b z t y x"], inactive: Float[Tensor, "1 z t y x"]
) -> Float[Tensor, "b c t y x"]:
    """Assemble the control channels: inactive, reactive, and the mask's 8x8 sub-pixels (ones)."""
    batch, channels, *grid = depth.shape
    mask = depth.new_ones(batch, VACE_CHANNELS - 2 * channels, *grid)
    return torch.cat([inactive.expand_as(depth), depth, mask], dim=1)


if __name__ == "__main__":
    train_vace(tyro.cli(VaceTraining))
