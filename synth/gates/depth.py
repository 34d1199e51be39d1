"""Depth reprojection: does the depth of one frame, carried over by the poses, meet the other's?"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, UInt16

from synth.cameras import Intrinsics, project, unproject
from synth.gates.evidence import WIDE_STRIDE, Evidence
from synth.gates.score import Measurement, NotMeasured, at_least, at_most
from synth.gates.thresholds import GateThresholds
from synth.measure.reprojection import DepthView, depth_disagreement
from synth.poses import Pose

MEDIAN: Final = "depth_median_relative"
SHARE: Final = "depth_share_within"
EXACT: Final = "depth_exact_relative"
_OCCLUDED_BEHIND: Final = 0.05  # a point further back than this is hidden, not wrong
_LEAST_COVISIBLE: Final = 0.02  # of all pixels carried over; fewer say nothing
_MOST_POINTS: Final = 20_000  # of a frame


class PosedDepth(NamedTuple):
    """One frame's depth and where it was seen from."""

    depth: Float32[np.ndarray, "h w"]  # z-depth; 0 = unknown
    c2w: Pose
    intrinsics: Intrinsics


class CarriedDepth(NamedTuple):
    """What became of the points of one frame in another."""

    relative_errors: Float64[np.ndarray, " n"]  # |z - D| / z of points seen in both
    n_points: int  # that were carried over


def carry_depth(source: PosedDepth, target: PosedDepth) -> CarriedDepth:
    """Carry a grid of points over; hidden ones (z > 1.05 D) are left out.

    For estimated depth: no ids are needed, and depth is read at the nearest pixel.
    """
    step = int(np.ceil(np.sqrt(source.depth.size / _MOST_POINTS)))
    world = unproject(source.depth, source.c2w, source.intrinsics)[::step, ::step].reshape(-1, 3)
    world = world[np.isfinite(world).all(axis=1)]
    seen = project(world, target.c2w, target.intrinsics)
    column, row = np.floor(seen.uv[seen.visible]).astype(np.int64).T
    there = target.depth[row, column].astype(np.float64)
    z = seen.depth[seen.visible]
    use = (there > 0) & (z <= there * (1 + _OCCLUDED_BEHIND))
    return CarriedDepth(np.abs(z[use] - there[use]) / z[use], len(world))


def measure_depth(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the median relative error and the share of pixels within the tolerance."""
    views = _views(evidence)
    if isinstance(views, NotMeasured):
        return tuple(NotMeasured(name=n, reason=views.reason) for n in (MEDIAN, SHARE))
    carried = [carry_depth(views[i], views[j]) for i, j in _pairs(len(views))]
    errors = np.concatenate([c.relative_errors for c in carried])
    if len(errors) < _LEAST_COVISIBLE * sum(c.n_points for c in carried):
        reason = "frames share too few visible points"
        return tuple(NotMeasured(name=n, reason=reason) for n in (MEDIAN, SHARE))
    within = float((errors < thresholds.depth_tolerance).mean())
    return (
        at_most(MEDIAN, float(np.median(errors)), thresholds.depth_median),
        at_least(SHARE, within, thresholds.depth_share),
    )


def measure_exact_depth(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score rendered depth by its instance ids: median |z - D| as a share of the median depth."""
    views, ids = _views(evidence), evidence.candidate.instances
    if isinstance(views, NotMeasured):
        return (NotMeasured(name=EXACT, reason=views.reason),)
    if ids is None:
        return (NotMeasured(name=EXACT, reason="no instance ids"),)
    off = np.concatenate(_disagreements(views, ids))
    if not len(off):
        return (NotMeasured(name=EXACT, reason="frames share too few visible points"),)
    depths = np.concatenate([v.depth[v.depth > 0] for v in views])
    value = float(np.median(off) / np.median(depths))
    return (at_most(EXACT, value, thresholds.depth_exact),)


def _disagreements(
    views: Sequence[PosedDepth], ids: UInt16[np.ndarray, "t h w"]
) -> list[Float64[np.ndarray, " n"]]:
    full = [DepthView(v.depth, i, v.c2w, v.intrinsics) for v, i in zip(views, ids, strict=True)]
    return [depth_disagreement(full[i], full[j]) for i, j in _pairs(len(full))]


def _views(evidence: Evidence) -> list[PosedDepth] | NotMeasured:
    clip = evidence.candidate
    if clip.c2w is None or clip.intrinsics is None:
        return NotMeasured(name=MEDIAN, reason="no poses" if clip.c2w is None else "no intrinsics")
    if evidence.n_frames < 2:
        return NotMeasured(name=MEDIAN, reason="a single frame")
    if evidence.depth is None:
        return NotMeasured(name=MEDIAN, reason="no depth")
    parts = zip(evidence.depth, clip.c2w, clip.intrinsics, strict=True)
    return [PosedDepth(*view) for view in parts]


def _pairs(n_frames: int) -> list[tuple[int, int]]:
    """Neighbours and wide pairs, in both directions."""
    strides = (1, WIDE_STRIDE)
    one_way = [(i, i + stride) for stride in strides for i in range(n_frames - stride)]
    return one_way + [(j, i) for i, j in one_way]
