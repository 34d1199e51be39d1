"""Where something is for someone who stands at one object and faces another (VSI-Bench).

Angles are degrees in the floor plane, counter-clockwise seen from above: 0 is straight ahead,
90 to the left, 180 behind. Only the middles of boxes count, as in VSI-Bench.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64


@dataclass(frozen=True, slots=True)
class Sectors:
    """A partition of the horizon.

    Attributes:
        names: One per sector.
        starts_deg: Where each sector starts, ascending from 0; it ends where the next starts.
    """

    names: tuple[str, ...]
    starts_deg: tuple[float, ...]


EASY: Final = Sectors(("left", "right"), (0.0, 180.0))
MEDIUM: Final = Sectors(("left", "back", "right"), (0.0, 135.0, 225.0))
HARD: Final = Sectors(
    ("front-left", "back-left", "back-right", "front-right"), (0.0, 90.0, 180.0, 270.0)
)


class Bearing(NamedTuple):
    """Sector of each angle, and how far the angle is from leaving it."""

    sector: Int64[np.ndarray, "*n"]
    margin_deg: Float64[np.ndarray, "*n"]  # to the nearest boundary on either side


def turn_deg(
    position: Float64[np.ndarray, "*#n 2"],
    facing: Float64[np.ndarray, "*#n 2"],
    query: Float64[np.ndarray, "*n 2"],
) -> Float64[np.ndarray, "*n"]:
    """Return the angle in [0, 360) from the way to ``facing`` to the way to ``query``.

    All are floor-plane points (x, y); ``position`` is where the observer stands.
    """
    ahead = heading_deg(facing - position)
    angle: Float64[np.ndarray, "*n"] = (heading_deg(query - position) - ahead) % 360.0
    return angle


def heading_deg(way: Float64[np.ndarray, "*n 2"]) -> Float64[np.ndarray, "*n"]:
    """Return the direction of each way (x, y), in degrees from the world's x axis; 0 for none."""
    heading: Float64[np.ndarray, "*n"] = np.degrees(np.arctan2(way[..., 1], way[..., 0]))
    return heading


def classify_turns(angle_deg: Float64[np.ndarray, "*n"], sectors: Sectors) -> Bearing:
    """Return the sector each angle falls in, with its two-sided margin."""
    starts = np.array(sectors.starts_deg)
    apart = np.abs((angle_deg[..., None] - starts + 180.0) % 360.0 - 180.0)
    return Bearing(sector=sector_of(angle_deg, sectors), margin_deg=apart.min(axis=-1))


def sector_of(angle_deg: Float64[np.ndarray, "*n"], sectors: Sectors) -> Int64[np.ndarray, "*n"]:
    """Return the index of the sector that each angle in [0, 360) falls in."""
    sector = np.zeros(angle_deg.shape, dtype=np.int64)
    for start in sectors.starts_deg[1:]:  # three comparisons are faster than a search
        sector += angle_deg >= start
    return sector


def turn_sigma_deg(
    angle_deg: Float64[np.ndarray, " n"],
    facing_distance: Float64[np.ndarray, " n"],
    query_distance: Float64[np.ndarray, " n"],
    center_sigma: float,
) -> Float64[np.ndarray, " n"]:
    """Return the standard deviation of ``turn_deg`` when every middle is off by ``center_sigma``.

    First order: the facing and query objects move the angle by 1/distance each, the observer by
    the difference of both effects. Lengths share one unit.
    """
    cosine = np.cos(np.radians(angle_deg))
    variance = 2 / facing_distance**2 + 2 / query_distance**2
    variance = variance - 2 * cosine / (facing_distance * query_distance)
    sigma: Float64[np.ndarray, " n"] = np.degrees(center_sigma * np.sqrt(variance))
    return sigma
