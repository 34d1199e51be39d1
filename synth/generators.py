"""What a video generator is to the rest of the project: requests in, sequences out.

A generator promises nothing about geometry: the frames may not follow the requested path. What
the camera did is measured afterwards (``synth.measure``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Float32

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
        trajectory: The camera path asked for, one pose per frame.
        intrinsics: Of the clip; the frames get this size.
        fps: Frames per second.
        seed: Of the run.
        control_depth: z-depth in metres that the clip shall have, for generators that use it.

    Raises:
        ValueError: The number of frames is not 4n + 1, a side is not divisible by 16, or the
            control does not have the shape of the clip.
    """

    sequence_id: str
    scene_id: str
    scene_description: str
    trajectory: Trajectory
    intrinsics: Intrinsics
    fps: float
    seed: int
    control_depth: Float32[np.ndarray, "t h w"] | None = None

    def __post_init__(self) -> None:
        check_n_frames(self.n_frames, what=f"{self.sequence_id}: the number of frames")
        height, width = self.intrinsics.height, self.intrinsics.width
        if height % 16 or width % 16:
            raise ValueError(
                f"{self.sequence_id}: Wan makes frames with sides divisible by 16, got "
                f"{width}x{height} (w x h)."
            )
        shape = (self.n_frames, height, width)
        if self.control_depth is not None and self.control_depth.shape != shape:
            raise ValueError(
                f"{self.sequence_id}: the control depth must have one map per frame, "
                f"{shape}, got {self.control_depth.shape}."
            )

    @property
    def n_frames(self) -> int:
        """Return the number of frames of the clip."""
        return len(self.trajectory.c2w)

    @property
    def prompt(self) -> str:
        """Return move and scene as one sentence; a free path has no move to name."""
        if self.trajectory.move is None:
            return self.scene_description
        return full_prompt(self.trajectory.move, self.scene_description)


class VideoGenerator(Protocol):
    """Makes one sequence per request, in order."""

    @property
    def name(self) -> str:
        """Return the name by which provenance knows this generator and its weights."""
        ...

    def generate(self, requests: Sequence[GenerationRequest]) -> list[MultiViewSequence]:
        """Generate all requested clips; the same requests give the same bytes."""
        ...
