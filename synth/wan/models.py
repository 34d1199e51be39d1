"""The sizes of the tiny Wan models: the real diffusers classes with small numbers.

64x64 pixels and 9 frames become 3 latent steps of 8x8x16 (``4 x 8 x 8`` compression like
Wan2.1), hence 3x4x4 tokens in the transformer. The VAE uses Wan2.2's residual blocks with
Wan2.1's compression because they train fastest on a CPU.
"""

from typing import Final

from diffusers import AutoencoderKLWan, WanTransformer3DModel, WanVACETransformer3DModel
from torch import nn

FRAME_SIZE_PX: Final = 64
CLIP_FRAMES: Final = 9
LATENT_CHANNELS: Final = 16
TEXT_DIM: Final = 128
TEXT_POSITIONS: Final = 32  # the one max_sequence_length of training and of sampling
VACE_LAYERS: Final = (0, 4)
# VACE control: inactive and reactive latents, and the 8x8 sub-pixels of the mask as channels.
VACE_CHANNELS: Final = 2 * LATENT_CHANNELS + 64

_TRANSFORMER: Final = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 4,
    "attention_head_dim": 48,
    "in_channels": LATENT_CHANNELS,
    "out_channels": LATENT_CHANNELS,
    "text_dim": TEXT_DIM,
    "freq_dim": 64,
    "ffn_dim": 768,
    "num_layers": 8,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "rope_max_seq_len": 64,
}


def make_vae() -> AutoencoderKLWan:
    """Build the tiny VAE (2.7 M parameters) with weights from torch's current random state."""
    return AutoencoderKLWan(
        base_dim=32,
        z_dim=LATENT_CHANNELS,
        dim_mult=[1, 2, 2],
        num_res_blocks=1,
        temperal_downsample=[True, True],
        is_residual=True,
        in_channels=12,  # RGB in patches of 2x2
        out_channels=12,
        patch_size=2,
        scale_factor_temporal=4,
        scale_factor_spatial=8,
        latents_mean=[0.0] * LATENT_CHANNELS,  # measured after training: synth.wan.latents
        latents_std=[1.0] * LATENT_CHANNELS,
    )


def make_transformer() -> WanTransformer3DModel:
    """Build the tiny text-to-video transformer (5.1 M parameters)."""
    transformer = WanTransformer3DModel(**_TRANSFORMER)
    nn.init.zeros_(transformer.proj_out.weight)  # start from predicting nothing
    nn.init.zeros_(transformer.proj_out.bias)
    return transformer


def make_vace_transformer() -> WanVACETransformer3DModel:
    """Build the depth-conditioned sibling; its backbone has the same names and shapes."""
    return WanVACETransformer3DModel(
        **_TRANSFORMER, vace_layers=list(VACE_LAYERS), vace_in_channels=VACE_CHANNELS
    )
