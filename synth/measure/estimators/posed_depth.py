"""Two estimators as one: poses from a relative world, metres from a metric depth.

Poses of structure from motion have no scale and no dense depth; monocular metric depth has no
poses. The factor between them is found by ``synth.measure.scale`` and its scatter is kept. Each
frame's depth is then brought to the common scale: what a frame's own scale is off by would
otherwise show as a shift of everything in it.
"""

from dataclasses import dataclass

import numpy as np

from synth.measure.estimator import (
    Capability,
    EstimatedBy,
    EstimatedGeometry,
    EstimateError,
    GeometryEstimator,
    GeometryRequest,
)
from synth.measure.scale import ScaleAlignment, align_scale


@dataclass(frozen=True, slots=True, kw_only=True)
class PosedDepth:
    """Poses of one estimator in the metres of another.

    Attributes:
        poses: Provides poses, intrinsics, and points or depth to align by.
        depth: Provides metric depth.

    Raises:
        ValueError: One of them does not provide what it is here for.
    """

    poses: GeometryEstimator
    depth: GeometryEstimator

    def __post_init__(self) -> None:
        if not {"pose", "intrinsics"} <= self.poses.provides:
            raise ValueError(f"PosedDepth: {self.poses.name} provides no poses and intrinsics.")
        if not {"points", "depth"} & self.poses.provides:
            raise ValueError(f"PosedDepth: {self.poses.name} has nothing to align a scale by.")
        if not {"depth", "metric"} <= self.depth.provides:
            raise ValueError(f"PosedDepth: {self.depth.name} provides no metric depth.")

    @property
    def name(self) -> str:
        """Return both names."""
        return f"{self.poses.name}+{self.depth.name}"

    @property
    def provides(self) -> frozenset[Capability]:
        """All but sparse points."""
        return frozenset({"depth", "pose", "intrinsics", "metric"})

    @property
    def licence(self) -> str:
        """Both terms hold."""
        return f"({self.poses.licence}) AND ({self.depth.licence})"

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate both, align them, and return the metric world with the scale's spread.

        Raises:
            EstimateError: One of them failed, or they share too few depths.
        """
        relative = self.poses.estimate(request).at_source()
        metric = self.depth.estimate(request).at_source()
        alignment = align_scale(relative, metric)
        if alignment is None:
            raise EstimateError(
                f"{self.name}: too few points with a known depth to align the scale by."
            )
        return self._scaled(relative, metric, alignment)

    def _scaled(
        self, relative: EstimatedGeometry, metric: EstimatedGeometry, alignment: ScaleAlignment
    ) -> EstimatedGeometry:
        assert relative.c2w is not None  # by what it provides
        assert metric.depth is not None
        c2w = relative.c2w.copy()
        c2w[:, :3, 3] *= alignment.scale
        own = np.where(np.isfinite(alignment.frame_scales), alignment.frame_scales, alignment.scale)
        depth = (metric.depth * (alignment.scale / own)[:, None, None]).astype(np.float32)
        points = None if relative.points is None else relative.points * alignment.scale
        return EstimatedGeometry(
            pixel_map=relative.pixel_map,
            depth=depth,
            intrinsics=relative.intrinsics,
            c2w=c2w,
            registered=relative.registered & metric.registered,
            confidence=metric.confidence,
            points=points,
            is_metric=True,
            scale_source="model",
            scale_spread=alignment.spread,
            is_upright=relative.is_upright,
            reprojection_px=relative.reprojection_px,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"{relative.estimated_by.version}; {metric.estimated_by.version}",
                weights="; ".join(
                    w for w in (relative.estimated_by.weights, metric.estimated_by.weights) if w
                ),
                licence=self.licence,
            ),
        )
