"""Run ``AutoencoderKLWan`` over a whole clip in one pass, for training.

diffusers encodes and decodes chunk by chunk through a feature cache. Without that cache its
``WanResample`` silently skips every temporal resampling, so a plain forward is *not* the same
function. Here the resampling layers of one model get, for the time of a ``with`` block, a forward
that does in one pass what the cached path does in chunks: frame 0 bypasses the temporal
convolution, and the others come in pairs. Equal to ``vae.encode``/``vae.decode`` up to rounding
(1e-5), several times faster, and differentiable; decoded pixels are not clamped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from diffusers import AutoencoderKLWan
from diffusers.models.autoencoders.autoencoder_kl_wan import WanResample, patchify, unpatchify
from jaxtyping import Float
from torch import Tensor


@contextmanager
def single_pass(vae: AutoencoderKLWan) -> Iterator[None]:
    """Let ``encode_moments`` and ``decode_unclamped`` run on ``vae`` inside the block.

    Only this instance is touched, and it is as before when the block ends. diffusers' own
    ``encode``/``decode`` must not be called inside.
    """
    layers = [m for m in vae.modules() if isinstance(m, WanResample) and "3d" in m.mode]
    for layer in layers:
        # An instance attribute hides the class's forward and is removed below.
        layer.__dict__["forward"] = partial(_resample, layer)
    try:
        yield
    finally:
        for layer in layers:
            del layer.__dict__["forward"]


def encode_moments(
    vae: AutoencoderKLWan, video: Float[Tensor, "b 3 t h w"]
) -> tuple[Float[Tensor, "b z k y x"], Float[Tensor, "b z k y x"]]:
    """Return mean and log-variance of the latents; call it inside ``single_pass(vae)``.

    Args:
        vae: The autoencoder.
        video: RGB in [-1, 1]; ``t`` is ``4n + 1``.
    """
    patch = vae.config.patch_size
    pixels = video if patch is None else patchify(video, patch)
    mean, log_variance = vae.quant_conv(vae.encoder(pixels)).chunk(2, dim=1)
    return mean, log_variance.clamp(-30.0, 20.0)  # as DiagonalGaussianDistribution does


def decode_unclamped(
    vae: AutoencoderKLWan, latents: Float[Tensor, "b z k y x"]
) -> Float[Tensor, "b 3 t h w"]:
    """Decode latents without clamping to [-1, 1]; call it inside ``single_pass(vae)``."""
    pixels: Tensor = vae.decoder(vae.post_quant_conv(latents), first_chunk=True)
    patch = vae.config.patch_size
    return pixels if patch is None else unpatchify(pixels, patch)


def _resample(
    layer: WanResample,
    x: Float[Tensor, "b c t h w"],
    feat_cache: list[Tensor | None] | None = None,
    feat_idx: list[int] | None = None,
) -> Float[Tensor, "b c2 t2 h2 w2"]:
    """Do what ``WanResample.forward`` does over all chunks of a clip."""
    if feat_cache is not None or feat_idx not in (None, [0]):
        raise ValueError("single_pass: the cached encode/decode was called inside the block.")
    if layer.mode == "upsample3d" and x.shape[2] > 1:
        later = layer.time_conv(x[:, :, 1:])  # frame 0 is neither resampled nor seen
        later = later.unflatten(1, (2, -1)).movedim(1, 3).flatten(2, 3)
        x = torch.cat([x[:, :, :1], later], dim=2)
    batch = x.shape[0]
    flat = layer.resample(x.transpose(1, 2).flatten(0, 1))
    x = flat.unflatten(0, (batch, -1)).transpose(1, 2)
    if layer.mode == "downsample3d" and x.shape[2] > 1:
        x = torch.cat([x[:, :, :1], layer.time_conv(x)], dim=2)
    return x
