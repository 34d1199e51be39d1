"""What gates look at: a clip, what is claimed about it, and what is found in it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from jaxtyping import Float32, Float64, UInt8, UInt16

from synth.cameras import Intrinsics
from synth.gates.thresholds import pixel_scale
from synth.matching import ClipFeatures
from synth.measure.estimator import GeometryEstimator, GeometryRequest
from synth.measure.global_sfm import GlobalSfm, NotReconstructed, reconstruct
from synth.poses import check_rigid

MIN_MATCHES: Final = 10  # a pair with fewer says nothing: TSED's own minimum
MIN_FEATURES: Final = 2 * MIN_MATCHES  # a frame with fewer is textureless
WIDE_STRIDE: Final = 4  # right for 16 frames of RealEstate10K; wrong poses pass neighbours
_WIDE_MOVE_PX: Final = 20.0  # what matches of those clips move over four frames, or less
_RIGID_ATOL: Final = 1e-3  # pose files hold six to nine digits
# Centers this close, as a share of the path's reach or in world units, are one place.
_SAME_PLACE: Final = 1e-6
_SAME_PLACE_ABS: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A clip that wants to be kept, with what is claimed about it.

    Attributes:
        frames: RGB.
        c2w: The poses to test, given or requested; ``None`` leaves pose gates unmeasured.
        intrinsics: Cameras of all frames, at the frames' size.
        depth: z-depth of every frame, rendered or estimated; 0 = unknown.
        instances: Instance ids, for rendered depth only.
        control_depth: The depth a generator was conditioned on; 0 = unknown.

    Maps are ``t h w``; the annotations leave that to the errors, which say what to do.

    Raises:
        ValueError: The parts do not fit together, or a pose is not rigid.
    """

    frames: UInt8[np.ndarray, "t h w 3"]
    c2w: Float64[np.ndarray, "poses 4 4"] | None = None
    intrinsics: tuple[Intrinsics, ...] | None = None
    depth: Float32[np.ndarray, "*maps"] | None = None
    instances: UInt16[np.ndarray, "*ids"] | None = None
    control_depth: Float32[np.ndarray, "*controls"] | None = None

    def __post_init__(self) -> None:
        n_frames, height, width, _ = self.frames.shape
        if n_frames == 0:
            raise ValueError("gating a clip: got no frames; pass at least one.")
        for name, part in (("c2w", self.c2w), ("intrinsics", self.intrinsics)):
            if part is not None and len(part) != n_frames:
                raise ValueError(
                    f"gating a clip of {n_frames} frames got {len(part)} {name}; "
                    "pass one for each frame."
                )
        if self.c2w is not None:
            check_rigid(self.c2w, atol=_RIGID_ATOL)
        for camera in self.intrinsics or ():
            if (camera.width, camera.height) != (width, height):
                raise ValueError(
                    f"gating {width}x{height} frames (w x h) got intrinsics of "
                    f"{camera.width}x{camera.height}; scale them when you resize frames."
                )
        for name, maps in (
            ("depth", self.depth),
            ("instances", self.instances),
            ("control_depth", self.control_depth),
        ):
            if maps is not None and maps.shape != (n_frames, height, width):
                raise ValueError(
                    f"gating {n_frames} frames of {height}x{width} (h x w) got {name} of shape "
                    f"{maps.shape}."
                )


class Evidence:
    """A candidate with its matches, SfM model and depth, each made when first asked for."""

    def __init__(
        self, candidate: Candidate, *, seed: int = 0, estimator: GeometryEstimator | None = None
    ) -> None:
        self.candidate = candidate
        self.n_frames = len(candidate.frames)
        self.pixel_scale = pixel_scale(candidate.frames.shape[2])
        self._seed = seed
        self._estimator = estimator

    @cached_property
    def features(self) -> ClipFeatures:
        """Features of all frames."""
        return ClipFeatures.of(self.candidate.frames)

    @cached_property
    def sfm(self) -> GlobalSfm | NotReconstructed:
        """Poses from the frames alone."""
        return reconstruct(self.features, self.candidate.intrinsics, seed=self._seed)

    @cached_property
    def depth(self) -> Float32[np.ndarray, "t h w"] | None:
        """Depth of the candidate, else as the estimator says, else ``None``."""
        if self.candidate.depth is not None or self._estimator is None:
            return self.candidate.depth
        request = GeometryRequest(
            frames=self.candidate.frames, intrinsics=self.candidate.intrinsics, seed=self._seed
        )
        return self._estimator.estimate(request).at_source().depth

    @cached_property
    def neighbour_moves_px(self) -> Float64[np.ndarray, " n"]:
        """How far matches move between neighbours (median); NaN where there are too few."""
        return np.array([self.move_px(i, j) for i, j in self.features.at_stride(1)])

    @cached_property
    def wide_stride(self) -> int:
        """Frames between wide pairs: four, or more where the camera moves slowly."""
        measured = self.neighbour_moves_px[np.isfinite(self.neighbour_moves_px)]
        move = float(np.median(measured)) if len(measured) else 0.0
        wanted = _WIDE_MOVE_PX * self.pixel_scale / max(move, 1e-6)
        return int(np.clip(round(wanted), WIDE_STRIDE, max(WIDE_STRIDE, (self.n_frames - 1) // 2)))

    @cached_property
    def moves_by_request(self) -> bool | None:
        """Whether the given poses change place; ``None`` without poses."""
        if self.candidate.c2w is None:
            return None
        return bool(self._reach > _SAME_PLACE_ABS)

    @cached_property
    def _reach(self) -> float:
        """Largest distance of a given camera center from the first one."""
        if self.candidate.c2w is None:
            return 0.0
        centers = self.candidate.c2w[:, :3, 3]
        return float(np.linalg.norm(centers - centers[0], axis=1).max())

    @property
    def same_place(self) -> float:
        """Camera centers closer than this, in world units, count as one place."""
        return max(_SAME_PLACE * self._reach, _SAME_PLACE_ABS)

    def move_px(self, first: int, second: int) -> float:
        """How far matches of two frames move (median, pixels); NaN if there are too few."""
        matches = self.features.between(first, second)
        if len(matches) < MIN_MATCHES:
            return float("nan")
        return float(np.median(np.linalg.norm(matches.second_uv - matches.first_uv, axis=1)))

    def too_little_texture(self, pairs: list[tuple[int, int]]) -> bool:
        """Whether most of these pairs hold a frame without texture: nothing can be said."""
        poor = [len(f.uv) < MIN_FEATURES for f in self.features.frames]
        return sum(poor[i] or poor[j] for i, j in pairs) * 2 > len(pairs)
