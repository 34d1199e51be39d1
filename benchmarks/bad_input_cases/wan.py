"""Wan: recipes, requests and model folders."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.bad_input_cases.case import Call, Place
from benchmarks.bad_input_cases.paths import START, path
from synth.cameras import Intrinsics
from synth.generators import GenerationRequest
from synth.wan.engine import WanEngine
from synth.wan.loading import find_model, load_generating_parts
from synth.wan.lora import Lora
from synth.wan.placement import Placement
from synth.wan.recipe import ModelSource, WanRecipe
from synth.wan.recipes import TINY_T2V, TINY_VACE, distilled
from synth.wan.resume import generate_into
from synth.wan.step_cache import StepCache, check_method

_PROJECT: Final = Path(__file__).resolve().parents[2]
_CAMERA: Final = Intrinsics.from_fov(width=64, height=64, fov_deg=80)
_DEPTH: Final = np.full((9, 64, 64), 2.0, dtype=np.float32)


def _here(recipe: WanRecipe) -> WanRecipe:
    """Name a recipe's model by its whole path."""
    return replace(recipe, model=ModelSource(id=str(_PROJECT / recipe.model.id)))


_T2V: Final = _here(TINY_T2V)
_VACE: Final = _here(TINY_VACE)


def _request(**fields: Any) -> GenerationRequest:  # noqa: ANN401 - whatever fields are wrong
    given: dict[str, Any] = {
        "sequence_id": "room/path",
        "scene_id": "room",
        "scene_description": "a room with white walls and a wood floor",
        "trajectory": path(intrinsics=_CAMERA),
        "seed": 0,
    }
    return GenerationRequest(**(given | fields))


def _generate(recipe: WanRecipe, **fields: Any) -> Callable[[Place], object]:  # noqa: ANN401
    """Generate into the folder for results, which shall stay away."""

    def call(place: Place) -> object:
        return generate_into(place.out, [_request(**fields)], WanEngine(recipe))

    return call


def _ten_frames(_: Place) -> object:
    ten = replace(path(intrinsics=_CAMERA), c2w=np.stack([START] * 10), intrinsics=(_CAMERA,) * 10)
    return _request(trajectory=ten)


def _seventy_two_wide(_: Place) -> object:
    return _request(trajectory=path(intrinsics=replace(_CAMERA, width=72)))


def _image_to_video(_: Place) -> object:
    from synth.wan.conditions import CONDITIONS

    return CONDITIONS["i2v"].check(_request())


def _model(name: str) -> Callable[[Place], object]:
    def call(place: Place) -> object:
        return WanEngine(replace(_T2V, model=ModelSource(id=str(place.files / name))))

    return call


def _lora(name: str) -> Callable[[Place], object]:
    def call(place: Place) -> object:
        lora = Lora(source=str(place.files / name), sha256="0" * 64)
        recipe = replace(_T2V, loras=(lora,))
        return load_generating_parts(recipe, find_model(recipe))

    return call


def _few_steps(_: Place) -> object:
    lora = Lora(source="few.safetensors", sha256="0" * 64)
    few = distilled(_T2V, lora, name="few", steps=4, shift=5.0)
    return replace(few, guidance=5.0)


def _twice(place: Place) -> object:
    return generate_into(place.out, [_request(), _request()], WanEngine(_T2V))


def _call(
    did: str, call: Callable[[Place], object], *says: str, expects: str = "ValueError"
) -> Call:
    return Call(did=f"Wan: {did}", call=call, expects=expects, says=says)


WAN: Final = (
    _call(
        "a Hub repository without revision",
        lambda _: ModelSource(id="Wan-AI/Wan2.1-T2V-1.3B-Diffusers"),
        "without a revision",
        "pin the commit it was tested with",
    ),
    _call(
        "a branch as revision",
        lambda _: ModelSource(id="Wan-AI/Wan2.1-T2V-1.3B-Diffusers", revision="main"),
        "commit of 40 hex digits, got 'main'",
        "branches and tags move",
    ),
    _call("guidance .5", lambda _: replace(_T2V, guidance=0.5), "must be >= 1", "got 0.5"),
    _call("few steps with guidance", _few_steps, "run with 1", "got 5.0"),
    _call(
        "an unknown cache",
        lambda _: check_method("teacache"),
        "no method 'teacache'",
        "use one of none, first_block, mag, sea, taylor",
    ),
    _call(
        "pyramid attention broadcast",
        lambda _: check_method("pyramid_attention_broadcast"),
        "the two branches of classifier-free guidance",
        "Use one of first_block, mag, sea, taylor",
    ),
    _call(
        "MagCache without ratios",
        lambda _: StepCache(method="mag"),
        "the ratios belong to the model",
        "measure them",
    ),
    _call(
        "fp8 storage of compiled blocks",
        lambda _: Placement(compile_blocks=True, fp8_storage=True),
        "cannot be compiled",
        "compile with offload='none'",
    ),
    _call(
        "a LoRA that is not pinned",
        lambda _: Lora(source="few.safetensors"),
        "must be pinned by its sha256",
        "sha256sum FILE",
    ),
    _call(
        "a LoRA with another sha256",
        _lora("some.safetensors"),
        "has sha256",
        "fetch the right file",
    ),
    _call(
        "a LoRA that is not there",
        _lora("nowhere.safetensors"),
        "there is no file",
        "nowhere.safetensors",
        expects="FileNotFoundError",
    ),
    _call("VACE without depth", _generate(_VACE), "needs either control_depth", "no control_depth"),
    _call(
        "depth of another size",
        _generate(_VACE, control_depth=_DEPTH[:, ::2, ::2].copy()),
        "one map per frame, (9, 64, 64)",
        "got (9, 32, 32)",
    ),
    _call(
        "depth with NaN",
        _generate(_VACE, control_depth=_DEPTH * np.float32(np.nan)),
        "finite and >= 0 with 0 for unknown",
        "got nan",
    ),
    _call(
        "depth that is unknown everywhere",
        _generate(_VACE, control_depth=0 * _DEPTH),
        "some must be known",
        "got 0.0 to 0.0",
    ),
    _call(
        "depth for a model that reads text only",
        _generate(_T2V, control_depth=_DEPTH),
        "t2v would ignore control_depth",
        "leave it out or use the recipe of a task that follows it",
    ),
    _call("image to video without image", _image_to_video, "no first_frame", "use a t2v recipe"),
    _call("a clip of 10 frames", _ten_frames, "must be 4n + 1", "the nearest are 9 and 13"),
    _call("frames 72 wide", _seventy_two_wide, "sides divisible by 16", "got 72x64"),
    _call("no description", _generate(_T2V, scene_description=" "), "is empty", "say what is seen"),
    _call(
        "a description that is too long",
        _generate(_T2V, scene_description="a room with white walls " * 20),
        "trained with at most 32",
        "shorten it",
    ),
    _call("one clip twice", _twice, "was requested twice", "give each clip an id"),
    _call(
        "an empty model folder",
        _model("empty"),
        "holds no model_index.json",
        "name a folder written by save_pretrained",
        expects="FileNotFoundError",
    ),
    _call(
        "a folder of another pipeline",
        _model("other_pipeline"),
        "holds a StableDiffusionPipeline",
        "needs WanPipeline",
    ),
    _call(
        "a pipeline without its parts",
        _model("cut_pipeline"),
        "lacks the parts scheduler",
        "download the whole pipeline",
    ),
    _call(
        "a misspelt device",
        lambda _: WanEngine(_T2V, device="gpu"),
        "torch knows no such device",
        "use cpu, cuda or cuda:N",
    ),
)
