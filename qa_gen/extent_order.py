"""Which of two boxes comes first along a direction, and by how much they are clear of each other.

Two things are to the left and right of each other when all of one lies to the left of all of the
other: then no choice of "the middle" matters, and what separates them is the margin.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.boxes import Boxes
from qa_gen.survey import Survey


class Extents(NamedTuple):
    """Where each box begins and ends along one direction, for several observers at once."""

    low: Float64[np.ndarray, "v n"]
    high: Float64[np.ndarray, "v n"]


class Separation(NamedTuple):
    """How the first of two things lies to the second.

    Attributes:
        gap: Between the end of one and the beginning of the other; negative where they overlap.
        first_is_low: Whether the first comes first.
    """

    gap: Float64[np.ndarray, " c"]
    first_is_low: Bool[np.ndarray, " c"]


def extents_along(
    boxes: Boxes, origins: Float64[np.ndarray, "v 3"], axes: Float64[np.ndarray, "v 3"]
) -> Extents:
    """Measure all boxes from each origin along its unit axis."""
    middle = axes @ boxes.center.T - (axes * origins).sum(axis=1, keepdims=True)
    reach = (np.abs(np.einsum("vi,nij->vnj", axes, boxes.rotation)) * boxes.half).sum(axis=2)
    return Extents(middle - reach, middle + reach)


def separation(
    extents: Extents,
    view: Int64[np.ndarray, " c"],
    first: Int64[np.ndarray, " c"],
    second: Int64[np.ndarray, " c"],
) -> Separation:
    """Compare things ``first`` and ``second`` as ``view`` has them."""
    first_low = extents.low[view, second] - extents.high[view, first]
    second_low = extents.low[view, first] - extents.high[view, second]
    return Separation(np.maximum(first_low, second_low), first_low >= second_low)


class PairsInView(NamedTuple):
    """Every ordered pair of named things that one keyframe shows."""

    view: Int64[np.ndarray, " c"]  # position in the keyframes
    first: Int64[np.ndarray, " c"]
    second: Int64[np.ndarray, " c"]

    def unordered(self, n: int) -> Int64[np.ndarray, " c"]:
        """Return one number for both orders of a pair, in any image."""
        number: Int64[np.ndarray, " c"] = np.minimum(self.first, self.second) * n
        number += np.maximum(self.first, self.second)
        return number


def pairs_in_view(survey: Survey) -> PairsInView:
    """Return the pairs whose names can be understood from one image."""
    shown = survey.named_in[: len(survey.names)].T
    both = shown[:, :, None] & shown[:, None, :]
    both &= ~np.eye(len(survey.names), dtype=np.bool_)
    return PairsInView(*np.nonzero(both))


def picture_places(survey: Survey) -> Float64[np.ndarray, "k n 2"]:
    """Return the mean column and row of each thing's pixels, as shares of the image's sides.

    NaN where a keyframe does not show it.
    """
    maps = survey.geometry.instances
    _, height, width = maps.shape
    ids = np.array([thing.instance_id for thing in survey.things], dtype=np.int64)
    column, row = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    n_ids = max([*ids.tolist(), int(maps.max(initial=0))], default=0) + 1
    places = np.full((len(maps), len(ids), 2), np.nan)
    for place, ids_of_pixels in zip(places, maps, strict=True):
        flat = ids_of_pixels.ravel().astype(np.int64)
        count = np.bincount(flat, minlength=n_ids)[ids]
        for axis, coordinate in enumerate((column, row)):
            total = np.bincount(flat, weights=coordinate.ravel(), minlength=n_ids)[ids]
            place[:, axis] = np.divide(total, count, out=place[:, axis], where=count > 0)
    return places
