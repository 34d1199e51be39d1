"""The Wan engine: requests in, sequences out, whatever the task and however large the model.

One loop serves text-to-video, image-to-video, video-to-video and VACE; what differs is in
``synth.wan.conditions``. The prompts of a call are encoded first and kept in a prompt cache, the
text encoder is freed, and only then the generating parts are loaded. For several GPUs run one
engine per device: clips are independent, so nothing is gained by splitting one.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from synth.generators import GenerationRequest, Rejected
from synth.scene import MultiViewSequence, Provenance
from synth.wan.batching import BatchRunner, Result, batches_of, clip_shape, free_memory
from synth.wan.caching import RunningCache, enable_step_cache
from synth.wan.conditions import CONDITIONS, negative_prompt
from synth.wan.fun_camera import FunCamera
from synth.wan.loading import (
    ModelFiles,
    find_model,
    load_generating_parts,
    load_text_parts,
)
from synth.wan.placing import place
from synth.wan.prompt_cache import PromptCache, TextIdentity, encode_prompts
from synth.wan.recipe import WanRecipe
from synth.wan.training import torch_generator
from synth.wan.watching import (
    NOT_FINITE,
    AllRejectedError,
    StepCallback,
    StepProgress,
    StepWatcher,
    to_bytes,
)

_log: Final = logging.getLogger(__name__)


class WanEngine:
    """Generates clips by a recipe.

    Attributes:
        recipe: How clips are sampled.
        model: The files found for it.
        device: Where it runs, e.g. ``"cpu"`` or ``"cuda:3"``.
        prompts: Embeddings of the prompts.
    """

    def __init__(
        self,
        recipe: WanRecipe,
        *,
        device: str = "cpu",
        prompt_cache: Path | None = None,
        watcher: StepWatcher | None = None,
        on_step: Callable[[StepProgress], None] | None = None,
        attempts: int = 3,
        wait_s: float = 5.0,
    ) -> None:
        """Find the model; nothing large is loaded before the first clip.

        Args:
            recipe: How clips are sampled.
            device: Where to run.
            prompt_cache: Folder of embeddings, shared by all processes; ``None`` keeps them in
                memory.
            watcher: Gives up bad clips early.
            on_step: Called after every denoising step, as a heartbeat.
            attempts: How often a batch is tried when ``TRANSIENT_ERRORS`` stop it.
            wait_s: Pause before each further attempt, longer each time.

        Raises:
            FileNotFoundError: The recipe's folder holds no pipeline.
            ValueError: It holds the pipeline of another task, or there is no such device.
        """
        _check_device(device)
        self.recipe = recipe
        self.model: ModelFiles = find_model(recipe)
        self.device = device
        self.prompts = PromptCache(
            prompt_cache,
            TextIdentity(
                model=self.model.text,
                dtype=recipe.dtype,
                max_sequence_length=recipe.max_sequence_length,
            ),
        )
        self._condition = CONDITIONS[recipe.task]
        self._watcher = watcher
        self._on_step = on_step
        self._runner = BatchRunner(self._call, self._rest, attempts=attempts, wait_s=wait_s)
        self._pipeline: Any = None
        self._cache: RunningCache | None = None
        self._camera: FunCamera | None = None

    @property
    def name(self) -> str:
        """Return ``wan-<task>:<weights>:<recipe>@<digest of the recipe>``."""
        recipe = self.recipe
        return f"wan-{recipe.task}:{self.model.weights}:{recipe.name}@{recipe.digest}"

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Result]:
        """Generate all clips, in order; the same requests give the same bytes.

        Raises:
            ValueError: A request lacks something the task needs, has something it would ignore,
                or has a size the model cannot make. Nothing is generated then.
        """
        self.prepare(requests)
        batches = self.batches(requests)
        for batch in batches:
            self._check_size(batch[0])
        return [result for batch in batches for result in self._runner.run(batch)]

    def prepare(self, requests: Sequence[GenerationRequest]) -> None:
        """Check all requests and encode the prompts that are not in the cache yet.

        Raises:
            ValueError: As in ``generate``.
        """
        for request in requests:
            self._condition.check(request)
        missing = self.prompts.missing(t for request in requests for t in self._texts(request))
        if missing:
            self._encode(missing)
            free_memory()  # of the text encoder

    def batches(self, requests: Sequence[GenerationRequest]) -> list[list[GenerationRequest]]:
        """Return which clips are denoised together: neighbours of equal size and length."""
        return batches_of(requests, self.recipe.max_batch)

    @property
    def pipeline(self) -> Any:  # noqa: ANN401 - one of diffusers' Wan pipelines
        """Return the pipeline without its text encoder, loaded on first use."""
        if self._pipeline is None:
            pipeline, self._camera = load_generating_parts(self.recipe, self.model)
            # Placed first: blocks are compiled inside the hooks that a step cache puts around them.
            place(pipeline, self.recipe.placement, self.device)
            self._cache = enable_step_cache(pipeline, self.recipe.cache, steps=self.recipe.steps)
            self._pipeline = pipeline
        return self._pipeline

    def _texts(self, request: GenerationRequest) -> tuple[str, ...]:
        """Return the prompt, and the negative prompt if it is read."""
        if not self.recipe.is_guided:
            return (request.prompt,)
        return request.prompt, negative_prompt(request, self.recipe)

    def _encode(self, texts: list[str]) -> None:
        if self._pipeline is not None:
            _log.info(
                "%s: %d new prompts: the text encoder is loaded beside the model; call prepare() "
                "with all requests first to keep them apart",
                *(self.name, len(texts)),
            )
        started = time.monotonic()
        # Where the model has to be offloaded, the larger text encoder does not fit either.
        device = self.device if self.recipe.placement.offload == "none" else "cpu"
        parts = load_text_parts(self.recipe, self.model, device)
        length = self.recipe.max_sequence_length
        self.prompts.add(texts, lambda batch: encode_prompts(parts, batch, length))
        _log.info("encoded %d prompts in %.1f s", len(texts), time.monotonic() - started)

    def _rest(self) -> None:
        """Bring the pipeline back into the state it has between calls."""
        if self._pipeline is not None:
            self._pipeline.maybe_free_model_hooks()

    def _call(self, batch: list[GenerationRequest]) -> list[Result]:
        pipeline, recipe = self.pipeline, self.recipe
        callback = StepCallback(batch, self._watcher, self._on_step)
        noise = [torch_generator(r.seed, r.sequence_id, "noise") for r in batch]
        assert self._cache is not None  # made with the pipeline
        self._cache.start_clip()
        try:
            with self._steered(batch[0]):
                frames = pipeline(
                    prompt_embeds=self._embeddings([r.prompt for r in batch]),
                    negative_prompt_embeds=self._embeddings(
                        [negative_prompt(r, recipe) for r in batch]
                    )
                    if recipe.is_guided
                    else None,
                    generator=noise if len(batch) > 1 else noise[0],
                    num_inference_steps=recipe.steps,
                    guidance_scale=recipe.guidance,
                    output_type="np",
                    callback_on_step_end=callback,
                    **self._condition.arguments(batch, recipe),
                ).frames
        except AllRejectedError:
            self._rest()
            self._cache.finish_clip(is_whole=False)
            return [callback.rejected[row] for row in range(len(batch))]
        self._cache.finish_clip()
        return [
            callback.rejected.get(row) or self._result(request, frames[row], len(batch))
            for row, request in enumerate(batch)
        ]

    def _embeddings(self, texts: list[str]) -> Float[Tensor, "b n d"]:
        """Return one embedding per clip: diffusers repeats given ones for nobody."""
        return self.prompts.padded(texts).to(self.device)

    def _steered(self, request: GenerationRequest) -> AbstractContextManager[None]:
        """Let the transformer follow the path of a request, if the recipe has a camera model."""
        if self._camera is None:
            return nullcontext()
        return self._camera.steering(request.trajectory.c2w, request.intrinsics)

    def _result(
        self, request: GenerationRequest, frames: Float[np.ndarray, "t h w 3"], n_batch: int
    ) -> Result:
        if not np.isfinite(frames).all():
            return Rejected(
                sequence_id=request.sequence_id, reason=NOT_FINITE, step=self.recipe.steps
            )
        return MultiViewSequence(
            sequence_id=request.sequence_id,
            scene_id=request.scene_id,
            prompt=request.prompt,
            frames=to_bytes(frames),
            requested=request.trajectory,
            provenance=Provenance(
                made_by=f"{self.name}/{n_batch}",  # the last digits depend on the batch
                seed=request.seed,
                code=version("vega3d-toolkit"),
            ),
        )

    def _check_size(self, request: GenerationRequest) -> None:
        """Refuse sizes that diffusers would round with a warning.

        Raises:
            ValueError: The model cannot make clips of this size.
        """
        vae, transformer = self.pipeline.vae.config, self.pipeline.transformer.config
        n_frames, height, width = clip_shape(request)
        step = vae.scale_factor_temporal
        multiples = [vae.scale_factor_spatial * patch for patch in transformer.patch_size[1:]]
        if (n_frames - 1) % step or height % multiples[0] or width % multiples[1]:
            raise ValueError(
                f"{self.recipe.name} makes clips of {step}n + 1 frames with sides divisible by "
                f"{multiples[0]} (h) and {multiples[1]} (w), got {n_frames} frames of "
                f"{height}x{width}."
            )


def _check_device(name: str) -> None:
    """Refuse a device before minutes of loading.

    Raises:
        ValueError: torch knows or sees none of that name.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(
            f"generating on device {name!r}: torch knows no such device; use cpu, cuda or cuda:N."
        ) from error
    n_cuda = torch.cuda.device_count()
    if device.type == "cuda" and (device.index or 0) >= n_cuda:
        raise ValueError(
            f"generating on device {name!r}: torch sees {n_cuda} CUDA devices here; use cpu, or a "
            "machine (and a torch) with CUDA."
        )
