"""Recipes of the Wan engine: everything that decides how a clip is sampled, frozen and hashed.

A recipe names a model with its revision and all settings of sampling. Its ``digest`` goes into
every record made with it, beside the hash of the weights. This module needs no torch, so that
flows and plans read recipes without it; published recipes are in ``synth.wan.recipes``.
"""

import hashlib
import json
import math
import re
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import PurePath
from typing import Any, Final, Literal, get_args

from synth.wan.lora import Lora
from synth.wan.placement import Placement, check_cache_fits
from synth.wan.step_cache import METHODS_BY_TASK, StepCache

Task = Literal["t2v", "i2v", "v2v", "vace"]
Precision = Literal["float32", "bfloat16", "float16"]

MAX_TEXT_POSITIONS: Final = 512  # of UMT5 in every published Wan
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_HUB_ID: Final = re.compile(r"[\w.-]*\w[\w.-]*/[\w.-]+")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
# diffusers 0.42 takes one image or one video a call: I2V encodes a list of images once per noise
# generator, VACE raises "Generating with more than one video is not yet supported".
_ONE_AT_A_TIME: Final = ("i2v", "vace")
_DISTILLED_MAX_STEPS: Final = 12  # CausVid is run with 4 to 12, LightX2V with 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """Where the weights come from: a local pipeline folder, or a pinned Hub repository.

    Attributes:
        id: Without ``revision`` a folder written by ``save_pretrained``, with it a Hub
            repository ``owner/name``.
        revision: Commit of the Hub repository, 40 hex digits; branches and tags move.

    Raises:
        ValueError: The revision is no commit, or ``owner/name`` has none. A local folder of two
            parts is written ``./owner/name``.
    """

    id: str
    revision: str | None = None

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("ModelSource: id is empty; give a folder or a Hub repository.")
        if self.revision is None:
            if _HUB_ID.fullmatch(self.id):
                raise ValueError(
                    f"ModelSource: {self.id!r} reads as a Hub repository without a revision; pin "
                    f"the commit it was tested with, or write './{self.id}' for a local folder."
                )
        elif not _COMMIT.fullmatch(self.revision):
            raise ValueError(
                f"ModelSource {self.id}: revision must be a commit of 40 hex digits, got "
                f"{self.revision!r}; branches and tags move."
            )
        elif not _HUB_ID.fullmatch(self.id):
            raise ValueError(
                f"ModelSource: a revision belongs to a Hub repository 'owner/name', got {self.id!r}"
            )

    @property
    def is_local(self) -> bool:
        """Return whether the weights lie in a folder."""
        return self.revision is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraModel:
    """A transformer with a camera adapter (VideoX-Fun's Control-Camera), in one local file.

    Attributes:
        path: The ``.safetensors`` file, with the native names of Wan.
        sha256: Of the file, checked before it is read.

    Raises:
        ValueError: It is no such file name, or not pinned.
    """

    path: str
    sha256: str

    def __post_init__(self) -> None:
        if not self.path.endswith(".safetensors") or not _SHA256.fullmatch(self.sha256):
            raise ValueError(
                "CameraModel: give a .safetensors file and its sha256 (64 lower-case hex digits), "
                f"got {self.path!r} and {self.sha256!r}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class WanRecipe:
    """How clips are sampled.

    Attributes:
        name: Short name, e.g. ``"wan2.1-t2v-1.3b"``; provenance starts with it.
        task: ``t2v`` from text, ``i2v`` also from the first (and last) frame, ``v2v`` from a
            video that is noised and denoised again, ``vace`` from depth, a masked video or
            reference images.
        model: The weights.
        dtype: Of transformer and text encoder.
        vae_dtype: Of the VAE; float32 in every published recipe.
        steps: Denoising steps.
        guidance: Classifier-free guidance scale; 1 turns it off and halves the cost.
        flow_shift: Shift of the noise schedule; ``None`` keeps the one stored with the model.
        negative: What guidance leads away from, as text; empty is the empty prompt.
        opposes_move: Put the opposite camera move before ``negative`` ("the camera pans right"
            for a pan to the left), which strengthens the motion.
        max_sequence_length: Text positions; must be the number of the training, because padding
            takes part in attention.
        max_batch: Clips denoised together. The last digits of a clip depend on who shares its
            batch, so this is part of the recipe.
        strength: With ``v2v``: share of the schedule that is run, in (0, 1].
        conditioning_scale: With ``vace``: strength of the control.
        is_distilled: The weights (or a LoRA) were distilled to few steps without guidance.
        loras: Added to the transformer, in order.
        camera: Takes the place of the model's transformer and follows the requested path.
        cache: Step cache.
        placement: Kernels, compilation, offloading.

    Raises:
        ValueError: A value that is out of range, unknown, or without effect on this task.
    """

    name: str
    task: Task
    model: ModelSource
    dtype: Precision
    steps: int
    guidance: float
    vae_dtype: Precision = "float32"
    flow_shift: float | None = None
    negative: str = ""
    opposes_move: bool = False
    max_sequence_length: int = MAX_TEXT_POSITIONS
    max_batch: int = 1
    strength: float | None = None
    conditioning_scale: float | None = None
    is_distilled: bool = False
    loras: tuple[Lora, ...] = ()
    camera: CameraModel | None = None
    cache: StepCache = field(default_factory=StepCache)
    placement: Placement = field(default_factory=Placement)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            self._refuse(f"name must be lower case letters, digits, '.' and '-', got {self.name!r}")
        self._check_choice("task", self.task, get_args(Task))
        self._check_choice("dtype", self.dtype, get_args(Precision))
        self._check_choice("vae_dtype", self.vae_dtype, get_args(Precision))
        if self.steps < 1 or self.max_batch < 1:
            self._refuse(f"steps and max_batch must be >= 1, got {self.steps} and {self.max_batch}")
        if not 1 <= self.max_sequence_length <= MAX_TEXT_POSITIONS:
            self._refuse(
                f"max_sequence_length must lie within 1 and {MAX_TEXT_POSITIONS}, got "
                f"{self.max_sequence_length}"
            )
        if self.flow_shift is not None and not 0 < self.flow_shift < math.inf:
            self._refuse(f"flow_shift must be > 0 and finite, got {self.flow_shift}")
        self._check_guidance()
        self._check_task()
        self._check_cache()

    def _check_guidance(self) -> None:
        if not (math.isfinite(self.guidance) and self.guidance >= 1):
            self._refuse(f"guidance must be >= 1 (1 turns it off), got {self.guidance}")
        if self.guidance == 1 and (self.negative or self.opposes_move):
            self._refuse("without guidance (1) negative prompts are never read; leave them out")
        if self.is_distilled and self.guidance != 1:
            self._refuse(
                f"distilled weights have guidance built in and run with 1, got {self.guidance}"
            )
        if self.is_distilled and self.steps > _DISTILLED_MAX_STEPS:
            self._refuse(
                f"distilled weights are run with at most {_DISTILLED_MAX_STEPS} steps, got "
                f"{self.steps}"
            )
        if self.is_distilled and self.cache.is_on:
            self._refuse("a step cache saves nothing in the few steps of distilled weights")

    def _check_task(self) -> None:
        if self.task in _ONE_AT_A_TIME and self.max_batch != 1:
            self._refuse(
                f"diffusers makes one {self.task} clip a call, so max_batch must be 1, got "
                f"{self.max_batch}"
            )
        if (self.strength is not None) != (self.task == "v2v"):
            self._refuse("strength is needed by task v2v and unknown to others")
        if self.strength is not None:
            if not 0 < self.strength <= 1:
                self._refuse(f"strength must lie in (0, 1], got {self.strength}")
            if int(self.steps * self.strength) < 1:
                self._refuse(
                    f"strength {self.strength} of {self.steps} steps leaves no step to run"
                )
        if self.conditioning_scale is not None and self.task != "vace":
            self._refuse("conditioning_scale is known to task vace only")
        if self.camera is not None and self.task != "i2v":
            self._refuse("a camera model continues a first frame, which task i2v gives")
        if self.camera is not None and self.placement.quantization != "none":
            self._refuse("a camera model is loaded as it is, without quantization")

    def _check_cache(self) -> None:
        if not self.cache.is_on:
            return
        allowed = METHODS_BY_TASK.get(self.task, ())
        if self.cache.method not in allowed:
            self._refuse(
                f"the step cache {self.cache.method!r} is wrong for task {self.task}, which takes "
                f"{' or '.join(allowed) or 'none'} (synth.wan.step_cache says why)"
            )
        check_cache_fits(self.cache, self.placement)

    def _check_choice(self, what: str, value: str, choices: tuple[str, ...]) -> None:
        if value not in choices:
            self._refuse(f"{what} must be one of {', '.join(choices)}, got {value!r}")

    def _refuse(self, why: str) -> None:
        raise ValueError(f"WanRecipe {self.name}: {why}.")

    @property
    def is_guided(self) -> bool:
        """Return whether there is a second, negative pass per step."""
        return self.guidance > 1

    @property
    def digest(self) -> str:
        """Return 12 hex digits over all settings that are not defaults.

        So a field that is added later leaves the digests of older recipes as they are. Where a
        local folder lies is no setting: its weights are hashed beside the recipe.
        """
        settings = _settings(self)
        if self.model.is_local:
            settings["model"] = "local"
        for lora, told in zip(self.loras, settings.get("loras", ()), strict=True):
            if not lora.is_on_hub:  # pinned by its sha256
                told["source"] = PurePath(lora.source).name
        if self.camera is not None:
            settings["camera"] = self.camera.sha256
        text = json.dumps(settings, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _settings(config: Any) -> Any:  # noqa: ANN401 - a configuration, or a value in one
    """Return a configuration as JSON values, without what it leaves at its default."""
    if isinstance(config, tuple):
        return [_settings(value) for value in config]
    if not is_dataclass(config):
        return config
    told = {}
    for each in fields(config):
        value = getattr(config, each.name)
        made = each.default_factory
        default = each.default if made is MISSING else made()
        if value != default:
            told[each.name] = _settings(value)
    return told
