"""Mean relative accuracy (MRA), the metric of VSI-Bench's numeric questions."""

from fractions import Fraction
from typing import Final, Literal, assert_never

MraVariant = Literal["code", "paper"]

# The benchmark's np.linspace(0.5, 0.95, 10), bit for bit: its ninth value is not 0.9, and with
# 0.9 a reply 9 to 10 would score 0.8 instead of 0.9. There the number of thresholds is
# int((0.95 - 0.5) / 0.05 + 2), which is 10 and not 11 only because of rounding.
CODE_THRESHOLDS: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95)
PAPER_TOLERANCES: Final = tuple(Fraction(percent, 100) for percent in range(5, 55, 5))


def mra(predicted: float, truth: float, variant: MraVariant = "code") -> float:
    """Return mean relative accuracy: the share of ten error tolerances (5 % .. 50 %) that are met.

    The two definitions differ for errors of exactly a tolerance: 1.9 for 2.0 scores 1.0 by the
    benchmark's code (error <= tolerance, in floating point) and 0.9 by its paper (error <
    tolerance; here in exact decimal arithmetic, so rounding cannot decide).

    Args:
        predicted: In the unit of ``truth``; what is not finite meets no tolerance.
        truth: Above 0.
        variant: Which definition.

    Raises:
        ValueError: ``truth`` is not positive, so relative error has no meaning. (The benchmark's
            code would divide by 0, and gives every reply to a negative truth the full score.)

    Source: Yang et al., Thinking in Space (2025), eq. 1; ``mean_relative_accuracy`` in
    vision-x-nyu/thinking-in-space.
    """
    if not truth > 0:
        raise ValueError(f"mra needs a truth > 0 (it divides by it), got {truth}.")
    match variant:
        case "code":
            error = abs(predicted - truth) / truth
            met = sum(error <= 1 - threshold for threshold in CODE_THRESHOLDS)
            return met / len(CODE_THRESHOLDS)
        case "paper":
            if not abs(predicted) < float("inf"):
                return 0.0
            exact_truth = Fraction(str(truth))
            exact = abs(Fraction(str(predicted)) - exact_truth) / exact_truth
            met = sum(exact < tolerance for tolerance in PAPER_TOLERANCES)
            return met / len(PAPER_TOLERANCES)
        case _:
            assert_never(variant)
