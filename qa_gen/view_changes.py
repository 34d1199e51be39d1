"""What a camera did between two images, in words: one way of moving with one way of turning.

Options come as opposites: "moved right and turned left" is offered with "moved left and turned
right" and with another such pair, so each pair of opposites is as likely as its dataset makes it
and neither half of it is likelier. Moves are correlated (a camera that circles to the right turns
left), so options are never made by exchanging only one half: a reader of the text alone would
know which combinations cameras make. The second pair is drawn from the moves of the dataset when
the truth is one of them, and from everything else when it is not.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from qa_gen.answers import Choice
from qa_gen.camera_changes import DIRECTIONS, TURNS
from qa_gen.options import shuffled_choice
from synth.moves import Move

NONE: Final = 6  # in place of a direction or a turn

_TURNED: Final = (
    *("tilted up", "tilted down", "turned right", "turned left"),
    "rolled clockwise (as seen from behind the camera)",
    "rolled counterclockwise (as seen from behind the camera)",
)


class ViewChange(NamedTuple):
    """An index into ``DIRECTIONS`` and one into ``TURNS``, or ``NONE``."""

    direction: int
    turn: int

    @property
    def opposite(self) -> "ViewChange":
        """The way back."""
        return ViewChange(_other(self.direction), _other(self.turn))

    @property
    def text(self) -> str:
        """``"moved right and turned left"``."""
        if self.direction == NONE:
            return f"{_TURNED[self.turn]} without moving"
        moved = f"moved {DIRECTIONS[self.direction]}"
        return (
            f"{moved} without turning" if self.turn == NONE else f"{moved} and {_TURNED[self.turn]}"
        )


def _change(direction: str, turn: str) -> ViewChange:
    return ViewChange(
        DIRECTIONS.index(direction) if direction else NONE, TURNS.index(turn) if turn else NONE
    )


# The way there; the opposite move is the way back.
OF_MOVE: Final[Mapping[Move, ViewChange]] = {
    Move.DOLLY_IN: _change("forward", ""),
    Move.TRUCK_RIGHT: _change("right", ""),
    Move.PEDESTAL_UP: _change("up", ""),
    Move.PAN_RIGHT: _change("", "right"),
    Move.TILT_UP: _change("", "up"),
    Move.ROLL_CW: _change("", "clockwise"),
    Move.ARC_RIGHT: _change("right", "left"),
    Move.ORBIT_RIGHT: _change("right", "left"),
    Move.SPIRAL_RIGHT: _change("right", "left"),
    Move.CRANE_UP: _change("up", "down"),
}


def change_options(truth: ViewChange, moves: Sequence[Move], rng: np.random.Generator) -> Choice:
    """Offer ``truth``, its opposite, and another pair of opposites, in random order.

    Args:
        truth: What was measured.
        moves: Camera moves that occur in the dataset.
        rng: Decides the other pair and the order.
    """
    usual, others = _pairs(tuple(moves))
    own = (truth, truth.opposite) if truth < truth.opposite else (truth.opposite, truth)
    group = usual if own in usual and len(usual) > 1 else others
    # One of the group that is not the truth's own: drawn from all but the last, which takes its
    # place. Every other pair is equally likely.
    drawn = int(rng.integers(len(group) - (own in group)))
    pair = group[-1] if group[drawn] == own else group[drawn]
    return shuffled_choice([change.text for change in (*own, *pair)], own.index(truth), rng)


_Pair = tuple[ViewChange, ViewChange]


@lru_cache(maxsize=32)
def _pairs(moves: tuple[Move, ...]) -> tuple[tuple[_Pair, ...], tuple[_Pair, ...]]:
    """Return the pairs of opposites that the dataset's moves make, and all other pairs."""
    every = sorted(
        (change, change.opposite)
        for change in (ViewChange(d, t) for d in range(NONE + 1) for t in range(NONE + 1))
        if change < change.opposite
    )
    made = {OF_MOVE[move] for move in moves if move in OF_MOVE}
    usual = tuple(pair for pair in every if pair[0] in made or pair[1] in made)
    return usual, tuple(pair for pair in every if pair not in usual)


def _other(index: int) -> int:
    return index if index == NONE else index ^ 1
