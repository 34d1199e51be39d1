"""Operations and parameters are counted from shapes; torch's own counter is the judge."""

from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel, WanVACETransformer3DModel
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode
from transformers import UMT5EncoderModel

from synth.wan.architecture import KNOWN_SHAPES, read_shape
from synth.wan.flops import (
    ClipSize,
    n_tokens,
    text_encoder_flops,
    text_encoder_parameters,
    transformer_flops,
    transformer_parameters,
    vae_decode_flops,
    vae_encode_flops,
    vae_parameters,
)

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints/tiny"
CLIP = ClipSize(9, 64, 96)
TEXT = 32
WAN_1_3B = "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"


def counted(work):
    """Torch's count; the plain attention kernel is the one it knows on a CPU."""
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


def n_parameters(model):
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize("name", ["wan-t2v", "wan-vace"])
def test_the_transformers_count_is_torchs(name):
    folder = CHECKPOINTS / name
    shape = read_shape(folder)
    kind = WanVACETransformer3DModel if name == "wan-vace" else WanTransformer3DModel
    model = kind.from_pretrained(folder / "transformer")
    side = shape.vae.spatial_factor
    size = (3, CLIP.height // side, CLIP.width // side)
    control = {}
    if name == "wan-vace":
        channels = shape.transformer.vace_in_channels
        control = {"control_hidden_states": torch.zeros(1, channels, *size)}
    flops = counted(
        lambda: model(
            torch.zeros(1, shape.transformer.in_channels, *size),
            torch.tensor([500]),
            torch.zeros(1, TEXT, shape.transformer.text_dim),
            **control,
        )
    )
    tokens = n_tokens(CLIP, shape.transformer, shape.vae)
    assert transformer_flops(shape.transformer, tokens, TEXT) == pytest.approx(flops, rel=1e-3)
    assert transformer_parameters(shape.transformer) == n_parameters(model)


def test_the_image_branch_counts_as_torch_does():
    config = {
        "num_attention_heads": 2, "attention_head_dim": 12, "num_layers": 2, "ffn_dim": 32,
        "in_channels": 36, "out_channels": 16, "text_dim": 32, "freq_dim": 16, "image_dim": 40,
        "added_kv_proj_dim": 24, "cross_attn_norm": True,
    }  # fmt: skip
    model = WanTransformer3DModel(**config)
    shape = KNOWN_SHAPES["Wan-AI/Wan2.1-I2V-14B-480P-Diffusers"].transformer
    small = type(shape)(
        n_layers=2, width=24, ffn=32, in_channels=36, out_channels=16, text_dim=32, freq_dim=16,
        image_dim=40,
    )  # fmt: skip
    flops = counted(
        lambda: model(
            torch.zeros(1, 36, 3, 8, 8),
            torch.tensor([500]),
            torch.zeros(1, 512, 32),
            encoder_hidden_states_image=torch.zeros(1, 257, 40),
        )
    )
    assert transformer_flops(small, 48, 512) == pytest.approx(flops, rel=1e-3)
    assert transformer_parameters(small) == n_parameters(model)


@pytest.mark.parametrize("is_wan21", [True, False])
def test_the_autoencoders_count_is_torchs(is_wan21):
    shape = read_shape(CHECKPOINTS / "wan-t2v").vae
    vae = AutoencoderKLWan.from_pretrained(CHECKPOINTS / "wan-t2v" / "vae")
    if is_wan21:
        full = KNOWN_SHAPES[WAN_1_3B].vae
        shape = type(full)(
            base=6, decoder_base=6, latent_channels=4, multipliers=full.multipliers,
            n_res_blocks=full.n_res_blocks, temporal_downsample=full.temporal_downsample,
        )  # fmt: skip
        vae = AutoencoderKLWan(base_dim=6, z_dim=4, latents_mean=[0.0] * 4, latents_std=[1.0] * 4)
    side = shape.spatial_factor
    size = (CLIP.height // side, CLIP.width // side)
    encode = counted(lambda: vae.encode(torch.zeros(1, 3, *CLIP)))
    decode = counted(lambda: vae.decode(torch.zeros(1, shape.latent_channels, 3, *size)))
    assert vae_encode_flops(shape, CLIP) == pytest.approx(encode, rel=1e-3)
    assert vae_decode_flops(shape, CLIP) == pytest.approx(decode, rel=1e-3)
    assert vae_parameters(shape) == pytest.approx(n_parameters(vae), rel=0.02)


def test_the_text_encoders_count_is_torchs():
    shape = read_shape(CHECKPOINTS / "wan-t2v").text_encoder
    model = UMT5EncoderModel.from_pretrained(CHECKPOINTS / "wan-t2v" / "text_encoder")
    flops = counted(lambda: model(torch.zeros(1, TEXT, dtype=torch.long)))
    assert text_encoder_flops(shape, TEXT) == pytest.approx(flops, rel=1e-3)
    assert text_encoder_parameters(shape) == pytest.approx(n_parameters(model), rel=0.01)


@pytest.mark.parametrize("name", list(KNOWN_SHAPES))
def test_the_full_size_shapes_have_the_parameters_diffusers_gives_them(name):
    shape = KNOWN_SHAPES[name]
    transformer = shape.transformer
    config = {
        "num_attention_heads": transformer.width // 128, "attention_head_dim": 128,
        "num_layers": transformer.n_layers, "ffn_dim": transformer.ffn,
        "in_channels": transformer.in_channels, "image_dim": transformer.image_dim,
        "added_kv_proj_dim": transformer.width if transformer.image_dim else None,
    }  # fmt: skip
    kind = WanTransformer3DModel
    if transformer.n_vace_layers:
        stride = transformer.n_layers // transformer.n_vace_layers
        kind = WanVACETransformer3DModel
        config |= {
            "vace_layers": list(range(0, transformer.n_layers, stride)),
            "vace_in_channels": transformer.vace_in_channels,
        }
    with torch.device("meta"):
        model, vae = kind(**config), AutoencoderKLWan()
    assert transformer_parameters(transformer) == n_parameters(model)
    assert vae_parameters(shape.vae) == pytest.approx(n_parameters(vae), rel=1e-3)


def test_one_pass_of_the_1_3b_model_over_a_480p_clip_is_283_teraflops():
    shape = KNOWN_SHAPES[WAN_1_3B]
    tokens = n_tokens(ClipSize(81, 480, 832), shape.transformer, shape.vae)
    assert tokens == 21 * 30 * 52
    assert transformer_flops(shape.transformer, tokens, 512) == pytest.approx(283.0e12, rel=1e-3)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "cannot be read"), ("{", "cannot be read"), ("{}", "has no")],
)
def test_a_folder_without_a_readable_config_is_refused(tmp_path, content, complaint):
    if content is not None:
        for part in ("transformer", "vae", "text_encoder"):
            (tmp_path / part).mkdir()
            (tmp_path / part / "config.json").write_text(content)
    with pytest.raises(ValueError, match=complaint):
        read_shape(tmp_path)
