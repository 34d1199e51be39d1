"""Put a Wan pipeline to work: kernels, compilation, number formats, tiling, offloading, device.

``load_quantized_transformer`` acts while weights are loaded, ``place`` after LoRAs are in, and
``synth.wan.caching.enable_step_cache`` comes last.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import torch
from diffusers import (
    AutoencoderKLWan,
    BitsAndBytesConfig,
    DiffusionPipeline,
    GGUFQuantizationConfig,
    ModelMixin,
    TorchAoConfig,
    attention_backend,
)
from diffusers.models.attention_dispatch import AttentionBackendName

from synth.wan.placement import Placement, Quantization


class _Needs(NamedTuple):
    """Packages of a number format: import names, and what to give to pip."""

    modules: tuple[str, ...]
    pip: str


_NEEDS: Final[dict[Quantization, _Needs]] = {
    "bnb_8bit": _Needs(("bitsandbytes",), "bitsandbytes"),
    "bnb_4bit": _Needs(("bitsandbytes",), "bitsandbytes"),
    "torchao_int8": _Needs(("torchao",), "torchao"),
    "torchao_fp8": _Needs(("torchao",), "torchao"),
    "gguf": _Needs(("gguf",), "gguf"),
}


def attention_backends() -> tuple[str, ...]:
    """Return the names of all attention backends the installed diffusers knows, sorted."""
    return tuple(sorted(name.value for name in AttentionBackendName))


def load_quantized_transformer(
    transformer_class: type[Any],
    placement: Placement,
    location: str,
    *,
    revision: str | None = None,
    dtype: torch.dtype = torch.bfloat16,
) -> ModelMixin | None:
    """Load a pipeline's transformer in the number format of ``placement``.

    Args:
        transformer_class: ``WanTransformer3DModel`` or ``WanVACETransformer3DModel``.
        placement: ``quantization`` and ``gguf_file`` are read.
        location: Pipeline folder, or repository on the Hub; with ``gguf`` its config is used.
        revision: Commit of the repository.
        dtype: Of the computation and of what is not quantised.

    Returns:
        The model, or ``None`` when the placement does not quantise.

    Raises:
        ImportError: A package is missing; the message has the pip line.
    """
    if placement.quantization == "none":
        return None
    config = quantization_config(placement.quantization, dtype)
    if placement.gguf_file is not None:
        return transformer_class.from_single_file(
            placement.gguf_file,
            config=location,
            subfolder="transformer",
            revision=revision,
            quantization_config=config,
            dtype=dtype,
        )
    return transformer_class.from_pretrained(
        location,
        subfolder="transformer",
        revision=revision,
        quantization_config=config,
        dtype=dtype,
    )


def quantization_config(quantization: Quantization, dtype: torch.dtype) -> Any:  # noqa: ANN401
    """Return diffusers' configuration of a number format.

    Raises:
        ImportError: A package is missing; the message has the pip line.
        ValueError: ``none`` has no configuration.
    """
    if quantization == "none":
        raise ValueError("quantization 'none' has no configuration; load the model as it is.")
    needs = _NEEDS[quantization]
    missing = [module for module in needs.modules if find_spec(module) is None]
    if missing:
        raise ImportError(
            f"quantization {quantization!r} needs {', '.join(missing)}, which is not installed. "
            f"pip install {needs.pip}"
        )
    match quantization:
        case "bnb_8bit":
            return BitsAndBytesConfig(load_in_8bit=True)
        case "bnb_4bit":
            return BitsAndBytesConfig(
                load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
            )
        case "gguf":
            return GGUFQuantizationConfig(compute_dtype=dtype)
        case "torchao_int8" | "torchao_fp8":
            formats = import_module("torchao.quantization")  # an optional package
            is_int8 = quantization == "torchao_int8"
            return TorchAoConfig(
                formats.Int8WeightOnlyConfig() if is_int8 else formats.Float8WeightOnlyConfig()
            )


def place(pipeline: DiffusionPipeline, placement: Placement, device: str) -> None:
    """Apply a placement to a loaded pipeline.

    Args:
        pipeline: Any of diffusers' Wan pipelines, with its LoRAs.
        placement: What to apply; quantisation happened while loading.
        device: ``cpu``, ``cuda``, ``cuda:1``; where the models run.

    Raises:
        ValueError: The attention backend is unknown, or cannot run here.
        RuntimeError: Offloading without an accelerator.
    """
    models = [getattr(pipeline, name, None) for name in ("transformer", "transformer_2")]
    transformers = [model for model in models if model is not None]
    for transformer in transformers:
        if placement.attention is not None:
            _set_attention(transformer, placement.attention)
        if placement.fp8_storage:
            transformer.enable_layerwise_casting(
                storage_dtype=torch.float8_e4m3fn, compute_dtype=transformer.dtype
            )
    _place_vae(pipeline.vae, placement)
    if placement.compile_blocks:
        for transformer in transformers:
            compile_blocks(transformer)
    _offload(pipeline, placement, torch.device(device))


def compile_blocks(transformer: ModelMixin, backend: str = "inductor") -> None:
    """Compile the repeated blocks of a transformer, one graph for all of a kind.

    Unlike ``compile_repeated_blocks`` of diffusers 0.42 this compiles what a block computes, inside
    of all hooks, so that step caches can be wrapped around it: there, they end in an error with
    ``fullgraph=True`` and in no graph (MagCache) or a dozen (SeaCache) without.

    Args:
        transformer: Names its kinds of blocks in ``_repeated_blocks``.
        backend: Of ``torch.compile``.

    Raises:
        ValueError: A step cache is on already; its decisions cannot be compiled.
    """
    if transformer.is_cache_enabled:
        raise ValueError(
            "compiling the blocks of a transformer: its step cache is on already and would be "
            "compiled with them; place the pipeline first and enable the cache last."
        )
    kinds = transformer._repeated_blocks
    for block in transformer.modules():
        if type(block).__name__ in kinds:
            block.forward = torch.compile(block.forward, fullgraph=True, backend=backend)


def _set_attention(transformer: ModelMixin, name: str) -> None:
    if name not in attention_backends():
        raise ValueError(
            f"Placement: diffusers has no attention backend {name!r}; it has "
            f"{', '.join(attention_backends())}."
        )
    # set_attention_backend also changes the backend of all other models; this puts it back.
    with attention_backend("native"):
        try:
            transformer.set_attention_backend(name)
        except RuntimeError as error:
            raise ValueError(f"Placement: attention backend {name!r}: {error}") from error


def _place_vae(vae: AutoencoderKLWan, placement: Placement) -> None:
    if placement.vae_tiling:
        side, stride = placement.vae_tile_px, placement.vae_tile_stride_px
        vae.enable_tiling(side, side, stride, stride)
    if placement.vae_slicing:
        vae.enable_slicing()


def _offload(pipeline: DiffusionPipeline, placement: Placement, device: torch.device) -> None:
    match placement.offload:
        case "none":
            pipeline.to(device)
        case "model":
            pipeline.enable_model_cpu_offload(device=device)
        case "group_leaf" | "group_block":
            is_block = placement.offload == "group_block"
            pipeline.enable_group_offload(
                onload_device=device,
                offload_type="block_level" if is_block else "leaf_level",
                num_blocks_per_group=placement.blocks_per_group if is_block else None,
                use_stream=placement.is_streamed,
            )
