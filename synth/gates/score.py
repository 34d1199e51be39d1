"""What a gate says about a clip: a score with its verdict, or why there is none."""

import math
from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """A gate that could not be measured on a clip. Counted, and never a pass.

    Attributes:
        name: The name its score would have had.
        reason: What was missing: ``"no poses"``, ``"too little texture"``.
    """

    name: str
    reason: str


Measurement = GateScore | NotMeasured


def at_least(name: str, value: float, threshold: float) -> GateScore:
    """Score a gate whose high values are good."""
    return GateScore(name=name, value=value, threshold=threshold, passed=value >= threshold)


def at_most(name: str, value: float, threshold: float) -> GateScore:
    """Score a gate whose low values are good."""
    return GateScore(name=name, value=value, threshold=threshold, passed=value <= threshold)


def scores(measurements: Iterable[Measurement]) -> tuple[GateScore, ...]:
    """Return what was measured, passed or not: all of it is stored."""
    return tuple(m for m in measurements if isinstance(m, GateScore))


def unmeasured(measurements: Iterable[Measurement]) -> tuple[NotMeasured, ...]:
    """Return what could not be measured: it is counted."""
    return tuple(m for m in measurements if isinstance(m, NotMeasured))
