"""Do two frames agree on the geometry? Depth of one, carried into the other by the poses."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt16

from synth.cameras import Intrinsics, project, unproject
from synth.poses import Pose

# A surface further back than this (share of its depth) is hidden, not wrong.
_OCCLUDED_BEHIND: Final = 0.05
# 1/z is affine over a plane's image; a 2x2 cell that bends more than this spans an edge.
_MOST_BEND: Final = 1e-4


class DepthView(NamedTuple):
    """One frame with its geometry."""

    depth: Float32[np.ndarray, "h w"]  # z-depth, metres; 0 = unknown
    instances: UInt16[np.ndarray, "h w"]
    c2w: Pose
    intrinsics: Intrinsics


def depth_disagreement(source: DepthView, target: DepthView) -> Float64[np.ndarray, " n"]:
    """Return |z - target depth| in metres for every source pixel also seen in the target.

    Target depth between pixel centers is interpolated in 1/z, which is exact on planes; cells
    that span two surfaces are left out, as are points that something hides in the target.
    """
    points = unproject(source.depth, source.c2w, source.intrinsics).reshape(-1, 3)
    ids = source.instances.reshape(-1)
    known = np.isfinite(points).all(axis=1)
    points, ids = points[known], ids[known]
    seen = project(points, target.c2w, target.intrinsics)
    inverse, on_one_surface = _inverse_depth_at(target, seen.uv, ids)
    use = seen.visible & on_one_surface
    expected = 1.0 / inverse[use]
    z = seen.depth[use]
    hidden = z > expected * (1 + _OCCLUDED_BEHIND)
    error: Float64[np.ndarray, " n"] = np.abs(z - expected)[~hidden]
    return error


def _inverse_depth_at(
    view: DepthView, uv: Float64[np.ndarray, "n 2"], ids: UInt16[np.ndarray, " n"]
) -> tuple[Float64[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
    """Bilinear 1/z at ``uv``, and where its four pixels lie on one plane of the same instance."""
    height, width = view.depth.shape
    grid = uv - 0.5
    column = np.clip(np.floor(grid[:, 0]), 0, width - 2).astype(np.int64)
    row = np.clip(np.floor(grid[:, 1]), 0, height - 2).astype(np.int64)
    fx, fy = grid[:, 0] - column, grid[:, 1] - row
    inside = (fx >= 0) & (fx <= 1) & (fy >= 0) & (fy <= 1)
    corners = [(row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1)]
    depth = np.stack([view.depth[c] for c in corners]).astype(np.float64)
    same = (np.stack([view.instances[c] for c in corners]) == ids).all(axis=0)
    known = (depth > 0).all(axis=0)
    inverse = 1.0 / np.where(depth > 0, depth, 1.0)
    bend = np.abs(inverse[0] - inverse[1] - inverse[2] + inverse[3])
    weights = np.stack([(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy])
    return (weights * inverse).sum(axis=0), inside & same & known & (bend < _MOST_BEND)
