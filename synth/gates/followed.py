"""Did the camera do what was asked? The requested primitive against the measured one."""

from typing import Final

from synth.gates.score import Measurement, NotMeasured, at_least
from synth.moves import Move
from synth.scene import MeasuredMotion

NAME: Final = "followed_request"


def measure_followed(requested: Move | None, measured: MeasuredMotion | None) -> Measurement:
    """Score how surely the measured motion is the requested primitive.

    Args:
        requested: ``None`` for a free path, which has no primitive to hold the clip against.
        measured: As poses or a judge say; ``None`` when nobody looked.

    Returns:
        The measurer's confidence in the requested move; 0 when it names another or none. Passed
        from 0.5 on, where no other move can be likelier.
    """
    if requested is None:
        return NotMeasured(name=NAME, reason="a free path was requested")
    if measured is None:
        return NotMeasured(name=NAME, reason="the motion was not measured")
    confidence = measured.confidence if measured.move is requested else 0.0
    return at_least(NAME, confidence, 0.5)
