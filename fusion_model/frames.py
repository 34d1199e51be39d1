"""Frames as the encoders want them: channels first, values from -1 to 1.

Shape letters: B sequences, T frames, H and W pixels.
"""

import math

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional


def to_model_range(
    frames_BTHW3: UInt8[np.ndarray, "b t h w 3"],
) -> Float[Tensor, "b t 3 h w"]:
    """Turn RGB bytes into -1..1; the range is known from the type and never guessed."""
    channels_first = torch.from_numpy(np.ascontiguousarray(frames_BTHW3)).permute(0, 1, 4, 2, 3)
    return channels_first.float() / 127.5 - 1.0


def cover_crop(
    frames_BT3HW: Float[Tensor, "b t 3 h w"], *, height: int, width: int
) -> Float[Tensor, "b t 3 h2 w2"]:
    """Resize until the target is covered, then keep its middle: the official preprocessing.

    It throws away what sticks out, so tokens no longer sit where the semantic encoder's tokens
    sit. Needed for parity only; frames already in a size the VAE takes should stay as they are.

    Source: H-EmbodVis/VEGA-3D@9c96924, multimodal_generative_encoder/common.py, lines 53-66.
    """
    batch, n_frames, _, old_height, old_width = frames_BT3HW.shape
    scale = max(height / old_height, width / old_width)
    size = (math.ceil(old_height * scale), math.ceil(old_width * scale))
    flat = functional.interpolate(
        frames_BT3HW.flatten(0, 1), size=size, mode="bilinear", align_corners=False
    )
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    cropped = flat[:, :, top : top + height, left : left + width]
    return cropped.unflatten(0, (batch, n_frames))
