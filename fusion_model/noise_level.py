"""Which noise VEGA-3D means by "timestep k": the nearest point of its scheduler's grid.

The official code builds Wan's flow scheduler with 1000 steps and shift 5 and takes the grid
point whose integer timestep is nearest to k. For k = 300 that is timestep 299 with sigma
0.299924; sigma = k / 1000 would be another feature. Shift only decides which grid points exist:
timestep and sigma stay tied by ``timestep = floor(1000 sigma)``.

Source: H-EmbodVis/VEGA-3D@9c96924, wan_t2v_encoder.py and FlowUniPCMultistepScheduler.
"""

from typing import Final, NamedTuple

import numpy as np

_TRAINING_STEPS: Final = 1000


class NoiseLevel(NamedTuple):
    """One point of the scheduler's grid.

    Attributes:
        timestep: What the transformer is told, an integer as in the official code.
        sigma: Share of noise: ``(1 - sigma) * latents + sigma * noise``.
    """

    timestep: int
    sigma: float


def official_noise_level(k: int, *, shift: float = 5.0) -> NoiseLevel:
    """Return the grid point the official extractor uses for timestep ``k``.

    Raises:
        ValueError: ``k`` is outside 0..1000.
    """
    if not 0 <= k <= _TRAINING_STEPS:
        raise ValueError(
            f"The noise level of the generative prior is a timestep from 0 (clean) to "
            f"{_TRAINING_STEPS} (pure noise), got {k}."
        )
    linear = np.linspace(1 - 1 / _TRAINING_STEPS, 0.0, _TRAINING_STEPS + 1)[:-1]
    sigmas = shift * linear / (1 + (shift - 1) * linear)
    timesteps = (sigmas * _TRAINING_STEPS).astype(np.int64)
    timestep = int(timesteps[np.abs(timesteps - k).argmin()])
    # Several grid points share one integer; the scheduler starts at the second of them so that
    # an image-to-image run does not skip a step. Kept, because features depend on sigma.
    where = np.flatnonzero(timesteps == timestep)
    return NoiseLevel(timestep, float(sigmas[where[min(1, len(where) - 1)]]))
