"""Clips along an explicit camera path from SANA-WM, through diffusers' ``SanaWMPipeline``.

The pipeline takes the path itself (OpenCV ``c2w``, which it puts into the axes of the first frame)
and a first frame with intrinsics in that image's pixels. Three of its habits are refused here
instead of being met silently: lengths other than 8n + 1 are cut, images of another shape are
cropped, and sizes that are no multiples of 32 lose their margin. The scene's text says only what
is seen; the path needs no words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import NamedTuple

import diffusers
import numpy as np
from diffusers import DiffusionPipeline
from jaxtyping import Float32, UInt8
from PIL import Image

from synth.generators import GenerationRequest
from synth.plucker import relative_to_first
from synth.scene import MultiViewSequence, Provenance
from synth.wan.loading import torch_dtype
from synth.wan.recipe import ModelSource, Precision
from synth.wan.training import torch_generator


@dataclass(frozen=True, slots=True, kw_only=True)
class SanaWmRecipe:
    """How clips are sampled; the defaults are those of ``SanaWMPipeline``.

    Attributes:
        model: A folder, or a Hub repository with its commit.
        dtype: Of all parts.
        steps: Denoising steps.
        guidance: Classifier-free guidance scale; 1 turns it off.
        negative: Negative prompt.

    Raises:
        ValueError: A number is out of range.
    """

    model: ModelSource
    dtype: Precision = "bfloat16"
    steps: int = 60
    guidance: float = 5.0
    negative: str = ""

    def __post_init__(self) -> None:
        if self.steps < 1 or self.guidance < 1:
            raise ValueError(
                f"SanaWmRecipe: steps and guidance must be at least 1, got {self.steps} and "
                f"{self.guidance}."
            )


class CameraInput(NamedTuple):
    """A camera path as ``SanaWMPipeline`` takes it.

    Attributes:
        c2w: OpenCV poses in the axes of the first camera.
        intrinsics: ``fx, fy, cx, cy`` of every frame, pixels of the first frame.
    """

    c2w: Float32[np.ndarray, "t 4 4"]
    intrinsics: Float32[np.ndarray, "t 4"]


class SanaWmGenerator:
    """A ``VideoGenerator`` that follows the requested path by itself.

    Attributes:
        pipeline: A ``SanaWMPipeline``.
        recipe: How clips are sampled.
    """

    def __init__(self, pipeline: DiffusionPipeline, recipe: SanaWmRecipe, *, name: str) -> None:
        pipeline.set_progress_bar_config(disable=True)
        self.pipeline = pipeline
        self.recipe = recipe
        self._name = name

    @classmethod
    def from_pretrained(cls, recipe: SanaWmRecipe, *, device: str = "cpu") -> "SanaWmGenerator":
        """Load the pipeline of a recipe.

        Raises:
            ImportError: The installed diffusers has no ``SanaWMPipeline``.
            OSError: The weights cannot be found.
        """
        # Looked up by name, because it is younger than the oldest diffusers we allow.
        pipeline_class = getattr(diffusers, "SanaWMPipeline", None)
        if pipeline_class is None:
            raise ImportError(
                f"SANA-WM: diffusers {version('diffusers')} has no SanaWMPipeline. "
                "pip install 'diffusers>=0.42'"
            )
        source = recipe.model
        pipeline = pipeline_class.from_pretrained(
            source.id, revision=source.revision, dtype=torch_dtype(recipe.dtype)
        ).to(device)
        weights = source.revision[:12] if source.revision is not None else "local"
        return cls(pipeline, recipe, name=f"sana-wm:{weights}")

    @property
    def name(self) -> str:
        """Return ``sana-wm:<commit of the weights>``."""
        return self._name

    def generate(self, requests: Sequence[GenerationRequest]) -> list[MultiViewSequence]:
        """Generate all clips, one after the other.

        Raises:
            ValueError: A request has no first frame, or a size or length the model cannot make.
        """
        for request in requests:
            self._check(request)
        return [self._generate_one(request) for request in requests]

    def _generate_one(self, request: GenerationRequest) -> MultiViewSequence:
        camera = camera_input(request)
        height, width = request.size
        frames = self.pipeline(
            image=Image.fromarray(_first_frame(request)),
            prompt=request.scene_description,
            negative_prompt=self.recipe.negative,
            c2w=camera.c2w,
            intrinsics=camera.intrinsics,
            height=height,
            width=width,
            num_frames=request.n_frames,
            fps=round(request.trajectory.fps or 0),  # requests have one
            num_inference_steps=self.recipe.steps,
            guidance_scale=self.recipe.guidance,
            generator=torch_generator(request.seed, request.sequence_id, "noise"),
            output_type="np",
        ).frames
        return MultiViewSequence(
            sequence_id=request.sequence_id,
            scene_id=request.scene_id,
            prompt=request.scene_description,
            frames=np.round(frames * 255.0).astype(np.uint8),
            requested=request.trajectory,
            provenance=Provenance(
                made_by=self.name, seed=request.seed, code=version("vega3d-toolkit")
            ),
        )

    def _check(self, request: GenerationRequest) -> None:
        _first_frame(request)
        step = self.pipeline.vae_temporal_compression_ratio
        patch = self.pipeline.vae_spatial_compression_ratio
        height, width = request.size
        if request.n_frames % step != 1:
            below = (request.n_frames - 1) // step * step + 1
            raise ValueError(
                f"{request.sequence_id}: SANA-WM makes clips of {step}n + 1 frames, got "
                f"{request.n_frames}; the nearest are {below} and {below + step}."
            )
        if height % patch or width % patch:
            raise ValueError(
                f"{request.sequence_id}: SANA-WM makes frames with sides divisible by {patch}, got "
                f"{width}x{height} (w x h); its training size is 1280x704."
            )


def camera_input(request: GenerationRequest) -> CameraInput:
    """Return the path and cameras of a request in SANA-WM's convention."""
    relative = relative_to_first(request.trajectory.c2w)
    rows = [(k.fx, k.fy, k.cx, k.cy) for k in request.intrinsics]
    return CameraInput(relative.astype(np.float32), np.array(rows, dtype=np.float32))


def _first_frame(request: GenerationRequest) -> UInt8[np.ndarray, "h w 3"]:
    if request.first_frame is None:
        raise ValueError(
            f"{request.sequence_id}: SANA-WM continues an image, and the request has no "
            "first_frame; render or generate one."
        )
    return request.first_frame
