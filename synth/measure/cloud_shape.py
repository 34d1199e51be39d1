"""What a cloud of one thing is without its strays, and which way the thing is turned."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float64
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from synth.measure.track_clouds import Cloud

_MOST_TREE_POINTS: Final = 1500
_LEAST_CLUSTER: Final = 0.03  # share of the largest cluster's points


def clean_cloud(cloud: Cloud) -> Cloud:
    """Drop lone points and small far-away clusters (depth bleeding over an edge, mask leaks)."""
    n = len(cloud.points)
    if n < 8:
        return cloud
    picked = np.linspace(0, n - 1, min(n, _MOST_TREE_POINTS)).astype(np.int64)
    sample = cloud.points[picked]
    tree = cKDTree(sample)
    near = np.asarray(tree.query(sample, k=min(6, len(sample)))[0])
    patch = np.linalg.norm(cloud.step_u[picked] + cloud.step_v[picked], axis=1)
    # Parts of one thing (pillow and headboard, pot and leaves) may be seen with gaps between them.
    spread = float(np.linalg.norm(np.subtract(*np.quantile(sample, [0.9, 0.1], axis=0))))
    link = max(4.0 * float(np.median(near[:, -1])), 3.0 * float(np.median(patch)), 0.2 * spread)
    pairs = tree.query_pairs(link + 1e-9, output_type="ndarray")
    shape = (len(sample), len(sample))
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
    _, cluster = connected_components(graph, directed=False)
    counts = np.bincount(cluster)
    kept_clusters = counts >= max(3, _LEAST_CLUSTER * counts.max())
    _, nearest = tree.query(cloud.points)
    return cloud.take(kept_clusters[cluster[nearest]])


def heading(cloud: Cloud, *, step_deg: float) -> float:
    """Return the heading (radians) of the smallest rectangle around the footprint.

    Headings within a tenth of the smallest area are told apart by how close the points lie to
    the rectangle's sides: two seen sides of a box make a triangle, around which two rectangles
    have equal areas, and only the right one has its points on its sides.
    """
    plan = cloud.points[:, :2].astype(np.float32)
    hull = cv2.convexHull(plan)[:, 0].astype(np.float64)
    angles = np.deg2rad(np.arange(0.0, 90.0, step_deg))
    axes = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    across = np.stack([-axes[:, 1], axes[:, 0]], axis=1)
    span_a, span_b = np.ptp(hull @ axes.T, axis=0), np.ptp(hull @ across.T, axis=0)
    areas = span_a * span_b
    candidates = np.flatnonzero(areas <= 1.1 * areas.min() + 1e-12)
    costs = [_distance_to_sides(cloud.points[:, :2], axes[i], across[i]) for i in candidates]
    best_cost = min(costs)
    # Equal costs (a filled top tells nothing) are decided by the area.
    level = [
        areas[i] if c <= 1.02 * best_cost + 1e-6 else np.inf
        for i, c in zip(candidates, costs, strict=True)
    ]
    return float(angles[candidates[int(np.argmin(level))]])


def _distance_to_sides(
    plan: Float64[np.ndarray, "n 2"],
    axis: Float64[np.ndarray, "2"],
    across: Float64[np.ndarray, "2"],
) -> float:
    a, b = plan @ axis, plan @ across
    to_a = np.minimum(a - a.min(), a.max() - a)
    to_b = np.minimum(b - b.min(), b.max() - b)
    return float(np.minimum(to_a, to_b).mean())
