"""VEGA-3D's generative prior: what a frozen video diffusion transformer sees in a clip.

A clip goes through the video VAE, gets noise as in flow matching, and through the transformer
with the empty prompt; the hidden state after one block is the feature. Nothing is generated.

Shape letters: B sequences, T frames, F latent steps, H and W (pixels or latents), L text
positions, N tokens, D width. Tokens are ordered step, row, column.

Differences from the official code (H-EmbodVis/VEGA-3D@9c96924), none of which changes a number:
blocks after the chosen one are never computed, the VAE encodes a batch at once, and text padding
is one key with the weight of all (see ``TextContext``). Noise has a seed, which it has not there.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple, assert_never, cast

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from diffusers.models.transformers.transformer_wan import WanAttention, WanAttnProcessor
from jaxtyping import Float, Int
from torch import Tensor, nn

Grouping = Literal["clip", "per_frame"]


class TextContext(NamedTuple):
    """A prompt's embedding before padding, and how long it is once padded.

    Wan attends to its padding: positions of zeros that become equal, non-zero keys. ``k`` equal
    keys count in a softmax like one key with ``log k`` added to its logit, so they are computed
    once; padding to 512 then costs what padding by one costs.

    Attributes:
        tokens_LD: The prompt's own positions.
        padded_to: Positions after padding with zeros; 512 in the official code.
    """

    tokens_LD: Float[Tensor, "l d"]
    padded_to: int


class PriorGrid(NamedTuple):
    """How the tokens of one sequence are laid out."""

    steps: int
    rows: int
    columns: int

    @property
    def n_tokens(self) -> int:
        """Number of tokens of a sequence."""
        return self.steps * self.rows * self.columns


class _PaddedTextAttention(WanAttnProcessor):
    """Wan's attention with a bias on the keys; the blocks themselves pass no mask."""

    def __init__(self, bias_L: Float[Tensor, " l"]) -> None:
        super().__init__()
        self._bias_L = bias_L

    def __call__(
        self,
        attn: WanAttention,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,  # noqa: ARG002  # the blocks pass None
        rotary_emb: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        out: Tensor = super().__call__(
            attn, hidden_states, encoder_hidden_states, self._bias_L[None, None, None], rotary_emb
        )
        return out


@contextmanager
def _attending_to_padding(blocks: nn.ModuleList, bias_L: Float[Tensor, " l"]) -> Iterator[None]:
    attentions: list[WanAttention] = [cast("WanAttention", block.attn2) for block in blocks]
    before = [attention.processor for attention in attentions]
    for attention in attentions:
        attention.set_processor(_PaddedTextAttention(bias_L))
    try:
        yield
    finally:
        for attention, processor in zip(attentions, before, strict=True):
            attention.set_processor(processor)


def encode_latents(
    vae: AutoencoderKLWan, frames_BT3HW: Float[Tensor, "b t 3 h w"]
) -> Float[Tensor, "b z f h2 w2"]:
    """Return the mode of the VAE's posterior, normalised per channel for the transformer."""
    posterior = vae.encode(frames_BT3HW.transpose(1, 2)).latent_dist
    mean, std = (
        torch.tensor(values, device=frames_BT3HW.device).view(1, -1, 1, 1, 1)
        for values in (vae.config.latents_mean, vae.config.latents_std)
    )
    normalised: Tensor = (posterior.mode() - mean) / std
    return normalised


def hidden_after_block(
    transformer: WanTransformer3DModel,
    noisy_BZFHW: Float[Tensor, "b z f h w"],
    *,
    text: TextContext,
    timestep: int,
    block: int,
) -> Float[Tensor, "b n d"]:
    """Run the transformer up to and including ``block`` (counted from 0) and stop there.

    Returns:
        The block's output, after its feed-forward residual and before any further norm.

    Raises:
        ValueError: The transformer has no such block, or the prompt is longer than its padding.
    """
    if not 0 <= block < len(transformer.blocks):
        raise ValueError(
            f"Reading the generative prior: block {block} was asked for but the transformer has "
            f"blocks 0 to {len(transformer.blocks) - 1}."
        )
    n_text = len(text.tokens_LD)
    if text.padded_to < n_text:
        raise ValueError(
            f"Reading the generative prior: the prompt has {n_text} positions, more than the "
            f"{text.padded_to} it is padded to."
        )
    n_pads = text.padded_to - n_text
    tokens_LD = nn.functional.pad(text.tokens_LD, (0, 0, 0, min(n_pads, 1)))
    bias_L = torch.zeros(len(tokens_LD), device=noisy_BZFHW.device)
    if n_pads:
        bias_L[-1] = math.log(n_pads)

    rotary = transformer.rope(noisy_BZFHW)
    hidden_BND = transformer.patch_embedding(noisy_BZFHW).flatten(2).transpose(1, 2).contiguous()
    timestep_B: Int[Tensor, " b"] = torch.full((len(noisy_BZFHW),), timestep, device=bias_L.device)
    _, modulation, text_BLD, _ = transformer.condition_embedder(
        timestep_B, tokens_LD[None].expand(len(noisy_BZFHW), -1, -1), None
    )
    modulation = modulation.unflatten(1, (6, -1))
    wanted = transformer.blocks[: block + 1]
    with _attending_to_padding(wanted, bias_L):
        for layer in wanted:
            hidden_BND = layer(hidden_BND, text_BLD, modulation, rotary)
    return hidden_BND


def prior_grid(
    vae: AutoencoderKLWan,
    transformer: WanTransformer3DModel,
    frames_shape: tuple[int, int, int],
    grouping: Grouping,
) -> PriorGrid:
    """Return the token grid of a clip of ``(frames, height, width)``.

    Raises:
        ValueError: Frame count or size does not fit the VAE and the patches.
    """
    n_frames, height, width = frames_shape
    temporal, spatial = vae.config.scale_factor_temporal, vae.config.scale_factor_spatial
    _, patch_rows, patch_columns = transformer.config.patch_size
    if height % (spatial * patch_rows) or width % (spatial * patch_columns):
        raise ValueError(
            f"Reading the generative prior: frames of {height}x{width} (h x w) do not divide into "
            f"tokens of {spatial * patch_rows}x{spatial * patch_columns} pixels; resize them."
        )
    if grouping == "clip" and (n_frames - 1) % temporal:
        below = (n_frames - 1) // temporal * temporal + 1
        raise ValueError(
            f"Reading the generative prior: a clip of {n_frames} frames does not fit the VAE, "
            f"which takes {temporal}n + 1; the nearest are {below} and {below + temporal}."
        )
    steps = n_frames if grouping == "per_frame" else 1 + (n_frames - 1) // temporal
    return PriorGrid(steps, height // (spatial * patch_rows), width // (spatial * patch_columns))


@torch.no_grad()
def extract_generative_prior(  # noqa: PLR0913  # the procedure's parameters, each by its name
    frames_BT3HW: Float[Tensor, "b t 3 h w"],
    *,
    vae: AutoencoderKLWan,
    transformer: WanTransformer3DModel,
    text_context: TextContext,
    sigma: float,
    timestep: int,
    block: int,
    noise: Float[Tensor, "b z f h2 w2"],
    grouping: Grouping = "clip",
) -> Float[Tensor, "b n d"]:
    """Return the hidden state of a video transformer for each token of each sequence.

    Args:
        frames_BT3HW: Values from -1 to 1, in a size that ``prior_grid`` accepts.
        vae: Wan's video VAE.
        transformer: Wan's diffusion transformer; blocks after ``block`` are not used.
        text_context: The empty prompt, as a rule.
        sigma: Share of noise in ``(1 - sigma) latents + sigma noise``.
        timestep: What the transformer is told; see ``fusion_model.noise_level``.
        block: Block whose output is read, counted from 0 (20 of 30 in the paper's best run).
        noise: Standard normal, one per latent; ``f`` is the frame count for ``per_frame``.
        grouping: ``per_frame`` makes every frame a video of its own, as the official code does;
            ``clip`` encodes all frames together, so that views attend to each other.

    Source: arXiv 2603.19235, section 3; H-EmbodVis/VEGA-3D@9c96924, wan_t2v_encoder.py.
    """
    batch, n_frames = frames_BT3HW.shape[:2]
    match grouping:
        case "clip":
            videos, noise_of_videos = frames_BT3HW, noise
        case "per_frame":
            videos = frames_BT3HW.flatten(0, 1)[:, None]
            noise_of_videos = noise.transpose(1, 2).flatten(0, 1)[:, :, None]
        case _:
            assert_never(grouping)
    latents = encode_latents(vae, videos)
    noisy = (1 - sigma) * latents + sigma * noise_of_videos.to(latents)
    hidden_BND = hidden_after_block(
        transformer, noisy, text=text_context, timestep=timestep, block=block
    )
    if grouping == "per_frame":
        hidden_BND = hidden_BND.unflatten(0, (batch, n_frames)).flatten(1, 2)
    return hidden_BND


def pool_tokens(
    tokens_BND: Float[Tensor, "b n d"], grid: PriorGrid, *, rows: int, columns: int
) -> Float[Tensor, "b n2 d"]:
    """Average tokens of each step onto another grid (the official code pools to 14 x 14)."""
    maps = tokens_BND.unflatten(1, tuple(grid)).permute(0, 1, 4, 2, 3)
    pooled = nn.functional.adaptive_avg_pool2d(maps.flatten(0, 1), (rows, columns))
    return pooled.unflatten(0, maps.shape[:2]).permute(0, 1, 3, 4, 2).flatten(1, 3)
