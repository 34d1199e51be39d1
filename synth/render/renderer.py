"""What a renderer is: one room, any camera, pictures with their exact truth.

Truth is the ray through the pixel's center (half-integer coordinates) and always comes from
Embree, its z recomputed in float64 from the plane that was hit. Pictures are smoothed where
surfaces meet, by ``SAMPLES`` x ``SAMPLES`` rays a pixel.
"""

from typing import Final, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, UInt8, UInt16

from synth.cameras import Intrinsics
from synth.poses import Pose
from synth.render.lights import Lighting

RendererName = Literal["embreex", "moderngl"]
SAMPLES: Final = 2


class FrameTruth(NamedTuple):
    """Geometry seen by every pixel's center."""

    depth: Float32[np.ndarray, "h w"]  # z-depth, metres; 0 where nothing was hit
    instances: UInt16[np.ndarray, "h w"]


class RenderedFrame(NamedTuple):
    """One frame and its truth."""

    rgb: UInt8[np.ndarray, "h w 3"]
    depth: Float32[np.ndarray, "h w"]  # z-depth at pixel centers, metres; 0 where nothing was hit
    instances: UInt16[np.ndarray, "h w"]


@runtime_checkable
class RoomRenderer(Protocol):
    """Draws one room; ``close`` gives back what it holds."""

    def render(
        self, c2w: Pose, intrinsics: Intrinsics, lighting: Lighting = "as_furnished"
    ) -> RenderedFrame:
        """Draw one frame with its exact z-depth and instance ids."""
        ...

    def truth(self, c2w: Pose, intrinsics: Intrinsics) -> FrameTruth:
        """Return z-depth and instance ids at pixel centers."""
        ...

    def close(self) -> None:
        """Give back memory that is not Python's; the renderer draws no more after that."""
        ...
