"""The semantic branch: a SigLIP vision tower, its tokens laid onto the generative branch's grid.

Shape letters: B sequences, T frames, N tokens, C channels. Frames of one latent step of the
video VAE are averaged (frame 0, then fours), so that both branches speak about the same places.
"""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor, nn
from transformers import SiglipModel, SiglipVisionModel

from fusion_model.device import DeviceName, pick_device
from fusion_model.frames import to_model_range
from fusion_model.prior import PriorGrid

_BATCH: Final = 16


class SemanticEncoder:
    """A frozen SigLIP vision tower as an encoder of clips.

    Args:
        tower: The vision model, in float32.
        layer: Which hidden state is read; -2 is LLaVA's and the official code's choice.
        device: Where it runs.
    """

    def __init__(
        self, tower: SiglipVisionModel, *, layer: int = -2, device: DeviceName = "auto"
    ) -> None:
        self._device = pick_device(device)
        self._tower = tower.to(self._device).eval().requires_grad_(False)  # noqa: FBT003
        self._layer = layer

    @classmethod
    def from_pretrained(
        cls, path: Path | str, *, layer: int = -2, device: DeviceName = "auto"
    ) -> "SemanticEncoder":
        """Load the vision tower of a SigLIP folder (or Hub name).

        Raises:
            FileNotFoundError: A local folder without ``config.json``.
        """
        if isinstance(path, Path) and not (path / "config.json").is_file():
            raise FileNotFoundError(
                f"Loading the semantic encoder: {path} is not a saved SigLIP model (it has no "
                "config.json); give its folder or a Hub name."
            )
        # Through the whole model: the vision class alone would report the text tower as a fault.
        model = SiglipModel.from_pretrained(str(path), dtype=torch.float32)
        return cls(model.vision_model, layer=layer, device=device)

    @property
    def dim(self) -> int:
        """Channels of a token."""
        width: int = self._tower.config.hidden_size
        return width

    def encode(
        self, frames: UInt8[np.ndarray, "b t h w 3"], grid: PriorGrid
    ) -> Float32[np.ndarray, "b n c"]:
        """Return tokens on ``grid``, ordered step, row, column.

        Frames are resized to the tower's size first (SigLIP's range is -1..1 as well).

        Raises:
            ValueError: The frames cannot be shared out among the grid's steps.
        """
        batches = [
            self._encode_batch(frames[start : start + _BATCH], grid)
            for start in range(0, len(frames), _BATCH)
        ]
        return np.concatenate(batches)

    @torch.no_grad()
    def _encode_batch(
        self, frames: UInt8[np.ndarray, "b t h w 3"], grid: PriorGrid
    ) -> Float32[np.ndarray, "b n c"]:
        size = self._tower.config.image_size
        images = to_model_range(frames).flatten(0, 1).to(self._device)
        if images.shape[-2:] != (size, size):
            images = nn.functional.interpolate(
                images, (size, size), mode="bilinear", antialias=True
            )
        hidden = self._tower(images, output_hidden_states=True).hidden_states[self._layer]
        side = size // self._tower.config.patch_size
        maps = hidden.transpose(1, 2).unflatten(2, (side, side))
        pooled = nn.functional.adaptive_avg_pool2d(maps, (grid.rows, grid.columns))
        per_frame = pooled.unflatten(0, frames.shape[:2]).flatten(3).transpose(2, 3)
        tokens: Float32[np.ndarray, "b n c"] = (
            average_steps(per_frame, grid.steps).flatten(1, 2).cpu().numpy()
        )
        return tokens


def average_steps(frames_BTNC: Float[Tensor, "b t n c"], steps: int) -> Float[Tensor, "b f n c"]:
    """Average the frames of each latent step: the first alone, the others in equal groups.

    Raises:
        ValueError: The frames do not make ``steps`` such groups.
    """
    n_frames = frames_BTNC.shape[1]
    if steps == n_frames:
        return frames_BTNC
    if steps < 2 or (n_frames - 1) % (steps - 1):
        raise ValueError(
            f"Pooling semantic tokens: {n_frames} frames do not make {steps} steps of one frame "
            "and equal groups; use the frame count of the generative prior."
        )
    rest = frames_BTNC[:, 1:].unflatten(1, (steps - 1, -1)).mean(dim=2)
    return torch.cat([frames_BTNC[:, :1], rest], dim=1)
