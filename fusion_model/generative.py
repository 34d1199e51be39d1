"""The generative prior of a Wan checkpoint folder, with its noise drawn per sequence.

The controls that the paper lacks are settings of the same class: a transformer with random
weights, pure noise (``timestep=1000``), another block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import torch
from diffusers import AutoencoderKLWan, WanPipeline, WanTransformer3DModel
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

from fusion_model.device import DeviceName, pick_device
from fusion_model.frames import to_model_range
from fusion_model.noise_level import official_noise_level
from fusion_model.prior import (
    Grouping,
    PriorGrid,
    TextContext,
    extract_generative_prior,
    prior_grid,
)
from synth.wan.training import torch_generator, torch_seeded

# As many sequences in one pass; part of the result's last bits, so a constant and not a setting.
_BATCH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorConfig:
    """How the generative prior is read.

    Attributes:
        block: Block whose output is read, from 0.
        timestep: The paper's k, 0 (clean) to 1000 (pure noise).
        grouping: All frames as one clip, or each as a video of its own (official).
        text_positions: Length the empty prompt is padded to; 512 in the official code.
        weights: ``random`` keeps the architecture and draws new transformer weights: the control
            that shows what training the video model was worth.
        seed: Of the noise, and of random weights.
    """

    block: int = 5
    timestep: int = 300
    grouping: Grouping = "clip"
    text_positions: int = 512
    weights: Literal["trained", "random"] = "trained"
    seed: int = 0


class GenerativePrior:
    """A frozen video diffusion model as an encoder of clips.

    Args:
        vae: Wan's VAE, in float32.
        transformer: Wan's transformer, in float32; blocks after the chosen one are dropped.
        text_context: Embedding of the empty prompt.
        config: How it is read.
        device: Where it runs.
    """

    def __init__(
        self,
        *,
        vae: AutoencoderKLWan,
        transformer: WanTransformer3DModel,
        text_context: TextContext,
        config: PriorConfig,
        device: DeviceName = "auto",
    ) -> None:
        if not 0 <= config.block < len(transformer.blocks):
            raise ValueError(
                f"PriorConfig.block is {config.block} but the transformer has blocks 0 to "
                f"{len(transformer.blocks) - 1}."
            )
        self.config = config
        self._device = pick_device(device)
        self._vae = vae.to(self._device).eval().requires_grad_(False)  # noqa: FBT003
        del transformer.blocks[config.block + 1 :]
        self._transformer = transformer.to(self._device).eval().requires_grad_(False)  # noqa: FBT003
        self._text = TextContext(text_context.tokens_LD.to(self._device), text_context.padded_to)

    @classmethod
    def from_pretrained(
        cls, path: Path | str, config: PriorConfig, *, device: DeviceName = "auto"
    ) -> "GenerativePrior":
        """Load a ``WanPipeline`` folder (or Hub name) and encode the empty prompt once.

        Raises:
            FileNotFoundError: A local folder without ``model_index.json``.
        """
        folder = Path(path)
        if isinstance(path, Path) and not (folder / "model_index.json").is_file():
            raise FileNotFoundError(
                f"Loading the generative prior: {folder} is not a saved WanPipeline (it has no "
                "model_index.json); give the folder that holds transformer/, vae/ and tokenizer/."
            )
        pipe = WanPipeline.from_pretrained(str(path), dtype=torch.float32)
        text = _empty_prompt(pipe, config.text_positions)
        transformer = pipe.transformer
        if config.weights == "random":
            with torch_seeded(config.seed, "random transformer weights"):
                transformer = WanTransformer3DModel.from_config(transformer.config)
        return cls(
            vae=pipe.vae, transformer=transformer, text_context=text, config=config, device=device
        )

    @property
    def dim(self) -> int:
        """Channels of a token."""
        heads: int = self._transformer.config.num_attention_heads
        width: int = self._transformer.config.attention_head_dim
        return heads * width

    def grid(self, n_frames: int, height: int, width: int) -> PriorGrid:
        """Return the token grid of clips of this size."""
        shape = (n_frames, height, width)
        return prior_grid(self._vae, self._transformer, shape, self.config.grouping)

    def encode(
        self, frames: UInt8[np.ndarray, "b t h w 3"], sequence_ids: Sequence[str]
    ) -> Float32[np.ndarray, "b n c"]:
        """Return the tokens of each clip, ordered latent step, row, column.

        A clip's noise depends on the seed and its id alone, so neither the order nor the company
        of the clips changes what is computed (last bits aside: matrix products round by shape).

        Raises:
            ValueError: As many ids as clips are needed, in a size the VAE takes.
        """
        if len(sequence_ids) != len(frames):
            raise ValueError(
                f"Reading the generative prior: got {len(frames)} clips and {len(sequence_ids)} "
                "sequence ids; give one id per clip."
            )
        batches = [
            self._encode_batch(frames[start : start + _BATCH], sequence_ids[start : start + _BATCH])
            for start in range(0, len(frames), _BATCH)
        ]
        return np.concatenate(batches)

    def _encode_batch(
        self, frames: UInt8[np.ndarray, "b t h w 3"], sequence_ids: Sequence[str]
    ) -> Float32[np.ndarray, "b n c"]:
        level = official_noise_level(self.config.timestep)
        noise = torch.stack([self._noise(i, frames.shape[1:4]) for i in sequence_ids])
        tokens = extract_generative_prior(
            to_model_range(frames).to(self._device),
            vae=self._vae,
            transformer=self._transformer,
            text_context=self._text,
            sigma=level.sigma,
            timestep=level.timestep,
            block=self.config.block,
            noise=noise.to(self._device),
            grouping=self.config.grouping,
        )
        array: Float32[np.ndarray, "b n c"] = tokens.cpu().numpy()
        return array

    def _noise(self, sequence_id: str, shape: tuple[int, ...]) -> Float[Tensor, "z f h w"]:
        grid = self.grid(*shape)
        _, patch_rows, patch_columns = self._transformer.config.patch_size
        generator = torch_generator(self.config.seed, sequence_id, "generative prior noise")
        size = (grid.steps, grid.rows * patch_rows, grid.columns * patch_columns)
        return torch.randn((self._vae.config.z_dim, *size), generator=generator)


def _empty_prompt(pipe: WanPipeline, positions: int) -> TextContext:
    """Encode "" as the pipeline does; it is the tokenizer's end mark, not zeros."""
    n_tokens = len(pipe.tokenizer("", add_special_tokens=True).input_ids)
    with torch.no_grad():
        embeds, _ = pipe.encode_prompt(
            "", do_classifier_free_guidance=False, max_sequence_length=max(n_tokens, 1)
        )
    return TextContext(embeds[0, :n_tokens], positions)
