"""Load the LoRAs of a recipe: check the bytes, convert the names, add them to the weights.

diffusers converts the key names of the LoRA dialects in use (its own, Kijai's and LightX2V's
``diffusion_model.``, musubi's ``lora_unet_``). Fusing is done here, because diffusers does even
that through ``peft``: W + weight * alpha / rank * B A, in float32.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from diffusers import DiffusionPipeline
from diffusers.utils import is_peft_available
from safetensors import safe_open
from torch import Tensor, nn
from transformers.utils import cached_file

from synth.wan.lora import Lora

_PREFIX: Final = "transformer."
_METADATA: Final = "lora_adapter_metadata"  # of files that diffusers or peft wrote


class LoadedLora(NamedTuple):
    """A LoRA that works in a pipeline.

    Attributes:
        name: ``lora-<12 hex digits of the sha256>``, the adapter's name where it is not fused.
        sha256: Of the file.
        weight: Strength.
        is_fused: Whether it is part of the weights.
        n_layers: Linear layers it changes.
    """

    name: str
    sha256: str
    weight: float
    is_fused: bool
    n_layers: int


class _Change(NamedTuple):
    down: Tensor  # (rank, in)
    up: Tensor  # (out, rank)
    bias: Tensor | None  # (out,)


def load_loras(pipeline: DiffusionPipeline, loras: Sequence[Lora]) -> tuple[LoadedLora, ...]:
    """Load LoRAs in order; before caches, placement and compilation.

    Args:
        pipeline: Any of diffusers' Wan pipelines.
        loras: What to load.

    Raises:
        FileNotFoundError: A local file does not exist.
        ValueError: Other bytes than the sha256 says, keys that match no layer or would be dropped,
            a fused LoRA on quantised weights, ``is_for_second`` without a second transformer.
        ImportError: A LoRA is not fused and ``peft`` is not installed.
    """
    loaded = [_load(pipeline, lora) for lora in loras]
    for is_second in (False, True):
        names = [
            (each.name, each.weight)
            for each, lora in zip(loaded, loras, strict=True)
            if not lora.is_fused and lora.is_for_second == is_second
        ]
        if names:
            transformer = pipeline.transformer_2 if is_second else pipeline.transformer
            transformer.set_adapters(*map(list, zip(*names, strict=True)))
    return tuple(loaded)


def _load(pipeline: DiffusionPipeline, lora: Lora) -> LoadedLora:
    path = _file_of(lora)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if lora.sha256 not in (None, sha256):
        raise ValueError(
            f"Lora {lora.source}: the file has sha256 {sha256}, the recipe says {lora.sha256}; "
            "fetch the right file, or pin this one if it is meant."
        )
    transformer = _transformer_of(pipeline, lora)
    tensors, alpha_over_rank = _read(path, lora)
    converted: dict[str, Tensor] = type(pipeline).lora_state_dict(dict(tensors))
    changes = _changes(converted, transformer, lora)
    name = f"lora-{sha256[:12]}"
    if lora.is_fused:
        for layer_name, change in changes.items():
            scale = lora.weight * (1.0 if alpha_over_rank is None else alpha_over_rank)
            _fuse(transformer.get_submodule(layer_name), change, scale, lora)
    else:
        _require_peft(lora)
        pipeline.load_lora_weights(
            path.parent,
            weight_name=path.name,
            adapter_name=name,
            load_into_transformer_2=lora.is_for_second,
        )
    return LoadedLora(name, sha256, lora.weight, lora.is_fused, len(changes))


def _file_of(lora: Lora) -> Path:
    if lora.is_on_hub:
        return Path(cached_file(lora.source, lora.weight_name, revision=lora.revision))
    path = Path(lora.source) / lora.weight_name if lora.weight_name else Path(lora.source)
    if not path.is_file():
        raise FileNotFoundError(f"Lora {lora.source}: there is no file {path}.")
    return path


def _transformer_of(pipeline: DiffusionPipeline, lora: Lora) -> nn.Module:
    if not lora.is_for_second:
        return pipeline.transformer
    second = getattr(pipeline, "transformer_2", None)
    if second is None:
        raise ValueError(
            f"Lora {lora.source}: is_for_second, but the {type(pipeline).__name__} has no second "
            "transformer; Wan2.1 models have one."
        )
    return second


def _require_peft(lora: Lora) -> None:
    if not is_peft_available():
        raise ImportError(
            f"Lora {lora.source}: diffusers runs a LoRA that is not fused through peft, which is "
            "not installed. pip install peft, or set is_fused=True."
        )


def _read(path: Path, lora: Lora) -> tuple[Mapping[str, Tensor], float | None]:
    """Return the tensors, and alpha / rank where the file's header says it."""
    with safe_open(path, framework="pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  not a dict
        header = json.loads((file.metadata() or {}).get(_METADATA, "{}"))
    for key, tensor in tensors.items():
        is_dropped = "norm" in key and key.endswith((".diff", ".diff_b"))
        if is_dropped and bool(tensor.any()):
            raise ValueError(
                f"Lora {lora.source}: {key} changes a norm, and diffusers drops such keys; this "
                "file cannot be used as it was trained."
            )
    options = {key.removeprefix(_PREFIX): value for key, value in header.items()}
    if lora.is_fused and (
        options.get("use_dora") or options.get("rank_pattern") or options.get("alpha_pattern")
    ):
        raise ValueError(
            f"Lora {lora.source}: DoRA and ranks that differ by layer cannot be fused here; set "
            "is_fused=False."
        )
    if "lora_alpha" not in options or "r" not in options:
        return tensors, None
    rank = options["r"] ** (0.5 if options.get("use_rslora") else 1.0)
    return tensors, options["lora_alpha"] / rank


def _changes(
    converted: Mapping[str, Tensor], transformer: nn.Module, lora: Lora
) -> dict[str, _Change]:
    """Group converted tensors by layer.

    Raises:
        ValueError: A key is no part of a LoRA, or names no linear layer of the transformer.
    """
    known = {name for name, module in transformer.named_modules() if isinstance(module, nn.Linear)}
    parts: dict[str, dict[str, Tensor]] = {}
    for key, tensor in converted.items():
        layer, _, part = key.removeprefix(_PREFIX).partition(".lora_")
        if part not in ("A.weight", "B.weight", "B.bias") or layer not in known:
            raise ValueError(
                f"Lora {lora.source}: {key} matches no linear layer of the "
                f"{type(transformer).__name__}; it was made for another model."
            )
        parts.setdefault(layer, {})[part] = tensor
    incomplete = [layer for layer, part in parts.items() if {"A.weight", "B.weight"} - part.keys()]
    if incomplete or not parts:
        raise ValueError(
            f"Lora {lora.source}: it needs pairs of matrices A and B, and "
            f"{f'{incomplete[0]} lacks one' if incomplete else 'there are none'}."
        )
    return {
        layer: _Change(part["A.weight"], part["B.weight"], part.get("B.bias"))
        for layer, part in parts.items()
    }


@torch.no_grad()
def _fuse(layer: Any, change: _Change, scale: float, lora: Lora) -> None:  # noqa: ANN401  nn.Linear
    weight: Tensor = layer.weight
    # Quantised weights are uint8, float8 or a subclass that pretends to be floating.
    is_plain = type(weight) is nn.Parameter and weight.is_floating_point() and weight.itemsize > 1
    if not is_plain:
        raise ValueError(
            f"Lora {lora.source}: weights stored as {type(weight).__name__} of {weight.dtype} "
            "cannot take a fused LoRA; set is_fused=False."
        )
    added = scale * (change.up.float() @ change.down.float())
    if added.shape != weight.shape:
        raise ValueError(
            f"Lora {lora.source}: it changes a matrix of {tuple(added.shape)} and the model's is "
            f"{tuple(weight.shape)}; it was made for another size of model."
        )
    weight.copy_(weight.float() + added.to(weight.device))
    if change.bias is not None:
        layer.bias.copy_(layer.bias.float() + scale * change.bias.float().to(weight.device))
