"""Options of multiple-choice questions: provably wrong, and silent about which one is right.

Wrong options leak when they are made around the right one: it is then the middle number, or the
order that has most in common with all the others. Here a set of options is laid out first, the
place of the truth in it is drawn uniformly, and the set is moved so that the truth lands there.
Whoever sees only the set cannot tell which of its members it was laid out for, unless the answers
themselves are uneven, which is for ``qa_gen.balance`` to mend.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, factorial, floor
from typing import Final

import numpy as np

from qa_gen.answers import Choice, Unit

LEAST_RATIO: Final = 1.3  # of one numeric option to the next: no two are within 30 %
_SPREAD: Final = 1.5  # the longest step of the ladder over the shortest
_SWAPS: Final = 2  # of neighbours, between the middle order and the others
_TOLERANCE: Final = 1e-9  # 1.1 * 10 is a little more than 11


def shuffled_choice(texts: Sequence[str], correct: int, rng: np.random.Generator) -> Choice:
    """Return the options in random order, so that every letter is right equally often."""
    order = rng.permutation(len(texts)).tolist()
    return Choice(tuple(texts[i] for i in order), order.index(correct))


def order_options(truth: Sequence[str], rng: np.random.Generator, n: int = 4) -> Choice:
    """Return ``n`` orders of the same items as options, each ``", ".join(items)``.

    All options are within two swaps of neighbours (more only where there are not enough such
    orders) of a middle one. The truth is the middle one in 1 of n questions, so that taking the
    option that has most in common with the others earns exactly chance.

    Args:
        truth: The items in their right order, no commas in them.
        rng: Decides the orders, the truth's place among them, and the letters.
        n: How many options.

    Raises:
        ValueError: So few items have fewer than ``n`` orders.
    """
    near = _near_orders(len(truth), n)
    drawn = rng.permutation(len(near))[: n - 1]
    pattern = [tuple(range(len(truth))), *(near[i] for i in drawn.tolist())]
    place = int(rng.integers(n))
    middle = [""] * len(truth)  # the order that becomes the truth where pattern[place] is applied
    for position, source in enumerate(pattern[place]):
        middle[source] = truth[position]
    texts = [", ".join(middle[source] for source in order) for order in pattern]
    return shuffled_choice(texts, place, rng)


def numeric_options(
    truth: float,
    unit: Unit,
    decimals: int,
    rng: np.random.Generator,
    *,
    n: int = 4,
    ratio: float = LEAST_RATIO,
    margin: float = 0.0,
) -> Choice:
    """Return ``n`` numbers as options, each written with ``decimals`` and the unit's words.

    The truth's rank among the sorted numbers is drawn first, uniformly; the others stand on a
    ladder below and above it whose steps are drawn between ``ratio`` and 1.5 times it. In the
    logarithm the ladder looks the same wherever it stands, so only how the truths themselves are
    spread can tell, above all the ends of their range: an option below every truth is never right.

    Args:
        truth: The label; it is rounded to ``decimals``.
        unit: Written after each number; a count has none.
        decimals: Of every option.
        rng: Decides rank, steps and letters.
        n: How many options.
        ratio: Each number is at least this times the next smaller one, as written.
        margin: Each is at least this much larger than the next smaller one, as written.

    Raises:
        ValueError: ``truth`` is below ``least_truth`` for the same arguments, so that it could
            not take every rank; check candidates against that first.
    """
    value = round(truth * 10**decimals)  # everything below counts in last decimals
    gap = ceil(margin * 10**decimals - _TOLERANCE)
    room = _least_ladder(n, ratio, gap)
    if value < room[-1]:
        raise ValueError(
            f"numeric_options: {truth} cannot be the largest of {n} positive numbers with "
            f"{decimals} decimals, ratio {ratio} and margin {margin}; ask only about "
            f"{room[-1] / 10**decimals:.{decimals}f} or more."
        )
    rank = int(rng.integers(n))
    steps = (ratio * _SPREAD ** rng.random(n)).tolist()
    ladder = [value]
    for below in range(rank - 1, -1, -1):
        nearest = min(floor(ladder[-1] / ratio + _TOLERANCE), ladder[-1] - max(gap, 1))
        ladder.append(max(min(nearest, round(ladder[-1] / steps[below])), room[below]))
    ladder.reverse()
    for above in range(rank + 1, n):
        ladder.append(_step_up(ladder[-1], steps[above], gap))
    texts = [f"{number / 10**decimals:.{decimals}f} {unit.words}".rstrip() for number in ladder]
    return shuffled_choice(texts, rank, rng)


def least_truth(
    decimals: int, *, n: int = 4, ratio: float = LEAST_RATIO, margin: float = 0.0
) -> float:
    """Return the least number that can be the largest of ``n`` positive options.

    Raises:
        ValueError: ``ratio`` is not above 1, ``margin`` is negative or ``n`` is below 1.
    """
    if not (ratio > 1 and margin >= 0 and n >= 1):
        raise ValueError(
            f"options need ratio > 1, margin >= 0, n >= 1, got {ratio}, {margin}, {n}."
        )
    gap = ceil(margin * 10**decimals - _TOLERANCE)
    return float(_least_ladder(n, ratio, gap)[-1] / 10**decimals)


@lru_cache(maxsize=256)
def _least_ladder(n: int, ratio: float, gap: int) -> tuple[int, ...]:
    ladder = [max(gap, 1)]
    while len(ladder) < n:
        ladder.append(_step_up(ladder[-1], ratio, gap))
    return tuple(ladder)


def _step_up(number: int, ratio: float, gap: int) -> int:
    return max(ceil(number * ratio - _TOLERANCE), number + max(gap, 1))


@lru_cache(maxsize=64)
def _near_orders(k: int, n: int) -> tuple[tuple[int, ...], ...]:
    """Return the orders of range(k) that the fewest swaps of neighbours make, all but range(k)."""
    if n > factorial(k):
        raise ValueError(f"order_options: {k} items have {factorial(k)} orders, not {n}.")
    enough = min(2 * (n - 1), factorial(k) - 1)  # else every question would offer the same set
    frontier = {tuple(range(k))}
    seen = set(frontier)
    swaps = 0
    while len(seen) - 1 < enough or swaps < _SWAPS:
        frontier = {_swapped(o, i) for o in frontier for i in range(k - 1)} - seen
        seen |= frontier
        swaps += 1
    return tuple(sorted(seen - {tuple(range(k))}))


def _swapped(order: tuple[int, ...], i: int) -> tuple[int, ...]:
    return (*order[:i], order[i + 1], order[i], *order[i + 2 :])
