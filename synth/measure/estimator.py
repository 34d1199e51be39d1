"""What estimates geometry from frames: one question, one answer, and flags that say what is in it.

An estimator gives what it can and says so in ``provides``; nothing it does not know is filled in.
A label asks the flags, not the name: metre questions need ``metric``, left/right needs ``pose``.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8

from synth.cameras import Intrinsics
from synth.measure.pixel_map import PixelMap
from synth.poses import check_rigid

Capability = Literal["depth", "pose", "intrinsics", "points", "metric"]
ScaleSource = Literal["none", "model", "prior", "known_baseline"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GeometryRequest:
    """Frames, and what is known about them beforehand.

    Priors are facts (a calibrated camera, a motion-capture track), never wishes: the trajectory
    asked of a video generator does not belong here.

    Attributes:
        frames: RGB.
        intrinsics: Known cameras of all frames at the frames' size.
        c2w: Known OpenCV poses.
        depth: Known z-depth, metres; 0 = unknown.
        seed: For estimators that draw (RANSAC).
        device: Where a network runs.

    Raises:
        ValueError: A prior does not fit the frames.
    """

    frames: UInt8[np.ndarray, "t h w 3"]
    intrinsics: tuple[Intrinsics, ...] | None = None
    c2w: Float64[np.ndarray, "t 4 4"] | None = None
    depth: Float32[np.ndarray, "t h w"] | None = None
    seed: int = 0
    device: str = "cpu"

    def __post_init__(self) -> None:
        n_frames, height, width, _ = self.frames.shape
        if n_frames == 0:
            raise ValueError("estimating geometry: got no frames.")
        for name, prior in (
            ("intrinsics", self.intrinsics),
            ("c2w", self.c2w),
            ("depth", self.depth),
        ):
            if prior is not None and len(prior) != n_frames:
                raise ValueError(
                    f"estimating geometry: {n_frames} frames need {n_frames} known {name}, got "
                    f"{len(prior)}."
                )
        if any((k.width, k.height) != (width, height) for k in self.intrinsics or ()):
            raise ValueError(
                f"estimating geometry: frames are {width}x{height} (w x h) but known intrinsics "
                "are for another size; scale them when you resize frames."
            )
        if self.c2w is not None:
            check_rigid(self.c2w)


class EstimateError(ValueError):
    """These frames cannot be estimated (too little texture or parallax). The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedBy:
    """Who estimated: enough to do it again, and the terms its output is under."""

    estimator: str
    version: str  # of the package that holds the code
    weights: str  # "<id>@<revision or sha256[:12]>", or "" when there are none
    licence: str  # SPDX of the weights, or of the code where there are none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EstimatedGeometry:
    """What an estimator says. Depth and intrinsics hold at the model's resolution.

    Attributes:
        pixel_map: How source pixels got there, and the way back.
        depth: z-depth along the optical axis (never the distance along the ray); 0 = unknown.
            Metres where ``is_metric``.
        intrinsics: Cameras of all frames at the model's resolution.
        c2w: OpenCV poses; meaningless where a frame is not ``registered``.
        registered: Frames that have a pose (or depth, for estimators without poses).
        confidence: Higher is surer, in the estimator's own unit.
        points: Sparse triangulated points in the world of ``c2w``.
        is_metric: Whether lengths are metres.
        scale_source: Where the metres come from.
        scale_spread: MAD over median of the ratios the scale was aligned by; 0 without alignment.
        is_upright: Whether the world has +z up and its floor at z = 0.
        reprojection_px: Mean reprojection error of the points.
        estimated_by: Provenance.

    Raises:
        ValueError: Arrays do not fit together, or a value is not finite.
    """

    pixel_map: PixelMap
    depth: Float32[np.ndarray, "t h w"] | None
    intrinsics: tuple[Intrinsics, ...] | None
    c2w: Float64[np.ndarray, "t 4 4"] | None
    registered: Bool[np.ndarray, " t"]
    confidence: Float32[np.ndarray, "t h w"] | None
    points: Float64[np.ndarray, "p 3"] | None
    is_metric: bool
    scale_source: ScaleSource
    is_upright: bool
    reprojection_px: float | None
    estimated_by: EstimatedBy
    scale_spread: float = 0.0

    def __post_init__(self) -> None:
        who, n_frames = self.estimated_by.estimator, len(self.registered)
        size = (self.pixel_map.height, self.pixel_map.width)
        for depth in (self.depth, self.confidence):
            if depth is not None and depth.shape != (n_frames, *size):
                raise ValueError(
                    f"{who}: a map of shape {depth.shape} does not fit {n_frames} frames of "
                    f"{size[0]}x{size[1]} (h x w) as its pixel map says."
                )
        if self.depth is not None and not (np.isfinite(self.depth) & (self.depth >= 0)).all():
            raise ValueError(f"{who}: depth must be finite and >= 0 (0 = unknown); clean it first.")
        if self.intrinsics is not None:
            sizes = {(k.height, k.width) for k in self.intrinsics}
            if len(self.intrinsics) != n_frames or sizes != {size}:
                raise ValueError(
                    f"{who}: needs {n_frames} intrinsics at {size[0]}x{size[1]} (h x w), got "
                    f"{len(self.intrinsics)} at {sorted(sizes)}."
                )
        if self.c2w is not None:
            check_rigid(self.c2w[self.registered])
        if self.is_metric == (self.scale_source == "none"):
            raise ValueError(f"{who}: a metric scale needs a source, got {self.scale_source!r}.")

    def at_source(self) -> "EstimatedGeometry":
        """Return the same geometry on source pixels."""
        to = self.pixel_map
        if to.is_identity:
            return self
        depth = (
            None if self.depth is None else np.stack([to.depth_to_source(d) for d in self.depth])
        )
        confidence = self.confidence
        if confidence is not None:
            confidence = np.stack([to.confidence_to_source(c) for c in confidence])
        cameras = self.intrinsics
        if cameras is not None:
            cameras = tuple(to.intrinsics_to_source(k) for k in cameras)
        return EstimatedGeometry(
            pixel_map=PixelMap.identity(width=to.source_width, height=to.source_height),
            depth=depth,
            intrinsics=cameras,
            c2w=self.c2w,
            registered=self.registered,
            confidence=confidence,
            points=self.points,
            is_metric=self.is_metric,
            scale_source=self.scale_source,
            scale_spread=self.scale_spread,
            is_upright=self.is_upright,
            reprojection_px=self.reprojection_px,
            estimated_by=self.estimated_by,
        )


@runtime_checkable
class GeometryEstimator(Protocol):
    """Estimates what it ``provides`` for every frame of a request.

    Attributes:
        name: Table name, with the weights where there are several.
        provides: What its results hold; ``metric`` says that lengths are metres.
        licence: SPDX of its weights, or of its code where it has none.
    """

    @property
    def name(self) -> str:
        """Name of the estimator."""
        ...

    @property
    def provides(self) -> frozenset[Capability]:
        """What its results hold."""
        ...

    @property
    def licence(self) -> str:
        """Terms of what it makes."""
        ...

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate geometry; the same request gives the same answer.

        Raises:
            ValueError: The request lacks what this estimator needs.
            EstimateError: The frames do not allow an estimate.
        """
        ...
