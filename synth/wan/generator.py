"""Video generators made of diffusers' Wan pipelines: from text, and from text and depth.

The folders hold ordinary pipelines (``WanPipeline``, ``WanVACEPipeline``). Three things matter
when they are called: ``max_sequence_length`` must be the one of the training (kept as the
tokenizer's ``model_max_length``), weights are stored as float16 but run as float32, and noise
comes from one generator per clip.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from diffusers import WanPipeline, WanVACEPipeline
from diffusers.video_processor import VideoProcessor
from jaxtyping import Float, UInt8

from synth.generators import GenerationRequest
from synth.prompts import move_sentence
from synth.scene import MultiViewSequence, Provenance
from synth.trajectories import reverse
from synth.wan.clips import depth_to_grey
from synth.wan.training import torch_generator

# What guidance leads away from: nothing in particular, or the opposite camera move.
Negative = Literal["empty", "opposite_move"]
_BATCH: Final = 13  # fixed: the last digits of a clip depend on who shares its batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How clips are sampled.

    Attributes:
        steps: Denoising steps.
        guidance: Classifier-free guidance scale; 1 turns it off.
        negative: The prompt guidance leads away from. ``opposite_move`` names the opposite move
            ("the camera pans right" for a pan to the left) and so strengthens the motion.
    """

    steps: int = 20
    guidance: float = 4.0
    negative: Negative = "opposite_move"


class WanT2VGenerator:
    """Generates clips from text with a ``WanPipeline``."""

    def __init__(self, pipeline: WanPipeline, sampling: Sampling, *, name: str) -> None:
        pipeline.set_progress_bar_config(disable=True)
        self.pipeline = pipeline
        self.sampling = sampling
        self._name = name

    @classmethod
    def from_pretrained(
        cls, folder: Path, sampling: Sampling | None = None, *, device: str = "cpu"
    ) -> "WanT2VGenerator":
        """Load a pipeline folder.

        Raises:
            FileNotFoundError: The folder holds no pipeline.
        """
        digest = _check_folder(folder, "WanPipeline")
        pipeline = WanPipeline.from_pretrained(folder, dtype=torch.float32).to(device)
        return cls(pipeline, sampling or Sampling(), name=f"wan-t2v:{digest}")

    @property
    def name(self) -> str:
        """Return ``wan-t2v:<hash of the weights>``."""
        return self._name

    def generate(self, requests: Sequence[GenerationRequest]) -> list[MultiViewSequence]:
        """Generate all clips, in batches of equal size and length."""
        sequences: list[MultiViewSequence] = []
        for _, group in groupby(requests, key=_clip_shape):
            same = list(group)
            for start in range(0, len(same), _BATCH):
                sequences += self._generate_batch(same[start : start + _BATCH])
        return sequences

    def _generate_batch(self, requests: list[GenerationRequest]) -> list[MultiViewSequence]:
        is_guided = self.sampling.guidance > 1
        output = self.pipeline(
            prompt=[request.prompt for request in requests],
            negative_prompt=[_negative(r, self.sampling) for r in requests] if is_guided else None,
            generator=[_noise(request) for request in requests],
            **_call_options(self.pipeline, requests[0], self.sampling),
        )
        return [
            _sequence(request, frames, self.name)
            for request, frames in zip(requests, output.frames, strict=True)
        ]


class WanVaceGenerator:
    """Generates clips from text and rendered depth with a ``WanVACEPipeline``."""

    def __init__(self, pipeline: WanVACEPipeline, sampling: Sampling, *, name: str) -> None:
        # diffusers 0.42 counts the VAE's stages and overlooks its 2x2 patches (WanPipeline reads
        # the config, as here).
        factor = pipeline.vae.config.scale_factor_spatial
        pipeline.vae_scale_factor_spatial = factor
        pipeline.video_processor = VideoProcessor(vae_scale_factor=factor)
        pipeline.set_progress_bar_config(disable=True)
        self.pipeline = pipeline
        self.sampling = sampling
        self._name = name

    @classmethod
    def from_pretrained(
        cls, folder: Path, sampling: Sampling | None = None, *, device: str = "cpu"
    ) -> "WanVaceGenerator":
        """Load a pipeline folder.

        Raises:
            FileNotFoundError: The folder holds no pipeline.
        """
        digest = _check_folder(folder, "WanVACEPipeline")
        pipeline = WanVACEPipeline.from_pretrained(folder, dtype=torch.float32).to(device)
        return cls(pipeline, sampling or Sampling(), name=f"wan-vace:{digest}")

    @property
    def name(self) -> str:
        """Return ``wan-vace:<hash of the weights>``."""
        return self._name

    def generate(self, requests: Sequence[GenerationRequest]) -> list[MultiViewSequence]:
        """Generate all clips, one after the other: the pipeline takes one video at a time.

        Raises:
            ValueError: A request has no control depth.
        """
        return [self._generate_one(request) for request in requests]

    def _generate_one(self, request: GenerationRequest) -> MultiViewSequence:
        if request.control_depth is None:
            raise ValueError(
                f"{request.sequence_id}: wan-vace makes a clip from depth, and the request has no "
                "control_depth; render one or use wan-t2v."
            )
        is_guided = self.sampling.guidance > 1
        output = self.pipeline(
            prompt=request.prompt,
            negative_prompt=_negative(request, self.sampling) if is_guided else None,
            video=control_video(request),
            generator=_noise(request),
            **_call_options(self.pipeline, request, self.sampling),
        )
        return _sequence(request, output.frames[0], self.name)


def control_video(request: GenerationRequest) -> Float[torch.Tensor, "1 t 3 h w"]:
    """Render the control depth as the grey video that the pipeline takes, in [0, 1]."""
    assert request.control_depth is not None  # the caller checked it
    grey = torch.from_numpy((depth_to_grey(request.control_depth) + 1.0) / 2.0)
    return grey[None, :, None].repeat(1, 1, 3, 1, 1)


def checkpoint_digest(folder: Path) -> str:
    """Return the first 12 hex digits of the sha256 over all weight files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _check_folder(folder: Path, pipeline: str) -> str:
    if not (folder / "model_index.json").exists():
        raise FileNotFoundError(
            f"loading a {pipeline}: {folder} holds no model_index.json; train one as the model "
            "card of checkpoints/tiny says, or name the folder of another Wan pipeline."
        )
    return checkpoint_digest(folder)


def _clip_shape(request: GenerationRequest) -> tuple[int, int, int]:
    return request.n_frames, request.intrinsics.height, request.intrinsics.width


def _call_options(
    pipeline: WanPipeline | WanVACEPipeline, request: GenerationRequest, sampling: Sampling
) -> dict[str, Any]:
    n_frames, height, width = _clip_shape(request)
    return {
        "num_frames": n_frames,
        "height": height,
        "width": width,
        "num_inference_steps": sampling.steps,
        "guidance_scale": sampling.guidance,
        "max_sequence_length": min(512, pipeline.tokenizer.model_max_length),
        "output_type": "np",
    }


def _negative(request: GenerationRequest, sampling: Sampling) -> str:
    move = request.trajectory.move
    if sampling.negative == "empty" or move is None or reverse(move) is move:
        return ""
    return move_sentence(reverse(move))


def _noise(request: GenerationRequest) -> torch.Generator:
    return torch_generator(request.seed, request.sequence_id, "noise")


def _sequence(
    request: GenerationRequest, frames: Float[np.ndarray, "t h w 3"], name: str
) -> MultiViewSequence:
    pixels: UInt8[np.ndarray, "t h w 3"] = np.round(frames * 255.0).astype(np.uint8)
    return MultiViewSequence(
        sequence_id=request.sequence_id,
        scene_id=request.scene_id,
        prompt=request.prompt,
        fps=request.fps,
        frames=pixels,
        requested=request.trajectory,
        intrinsics=request.intrinsics,
        provenance=Provenance(made_by=name, seed=request.seed, code=version("vega3d-toolkit")),
    )
