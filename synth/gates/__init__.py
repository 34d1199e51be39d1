"""Gates: what a clip was tested for before it was kept, and how it did."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GateScore:
    """The outcome of one test of one clip.

    Attributes:
        name: What was tested, with its unit: ``"judge_confidence"``, ``"depth_agreement_mm"``.
        value: What was measured.
        threshold: The value the clip had to reach or stay below, as the gate's name says.
        passed: Whether it did; the gate decides, since only it knows which side is good.

    Raises:
        ValueError: A number is not finite, so it could be neither compared nor published.
    """

    name: str
    value: float
    threshold: float
    passed: bool

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.isfinite(self.threshold)):
            raise ValueError(
                f"gate {self.name!r} needs a finite value and threshold, got {self.value} and "
                f"{self.threshold}; leave a gate out that could not be measured."
            )
