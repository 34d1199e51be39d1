"""Structure from motion as an estimator: poses and sparse points of a relative world.

Classical and on the CPU: SIFT matches and pycolmap's global mapper (``synth.measure.global_sfm``).
"""

from dataclasses import dataclass

import numpy as np

from synth.cameras import Intrinsics
from synth.matching import ClipFeatures
from synth.measure.estimator import (
    Capability,
    EstimatedBy,
    EstimatedGeometry,
    EstimateError,
    GeometryRequest,
)
from synth.measure.global_sfm import NotReconstructed, reconstruct
from synth.measure.packages import package_version
from synth.measure.pixel_map import PixelMap


@dataclass(frozen=True, slots=True, kw_only=True)
class SfmEstimator:
    """Global structure from motion."""

    @property
    def name(self) -> str:
        """Return ``pycolmap``."""
        return "pycolmap"

    @property
    def provides(self) -> frozenset[Capability]:
        """Poses, intrinsics and sparse points, without metres."""
        return frozenset({"pose", "intrinsics", "points"})

    @property
    def licence(self) -> str:
        """COLMAP's."""
        return "BSD-3-Clause"

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate poses; known intrinsics are kept, else one focal length is estimated.

        Raises:
            EstimateError: No model was found.
        """
        n_frames, height, width, _ = request.frames.shape
        features = ClipFeatures.of(request.frames)
        found = reconstruct(features, request.intrinsics, seed=request.seed)
        if isinstance(found, NotReconstructed):
            raise EstimateError(f"structure from motion found no model: {found.reason}")
        c2w = np.tile(np.eye(4), (n_frames, 1, 1))
        registered = np.zeros(n_frames, dtype=np.bool_)
        c2w[list(found.frames)] = found.c2w
        registered[list(found.frames)] = True
        intrinsics = request.intrinsics
        if intrinsics is None:
            camera = Intrinsics(
                fx=found.focal_px,
                fy=found.focal_px,
                cx=width / 2,
                cy=height / 2,
                width=width,
                height=height,
            )
            intrinsics = (camera,) * n_frames
        return EstimatedGeometry(
            pixel_map=PixelMap.identity(width=width, height=height),
            depth=None,
            intrinsics=intrinsics,
            c2w=c2w,
            registered=registered,
            confidence=None,
            points=found.points,
            is_metric=False,
            scale_source="none",
            is_upright=False,
            reprojection_px=found.reprojection_px,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"pycolmap {package_version('pycolmap')}",
                weights="",
                licence=self.licence,
            ),
        )
