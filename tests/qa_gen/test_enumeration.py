"""Tuples of objects: all of few, evenly drawn ones of many."""

from itertools import combinations, permutations

import numpy as np
import pytest

from qa_gen.enumeration import arrangements, choices_for_each, limit, subsets


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("n", "k"), [(0, 2), (1, 2), (3, 3), (5, 2), (4, 3)])
def test_few_are_all_listed(n, k):
    assert list(map(tuple, arrangements(n, k, rng()))) == list(permutations(range(n), k))
    assert list(map(tuple, subsets(n, k, rng()))) == list(combinations(range(n), k))
    expected = [
        (first, *others)
        for first in range(n)
        for others in combinations([i for i in range(n) if i != first], k)
    ]
    assert list(map(tuple, choices_for_each(n, k, rng()))) == expected


@pytest.mark.parametrize("draw", [arrangements, subsets, choices_for_each])
def test_many_are_drawn_without_repeats(draw):
    n = 40
    drawn = draw(n, 4, rng())
    assert 0.8 * limit(n) < len(drawn) <= limit(n)
    assert len({tuple(row) for row in drawn.tolist()}) == len(drawn)
    assert all(len(set(row)) == len(row) for row in drawn.tolist())
    assert drawn.min() == 0
    assert drawn.max() == n - 1
    assert np.array_equal(drawn, draw(n, 4, rng()))
    assert not np.array_equal(drawn, draw(n, 4, rng(1)))


def test_every_index_is_drawn_about_equally_often_in_every_place():
    n = 30
    drawn = arrangements(n, 3, rng())
    for place in drawn.T:
        counts = np.bincount(place, minlength=n)
        expected = len(drawn) / n
        assert abs(counts - expected).max() < 5 * np.sqrt(expected)


def test_the_limit_grows_with_the_square():
    assert limit(40) == 4 * limit(20)


@pytest.mark.parametrize("draw", [arrangements, subsets])
def test_no_more_are_drawn_than_asked_for(draw):
    drawn = draw(30, 4, rng(), 100)
    assert len(drawn) == len({tuple(row) for row in drawn.tolist()}) == 100
    assert len(draw(5, 4, rng(), 1000)) == len(draw(5, 4, rng()))


def test_every_subset_is_drawn_equally_often():
    source = rng()
    counts = dict.fromkeys(combinations(range(6), 3), 0)
    for _ in range(2000):
        for row in subsets(6, 3, source, 5).tolist():
            counts[tuple(row)] += 1
    assert all(abs(n - 500) < 100 for n in counts.values())  # 5 of 20 each time; sigma 19
