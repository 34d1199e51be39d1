"""How a clip is measured, and why one may not be."""

from dataclasses import dataclass
from enum import StrEnum

from synth.measure.boxes_from_views import FusionConfig


class NotMeasuredReason(StrEnum):
    """Why a clip has no measured geometry. Values are published and never renamed."""

    ESTIMATE_FAILED = "estimate_failed"
    NO_POSES = "no_poses"
    NO_DEPTH = "no_depth"
    TOO_FEW_REGISTERED = "too_few_registered"
    SCALE_SPREAD = "scale_spread"
    NO_FLOOR = "no_floor"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """A clip without measured geometry. Counted and published."""

    sequence_id: str
    reason: NotMeasuredReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureConfig:
    """How a clip is measured.

    Attributes:
        vocabulary: Words the detector looks for.
        knows_intrinsics: Whether the clip's intrinsics are facts (rendered control) or wishes.
        most_keyframes: Keyframes to fuse, evenly over the registered frames.
        least_registered: Share of the frames that need a pose.
        depth_tolerance: Share of the depth within which two frames see the same surface.
        least_agreement: Share of the compared pixels that have to agree.
        most_scale_spread: MAD / median from which on an aligned scale is refused.
        fusion: How tracks become boxes.
    """

    vocabulary: tuple[str, ...]
    knows_intrinsics: bool = True
    most_keyframes: int = 16
    least_registered: float = 0.8
    depth_tolerance: float = 0.08
    least_agreement: float = 0.5
    most_scale_spread: float = 0.20
    fusion: FusionConfig = FusionConfig()  # noqa: RUF009 - frozen

    def __post_init__(self) -> None:
        if not self.vocabulary or len(set(self.vocabulary)) != len(self.vocabulary):
            raise ValueError(
                f"MeasureConfig.vocabulary needs words, each once, got {self.vocabulary}."
            )
        if self.most_keyframes < 2:
            raise ValueError(
                "MeasureConfig.most_keyframes must be at least 2 (one view agrees with nothing), "
                f"got {self.most_keyframes}."
            )
