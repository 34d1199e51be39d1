"""What the kinds that compare sizes share: whose sizes may be compared, and how sure a ratio is.

"Is the wardrobe or the cup taller?" can be answered with closed eyes. Things are compared only if
their sizes are within a ratio at which both orders occur between rooms, and never by a name that
itself speaks of size.
"""

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.survey import Survey


def extent_ratio_sigma(
    larger: Float64[np.ndarray, " c"], smaller: Float64[np.ndarray, " c"], sigma: float
) -> Float64[np.ndarray, " c"]:
    """Return the standard deviation of ``larger / smaller`` when each is off by ``sigma``."""
    off: Float64[np.ndarray, " c"] = larger / smaller * np.hypot(sigma / larger, sigma / smaller)
    return off


def volume_sigma_share(
    half: Float64[np.ndarray, "n 3"], face_sigma: float
) -> Float64[np.ndarray, " n"]:
    """Return each volume's standard deviation as a share of it, when faces are off by a sigma."""
    share: Float64[np.ndarray, " n"] = np.linalg.norm(2**0.5 * face_sigma / (2 * half), axis=1)
    return share


def names_are_silent(survey: Survey, *columns: Int64[np.ndarray, " c"]) -> Bool[np.ndarray, " c"]:
    """Whether no name tells a size ("largest chair") or mentions another thing asked about."""
    silent = survey.names_apart(*columns)
    for column in columns:
        silent &= ~survey.told_by_size[column]
    return silent
