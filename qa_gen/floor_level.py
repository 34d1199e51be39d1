"""How high the floor is, where that can be told.

Nothing stands lower than the floor, and filmed structure (walls, floor) reaches no lower. So the
lowest of all that is the floor if two independent measurements agree on it: two undersides, or an
underside and the lowest structure in view. A room of which only shelves and pictures were filmed
has none.
"""

from typing import Final

import numpy as np

from qa_gen.survey import Survey
from synth.cameras import pixel_rays
from synth.scene import BACKGROUND_ID

AGREE_M: Final = 0.02  # undersides on one floor differ by no more
_STRUCTURE_AGREE_M: Final = 0.05  # a pixel shows a piece of floor, not a point
_PIXELS_PER_IMAGE: Final = 2000
_LOWEST_SHARE: Final = 0.005  # of structure's pixels may be wrong


def floor_level(survey: Survey) -> float | None:
    """Return z of the floor, or ``None`` where it cannot be told. Metric geometry only."""
    undersides = np.sort(survey.corners[:, :, 2].min(axis=1, initial=np.inf))
    structure = _structure_level(survey)
    if not len(undersides):
        return structure
    lowest = float(undersides[0])
    confirmed = len(undersides) > 1 and undersides[1] - lowest <= AGREE_M
    confirmed |= structure is not None and abs(structure - lowest) <= _STRUCTURE_AGREE_M
    return lowest if confirmed else structure


def _structure_level(survey: Survey) -> float | None:
    """Return the lowest z of filmed structure, or ``None`` without poses or depth."""
    geometry = survey.geometry
    if geometry.c2w is None or not geometry.depth.any():
        return None
    heights = []
    for k, frame in enumerate(geometry.keyframes):
        shown = (geometry.instances[k] == BACKGROUND_ID) & geometry.reliable[k]
        shown &= geometry.depth[k] > 0
        some = np.flatnonzero(shown)
        some = some[:: max(1, len(some) // _PIXELS_PER_IMAGE)]
        c2w = survey.keyframe_c2w[k]
        upward = pixel_rays(geometry.intrinsics[frame]).reshape(-1, 3)[some] @ c2w[2, :3]
        heights.append(upward * geometry.depth[k].ravel()[some] + c2w[2, 3])
    every = np.concatenate(heights)
    return float(np.quantile(every, _LOWEST_SHARE)) if len(every) else None
