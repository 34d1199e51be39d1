"""Easing: how progress along a path grows over its frames, from 0 to 1."""

from typing import Final, Literal, assert_never, get_args

import numpy as np
from jaxtyping import Float64

Easing = Literal["linear", "smoothstep", "exponential"]

# MultiCamVideo's curve is (1 - exp(-a s)) / (1 - exp(-a)); it draws a, we fix it.
_SHARPNESS: Final = 3.0


def ease(easing: Easing, n_frames: int) -> Float64[np.ndarray, " t"]:
    """Return progress at each frame: 0 at the first, 1 at the last, never running back.

    Args:
        easing: ``linear`` is constant speed; ``smoothstep`` (3 s^2 - 2 s^3) starts and stops
            softly; ``exponential`` starts fast and slows down, as ReCamMaster's MultiCamVideo.
        n_frames: Number of frames, at least 2.

    Raises:
        ValueError: Fewer than two frames, or an easing there is not.
    """
    if easing not in get_args(Easing):
        raise ValueError(f"no easing {easing!r}; there are {', '.join(get_args(Easing))}.")
    if n_frames < 2:
        raise ValueError(f"easing needs at least 2 frames to go from 0 to 1, got {n_frames}.")
    s = np.linspace(0.0, 1.0, n_frames)
    match easing:
        case "linear":
            return s
        case "smoothstep":
            return np.asarray(s * s * (3.0 - 2.0 * s))
        case "exponential":
            return np.asarray(np.expm1(-_SHARPNESS * s) / np.expm1(-_SHARPNESS))
        case _:
            assert_never(easing)
