"""Load the parts of a Wan pipeline that a recipe names, from a folder or from the Hub.

The text encoder is the largest part (UMT5-xxl: 11 GB) and is needed for a moment only, so it is
loaded apart from the generating parts (transformer, VAE, scheduler). Both loads go through the
same diffusers pipeline class, so the folder or repository is an ordinary pipeline.
"""

import hashlib
import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from diffusers import (
    DiffusionPipeline,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
    WanVideoToVideoPipeline,
)
from diffusers.video_processor import VideoProcessor

from synth.wan.fun_camera import FunCamera, load_fun_camera
from synth.wan.lora_loading import load_loras
from synth.wan.placing import load_quantized_transformer
from synth.wan.recipe import MAX_TEXT_POSITIONS, CameraModel, Precision, Task, WanRecipe

_CAMERA_CHANNELS: Final = 32  # of VideoX-Fun's camera models: noise and the first frame's latents
_PARTS: Final = ("scheduler", "text_encoder", "tokenizer", "transformer", "vae")
_CHUNK_BYTES: Final = 1 << 20
_TORCH_DTYPES: Final[dict[Precision, torch.dtype]] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


class _TaskClass(NamedTuple):
    """Classes of a task: pipeline, transformer, and stored pipelines with weights for it."""

    pipeline: type[DiffusionPipeline]
    transformer: type[torch.nn.Module]
    stored: tuple[str, ...]


_CLASSES: Final[dict[Task, _TaskClass]] = {
    "t2v": _TaskClass(WanPipeline, WanTransformer3DModel, ("WanPipeline",)),
    "i2v": _TaskClass(WanImageToVideoPipeline, WanTransformer3DModel, ("WanImageToVideoPipeline",)),
    # Video-to-video runs the weights of text-to-video.
    "v2v": _TaskClass(
        WanVideoToVideoPipeline, WanTransformer3DModel, ("WanPipeline", "WanVideoToVideoPipeline")
    ),
    "vace": _TaskClass(WanVACEPipeline, WanVACETransformer3DModel, ("WanVACEPipeline",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """A model that was found and holds the right kind of pipeline.

    Attributes:
        location: Folder, or repository on the Hub.
        revision: Commit of the repository; ``None`` for folders.
        weights: What provenance calls the weights: the first 12 hex digits of the sha256 over
            all weight files of a folder, or of the commit.
        text: What the prompt cache calls tokenizer and text encoder.
    """

    location: str
    revision: str | None
    weights: str
    text: str


def find_model(recipe: WanRecipe) -> ModelFiles:
    """Find the model of a recipe and check that its pipeline fits the task.

    Raises:
        FileNotFoundError: A local folder holds no pipeline.
        ValueError: It holds another pipeline than the task needs, or parts of one only.
    """
    source = recipe.model
    if source.is_local and not (Path(source.id) / "model_index.json").is_file():
        raise FileNotFoundError(
            f"loading {recipe.name}: {source.id} holds no model_index.json; name a folder written "
            "by save_pretrained (the card of checkpoints/tiny says how to train a small one)."
        )
    index = DiffusionPipeline.load_config(source.id, revision=source.revision)
    stored = _CLASSES[recipe.task].stored
    if index["_class_name"] not in stored:
        raise ValueError(
            f"loading {recipe.name}: {source.id} holds a {index['_class_name']}, and task "
            f"{recipe.task} needs {' or '.join(stored)}."
        )
    if source.revision is None:
        folder = Path(source.id)
        # A part that the index names as nothing was left out on purpose: prompts may be cached.
        left_out = [part for part in _PARTS if (index.get(part) or ("",))[0] is None]
        missing = [p for p in _PARTS if p not in left_out and not (folder / p).is_dir()]
        if missing:
            raise ValueError(
                f"loading {recipe.name}: {folder} lacks the parts {', '.join(missing)}; copy or "
                "download the whole pipeline."
            )
        return ModelFiles(
            location=source.id,
            revision=None,
            weights=checkpoint_digest(folder),
            text=_digest(folder, "text_encoder/*", "tokenizer/*"),
        )
    return ModelFiles(
        location=source.id,
        revision=source.revision,
        weights=source.revision[:12],
        text=f"{source.id}@{source.revision}",
    )


def load_text_parts(recipe: WanRecipe, model: ModelFiles, device: str) -> DiffusionPipeline:
    """Load a pipeline that holds only tokenizer and text encoder.

    Raises:
        OSError: The Hub cannot be reached, or a file is missing.
        ValueError: The pipeline was saved without a text encoder.
    """
    nothing = dict.fromkeys(_names_of(recipe.task, "vae", "transformer", "image_encoder"))
    index = DiffusionPipeline.load_config(model.location, revision=model.revision)
    if any((index.get(part) or (None,))[0] is None for part in ("text_encoder", "tokenizer")):
        raise ValueError(
            f"loading {recipe.name}: {model.location} holds no text encoder, and there are prompts "
            "that are not in the prompt cache; encode them with a whole pipeline first."
        )
    return _load(recipe, model, torch_dtype(recipe.dtype), **nothing).to(device)


class GeneratingParts(NamedTuple):
    """A pipeline without text encoder, and what steers its transformer, if anything does."""

    pipeline: DiffusionPipeline
    camera: FunCamera | None


def load_generating_parts(recipe: WanRecipe, model: ModelFiles) -> GeneratingParts:
    """Load a pipeline without tokenizer and text encoder, with its LoRAs, to be placed somewhere.

    Raises:
        OSError: The Hub cannot be reached, or a file is missing.
        ImportError: The number format of the weights needs a package that is not installed.
        ValueError: A LoRA or camera model is not the file the recipe pins, or does not fit.
    """
    parts: dict[str, Any] = {"text_encoder": None, "tokenizer": None}
    camera = None if recipe.camera is None else _load_camera(recipe, recipe.camera, model)
    quantized = load_quantized_transformer(
        _CLASSES[recipe.task].transformer,
        recipe.placement,
        model.location,
        revision=model.revision,
        dtype=torch_dtype(recipe.dtype),
    )
    if camera is not None:
        parts["transformer"] = camera.transformer
    elif quantized is not None:
        parts["transformer"] = quantized
    dtypes = {
        "default": torch_dtype(recipe.dtype),
        "vae": torch_dtype(recipe.vae_dtype),
        "image_encoder": torch.float32,  # diffusers' I2V example; hidden states are sensitive
    }
    pipeline = _load(recipe, model, dtypes, **parts)
    prepare_pipeline(pipeline, recipe)
    load_loras(pipeline, recipe.loras)
    return GeneratingParts(pipeline, camera)


def _load_camera(recipe: WanRecipe, camera: CameraModel, model: ModelFiles) -> FunCamera:
    """Load a camera model; it has the sizes of the pipeline's transformer and other inputs."""
    path = Path(camera.path)
    if not path.is_file():
        raise FileNotFoundError(f"loading {recipe.name}: there is no camera model {path}.")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != camera.sha256:
        raise ValueError(
            f"loading {recipe.name}: {path} has sha256 {sha256}, the recipe says {camera.sha256}; "
            "it is another file, or damaged."
        )
    config = dict(
        WanTransformer3DModel.load_config(
            model.location, subfolder="transformer", revision=model.revision
        )
    )
    known = inspect.signature(WanTransformer3DModel.__init__).parameters
    sizes = {name: value for name, value in config.items() if name in known}
    loaded = load_fun_camera(path, **{**sizes, "in_channels": _CAMERA_CHANNELS})
    loaded.transformer.to(torch_dtype(recipe.dtype))
    return FunCamera(loaded.transformer, loaded.adapter)  # which takes over the new type


def prepare_pipeline(pipeline: DiffusionPipeline, recipe: WanRecipe) -> None:
    """Correct and set what diffusers leaves wrong or open on a loaded pipeline."""
    # diffusers 0.42 counts the VAE's stages in the VACE and video-to-video pipelines and overlooks
    # its 2x2 patches; the text-to-video pipeline reads the config, as here.
    factor = pipeline.vae.config.scale_factor_spatial
    pipeline.vae_scale_factor_spatial = factor
    pipeline.video_processor = VideoProcessor(vae_scale_factor=factor)
    if recipe.flow_shift is not None:
        pipeline.scheduler = UniPCMultistepScheduler.from_config(
            pipeline.scheduler.config, flow_shift=recipe.flow_shift
        )
    pipeline.set_progress_bar_config(disable=True)


def torch_dtype(name: Precision) -> torch.dtype:
    """Return torch's type of a recipe's."""
    return _TORCH_DTYPES[name]


def text_positions(folder: Path) -> int:
    """Return the text length a local model was trained with, kept by its tokenizer.

    Raises:
        FileNotFoundError: The folder has no tokenizer.
    """
    config = json.loads((folder / "tokenizer" / "tokenizer_config.json").read_text("utf-8"))
    return min(MAX_TEXT_POSITIONS, int(config.get("model_max_length", MAX_TEXT_POSITIONS)))


def checkpoint_digest(folder: Path) -> str:
    """Return the first 12 hex digits of the sha256 over all weight files of a folder."""
    return _digest(folder, "**/*.safetensors")[:12]


def _digest(folder: Path, *patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:  # in pieces: shards have gigabytes
            while piece := file.read(_CHUNK_BYTES):
                digest.update(piece)
    return digest.hexdigest()


def _names_of(task: Task, *names: str) -> tuple[str, ...]:
    """Return the component names that the task's pipeline knows."""
    optional = ("image_encoder",)
    return tuple(name for name in names if name not in optional or task == "i2v")


def _load(
    recipe: WanRecipe,
    model: ModelFiles,
    dtype: torch.dtype | dict[str, torch.dtype],
    **parts: Any,  # noqa: ANN401 - components of a pipeline, or None
) -> DiffusionPipeline:
    return _CLASSES[recipe.task].pipeline.from_pretrained(
        model.location, revision=model.revision, dtype=dtype, **parts
    )
