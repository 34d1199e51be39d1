"""The oracle as an estimator: a rendered clip's truth, exact or spoilt in known ways.

Spoilt truth is how the rest is tested: what is fused from it has to come with a sigma that covers
the errors put in.
"""

from dataclasses import dataclass
from importlib.metadata import version

import cv2
import numpy as np
from jaxtyping import Float32, Float64

from synth.film import RenderedTruth
from synth.measure.estimator import Capability, EstimatedBy, EstimatedGeometry, GeometryRequest
from synth.measure.pixel_map import PixelMap
from synth.poses import axis_angle
from synth.seeding import rng_for


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleErrors:
    """Errors put into the truth, as standard deviations.

    Attributes:
        depth_share: Of the depth, as a share of it; split evenly over an error of the whole
            frame's scale, a smooth field within the frame, and single pixels.
        position_m: Of each camera position, independent between frames.
        rotation_deg: Of each camera rotation.
    """

    depth_share: float = 0.0
    position_m: float = 0.0
    rotation_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleEstimator:
    """Knows one clip; refuses frames of another size or number.

    Attributes:
        truth: What the renderer knows.
        errors: What to spoil.
    """

    truth: RenderedTruth
    errors: OracleErrors = OracleErrors()

    @property
    def name(self) -> str:
        """Return ``oracle``, with what was spoilt."""
        e = self.errors
        if e == OracleErrors():
            return "oracle"
        return f"oracle(depth {e.depth_share:g}, {e.position_m:g} m, {e.rotation_deg:g} deg)"

    @property
    def provides(self) -> frozenset[Capability]:
        """Everything but sparse points."""
        return frozenset({"depth", "pose", "intrinsics", "metric"})

    @property
    def licence(self) -> str:
        """This project's own."""
        return "Apache-2.0"

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Return the truth, spoilt by ``request.seed``.

        Raises:
            ValueError: The frames are not those of the clip.
        """
        truth = self.truth
        if request.frames.shape[:3] != truth.depth.shape:
            raise ValueError(
                f"the oracle knows {truth.sequence_id} with frames of shape {truth.depth.shape} "
                f"(t, h, w), got {request.frames.shape[:3]}."
            )
        rng = rng_for(request.seed, truth.sequence_id, "oracle_errors")
        n_frames, height, width = truth.depth.shape
        return EstimatedGeometry(
            pixel_map=PixelMap.identity(width=width, height=height),
            depth=spoil_depth(truth.depth, self.errors.depth_share, rng),
            intrinsics=truth.intrinsics,
            c2w=spoil_poses(truth.c2w, self.errors, rng),
            registered=np.ones(n_frames, dtype=np.bool_),
            confidence=None,
            points=None,
            is_metric=True,
            scale_source="known_baseline",
            is_upright=True,
            reprojection_px=None,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=version("vega3d-toolkit"),
                weights="",
                licence=self.licence,
            ),
        )


def spoil_depth(
    depth: Float32[np.ndarray, "t h w"], share: float, rng: np.random.Generator
) -> Float32[np.ndarray, "t h w"]:
    """Multiply depth by errors of the frame's scale, of a smooth field and of single pixels."""
    if share == 0.0:
        return depth
    n_frames, height, width = depth.shape
    part = share / np.sqrt(3.0)
    spoilt = np.empty_like(depth)
    for t in range(n_frames):
        coarse = rng.normal(size=(5, 5))
        smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        field = np.asarray(smooth, dtype=np.float64) / max(float(smooth.std()), 1e-9)
        pixels = rng.normal(size=(height, width))
        error = part * (rng.normal() + field + pixels)
        spoilt[t] = depth[t] * np.maximum(1.0 + error, 0.1)
    return spoilt


def spoil_poses(
    c2w: Float64[np.ndarray, "t 4 4"], errors: OracleErrors, rng: np.random.Generator
) -> Float64[np.ndarray, "t 4 4"]:
    """Move and turn every camera by an error of its own."""
    spoilt = c2w.copy()
    for pose in spoilt:
        axis = rng.normal(size=3)
        angle = float(np.deg2rad(errors.rotation_deg) * rng.normal())
        pose[:3, :3] = axis_angle(axis / np.linalg.norm(axis), angle) @ pose[:3, :3]
        pose[:3, 3] += errors.position_m * rng.normal(size=3)
    return spoilt
