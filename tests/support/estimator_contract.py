"""The contract of every geometry estimator: what it says it provides is there, and agrees."""

from pathlib import Path

import numpy as np

from synth.cameras import project, unproject
from synth.film import RenderedTruth
from synth.measure.pixel_map import from_integer_centers

ROOM_RGBD = Path(__file__).resolve().parents[3] / "shared" / "data" / "room_rgbd"
MOST_ERROR = 0.01  # of the depth


def room_rgbd():
    """The first four views of the given room as truth (its pixel centers are integers)."""
    given = np.load(ROOM_RGBD / "condition.npz")
    depth = given["depths"][:4].astype(np.float32)
    _, height, width = depth.shape
    return RenderedTruth(
        sequence_id="room_rgbd/views",
        c2w=given["poses"][:4].astype(np.float64),
        intrinsics=tuple(
            from_integer_centers(k.astype(np.float64), width=width, height=height)
            for k in given["intrinsics"][:4]
        ),
        depth=np.where(np.isfinite(depth), depth, 0.0).astype(np.float32),
        instances=np.zeros(depth.shape, np.uint16),
        objects=(),
        room_polygon=np.zeros((0, 2)),
    )


def disagreement(estimated):
    """Median share of the depth by which neighbouring views disagree, at source pixels."""
    estimated = estimated.at_source()
    n_frames = len(estimated.registered)
    errors = []
    for a, b in [(i, i + 1) for i in range(n_frames - 1)]:
        points = unproject(estimated.depth[a], estimated.c2w[a], estimated.intrinsics[a])
        points = points.reshape(-1, 3)
        points = points[np.isfinite(points).all(axis=1)]
        seen = project(points, estimated.c2w[b], estimated.intrinsics[b])
        column, row = np.floor(seen.uv[seen.visible]).astype(int).T
        there = estimated.depth[b][row, column].astype(float)
        z = seen.depth[seen.visible]
        errors.append(np.abs(z - there)[there > 0] / z[there > 0])
    pooled = np.concatenate(errors)
    return float(np.median(pooled)) if len(pooled) > 100 else np.inf


def check_estimate(estimator, request, *, truth=None):
    """Hold an estimator's answer to the contract; return it."""
    estimated = estimator.estimate(request)
    n_frames, height, width, _ = request.frames.shape
    assert estimator.licence
    assert estimated.estimated_by.licence == estimator.licence
    assert len(estimated.registered) == n_frames
    assert (estimated.pixel_map.source_height, estimated.pixel_map.source_width) == (height, width)
    assert ("depth" in estimator.provides) == (estimated.depth is not None)
    assert ("pose" in estimator.provides) == (estimated.c2w is not None)
    assert ("metric" in estimator.provides) == estimated.is_metric
    if "intrinsics" in estimator.provides:
        at_source = estimated.at_source().intrinsics
        assert all((k.width, k.height) == (width, height) for k in at_source)
    if {"depth", "pose", "intrinsics"} <= estimator.provides:
        assert disagreement(estimated) < MOST_ERROR
    if truth is not None and estimated.depth is not None:
        depth = estimated.at_source().depth
        both = (depth > 0) & (truth.depth > 0)
        ratio = np.median(depth[both] / truth.depth[both])
        if estimated.is_metric:
            assert abs(ratio - 1) < MOST_ERROR
    return estimated
