"""Exact distances between oriented boxes, for many pairs at once.

Two disjoint convex polytopes have a closest pair of points that is an extreme point of the set
of all closest pairs. The line between them is orthogonal to both faces they lie inside, so those
faces span at most two directions: a vertex against the other box, or the interiors of two edges
that are not parallel. Both have closed forms, so no iteration and no sampling is needed.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from synth.scene import SceneObject

_SIGNS: Final = np.array(list(product((-1.0, 1.0), repeat=3)))  # of the 8 corners
_EDGE_SIGNS: Final = np.array(list(product((-1.0, 1.0), repeat=2)))  # of 4 parallel edges
_PARALLEL: Final = 1e-14  # sin^2 of the angle (1e-7 rad) below which two edges count as parallel
_CHUNK: Final = 4096  # pairs at once: about 20 MB of intermediate arrays


class Boxes(NamedTuple):
    """Oriented boxes as arrays, in one length unit."""

    center: Float64[np.ndarray, "n 3"]
    half: Float64[np.ndarray, "n 3"]  # half extents along the box's own axes
    rotation: Float64[np.ndarray, "n 3 3"]  # columns are the box's axes in the world

    def take(self, indices: Int64[np.ndarray, " m"]) -> "Boxes":
        """Return the boxes at ``indices``, repeats allowed."""
        return Boxes(self.center[indices], self.half[indices], self.rotation[indices])

    def corners(self) -> Float64[np.ndarray, "n 8 3"]:
        """Return the eight corners of each box in the world."""
        local = _SIGNS * self.half[:, None, :]
        world: Float64[np.ndarray, "n 8 3"] = (
            local @ np.swapaxes(self.rotation, 1, 2) + self.center[:, None, :]
        )
        return world


def stack_boxes(objects: Sequence[SceneObject]) -> Boxes:
    """Collect the boxes of ``objects``, in their order."""
    n = len(objects)
    return Boxes(
        center=np.array([o.center for o in objects], dtype=np.float64).reshape(n, 3),
        half=np.array([o.size for o in objects], dtype=np.float64).reshape(n, 3) / 2,
        rotation=np.array([o.rotation for o in objects], dtype=np.float64).reshape(n, 3, 3),
    )


def gap_matrix(boxes: Boxes) -> Float64[np.ndarray, "n n"]:
    """Return the least distance between the surfaces of every two boxes; 0 where they touch."""
    n = len(boxes.center)
    gaps = np.zeros((n, n))
    first, second = np.triu_indices(n, k=1)
    values = pair_gaps(boxes.take(first), boxes.take(second))
    gaps[first, second] = values
    gaps[second, first] = values
    return gaps


def pair_gaps(a: Boxes, b: Boxes) -> Float64[np.ndarray, " n"]:
    """Return the least distance between box ``a[i]`` and box ``b[i]``; 0 where they overlap."""
    gaps = np.zeros(len(a.center))
    for start in range(0, len(gaps), _CHUNK):
        part = slice(start, start + _CHUNK)
        gaps[part] = _gaps(Boxes(*(x[part] for x in a)), Boxes(*(x[part] for x in b)))
    return gaps


def _gaps(a: Boxes, b: Boxes) -> Float64[np.ndarray, " n"]:
    nearest_sq = np.minimum(_vertex_to_box_sq(a, b), _vertex_to_box_sq(b, a))
    gaps = np.sqrt(np.minimum(nearest_sq, _edge_to_edge_sq(a, b)))
    return np.where(_overlap(a, b), 0.0, gaps)


def _vertex_to_box_sq(a: Boxes, b: Boxes) -> Float64[np.ndarray, " n"]:
    """Squared distance of the corner of ``a`` that is nearest to ``b``."""
    local = (a.corners() - b.center[:, None, :]) @ b.rotation
    outside = np.maximum(np.abs(local) - b.half[:, None, :], 0.0)
    nearest: Float64[np.ndarray, " n"] = (outside**2).sum(axis=2).min(axis=1)
    return nearest


def _edge_to_edge_sq(a: Boxes, b: Boxes) -> Float64[np.ndarray, " n"]:
    """Least squared distance over pairs of edges whose common perpendicular meets both inside.

    Infinite where there is no such pair. Works in the axes of ``a``.
    """
    delta = np.einsum("nij,ni->nj", a.rotation, b.center - a.center)
    axes = np.einsum("nki,nkj->nij", a.rotation, b.rotation)  # columns: axes of b
    best = np.full(len(delta), np.inf)
    for i, j in product(range(3), range(3)):
        others_i = [k for k in range(3) if k != i]
        others_j = [k for k in range(3) if k != j]
        offset_a = np.zeros((len(delta), 4, 3))
        offset_a[:, :, others_i] = _EDGE_SIGNS * a.half[:, None, others_i]
        signed_b = _EDGE_SIGNS * b.half[:, None, others_j]
        offset_b = np.einsum("nek,nik->nei", signed_b, axes[:, :, others_j])
        # w points from the middle of an edge of a to the middle of an edge of b
        w = delta[:, None, None] + offset_b[:, None, :] - offset_a[:, :, None]
        v = axes[:, :, j]
        along_a = w[..., i]
        along_b = np.einsum("npqi,ni->npq", w, v)
        cosine = v[:, i, None, None]
        sine_sq = np.maximum(1.0 - cosine**2, _PARALLEL)
        s = (along_a - cosine * along_b) / sine_sq
        t = cosine * s - along_b
        gap = w + t[..., None] * v[:, None, None]
        gap[..., i] -= s
        inside = (np.abs(s) <= a.half[:, i, None, None]) & (np.abs(t) <= b.half[:, j, None, None])
        gap_sq = np.where(inside, (gap**2).sum(axis=-1), np.inf)
        best = np.minimum(best, gap_sq.min(axis=(1, 2)))
    return best


def _overlap(a: Boxes, b: Boxes) -> Bool[np.ndarray, " n"]:
    """Whether no plane separates the boxes (separating axes: 3 + 3 normals, 9 edge products)."""
    delta = (b.center - a.center)[:, None, :]
    axes_a = np.swapaxes(a.rotation, 1, 2)
    axes_b = np.swapaxes(b.rotation, 1, 2)
    crosses = np.cross(axes_a[:, :, None], axes_b[:, None, :]).reshape(-1, 9, 3)
    candidates = np.concatenate([axes_a, axes_b, crosses], axis=1)
    reach_a = (np.abs(candidates @ a.rotation) * a.half[:, None, :]).sum(axis=2)
    reach_b = (np.abs(candidates @ b.rotation) * b.half[:, None, :]).sum(axis=2)
    # Products of parallel edges vanish up to rounding; they must not seem to separate.
    slack = 1e-12 * (1.0 + np.abs(delta).max(axis=2))
    separated = np.abs((candidates * delta).sum(axis=2)) > reach_a + reach_b + slack
    overlap: Bool[np.ndarray, " n"] = ~separated.any(axis=1)
    return overlap
