"""Tuples of objects to ask about: all of them, or so many drawn evenly that cost stays near n^2.

Five objects can be chosen from thirty in 142,506 ways, and no sequence is asked that often. Where
all tuples are more than the limit, distinct ones are drawn uniformly by their rank: nothing is
retried, and the limit grows with the square of the number of objects.
"""

from functools import lru_cache
from itertools import combinations, permutations
from math import comb, perm
from typing import Final

import numpy as np
from jaxtyping import Int64

PER_PAIR: Final = 20  # tuples per ordered pair of objects, at most


def limit(n: int) -> int:
    """Return how many tuples of n objects are looked at, at most."""
    return PER_PAIR * n * n


def arrangements(
    n: int, k: int, rng: np.random.Generator, most: int | None = None
) -> Int64[np.ndarray, "c k"]:
    """Return ordered k-tuples of different indices below n, in lexicographic order.

    Args:
        n: How many indices.
        k: How many of them in a tuple.
        rng: Draws, where not all tuples are returned.
        most: How many tuples at most; ``limit(n)`` unless given.
    """
    total, most = perm(n, k), limit(n) if most is None else most
    if total <= most:
        return _all_arrangements(n, k)
    ranks = np.sort(rng.choice(total, size=most, replace=False, shuffle=False))
    chosen = np.empty((len(ranks), k), dtype=np.int64)
    for place in range(k):  # digits in the factorial number system, from the left
        block = perm(n - place - 1, k - place - 1)
        digit, ranks = np.divmod(ranks, block)
        taken = np.sort(chosen[:, :place], axis=1)
        for earlier in taken.T:  # step over the indices that are already used
            digit = digit + (digit >= earlier)
        chosen[:, place] = digit
    return chosen


def choices_for_each(n: int, k: int, rng: np.random.Generator) -> Int64[np.ndarray, "c k1"]:
    """Return (first, k others ascending): each index below n with every k of the other indices."""
    if n * comb(max(n - 1, 0), k) <= limit(n):
        return _all_choices(n, k)
    drawn = arrangements(n, k + 1, rng)
    ordered = np.concatenate([drawn[:, :1], np.sort(drawn[:, 1:], axis=1)], axis=1)
    unique: Int64[np.ndarray, "c k1"] = np.unique(ordered, axis=0)
    return unique


def subsets(
    n: int, k: int, rng: np.random.Generator, most: int | None = None
) -> Int64[np.ndarray, "c k"]:
    """Return k-subsets of the indices below n, each ascending; arguments as ``arrangements``."""
    total, most = comb(n, k), limit(n) if most is None else most
    if total <= most:
        return _all_subsets(n, k)
    ranks = np.sort(rng.choice(total, size=most, replace=False, shuffle=False))
    chosen = np.empty((most, k), dtype=np.int64)
    for place in range(k, 0, -1):  # digits in the combinatorial number system, from the right
        first_rank = np.array([comb(index, place) for index in range(n)])
        digit = np.searchsorted(first_rank, ranks, side="right") - 1
        ranks = ranks - first_rank[digit]
        chosen[:, place - 1] = digit
    return chosen


@lru_cache(maxsize=256)
def _all_arrangements(n: int, k: int) -> Int64[np.ndarray, "c k"]:
    return _frozen(list(permutations(range(n), k)), k)


@lru_cache(maxsize=256)
def _all_subsets(n: int, k: int) -> Int64[np.ndarray, "c k"]:
    return _frozen(list(combinations(range(n), k)), k)


@lru_cache(maxsize=256)
def _all_choices(n: int, k: int) -> Int64[np.ndarray, "c k1"]:
    others = _all_subsets(max(n - 1, 0), k)
    first = np.repeat(np.arange(n), len(others))
    tiled = np.tile(others, (n, 1))
    chosen = tiled + (tiled >= first[:, None])  # step over the first itself
    return _frozen(np.concatenate([first[:, None], chosen], axis=1), k + 1)


def _frozen(
    rows: list[tuple[int, ...]] | Int64[np.ndarray, "c k"], k: int
) -> Int64[np.ndarray, "c k"]:
    table = np.array(rows, dtype=np.int64).reshape(-1, k)
    table.setflags(write=False)  # shared between callers
    return table
