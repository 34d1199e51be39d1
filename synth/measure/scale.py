"""Metres for a relative world: align it to the metric depth of another estimator.

The two depths of a pixel differ by a factor that would be the same everywhere if both were right.
Its median is the scale; how far the factors scatter says how far to trust it.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import project
from synth.measure.estimator import EstimatedGeometry

MOST_SPREAD: Final = 0.20  # MAD / median from which on a scale is not to be trusted
_LEAST_RATIOS: Final = 30
_LEAST_RATIOS_PER_FRAME: Final = 5


class ScaleAlignment(NamedTuple):
    """Metres per unit of a relative world."""

    scale: float
    spread: float  # median absolute deviation of the factors over their median
    frame_spread: float  # the same of the frames' own medians: what a frame's scale is off by
    frame_scales: Float64[np.ndarray, " t"]  # each frame's own; NaN where it has too few

    @property
    def is_trusted(self) -> bool:
        """Whether the factors agree well enough."""
        return self.spread <= MOST_SPREAD


def align_scale(relative: EstimatedGeometry, metric: EstimatedGeometry) -> ScaleAlignment | None:
    """Compare depths at source pixels: dense ones, or those of sparse points.

    Args:
        relative: Has dense depth, or poses with sparse points.
        metric: Has metric depth of the same frames.

    Returns:
        The alignment, or ``None`` if the two share too few known depths.
    """
    relative, metric = relative.at_source(), metric.at_source()
    if metric.depth is None or not metric.is_metric:
        raise ValueError(
            f"aligning a scale: {metric.estimated_by.estimator} gives no metric depth."
        )
    ratios = [
        _ratios(relative, metric.depth[t].astype(np.float64), t)
        if relative.registered[t]
        else np.zeros(0)
        for t in range(len(relative.registered))
    ]
    pooled = np.concatenate(ratios)
    if len(pooled) < _LEAST_RATIOS:
        return None
    scale, spread = _median_and_spread(pooled)
    frame_scales = np.array(
        [np.median(r) if len(r) >= _LEAST_RATIOS_PER_FRAME else np.nan for r in ratios]
    )
    known = frame_scales[np.isfinite(frame_scales)]
    frame_spread = _median_and_spread(known)[1] if len(known) else spread
    return ScaleAlignment(scale, spread, frame_spread, frame_scales)


def _ratios(
    relative: EstimatedGeometry, metric_depth: Float64[np.ndarray, "h w"], t: int
) -> Float64[np.ndarray, " n"]:
    """Return metric over relative depth wherever a frame knows both."""
    if relative.depth is not None:
        own = relative.depth[t].astype(np.float64)
        both = (own > 0) & (metric_depth > 0)
        return metric_depth[both] / own[both]
    if relative.points is None or relative.c2w is None or relative.intrinsics is None:
        return np.zeros(0)
    seen = project(relative.points, relative.c2w[t], relative.intrinsics[t])
    column, row = np.floor(seen.uv[seen.visible]).astype(np.int64).T
    there = metric_depth[row, column]
    return (there / seen.depth[seen.visible])[there > 0]


def _median_and_spread(values: Float64[np.ndarray, " n"]) -> tuple[float, float]:
    median = float(np.median(values))
    return median, float(np.median(np.abs(values - median))) / median
