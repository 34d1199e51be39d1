"""Exact distances between the floor plans of boxes, for many pairs at once.

The floor plan of a box is the outline of its shadow under light from straight above: a rectangle,
or a hexagon where the box leans.
"""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.boxes import Boxes

_CHUNK: Final = 4096  # pairs at once

Outlines = Float64[np.ndarray, "n 6 2"]


def footprint_gaps(
    boxes: Boxes, first: Int64[np.ndarray, " c"], second: Int64[np.ndarray, " c"]
) -> Float64[np.ndarray, " c"]:
    """Return the least horizontal distance between boxes ``first[i]`` and ``second[i]``.

    0 where one is above the other, even in part. In the length unit of the boxes.
    """
    outlines = floor_outlines(boxes)
    gaps = np.zeros(len(first))
    for start in range(0, len(gaps), _CHUNK):
        part = slice(start, start + _CHUNK)
        a, b = outlines[first[part]], outlines[second[part]]
        nearest_sq = np.minimum(_to_outline_sq(a, b), _to_outline_sq(b, a))
        gaps[part] = np.where(_meet(a, b), 0.0, np.sqrt(nearest_sq))
    return gaps


def floor_outlines(boxes: Boxes) -> Outlines:
    """Return the corners of each floor plan, counter-clockwise.

    The plan is the sum of three segments, the shadows of the box's axes; taken in the order of
    their directions, there and back, they are its sides. An upright axis has no shadow, so two
    corners of the six coincide twice.
    """
    sides = np.swapaxes(boxes.rotation[:, :2] * boxes.half[:, None], 1, 2)  # half of each
    backwards = (sides[..., 1] < 0) | ((sides[..., 1] == 0) & (sides[..., 0] < 0))
    sides = np.where(backwards[..., None], -sides, sides)
    order = np.argsort(np.arctan2(sides[..., 1], sides[..., 0]), axis=1)
    steps = 2 * np.take_along_axis(sides, order[..., None], axis=1)
    lowest = boxes.center[:, :2] - sides.sum(axis=1)
    there = lowest[:, None] + np.cumsum(steps, axis=1)
    back = there[:, -1:] - np.cumsum(steps, axis=1)
    return np.concatenate([there, back], axis=1)


def _to_outline_sq(a: Outlines, b: Outlines) -> Float64[np.ndarray, " n"]:
    """Squared distance of the corner of ``a`` that is nearest to the outline of ``b``."""
    along = np.roll(b, -1, axis=1) - b
    length_sq = np.maximum((along**2).sum(axis=2), np.finfo(np.float64).tiny)  # may be no side
    apart = a[:, :, None] - b[:, None]
    share = np.clip((apart * along[:, None]).sum(axis=3) / length_sq[:, None], 0.0, 1.0)
    apart -= share[..., None] * along[:, None]
    nearest: Float64[np.ndarray, " n"] = (apart**2).sum(axis=3).min(axis=(1, 2))
    return nearest


def _meet(a: Outlines, b: Outlines) -> Bool[np.ndarray, " n"]:
    """Whether no line separates the plans (separating axes: the normals of all sides)."""
    sides = np.concatenate([(np.roll(x, -1, axis=1) - x)[:, :3] for x in (a, b)], axis=1)
    normals = np.stack([-sides[..., 1], sides[..., 0]], axis=1)
    on_a, on_b = a @ normals, b @ normals  # (n, corner, normal)
    # Twice a corner in the same place makes a normal of length 0, which must not separate.
    slack = 1e-12 * (1.0 + np.abs(on_a).max(axis=(1, 2), initial=0.0))[:, None]
    separated = (on_a.min(axis=1) > on_b.max(axis=1) + slack) | (
        on_b.min(axis=1) > on_a.max(axis=1) + slack
    )
    met: Bool[np.ndarray, " n"] = ~separated.any(axis=1)
    return met
