"""How much of a baseline's lead over chance may be luck."""

from typing import Final

import numpy as np
from jaxtyping import Float64

from qa_gen.audit.table import ChoiceTable

SURE: Final = 3.0  # standard errors that no luck explains


def standard_error(table: ChoiceTable, hits: Float64[np.ndarray, " n"]) -> float:
    """Return the standard error of the mean of ``hits``, questions of one scene counted as alike.

    It is at least that of as many independent uniform guesses: a few questions that are all
    guessed right are no proof.
    """
    n = len(hits)
    scene = np.unique(table.scenes, return_inverse=True)[1]
    off = np.bincount(scene, hits - hits.mean())
    clustered = float(np.sqrt((off**2).sum())) / n
    return max(clustered, least_error(table))


def least_error(table: ChoiceTable) -> float:
    """Return the standard error of the mean of independent uniform guesses."""
    return float(np.sqrt(table.chance * (1 - table.chance) / len(table)))


def is_too_much(excess: float, error: float, limit: float, sure: float = SURE) -> bool:
    """Say whether a lead over chance breaks a limit.

    The estimate itself is held to the limit, or to ``sure`` standard errors where those are more:
    the best of five guessers is often one standard error above chance by luck. Three of them are
    below 0.03 from 1875 independent questions with four options on, 2500 with two.
    """
    return excess > max(limit, sure * error)
