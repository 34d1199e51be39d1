"""Handheld shake: smooth, seeded, and ending where it began.

A sum of whole oscillations over the clip, so the camera wanders without going anywhere; a recorded
hand drifts too, and a drift is put on top with ``synth.camera_paths.algebra.compose``.
"""

from typing import Final

import numpy as np
from jaxtyping import Float64
from scipy.spatial.transform import Rotation

from synth.poses import Pose
from synth.seeding import rng_for

_SHAKE_HZ: Final = (0.3, 2.0)  # hands and steps; faster tremor blurs instead of moving frames
_DISTANCE_M: Final = 2.0  # a degree of shake moves the camera by a degree at this distance
_LEAST_WAVES: Final = 3


def shake(
    start: Pose, *, n_frames: int, fps: float, amount_deg: float, seed: int
) -> Float64[np.ndarray, "t 4 4"]:
    """Shake a camera about ``start``, its first pose.

    Args:
        start: First ``c2w``.
        n_frames: Number of frames, at least 5.
        fps: Frames per second; the shake's oscillations lie between 0.3 and 2 per second (at
            least the three slowest that fit the clip).
        amount_deg: Largest turn away from ``start``; the position shifts by the same angle
            at 2 m.
        seed: Of the noise; the same arguments give the same path.

    Raises:
        ValueError: Fewer than 5 frames, or ``fps`` or ``amount_deg`` not positive.
    """
    if n_frames < 5 or fps <= 0 or amount_deg <= 0:
        raise ValueError(
            "a handheld shake needs at least 5 frames and fps and amount_deg > 0, got "
            f"{n_frames} frames, fps={fps}, amount_deg={amount_deg}."
        )
    seconds = n_frames / fps
    slowest = max(1, round(_SHAKE_HZ[0] * seconds))
    fastest = max(slowest + _LEAST_WAVES - 1, int(_SHAKE_HZ[1] * seconds))
    waves = np.arange(slowest, min(fastest, (n_frames - 1) // 2) + 1)
    noise = rng_for(seed, "handheld", "shake").normal(size=(2, len(waves), 6)) / waves[:, None]
    phase = 2 * np.pi * np.outer(np.arange(n_frames) / (n_frames - 1), waves)
    channels = np.sin(phase) @ noise[0] + (np.cos(phase) - 1.0) @ noise[1]
    radians = np.deg2rad(amount_deg) * _to_peak_one(channels[:, :3])
    metres = np.deg2rad(amount_deg) * _DISTANCE_M * _to_peak_one(channels[:, 3:])
    path: Float64[np.ndarray, "t 4 4"] = np.repeat(start[None], n_frames, axis=0)
    path[:, :3, :3] = start[:3, :3] @ Rotation.from_rotvec(radians).as_matrix()
    path[:, :3, 3] += metres @ start[:3, :3].T
    return path


def _to_peak_one(channels: Float64[np.ndarray, "t 3"]) -> Float64[np.ndarray, "t 3"]:
    peak = float(np.linalg.norm(channels, axis=1).max())
    return np.asarray(channels / peak)
