"""How fast a camera may go: metres, degrees and jerk per frame, with a report of what exceeds.

The defaults are about twice what one step of SANA-WM's actions does (0.05 units, 1.2 degrees a
frame), meant for clips of 81 frames. Short clips have to go faster; say so.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.trajectories import Trajectory

# Rounding of a path at constant speed, so that a limit may be exactly what a path does.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionLimits:
    """The most a camera may do from one frame to the next.

    Attributes:
        max_m_per_frame: Travel; of a relative path, in its own unit.
        max_deg_per_frame: Turn about any axis.
        max_jerk_m: Change of the acceleration per frame, metres per frame cubed.
        max_focal_factor: Change of the focal length, as a factor > 1.

    Raises:
        ValueError: A limit is not positive, or the factor not above 1.
    """

    max_m_per_frame: float = 0.1
    max_deg_per_frame: float = 3.0
    max_jerk_m: float = 0.1
    max_focal_factor: float = 1.1

    def __post_init__(self) -> None:
        limits = (self.max_m_per_frame, self.max_deg_per_frame, self.max_jerk_m)
        if not all(limit > 0 for limit in limits):  # so that NaN fails too
            raise ValueError(f"MotionLimits must be > 0, got {self}.")
        if not self.max_focal_factor > 1:
            raise ValueError(
                f"MotionLimits.max_focal_factor must be > 1, got {self.max_focal_factor}."
            )


class Excess(NamedTuple):
    """A limit that a path exceeds, at its worst frame."""

    limit: str  # field of MotionLimits
    frame: int  # of the frame arrived at
    value: float
    allowed: float
    n_frames: int  # how many frames exceed it

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.limit}: {self.value:.3g} at frame {self.frame} exceeds {self.allowed:.3g} "
            f"({self.n_frames} frames do)"
        )


def check_limits(path: Trajectory, limits: MotionLimits) -> tuple[Excess, ...]:
    """Return every limit that is exceeded, with frame and value; empty if none is."""
    eyes = path.c2w[:, :3, 3]
    travel = np.linalg.norm(np.diff(eyes, axis=0), axis=1)
    jerk = np.linalg.norm(np.diff(eyes, n=3, axis=0), axis=1)
    focal = np.array([camera.fx for camera in path.intrinsics or ()])
    zooming = np.exp(np.abs(np.diff(np.log(focal)))) if len(focal) > 1 else np.ones(0)
    found = (
        _worst("max_m_per_frame", travel, limits.max_m_per_frame, 1),
        _worst("max_deg_per_frame", turns_deg(path.c2w), limits.max_deg_per_frame, 1),
        _worst("max_jerk_m", jerk, limits.max_jerk_m, 3),
        _worst("max_focal_factor", zooming, limits.max_focal_factor, 1),
    )
    return tuple(excess for excess in found if excess is not None)


def turns_deg(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, " s"]:
    """Return the angle between the orientations of neighbouring frames, degrees."""
    steps = np.swapaxes(c2w[:-1, :3, :3], -1, -2) @ c2w[1:, :3, :3]
    # Chord instead of trace: the arc cosine of a trace near 3 loses half of the digits.
    chord = np.linalg.norm(steps - np.eye(3), axis=(1, 2)) / np.sqrt(8.0)
    return np.asarray(np.rad2deg(2.0 * np.arcsin(np.clip(chord, 0.0, 1.0))))


def _worst(
    limit: str, values: Float64[np.ndarray, " s"], allowed: float, first_frame: int
) -> Excess | None:
    over = values > allowed * (1 + _ROUNDING) + _ROUNDING
    if not over.any():
        return None
    worst = int(np.argmax(values))
    return Excess(limit, worst + first_frame, float(values[worst]), allowed, int(over.sum()))
