"""Paths in words."""

import numpy as np
import pytest
from strategies import UP

from synth.camera_paths.algebra import compose, loop, then
from synth.camera_paths.describe import (
    SHORT_PHRASES,
    describe,
    describe_in_turn,
    describe_moves,
    paraphrases,
)
from synth.moves import BASIC_MOVES, Move
from synth.poses import look_at
from synth.trajectories import make_trajectory

START = look_at(np.array([0.0, -2.0, 1.0]), np.array([0.0, 0.0, 1.0]), UP)


def made(move, amount):
    return make_trajectory(move, START, amount=amount, n_frames=9, target_distance_m=2.0)


def test_a_pan_says_that_it_is_no_truck_and_a_truck_that_it_is_no_pan():
    assert describe(made(Move.PAN_LEFT, 30.0)) == (
        "The camera pans left (turning in place, not trucking)."
    )
    assert describe(made(Move.TRUCK_RIGHT, 1.0)) == (
        "The camera trucks right (moving sideways, not panning)."
    )


def test_every_move_has_several_sentences_and_no_two_moves_share_one():
    said = [sentence for move in Move for sentence in paraphrases(move)]
    assert all(len(paraphrases(move)) >= 2 for move in Move)
    assert len(set(said)) == len(said)
    assert all(s.startswith("The camera ") and s.endswith(".") and "{" not in s for s in said)


def test_short_phrases_are_there_for_every_move_beyond_the_basic_ones():
    assert set(SHORT_PHRASES) == set(Move) - set(BASIC_MOVES)
    said = [phrase for phrases in SHORT_PHRASES.values() for phrase in phrases]
    assert len(set(said)) == len(said)


def test_parts_are_said_in_turn():
    parts = [made(Move.DOLLY_IN, 1.0), made(Move.PAN_RIGHT, 60.0)]
    assert describe_in_turn(parts) == (
        "The camera dollies in (the camera itself travels forward, the lens does not zoom), then "
        "pans right (turning in place, not trucking)."
    )


def test_what_happens_at_once_is_said_at_once_and_claims_nothing_else():
    both = compose(made(Move.DOLLY_IN, 1.0), made(Move.PAN_RIGHT, 10.0))
    assert describe(both) == "The camera dollies in while it pans right."
    assert describe(then(made(Move.TRUCK_LEFT, 1.0), made(Move.TILT_UP, 20.0)), 1) == (
        "The camera slides to the left while it turns its view up."
    )


def test_there_and_back_is_said_so():
    assert "comes back" in describe(loop(made(Move.DOLLY_IN, 1.0)))


def test_nothing_cannot_be_described():
    with pytest.raises(ValueError, match="at least one move"):
        describe_moves([])
    with pytest.raises(ValueError, match="at least one part"):
        describe_in_turn([])
