"""What each task of the engine gives to its diffusers pipeline besides text and noise.

One class per task, all with the same two methods: ``check`` refuses a request that lacks
something (or asks for something the task ignores), ``arguments`` turns checked requests into
arguments of the pipeline's call. Images keep their pixels: diffusers resizes inputs of other
sizes without a word, so requests of other sizes cannot be made.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image

from synth.generators import GenerationRequest
from synth.scene_prompts.negatives import opposite_move
from synth.wan.clips import depth_to_grey
from synth.wan.recipe import Task, WanRecipe

Arguments = dict[str, Any]  # keyword arguments of a diffusers pipeline

# Fields of a request that decide pixels, beside its path and text.
_INPUTS: Final = (
    "control_depth",
    "first_frame",
    "last_frame",
    "source_frames",
    "source_mask",
    "reference_images",
)


class Condition(Protocol):
    """What a task needs of a request and gives to its pipeline."""

    def check(self, request: GenerationRequest) -> None:
        """Refuse a request this task cannot or would not follow.

        Raises:
            ValueError: Something is missing, or would be ignored.
        """
        ...

    def arguments(self, requests: Sequence[GenerationRequest], recipe: WanRecipe) -> Arguments:
        """Return arguments for requests of one size and length that passed ``check``."""
        ...


class FromText:
    """Text-to-video: nothing but text."""

    def check(self, request: GenerationRequest) -> None:
        """Refuse images and controls."""
        _refuse_ignored(request, "t2v", ())

    def arguments(self, requests: Sequence[GenerationRequest], recipe: WanRecipe) -> Arguments:
        """Return size and length."""
        del recipe
        return _size_and_length(requests[0])


class FromImage:
    """Image-to-video: the first frame, and with first-last-frame models the last one."""

    def check(self, request: GenerationRequest) -> None:
        """Require the first frame."""
        _refuse_ignored(request, "i2v", ("first_frame", "last_frame"))
        if request.first_frame is None:
            raise ValueError(
                f"{request.sequence_id}: task i2v makes a clip from its first frame, and the "
                "request has no first_frame; give one or use a t2v recipe."
            )

    def arguments(self, requests: Sequence[GenerationRequest], recipe: WanRecipe) -> Arguments:
        """Return the images, size and length."""
        del recipe
        (request,) = requests
        assert request.first_frame is not None  # checked
        images: Arguments = {"image": Image.fromarray(request.first_frame)}
        if request.last_frame is not None:
            images["last_image"] = Image.fromarray(request.last_frame)
        return {**images, **_size_and_length(request)}


class FromVideo:
    """Video-to-video: a clip that is noised by ``strength`` and denoised again."""

    def check(self, request: GenerationRequest) -> None:
        """Require the source clip."""
        _refuse_ignored(request, "v2v", ("source_frames",))
        if request.source_frames is None:
            raise ValueError(
                f"{request.sequence_id}: task v2v paints over a clip, and the request has no "
                "source_frames; give one or use a t2v recipe."
            )

    def arguments(self, requests: Sequence[GenerationRequest], recipe: WanRecipe) -> Arguments:
        """Return the clips, the strength and the size."""
        clips = [request.source_frames for request in requests]
        height, width = requests[0].size
        return {
            "video": _to_video(np.stack([clip for clip in clips if clip is not None])),
            "strength": recipe.strength,
            "height": height,
            "width": width,
        }


class FromControl:
    """VACE: rendered depth, or a clip with holes to be painted, and reference images."""

    def check(self, request: GenerationRequest) -> None:
        """Require one control."""
        accepted = ("control_depth", "source_frames", "source_mask", "reference_images")
        _refuse_ignored(request, "vace", accepted)
        if (request.control_depth is None) == (request.source_frames is None):
            raise ValueError(
                f"{request.sequence_id}: task vace follows one control video: the request needs "
                "either control_depth (wan-vace makes a clip from depth) or source_frames, and "
                f"has {'no control_depth' if request.control_depth is None else 'both'}."
            )
        n_latent = (request.n_frames - 1) // 4 + 1
        if len(request.reference_images) > n_latent:
            raise ValueError(
                f"{request.sequence_id}: diffusers pads the mask of at most {n_latent} reference "
                f"images for a clip of {request.n_frames} frames, got "
                f"{len(request.reference_images)}."
            )

    def arguments(self, requests: Sequence[GenerationRequest], recipe: WanRecipe) -> Arguments:
        """Return control video, mask, reference images, size and length."""
        (request,) = requests
        extra: Arguments = {}
        if request.source_mask is not None:
            mask = torch.from_numpy(request.source_mask.astype(np.float32))  # 1: paint
            extra["mask"] = mask[None, :, None].repeat(1, 1, 3, 1, 1)
        if request.reference_images:
            extra["reference_images"] = [Image.fromarray(i) for i in request.reference_images]
        if recipe.conditioning_scale is not None:
            extra["conditioning_scale"] = recipe.conditioning_scale
        return {"video": control_video(request), **extra, **_size_and_length(request)}


def control_video(request: GenerationRequest) -> Float[torch.Tensor, "1 t 3 h w"]:
    """Return the control of a request as the video that VACE takes, in [0, 1].

    Depth becomes grey, near is bright (``depth_to_grey``). Where a source clip is to be painted
    over it is made grey: that is how VACE was trained, and its encoder sees the pixels under the
    mask.

    Raises:
        ValueError: The request has no control.
    """
    if request.control_depth is not None:
        grey = torch.from_numpy((depth_to_grey(request.control_depth) + 1.0) / 2.0)
        return grey[None, :, None].repeat(1, 1, 3, 1, 1)
    if request.source_frames is None:
        raise ValueError(f"{request.sequence_id}: the request has no control.")
    video = _to_video(request.source_frames[None])
    if request.source_mask is not None:
        holes = torch.from_numpy(request.source_mask)[None, :, None]
        video = torch.where(holes, 0.5, video)
    return video


CONDITIONS: Final[Mapping[Task, Condition]] = {
    "t2v": FromText(),
    "i2v": FromImage(),
    "v2v": FromVideo(),
    "vace": FromControl(),
}


def negative_prompt(request: GenerationRequest, recipe: WanRecipe) -> str:
    """Return what guidance leads away from: the opposite move, then the recipe's own text."""
    opposite = opposite_move(request.trajectory.move) if recipe.opposes_move else ""
    return ", ".join(part for part in (opposite, recipe.negative) if part)


def _refuse_ignored(request: GenerationRequest, task: Task, accepted: tuple[str, ...]) -> None:
    ignored = [name for name in _INPUTS if name not in accepted and _is_given(request, name)]
    if ignored:
        raise ValueError(
            f"{request.sequence_id}: task {task} would ignore {', '.join(ignored)}; leave it out "
            "or use the recipe of a task that follows it."
        )


def _is_given(request: GenerationRequest, name: str) -> bool:
    value = getattr(request, name)
    return value != () if isinstance(value, tuple) else value is not None


def _size_and_length(request: GenerationRequest) -> Arguments:
    height, width = request.size
    return {"num_frames": request.n_frames, "height": height, "width": width}


def _to_video(frames: UInt8[np.ndarray, "b t h w 3"]) -> Float[torch.Tensor, "b t 3 h w"]:
    pixels = torch.from_numpy(np.ascontiguousarray(frames.transpose(0, 1, 4, 2, 3)))
    return pixels.float() / 255.0
