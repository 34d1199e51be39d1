"""The sizes of Wan's three networks, read from their config files: no weights, no torch.

A class's defaults in diffusers are those of the 14B model, so a missing field is an error here.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerShape:
    """A Wan diffusion transformer.

    Attributes:
        width: Of a token: heads times the size of a head.
        image_dim: Width of CLIP's image tokens, or ``None`` for models without image branch.
        n_vace_layers: Control blocks beside the main ones; 0 without VACE.
        vace_in_channels: Channels of VACE's control latents.
    """

    n_layers: int
    width: int
    ffn: int
    in_channels: int
    out_channels: int
    text_dim: int
    freq_dim: int
    patch: tuple[int, int, int] = (1, 2, 2)
    image_dim: int | None = None
    n_vace_layers: int = 0
    vace_in_channels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VaeShape:
    """A causal Wan video autoencoder.

    Attributes:
        decoder_base: Base width of the decoder (the encoder's in Wan2.1).
        temporal_downsample: For each of the encoder's samplers, whether it halves time too.
        patch: Side of the pixel patches that are folded into channels (1 in Wan2.1).
        is_residual: Built from Wan2.2's blocks, whose upsampling keeps the width.
    """

    base: int
    decoder_base: int
    latent_channels: int
    multipliers: tuple[int, ...]
    n_res_blocks: int
    temporal_downsample: tuple[bool, ...]
    patch: int = 1
    is_residual: bool = False

    @property
    def spatial_factor(self) -> int:
        """Pixels of a frame's side per latent."""
        return int(2 ** (len(self.multipliers) - 1)) * self.patch

    @property
    def temporal_factor(self) -> int:
        """Frames per latent step."""
        return int(2 ** sum(self.temporal_downsample))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEncoderShape:
    """A UMT5 encoder; ``is_gated`` feed-forwards have a second matrix on the way in."""

    n_layers: int
    width: int
    inner: int  # heads times the size of a head
    ffn: int
    vocabulary: int
    is_gated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WanShape:
    """One pipeline."""

    transformer: TransformerShape
    vae: VaeShape
    text_encoder: TextEncoderShape


def read_shape(folder: Path) -> WanShape:
    """Read the shapes of a pipeline folder (``save_pretrained``).

    Raises:
        ValueError: A config file is missing, lacks a field, or is of a model this does not know.
    """
    return WanShape(
        transformer=_transformer(_config(folder, "transformer")),
        vae=_vae(_config(folder, "vae")),
        text_encoder=_text_encoder(_config(folder, "text_encoder")),
    )


class _Config:
    """A config file that says which field it lacks."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self.path = path
        self.content = content

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - values of a JSON file
        if name not in self.content:
            raise ValueError(
                f"reading the shape of a Wan model: {self.path} has no {name!r}; pass a folder "
                "written by save_pretrained."
            )
        return self.content[name]


def _config(folder: Path, part: str) -> _Config:
    path = folder / part / "config.json"
    try:
        return _Config(path, json.loads(path.read_bytes()))
    except (OSError, json.JSONDecodeError) as error:
        raise ValueError(
            f"reading the shape of a Wan model: {path} cannot be read ({error}); pass the folder "
            "of a Wan pipeline."
        ) from error


def _transformer(config: _Config) -> TransformerShape:
    vace_layers = config.content.get("vace_layers") or ()
    patch = tuple(int(side) for side in config["patch_size"])
    return TransformerShape(
        n_layers=config["num_layers"],
        width=config["num_attention_heads"] * config["attention_head_dim"],
        ffn=config["ffn_dim"],
        in_channels=config["in_channels"],
        out_channels=config["out_channels"],
        text_dim=config["text_dim"],
        freq_dim=config["freq_dim"],
        patch=(patch[0], patch[1], patch[2]),
        image_dim=config.content.get("image_dim"),
        n_vace_layers=len(vace_layers),
        vace_in_channels=config["vace_in_channels"] if vace_layers else 0,
    )


def _vae(config: _Config) -> VaeShape:
    if config["attn_scales"]:
        raise ValueError(
            f"reading the shape of a Wan VAE: {config.path} has attention in its outer blocks "
            "(attn_scales), which no published Wan VAE has and which is not counted here."
        )
    return VaeShape(
        base=config["base_dim"],
        decoder_base=config.content.get("decoder_base_dim") or config["base_dim"],
        latent_channels=config["z_dim"],
        multipliers=tuple(config["dim_mult"]),
        n_res_blocks=config["num_res_blocks"],
        temporal_downsample=tuple(config["temperal_downsample"]),
        patch=config.content.get("patch_size") or 1,
        is_residual=config.content.get("is_residual", False),
    )


def _text_encoder(config: _Config) -> TextEncoderShape:
    return TextEncoderShape(
        n_layers=config["num_layers"],
        width=config["d_model"],
        inner=config["num_heads"] * config["d_kv"],
        ffn=config["d_ff"],
        vocabulary=config["vocab_size"],
        is_gated=config["is_gated_act"],
    )


_WAN21_VAE: Final = VaeShape(
    base=96,
    decoder_base=96,
    latent_channels=16,
    multipliers=(1, 2, 4, 4),
    n_res_blocks=2,
    temporal_downsample=(False, True, True),
)
_UMT5_XXL: Final = TextEncoderShape(
    n_layers=24, width=4096, inner=4096, ffn=10240, vocabulary=256384
)


def _wan21(
    width: int, ffn: int, n_layers: int, *, is_i2v: bool = False, n_vace_layers: int = 0
) -> WanShape:
    return WanShape(
        transformer=TransformerShape(
            n_layers=n_layers,
            width=width,
            ffn=ffn,
            in_channels=36 if is_i2v else 16,
            out_channels=16,
            text_dim=4096,
            freq_dim=256,
            image_dim=1280 if is_i2v else None,
            n_vace_layers=n_vace_layers,
            vace_in_channels=96 if n_vace_layers else 0,
        ),
        vae=_WAN21_VAE,
        text_encoder=_UMT5_XXL,
    )


# Of the Hub's repositories, so that a plan needs no download.
KNOWN_SHAPES: Final = {
    "Wan-AI/Wan2.1-T2V-1.3B-Diffusers": _wan21(1536, 8960, 30),
    "Wan-AI/Wan2.1-T2V-14B-Diffusers": _wan21(5120, 13824, 40),
    "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers": _wan21(5120, 13824, 40, is_i2v=True),
    "Wan-AI/Wan2.1-I2V-14B-720P-Diffusers": _wan21(5120, 13824, 40, is_i2v=True),
    "Wan-AI/Wan2.1-VACE-1.3B-diffusers": _wan21(1536, 8960, 30, n_vace_layers=15),
    "Wan-AI/Wan2.1-VACE-14B-diffusers": _wan21(5120, 13824, 40, n_vace_layers=8),
}
