"""How high boxes reach, along the world's up and never along an axis that is merely called third.

Furniture stands upright, but boxes fitted to scans lean any way (half of VSI-Bench's lean by more
than 6 degrees): their own axes say nothing about up.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.boxes import Boxes

MAX_LEAN: Final = 0.1  # of a box's vertical extent, added by its leaning
MAX_TILT_DEG: Final = 10.0  # of a side that is called horizontal; its cosine is 0.985


class Heights(NamedTuple):
    """Lowest and highest point of each box, and what leaning adds to the difference.

    Attributes:
        lean: Share of ``high - low`` that comes from the two axes that are not the most upright;
            what is in a leaning box may be lower than the box by as much.
    """

    low: Float64[np.ndarray, " n"]
    high: Float64[np.ndarray, " n"]
    lean: Float64[np.ndarray, " n"]

    @property
    def extent(self) -> Float64[np.ndarray, " n"]:
        """Vertical extent."""
        extent: Float64[np.ndarray, " n"] = self.high - self.low
        return extent

    @property
    def stands(self) -> Bool[np.ndarray, " n"]:
        """Whether the box says how high its object is."""
        return self.lean <= MAX_LEAN


class Sides(NamedTuple):
    """The two horizontal sides of upright boxes."""

    longer: Float64[np.ndarray, " n"]
    shorter: Float64[np.ndarray, " n"]
    level: Bool[np.ndarray, " n"]  # whether they are horizontal


def heights_of(boxes: Boxes) -> Heights:
    """Measure boxes along the world's z, in their length unit."""
    reach = np.abs(boxes.rotation[:, 2, :]) * boxes.half
    half = reach.sum(axis=1)
    main = np.take_along_axis(reach, most_upright(boxes)[:, None], axis=1)[:, 0]
    middle = boxes.center[:, 2]
    return Heights(low=middle - half, high=middle + half, lean=1.0 - main / half)


def horizontal_sides(boxes: Boxes) -> Sides:
    """Measure the two sides beside the most upright one."""
    upright = most_upright(boxes)
    rows = np.arange(len(upright))
    size = 2 * boxes.half
    size[rows, upright] = np.nan
    cosine = np.abs(boxes.rotation[rows, 2, upright])
    return Sides(
        longer=np.nanmax(size, axis=1, initial=0.0),
        shorter=np.nanmin(size, axis=1, initial=np.inf),
        level=cosine >= np.cos(np.radians(MAX_TILT_DEG)),
    )


def most_upright(boxes: Boxes) -> Int64[np.ndarray, " n"]:
    """Return which of its own axes is nearest to the vertical, for each box."""
    axis: Int64[np.ndarray, " n"] = np.abs(boxes.rotation[:, 2, :]).argmax(axis=1)
    return axis
