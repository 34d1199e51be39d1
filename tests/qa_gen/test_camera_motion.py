"""Camera-motion questions follow the measurement, and their options give nothing away."""

from collections import Counter

import numpy as np
import pytest
from box_scenes import judged, measured, scene
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.config import Floor
from qa_gen.distractors import are_distinct, move_options
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions.camera.camera_motion import MOVE_TEXT
from qa_gen.record import QuestionKind, Skipped, SkipReason
from synth.trajectories import BASIC_MOVES, Move

KIND = QuestionKind.CAMERA_MOTION
CONFIG = LabelConfig(kinds=(KIND,), phrasing="canonical")
CANONICAL = (
    "How did the camera move while this video was taken?\n"
    "Left, right, forward and backward are as seen by the camera."
)


@pytest.mark.parametrize("move", list(Move))
def test_the_answer_is_the_measured_move(move):
    # The sequence is called pan_left, which was only asked for.
    (qa,) = label_sequence(scene(motion=measured(move, 7.5)), CONFIG, seed=0)
    assert qa.question == CANONICAL  # trained checkpoints know these words
    assert qa.answer.text == MOVE_TEXT[move]
    assert len(qa.answer.options) == 4
    assert (qa.margin, qa.margin_unit) == (7.5, "deg")
    assert qa.geometry_source == "poses"
    assert (qa.value, qa.sigma, qa.objects) == (None, None, ())
    assert qa.evidence_frames == (0, 4, 8)


@pytest.mark.parametrize(
    ("motion", "reason"),
    [
        (None, SkipReason.CAMERA_MOTION_UNKNOWN),
        (
            measured(None, 0.0),
            SkipReason.CAMERA_MOTION_MIXED,
        ),
        (judged(Move.PAN_LEFT, 0.89), SkipReason.CAMERA_MOTION_UNSURE),
        (measured(Move.ARC_LEFT, 0.9), SkipReason.MARGIN_TOO_SMALL),
    ],
)
def test_an_unclear_motion_is_skipped_with_its_reason(motion, reason):
    geometry = scene(motion=motion)
    assert label_sequence(geometry, CONFIG, seed=0) == [Skipped(KIND, geometry.sequence_id, reason)]


def test_the_margin_of_a_judged_motion_is_the_judges_lead():
    motion = judged(Move.PAN_LEFT, 0.95)
    (qa,) = label_sequence(scene(motion=motion), CONFIG, seed=0)
    assert qa.margin == pytest.approx(0.9)
    assert qa.margin_unit == "probability"
    assert qa.geometry_source == motion.measured_by


def test_floors_are_in_the_unit_of_the_measurement():
    # A floor in degrees does not apply to a judge, whose confidence has a limit of its own.
    strict = LabelConfig(kinds=(KIND,), floors=(Floor(kind=KIND, at_least=6.0),))
    (skipped,) = label_sequence(scene(motion=measured(Move.PAN_LEFT, 5.9)), strict, seed=0)
    assert skipped.reason is SkipReason.MARGIN_TOO_SMALL
    for motion in (measured(Move.PAN_LEFT, 6.1), judged(Move.PAN_LEFT, 0.95)):
        (qa,) = label_sequence(scene(motion=motion), strict, seed=0)
        assert qa.answer.text == MOVE_TEXT[Move.PAN_LEFT]


def test_wordings_differ_and_say_whose_directions_are_meant():
    config = LabelConfig(kinds=(KIND,))
    asked = {
        label_sequence(scene(motion=measured(Move.PAN_LEFT)), config, seed)[0].question
        for seed in range(60)
    }
    assert CANONICAL in asked
    assert len(asked) >= 8
    for question in asked:
        assert "the camera" in question


@given(st.sampled_from(list(Move)), st.integers(0, 2**32))
def test_options_are_four_moves_of_which_no_two_look_alike(truth, seed):
    options = move_options(truth, BASIC_MOVES, np.random.default_rng(seed))
    assert truth in options
    assert len(set(options)) == 4
    assert are_distinct(options)


def test_these_are_the_only_moves_that_are_not_distinct():
    not_distinct = {
        frozenset({a, b}) for a in Move for b in Move if a != b and not are_distinct((a, b))
    }
    assert not_distinct == {
        frozenset({Move.ARC_LEFT, Move.ORBIT_LEFT}),
        frozenset({Move.ARC_RIGHT, Move.ORBIT_RIGHT}),
        frozenset({Move.SPIRAL_LEFT, Move.ORBIT_LEFT}),
        frozenset({Move.SPIRAL_RIGHT, Move.ORBIT_RIGHT}),
        frozenset({Move.SPIRAL_LEFT, Move.ARC_LEFT}),
        frozenset({Move.SPIRAL_RIGHT, Move.ARC_RIGHT}),
        frozenset({Move.STATIC, Move.HANDHELD}),
    }


def test_wrong_options_come_from_the_moves_of_the_dataset():
    moves = (Move.PAN_LEFT, Move.PAN_RIGHT, Move.DOLLY_IN, Move.DOLLY_OUT)
    options = move_options(Move.STATIC, moves, np.random.default_rng(0))
    assert set(options) < {*moves, Move.STATIC}


def test_options_do_not_tell_the_truth_and_its_place_is_even():
    # Every move asked equally often: each should be right in a quarter of the questions that
    # offer it, also the arcs, whose sets exclude the orbit of their side.
    offered, right, places = Counter(), Counter(), Counter()
    for move in BASIC_MOVES:
        rng = np.random.default_rng(BASIC_MOVES.index(move))
        for _ in range(600):
            options = move_options(move, BASIC_MOVES, rng)
            offered.update(options)
            right[move] += 1
            places[options.index(move)] += 1
    for move in BASIC_MOVES:
        assert right[move] / offered[move] == pytest.approx(0.25, abs=0.025)
    for place in range(4):
        assert places[place] / 17 / 600 == pytest.approx(0.25, abs=0.015)


def test_given_a_set_of_options_each_is_equally_likely_to_be_the_truth():
    wanted = {Move.ARC_LEFT, Move.STATIC, Move.PAN_LEFT, Move.DOLLY_IN, Move.TILT_UP}
    counts = Counter()
    for move in wanted:
        rng = np.random.default_rng(0)
        for _ in range(1500):
            options = move_options(move, (*wanted, Move.ORBIT_RIGHT), rng)
            if set(options) == {Move.ARC_LEFT, Move.STATIC, Move.PAN_LEFT, Move.DOLLY_IN}:
                counts[move] += 1
    assert max(counts.values()) / min(counts.values()) < 1.35
