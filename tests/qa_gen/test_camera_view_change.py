"""How the camera moved and turned, in one answer, and options that do not tell which."""

from collections import Counter

import numpy as np
import pytest
from camera_films import ask, film, pose

from qa_gen.camera_changes import DIRECTIONS, TURNS
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.view_changes import NONE, OF_MOVE, ViewChange, change_options
from synth.moves import BASIC_MOVES, Move

KIND = QuestionKind.VIEW_CHANGE


def test_a_worked_walk():
    # 0 -> 1: 0.5 m aside; 1 -> 2: 20 degrees on the spot; 0 -> 3: 0.8 m ahead of 0.5 m aside,
    # turned by 20 degrees.
    walk = film(
        pose(2.0, 0.3),
        pose(2.5, 0.3),
        pose(2.5, 0.3, pan_deg=20),
        pose(2.5, 1.1, pan_deg=20),
    )
    qas, skipped = ask(walk, KIND)
    assert {frames: qa.answer.text for frames, qa in qas.items()} == {
        (0, 1): "moved right without turning",
        (0, 2): "moved right and turned right",
        (0, 3): "moved forward and turned right",
        (1, 2): "turned right without moving",
        (1, 3): "moved forward and turned right",
        (2, 3): "moved forward without turning",
    }
    assert skipped == {}
    # not turning ends at 3.5 degrees; the sector of "right" starts 12.99 degrees away
    assert qas[0, 1].margin == pytest.approx(3.5)
    assert qas[0, 3].margin == pytest.approx(12.99, abs=0.01)
    assert qas[0, 3].question == (
        "How did the camera mainly move and turn from the first image to the second image, as "
        "seen by the camera in the first image?"
    )
    assert (qas[0, 3].sigma, qas[0, 3].value, qas[0, 3].margin_unit) == (0.0, None, "deg")


@pytest.mark.parametrize(
    ("metres", "degrees", "text"),
    [
        # 0.12 m at 2 m are 3.44 degrees; a margin of 1.5 leaves out 0.070 to 0.175 m
        (0.069, 20.0, "turned right without moving"),
        (0.071, 20.0, None),
        (0.174, 20.0, None),
        (0.176, 20.0, "moved right and turned right"),
        # and 2 to 5 degrees
        (0.5, 1.99, "moved right without turning"),
        (0.5, 2.01, None),
        (0.5, 4.99, None),
        (0.5, 5.01, "moved right and turned right"),
    ],
)
def test_between_moving_and_not_nothing_is_asked(metres, degrees, text):
    qas, skipped = ask(film(pose(2, 1), pose(2 + metres, 1, pan_deg=degrees)), KIND)
    assert [qa.answer.text for qa in qas.values()] == ([text] if text else [])
    assert skipped == ({} if text else {SkipReason.MARGIN_TOO_SMALL: 1})


def test_a_camera_that_stays_is_not_asked_about():
    assert ask(film(pose(2, 1), pose(2, 1)), KIND) == (
        {},
        {SkipReason.CAMERA_CHANGE_TOO_SMALL: 1},
    )


def test_each_part_needs_a_clear_lead():
    off = np.deg2rad(36.0)  # 9 degrees from the boundary between forward and right
    geometry = film(pose(2, 1), pose(2 + np.sin(off), 1 + np.cos(off), pan_deg=20))
    assert ask(geometry, KIND) == ({}, {SkipReason.MARGIN_TOO_SMALL: 1})
    # a pan with a camera that looks 50 degrees down: a roll, along its own axes
    steep = film(pose(2, 1, tilt_deg=-50), pose(2, 1, tilt_deg=-50, pan_deg=20))
    assert ask(steep, KIND) == ({}, {SkipReason.MARGIN_TOO_SMALL: 1})
    blank = np.zeros((2, 48, 48), np.float32)
    unknown = film(pose(2, 1), pose(2.4, 1), scale="relative", depth=blank)
    assert ask(unknown, KIND) == ({}, {SkipReason.NO_DEPTH: 1})


def test_noisy_positions_are_not_told_from_standing_still():
    qas, _ = ask(film(pose(2, 1), pose(2, 1, pan_deg=20), sigma_m=0.01), KIND)
    assert qas[0, 1].sigma == pytest.approx(np.degrees(0.01 * 2**0.5 / 2.0))
    # 3.5 degrees are 0.122 m at 2 m; 3 sigma are 0.127 m
    _, skipped = ask(film(pose(2, 1), pose(2, 1, pan_deg=20), sigma_m=0.03), KIND)
    assert skipped == {SkipReason.UNCERTAIN: 1}


ALL = [ViewChange(d, t) for d in range(NONE + 1) for t in range(NONE + 1) if (d, t) != (NONE, NONE)]


@pytest.mark.parametrize("truth", ALL, ids=lambda change: change.text)
def test_options_are_two_pairs_of_opposites(truth):
    for seed in range(5):
        choice = change_options(truth, BASIC_MOVES, np.random.default_rng(seed))
        assert choice.text == truth.text
        assert truth.opposite.text in choice.options
        offered = {change for change in ALL if change.text in choice.options}
        assert len(offered) == 4
        assert {change.opposite for change in offered} == offered


def test_the_opposite_of_a_move_is_the_way_back():
    back = ViewChange(DIRECTIONS.index("right"), TURNS.index("left")).opposite
    assert back.text == "moved left and turned right"
    assert ViewChange(NONE, TURNS.index("up")).opposite.text == "tilted down without moving"


def usual_truths():
    made = {OF_MOVE[move] for move in BASIC_MOVES if move in OF_MOVE}
    return sorted(made | {change.opposite for change in made})


def test_options_do_not_tell_the_truth():
    # Every change of the dataset's moves is asked equally often; whatever four are offered, each
    # of them is right in a quarter of the questions, and so is every letter.
    truths = usual_truths()
    assert len(truths) == 14
    right, offered, letters = Counter(), Counter(), Counter()
    for truth in truths:
        rng = np.random.default_rng(truths.index(truth))
        for _ in range(500):
            choice = change_options(truth, BASIC_MOVES, rng)
            four = tuple(sorted(choice.options))
            offered[four] += 1
            right[four, choice.text] += 1
            letters[choice.correct] += 1
    assert len(offered) == 21  # any two of seven pairs
    for (four, _), n in right.items():
        assert n / offered[four] == pytest.approx(0.25, abs=0.1)
    for n in letters.values():
        assert n / sum(letters.values()) == pytest.approx(0.25, abs=0.02)


def test_unusual_changes_are_offered_among_their_like():
    usual = {change.text for change in usual_truths()}
    odd = ViewChange(DIRECTIONS.index("forward"), TURNS.index("left"))
    for seed in range(40):
        choice = change_options(odd, BASIC_MOVES, np.random.default_rng(seed))
        assert not usual & set(choice.options)
    # a dataset of one move has no second usual pair to offer
    choice = change_options(OF_MOVE[Move.DOLLY_IN], (Move.DOLLY_IN,), np.random.default_rng(0))
    assert {"moved forward without turning", "moved backward without turning"} < set(choice.options)
