"""A clip follows its request when the measurer names the requested move."""

import pytest

from synth.gates.followed import measure_followed
from synth.gates.score import GateScore, NotMeasured
from synth.moves import Move
from synth.scene import MeasuredMotion


def seen(move, confidence=0.9):
    return MeasuredMotion(
        move=move, confidence=confidence, margin=0.1, margin_unit="probability", measured_by="judge"
    )


@pytest.mark.parametrize(
    ("measured", "value", "passed"),
    [
        (seen(Move.PAN_LEFT), 0.9, True),
        (seen(Move.PAN_LEFT, 0.4), 0.4, False),
        (seen(Move.TRUCK_LEFT), 0.0, False),
        (seen(None), 0.0, False),
    ],
)
def test_only_the_requested_move_counts(measured, value, passed):
    score = measure_followed(Move.PAN_LEFT, measured)
    assert isinstance(score, GateScore)
    assert (score.value, score.passed) == (value, passed)


@pytest.mark.parametrize(
    ("requested", "measured"), [(None, seen(Move.STATIC)), (Move.STATIC, None)]
)
def test_without_a_move_on_either_side_nothing_is_measured(requested, measured):
    assert isinstance(measure_followed(requested, measured), NotMeasured)
