"""What a video generator is to the rest of the project: requests in, sequences out.

A generator promises nothing about geometry: the frames may not follow the requested path. What
the camera did is measured afterwards (``synth.measure``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from synth.cameras import Intrinsics
from synth.prompts import full_prompt
from synth.scene import MultiViewSequence
from synth.trajectories import Trajectory, check_n_frames


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GenerationRequest:
    """One clip to be generated.

    Attributes:
        sequence_id: Of the sequence to be made; its noise depends on it and on ``seed``.
        scene_id: Of the scene to be made up.
        scene_description: What is seen, e.g. ``"a room with white walls and a wood floor"``.
        trajectory: The camera path asked for; the frames get the size of its intrinsics.
        seed: Of the run.
        control_depth: z-depth in metres that the clip shall have, for generators that use it.
        first_frame: What the clip begins with, for generators from an image.
        last_frame: What it ends with; only together with ``first_frame``.
        source_frames: A clip to be painted over.
        source_mask: Where ``source_frames`` is to be painted over: everywhere else it is kept.
            ``None`` is everywhere.
        reference_images: Things or places that shall appear, of any size.
        written_prompt: What is said to the generator, move and scene together; ``None`` joins the
            move's sentence and ``scene_description``.

    Raises:
        ValueError: The number of frames is not 4n + 1, the path has no intrinsics or fps, a side
            is not divisible by 16, an image or control does not have the shape of the clip, depth
            is not finite, negative or wholly unknown, or there is no description.
    """

    sequence_id: str
    scene_id: str
    scene_description: str
    trajectory: Trajectory
    seed: int
    # The sizes are compared in _check_shapes, whose messages say what to do.
    control_depth: Float32[np.ndarray, "_t _h _w"] | None = None
    first_frame: UInt8[np.ndarray, "_h _w 3"] | None = None
    last_frame: UInt8[np.ndarray, "_h _w 3"] | None = None
    source_frames: UInt8[np.ndarray, "_t _h _w 3"] | None = None
    source_mask: Bool[np.ndarray, "_t _h _w"] | None = None
    reference_images: tuple[UInt8[np.ndarray, "_h _w 3"], ...] = ()
    written_prompt: str | None = None

    def __post_init__(self) -> None:
        check_n_frames(self.n_frames, what=f"{self.sequence_id}: the number of frames")
        if self.trajectory.intrinsics is None or self.trajectory.fps is None:
            raise ValueError(
                f"{self.sequence_id}: the path of a clip to be generated needs intrinsics and fps, "
                f"got intrinsics={self.trajectory.intrinsics} and fps={self.trajectory.fps}."
            )
        height, width = self.size
        if height % 16 or width % 16:
            raise ValueError(
                f"{self.sequence_id}: Wan makes frames with sides divisible by 16, got "
                f"{width}x{height} (w x h)."
            )
        self._check_shapes()
        depth = self.control_depth
        if depth is not None and not (np.isfinite(depth).all() and depth.min() >= 0 < depth.max()):
            raise ValueError(
                f"{self.sequence_id}: control_depth is z-depth in metres, finite and >= 0 with 0 "
                f"for unknown pixels, and some must be known; got {depth.min()} to {depth.max()}."
            )
        if not self.scene_description.strip():
            raise ValueError(f"{self.sequence_id}: scene_description is empty; say what is seen.")
        if self.last_frame is not None and self.first_frame is None:
            raise ValueError(f"{self.sequence_id}: a last_frame needs a first_frame.")
        if self.source_mask is not None and self.source_frames is None:
            raise ValueError(f"{self.sequence_id}: a source_mask needs source_frames.")

    def _check_shapes(self) -> None:
        image = (*self.size, 3)
        clip = (self.n_frames, *self.size)
        for what, array, shape in (
            ("the control depth must have one map per frame", self.control_depth, clip),
            ("first_frame must have the size of the clip", self.first_frame, image),
            ("last_frame must have the size of the clip", self.last_frame, image),
            ("source_frames must be one image per frame", self.source_frames, (*clip, 3)),
            ("source_mask must be one mask per frame", self.source_mask, clip),
        ):
            if array is not None and array.shape != shape:
                raise ValueError(f"{self.sequence_id}: {what}, {shape}, got {array.shape}.")

    @property
    def n_frames(self) -> int:
        """Return the number of frames of the clip."""
        return len(self.trajectory.c2w)

    @property
    def size(self) -> tuple[int, int]:
        """Return height and width of the frames, pixels."""
        camera = self.intrinsics[0]
        return camera.height, camera.width

    @property
    def intrinsics(self) -> tuple[Intrinsics, ...]:
        """Return the camera asked for at each frame."""
        assert self.trajectory.intrinsics is not None  # checked on construction
        return self.trajectory.intrinsics

    @property
    def prompt(self) -> str:
        """Return what is said; unless written, move and scene as one sentence."""
        if self.written_prompt is not None:
            return self.written_prompt
        if self.trajectory.move is None:
            return self.scene_description
        return full_prompt(self.trajectory.move, self.scene_description)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A clip that was given up while it was made; counted, never silently missing.

    Attributes:
        sequence_id: Of the clip that was asked for.
        reason: Why, as a word for a table: ``"frozen"``, ``"not_finite"``.
        step: After how many denoising steps.
    """

    sequence_id: str
    reason: str
    step: int


@runtime_checkable
class VideoGenerator(Protocol):
    """Makes one sequence per request, in order, or says why it gave one up."""

    @property
    def name(self) -> str:
        """Return the name by which provenance knows this generator and its weights."""
        ...

    def generate(
        self, requests: Sequence[GenerationRequest]
    ) -> Sequence[MultiViewSequence | Rejected]:
        """Generate all requested clips; the same requests give the same bytes."""
        ...
