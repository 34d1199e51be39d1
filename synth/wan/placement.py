"""Where and how a Wan pipeline runs: attention kernels, compilation, number formats, offloading.

This module holds the configuration and needs no torch; ``synth.wan.placing`` applies it.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from synth.wan.step_cache import StepCache

Quantization = Literal["none", "bnb_8bit", "bnb_4bit", "torchao_int8", "torchao_fp8", "gguf"]
Offload = Literal["none", "model", "group_leaf", "group_block"]
# AutoencoderKLWan.enable_tiling of diffusers 0.42: tiles of 256 pixels every 192.
_TILE_PX: Final = 256
_TILE_STRIDE_PX: Final = 192


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How the parts of a pipeline run; the default changes nothing.

    Attributes:
        attention: Attention backend of the transformer by diffusers' name (``native``, ``flash``,
            ``_flash_3``, ``sage``, ...); ``None`` leaves diffusers' choice.
        compile_blocks: Compile the repeated transformer block once (``compile_repeated_blocks``).
        quantization: Number format the transformer's weights are loaded in.
        gguf_file: With ``gguf``: the file of the quantised transformer.
        offload: Keep parts in CPU memory until they are needed: whole models, single layers
            (``group_leaf``), or groups of blocks.
        blocks_per_group: With ``group_block``: blocks moved together.
        is_streamed: With group offloading: copy the next group on a stream of its own (CUDA).
        fp8_storage: Keep the transformer's linear weights as float8 (e4m3) and compute in its own
            type (``enable_layerwise_casting``).
        vae_tiling: Encode and decode in overlapping tiles.
        vae_tile_px: Side of a tile.
        vae_tile_stride_px: Distance of neighbouring tiles; the rest is blended.
        vae_slicing: Decode the clips of a batch one after the other.

    Raises:
        ValueError: Values that do not exist or exclude each other.
    """

    attention: str | None = None
    compile_blocks: bool = False
    quantization: Quantization = "none"
    gguf_file: str | None = None
    offload: Offload = "none"
    blocks_per_group: int = 1
    is_streamed: bool = False
    fp8_storage: bool = False
    vae_tiling: bool = False
    vae_tile_px: int = _TILE_PX
    vae_tile_stride_px: int = _TILE_STRIDE_PX
    vae_slicing: bool = False

    def __post_init__(self) -> None:
        _check_choice("quantization", self.quantization, get_args(Quantization))
        _check_choice("offload", self.offload, get_args(Offload))
        if (self.quantization == "gguf") != (self.gguf_file is not None):
            raise ValueError(
                f"Placement: quantization={self.quantization!r} with gguf_file={self.gguf_file!r}; "
                "'gguf' and its file go together."
            )
        if self.fp8_storage and self.quantization != "none":
            raise ValueError(
                f"Placement: fp8_storage and quantization={self.quantization!r} both choose how "
                "weights are stored; keep one."
            )
        # Measured: both change parameters inside of the compiled forward, which dynamo refuses.
        if self.compile_blocks and (self.fp8_storage or self.offload == "group_leaf"):
            raise ValueError(
                f"Placement: compile_blocks with fp8_storage={self.fp8_storage} and "
                f"offload={self.offload!r}: layers that change inside of a block cannot be "
                "compiled; compile with offload='none', 'model' or 'group_block'."
            )
        if self.blocks_per_group < 1:
            raise ValueError(
                f"Placement: blocks_per_group must be at least 1, got {self.blocks_per_group}."
            )
        if self.is_streamed and not self.offload.startswith("group"):
            raise ValueError(
                f"Placement: is_streamed needs offload='group_leaf' or 'group_block', got "
                f"{self.offload!r}."
            )
        if not 0 < self.vae_tile_stride_px <= self.vae_tile_px or self.vae_tile_px % 16:
            raise ValueError(
                "Placement: vae_tile_px must be a multiple of 16 and vae_tile_stride_px between 1 "
                f"and it, got {self.vae_tile_px} and {self.vae_tile_stride_px}."
            )


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"Placement: {name} is one of {', '.join(choices)}, got {value!r}.")


def check_cache_fits(cache: StepCache, placement: Placement) -> None:
    """Accept a step cache together with a placement.

    Raises:
        ValueError: The cache skips blocks whose copies to the device were planned.
    """
    if cache.is_on and placement.is_streamed:
        raise ValueError(
            f"step cache {cache.method} with Placement(is_streamed=True): a streamed group is "
            "copied by the block before it, and the cache skips blocks; use is_streamed=False."
        )
