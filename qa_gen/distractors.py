"""Wrong options for camera moves: provably wrong, and silent about which one is right.

Drawn naively, option sets leak: an arc excludes the orbit of its side from its distractors, so a
set with an arc in it is likelier to have come from the arc. Here sets are weighted so that every
move belongs to the same share of all sets; given its options, each of them is then equally likely
to be the truth (as far as the moves themselves are equally frequent, which ``balance`` sees to).
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64

from synth.moves import Move

N_OPTIONS: Final = 4
_ROUNDS: Final = 100  # of proportional fitting; all 17 moves agree to 1e-12 after 20

_ALIKE: Final = frozenset(
    {
        frozenset({Move.ARC_LEFT, Move.ORBIT_LEFT}),
        frozenset({Move.ARC_RIGHT, Move.ORBIT_RIGHT}),
        frozenset({Move.SPIRAL_LEFT, Move.ARC_LEFT}),
        frozenset({Move.SPIRAL_RIGHT, Move.ARC_RIGHT}),
        frozenset({Move.SPIRAL_LEFT, Move.ORBIT_LEFT}),
        frozenset({Move.SPIRAL_RIGHT, Move.ORBIT_RIGHT}),
        frozenset({Move.STATIC, Move.HANDHELD}),
    }
)


class _OptionSets(NamedTuple):
    members: Bool[np.ndarray, "s m"]
    weights: Float64[np.ndarray, " s"]


def are_distinct(moves: Sequence[Move]) -> bool:
    """Whether no two moves look alike: those that circle to one side, static and handheld."""
    return not any(frozenset(pair) in _ALIKE for pair in combinations(moves, 2))


def move_options(truth: Move, moves: Sequence[Move], rng: np.random.Generator) -> list[Move]:
    """Return ``truth`` and three wrong moves in random order.

    Args:
        truth: The measured move; it may be missing from ``moves``.
        moves: Moves that occur in the dataset.
        rng: Decides the set and the order.
    """
    known = tuple(move for move in Move if move in {*moves, truth})
    sets = _option_sets(known)
    likelihood = sets.weights * sets.members[:, known.index(truth)]
    chosen = rng.choice(len(likelihood), p=likelihood / likelihood.sum())
    options = [known[i] for i in np.flatnonzero(sets.members[chosen])]
    return [options[i] for i in rng.permutation(N_OPTIONS)]


@lru_cache(maxsize=32)
def _option_sets(moves: tuple[Move, ...]) -> _OptionSets:
    """Return all sets of four distinct moves, weighted so that no move is in more than another."""
    chosen = [c for c in combinations(range(len(moves)), N_OPTIONS) if are_distinct(_at(moves, c))]
    members = np.zeros((len(chosen), len(moves)), dtype=np.bool_)
    np.put_along_axis(members, np.array(chosen), True, axis=1)  # noqa: FBT003 (numpy's own order)
    log_factor = np.zeros(len(moves))
    weights = np.full(len(chosen), 1 / len(chosen))
    for _ in range(_ROUNDS):
        share = weights @ members * len(moves) / N_OPTIONS
        log_factor -= np.log(np.maximum(share, 1e-12))
        log_weight = members @ log_factor
        weights = np.exp(log_weight - log_weight.max())
        weights /= weights.sum()
    return _OptionSets(members=members, weights=weights)


def _at(moves: tuple[Move, ...], indices: tuple[int, ...]) -> list[Move]:
    return [moves[i] for i in indices]
