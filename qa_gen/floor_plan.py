"""Boxes seen from above, as shapely polygons, and between which heights they stand."""

from typing import NamedTuple

import numpy as np
import shapely
from jaxtyping import Float64, Int64, Shaped

from qa_gen.boxes import Boxes


class FloorPlan(NamedTuple):
    """What boxes cover of the floor plane, and between which heights, in one length unit."""

    outlines: Shaped[np.ndarray, " n"]  # shapely polygons, convex
    middle: Float64[np.ndarray, "n 2"]
    bottom: Float64[np.ndarray, " n"]  # least z
    top: Float64[np.ndarray, " n"]  # greatest z
    least_width: Float64[np.ndarray, " n"]  # between two parallel lines, at the narrowest

    def gaps(
        self, first: Int64[np.ndarray, " c"], second: Int64[np.ndarray, " c"]
    ) -> Float64[np.ndarray, " c"]:
        """Return the least horizontal distances; 0 where one is above the other, even in part."""
        gaps: Float64[np.ndarray, " c"] = shapely.distance(
            self.outlines[first], self.outlines[second]
        )
        return gaps

    def lowered(self, by: float) -> "FloorPlan":
        """Return the plan with heights counted from ``by``."""
        return self._replace(bottom=self.bottom - by, top=self.top - by)


def floor_plan(boxes: Boxes) -> FloorPlan:
    """Project boxes onto the floor plane; exact, also for boxes that do not stand upright."""
    corners = boxes.corners()
    which = np.repeat(np.arange(len(corners)), corners.shape[1])
    points = shapely.multipoints(corners[:, :, :2].reshape(-1, 2), indices=which)
    return FloorPlan(
        outlines=shapely.convex_hull(points),
        middle=boxes.center[:, :2],
        bottom=corners[:, :, 2].min(axis=1),
        top=corners[:, :, 2].max(axis=1),
        least_width=_least_widths(boxes),
    )


def _least_widths(boxes: Boxes) -> Float64[np.ndarray, " n"]:
    """Least widths of the outlines.

    A box's outline is the sum of its three projected edges, so each of its sides is parallel to
    one of them, and a convex polygon is narrowest across one of its sides.
    """
    flat = boxes.rotation[:, :2, :]  # columns: the box's axes seen from above
    length = np.linalg.norm(flat, axis=1)
    normals = np.stack([-flat[:, 1], flat[:, 0]], axis=1) / np.maximum(length, 1e-12)[:, None]
    across = np.abs(np.einsum("nxi,nxj->nij", normals, flat))  # of edge j, seen along side i
    widths = 2 * (across * boxes.half[:, None, :]).sum(axis=2)
    least: Float64[np.ndarray, " n"] = np.where(length > 1e-9, widths, np.inf).min(axis=1)
    return least
