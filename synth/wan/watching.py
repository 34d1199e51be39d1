"""Watch clips while they are denoised: report progress, and give up on bad ones early.

A watcher sees the scheduler's estimate of the clean latents at the steps it names, and says for
each clip of the batch whether to go on. Most of a clip's cost lies after the first few steps.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from diffusers.utils.torch_utils import get_module_execution_device
from jaxtyping import Float, UInt8
from torch import Tensor

from synth.generators import GenerationRequest, Rejected

NOT_FINITE: Final = "not_finite"
BLANK: Final = "blank"
FROZEN: Final = "frozen"


class StepProgress(NamedTuple):
    """A sign of life after each denoising step.

    Attributes:
        sequence_ids: Clips that are denoised together.
        step: Steps done, from 1.
        n_steps: Steps there are.
    """

    sequence_ids: tuple[str, ...]
    step: int
    n_steps: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepView:
    """What a watcher sees of a batch after one step.

    Attributes:
        step: Steps done, from 1.
        n_steps: Steps there are.
        requests: Clips of the batch, one per row of the latents.
        clean: The scheduler's present estimate of the finished, normalised latents. With
            reference images (VACE) their latents come first in time.
        preview: Decodes rows of ``clean`` into frames; costs a pass of the VAE.
    """

    step: int
    n_steps: int
    requests: tuple[GenerationRequest, ...]
    clean: Float[Tensor, "b c t h w"]
    preview: Callable[[Float[Tensor, "b c t h w"]], UInt8[np.ndarray, "b f y x 3"]]


@runtime_checkable
class StepWatcher(Protocol):
    """Decides early which clips are worth finishing."""

    @property
    def steps(self) -> Collection[int]:
        """Return after how many steps it wants to look."""
        ...

    def judge(self, view: StepView) -> Sequence[str | None]:
        """Return for each clip a reason to give it up, or ``None`` to go on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentStatistics:
    """Gives up clips whose latents show no picture, no motion or no numbers.

    Attributes:
        steps: After how many steps to look.
        min_std: Least standard deviation over space and channels (blank pictures fall below).
        min_motion: Least root mean square difference of neighbouring latent frames (frozen clips
            fall below). The thresholds belong to a model; measure them on clips of known quality.

    Raises:
        ValueError: No step is named, or a threshold is negative.
    """

    steps: tuple[int, ...]
    min_std: float = 0.0
    min_motion: float = 0.0

    def __post_init__(self) -> None:
        if not self.steps or min(self.steps) < 1:
            raise ValueError(f"LatentStatistics: steps are counted from 1, got {self.steps}.")
        if not (math.isfinite(self.min_std) and self.min_std >= 0):
            raise ValueError(f"LatentStatistics: min_std must be >= 0, got {self.min_std}.")
        if not (math.isfinite(self.min_motion) and self.min_motion >= 0):
            raise ValueError(f"LatentStatistics: min_motion must be >= 0, got {self.min_motion}.")

    def judge(self, view: StepView) -> list[str | None]:
        """Judge each clip by the spread and the motion of its latents."""
        return [self._reason(latents) for latents in view.clean.float()]

    def _reason(self, latents: Float[Tensor, "c t h w"]) -> str | None:
        if not bool(torch.isfinite(latents).all()):
            return NOT_FINITE
        if float(latents.std(dim=(0, 2, 3)).mean()) < self.min_std:
            return BLANK
        if float(latents.diff(dim=1).pow(2).mean().sqrt()) < self.min_motion:
            return FROZEN
        return None


class AllRejectedError(Exception):
    """Raised inside a pipeline to leave it when no clip of the batch is wanted any more.

    diffusers' own interrupt flag would skip the remaining steps but still decode.
    """


class StepCallback:
    """The callback of one pipeline call: reports progress and asks the watcher.

    Attributes:
        rejected: Rows that were given up, with the verdict.
    """

    def __init__(
        self,
        requests: Sequence[GenerationRequest],
        watcher: StepWatcher | None,
        on_step: Callable[[StepProgress], None] | None,
    ) -> None:
        self.requests = tuple(requests)
        self.rejected: dict[int, Rejected] = {}
        self._watcher = watcher
        self._on_step = on_step

    def __call__(
        self,
        pipeline: Any,  # noqa: ANN401 - a diffusers pipeline
        index: int,
        timestep: Tensor,
        tensors: dict[str, Tensor],
    ) -> dict[str, Tensor]:
        """Do what ``callback_on_step_end`` shall; diffusers wants the tensors back.

        Raises:
            AllRejectedError: No clip of the batch is left.
            ValueError: The watcher gave another number of verdicts than there are clips.
        """
        del timestep
        step, n_steps = index + 1, pipeline.num_timesteps
        if self._on_step is not None:
            ids = tuple(request.sequence_id for request in self.requests)
            self._on_step(StepProgress(ids, step, n_steps))
        if self._watcher is not None and step in self._watcher.steps:
            self._ask(pipeline, self._watcher, step, n_steps)
        return tensors

    def _ask(self, pipeline: Any, watcher: StepWatcher, step: int, n_steps: int) -> None:  # noqa: ANN401
        view = StepView(
            step=step,
            n_steps=n_steps,
            requests=self.requests,
            clean=clean_estimate(pipeline),
            preview=lambda latents: decode(pipeline, latents),
        )
        verdicts = watcher.judge(view)
        for row, (request, reason) in enumerate(zip(self.requests, verdicts, strict=True)):
            if reason is not None and row not in self.rejected:
                self.rejected[row] = Rejected(
                    sequence_id=request.sequence_id, reason=reason, step=step
                )
        if len(self.rejected) == len(self.requests):
            raise AllRejectedError


def clean_estimate(pipeline: Any) -> Float[Tensor, "b c t h w"]:  # noqa: ANN401 - a pipeline
    """Return the estimate of the clean latents that the scheduler made in its last step.

    Raises:
        ValueError: The scheduler keeps none (UniPC with ``predict_x0`` does).
    """
    scheduler = pipeline.scheduler
    is_kept = hasattr(scheduler, "model_outputs") and scheduler.config.get("predict_x0")
    if not is_kept:
        raise ValueError(
            f"watching clips: {type(scheduler).__name__} keeps no estimate of the clean latents; "
            "use UniPCMultistepScheduler with predict_x0, or no watcher."
        )
    estimate: Tensor = scheduler.model_outputs[-1]
    return estimate


@torch.no_grad()
def decode(
    pipeline: Any,  # noqa: ANN401 - a diffusers pipeline
    latents: Float[Tensor, "b c t h w"],
) -> UInt8[np.ndarray, "b f y x 3"]:
    """Decode normalised latents into frames, as the pipeline does at the end."""
    vae = pipeline.vae
    latents = latents.to(get_module_execution_device(vae), vae.dtype)
    shape = (1, -1, 1, 1, 1)
    mean = latents.new_tensor(vae.config.latents_mean).view(shape)
    inverse_std = 1.0 / latents.new_tensor(vae.config.latents_std).view(shape)
    video = vae.decode(latents / inverse_std + mean, return_dict=False)[0]
    return to_bytes(pipeline.video_processor.postprocess_video(video, output_type="np"))


def to_bytes(frames: Float[np.ndarray, "*b t h w 3"]) -> UInt8[np.ndarray, "*b t h w 3"]:
    """Round frames in [0, 1] to bytes."""
    return np.round(frames * 255.0).astype(np.uint8)
