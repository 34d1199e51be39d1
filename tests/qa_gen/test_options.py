"""Options are provably wrong, and do not tell which of them is right."""

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from qa_gen.answers import Unit
from qa_gen.options import least_truth, numeric_options, order_options, shuffled_choice

ITEMS = ("bed", "chair", "desk", "lamp")


def swaps(one, other):
    """Pairs of items that two orders disagree about."""
    return sum(
        (one.index(a) < one.index(b)) != (other.index(a) < other.index(b))
        for a, b in combinations(one, 2)
    )


def test_shuffled_options_have_the_truth_at_every_letter():
    rng = np.random.default_rng(0)
    letters = [shuffled_choice(ITEMS, 2, rng).correct for _ in range(2000)]
    assert chisquare(np.bincount(letters, minlength=4)).pvalue > 0.01
    assert {shuffled_choice(ITEMS, 2, rng).text for _ in range(9)} == {"desk"}


def test_orders_are_near_each_other_and_hold_the_truth():
    rng = np.random.default_rng(0)
    for _ in range(300):
        choice = order_options(ITEMS, rng)
        assert choice.text == "bed, chair, desk, lamp"
        orders = [tuple(option.split(", ")) for option in choice.options]
        assert all(sorted(order) == sorted(ITEMS) for order in orders)
        # All lie within two swaps of one of them, so within four of each other.
        assert min(max(swaps(one, other) for other in orders) for one in orders) <= 2


@pytest.mark.parametrize("wanted", [min, max])
def test_the_order_that_has_most_or_least_in_common_with_the_others_is_right_by_chance(wanted):
    rng = np.random.default_rng(1)
    hits = []
    for _ in range(4000):
        choice = order_options(ITEMS, rng)
        orders = [option.split(", ") for option in choice.options]
        far = [sum(swaps(one, other) for other in orders) for one in orders]
        best = [i for i, distance in enumerate(far) if distance == wanted(far)]
        hits.append((choice.correct in best) / len(best))
    assert np.mean(hits) == pytest.approx(0.25, abs=0.02)  # 3 standard errors


def test_given_a_set_of_orders_each_of_them_is_equally_often_the_truth():
    # Three items, three of their six orders: 20 sets, each seen about 1000 times.
    rng = np.random.default_rng(2)
    truths = list(permutations("abc"))
    seen = {}
    for number in range(20_000):
        choice = order_options(truths[number % 6], rng, n=3)
        offered = tuple(sorted(choice.options))
        seen.setdefault(offered, []).append(offered.index(choice.text))
    tests = [chisquare(np.bincount(places, minlength=3)).pvalue for places in seen.values()]
    assert min(tests) > 0.01 / len(tests)


def test_two_items_have_two_orders_and_no_third():
    choice = order_options(("a", "b"), np.random.default_rng(0), n=2)
    assert sorted(choice.options) == ["a, b", "b, a"]
    with pytest.raises(ValueError, match="2 items have 2 orders, not 3"):
        order_options(("a", "b"), np.random.default_rng(0), n=3)


@given(
    st.integers(0, 2**32), st.floats(1.0, 50.0), st.floats(1.1, 2.0), st.floats(0.0, 5.0),
    st.integers(0, 2), st.integers(2, 5),
)  # fmt: skip
def test_numbers_keep_ratio_and_margin_as_written(seed, times, ratio, margin, decimals, n):
    least = least_truth(decimals, n=n, ratio=ratio, margin=margin)
    truth = round(least * times, decimals)
    choice = numeric_options(
        truth, Unit.METERS, decimals, np.random.default_rng(seed), n=n, ratio=ratio, margin=margin
    )
    values = sorted(float(option.removesuffix(" meters")) for option in choice.options)
    assert float(choice.text.split()[0]) == truth
    assert len(values) == n
    assert values[0] > 0
    assert all(b >= a * ratio - 1e-6 and b - a >= margin - 1e-6 for a, b in pairwise(values))


def test_the_truth_takes_every_rank_equally_often():
    rng = np.random.default_rng(0)
    ranks = []
    for truth in np.exp(rng.uniform(np.log(0.5), np.log(9), size=3000)):
        choice = numeric_options(float(truth), Unit.METERS, 1, rng)
        values = [float(option.split()[0]) for option in choice.options]
        ranks.append(sorted(values).index(values[choice.correct]))
    assert chisquare(np.bincount(ranks, minlength=4)).pvalue > 0.01


def test_a_count_is_written_without_a_unit():
    choice = numeric_options(20, Unit.COUNT, 0, np.random.default_rng(0))
    assert choice.text == "20"


def test_a_number_too_small_to_be_the_largest_option_is_refused():
    # One decimal, ratio 1.3: 0.1 < 0.2 < 0.3 < 0.4 is the lowest ladder there is.
    assert least_truth(1) == 0.4
    assert least_truth(0, margin=5) == 20  # 5, 10, 15, 20
    numeric_options(0.4, Unit.METERS, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"ask only about 0\.4 or more"):
        numeric_options(0.3, Unit.METERS, 1, np.random.default_rng(0))


@pytest.mark.parametrize(("n", "ratio", "margin"), [(0, 1.3, 0.0), (4, 1.0, 0.0), (4, 1.3, -1.0)])
def test_a_ladder_that_does_not_climb_is_refused(n, ratio, margin):
    with pytest.raises(ValueError, match="options need ratio > 1"):
        least_truth(1, n=n, ratio=ratio, margin=margin)
