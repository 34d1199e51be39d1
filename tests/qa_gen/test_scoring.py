"""Scores agree with VSI-Bench's, by its code and by its paper."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from asked import quantity_question, side_question
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.record import Choice, Quantity, QuestionKind
from qa_gen.scoring import (
    METRIC,
    chance,
    frequency_prior,
    mra,
    official_token,
    score,
)

SIDES = Choice(("left", "right", "back"), correct=1)
METRES = Quantity(2.0, "m", 1)
GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_vega3d" / "metrics.json"
needs_golden = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no {GOLDEN.name} in shared data")


@pytest.mark.parametrize(
    ("predicted", "truth", "code", "paper"),
    [
        (9, 10, 0.9, 0.8),
        (5, 10, 0.1, 0.0),
        (3, 4, 0.6, 0.5),
        (1.9, 2.0, 1.0, 0.9),
        (2.0, 2.0, 1.0, 1.0),
        (4.0, 2.0, 0.0, 0.0),
        (-2.0, 2.0, 0.0, 0.0),
    ],
)
def test_mra_at_its_boundaries(predicted, truth, code, paper):
    assert mra(predicted, truth) == code
    assert mra(predicted, truth, "paper") == paper


@needs_golden
def test_mra_equals_the_official_values():
    for predicted, truth, expected in json.loads(GOLDEN.read_text())["vsi.mra"]:
        assert mra(predicted, truth, "code") == pytest.approx(expected)


@needs_golden
def test_the_official_token_is_the_official_one():
    for reply, expected in json.loads(GOLDEN.read_text())["vsi.fuzzy"].items():
        assert official_token(reply) == expected


@given(st.integers(1, 200), st.integers(0, 400))
def test_the_code_variant_is_the_benchmarks_formula_bit_for_bit(truth, predicted):
    intervals = np.linspace(0.5, 0.95, int((0.95 - 0.5) / 0.05 + 2))
    error = abs(predicted / 10 - truth / 10) / (truth / 10)
    assert mra(predicted / 10, truth / 10) == (error <= 1 - intervals).mean()


@given(st.integers(1, 200), st.integers(0, 400))
def test_the_paper_variant_is_the_papers_formula_in_exact_arithmetic(truth, predicted):
    exact = sum(20 * abs(predicted - truth) < k * truth for k in range(1, 11)) / 10
    assert mra(predicted / 10, truth / 10, "paper") == exact


def test_relative_error_of_nothing_is_refused():
    with pytest.raises(ValueError, match="truth > 0"):
        mra(1.0, 0.0)


@pytest.mark.parametrize(
    ("reply", "answer", "lenient", "official"),
    [
        ("B", SIDES, 1.0, 1.0),
        ("B. right", SIDES, 1.0, 1.0),
        ("(B)", SIDES, 1.0, None),
        ("A", SIDES, 0.0, 0.0),
        ("right", SIDES, 1.0, None),
        ("", SIDES, None, None),
        ("2.0 m", METRES, 1.0, 1.0),
        ("about 1.5 metres", METRES, 0.6, None),
        ("8", METRES, 0.0, 0.0),
        ("inf", METRES, None, None),
        ("I cannot tell", METRES, None, None),
    ],
)
def test_replies_are_scored_or_found_unreadable(reply, answer, lenient, official):
    assert score(reply, answer) == lenient
    assert score(reply, answer, reading="vsi_official") == official


def test_every_kind_has_a_metric():
    assert set(METRIC) == set(QuestionKind)


def test_chance_of_choices_is_a_uniform_guess():
    qas = [side_question(0, "left"), side_question(1, "right")]
    wider = replace(qas[0], answer=Choice(("a", "b", "c", "d"), 0))
    assert chance(qas, []) == 0.5
    assert chance([*qas, wider, wider], []) == 0.375


def test_chance_of_numbers_is_the_best_constant_of_the_training_answers():
    training = [quantity_question(i, v) for i, v in enumerate((1.0, 2.0, 2.0, 2.1))]
    # 2.0 is best in training; on 2.0 it scores 1, on 4.0 (half) 0.1.
    test = [quantity_question(8, 2.0), quantity_question(9, 4.0)]
    assert chance(test, training) == pytest.approx(0.55)


def test_the_frequency_prior_finds_a_skew_that_chance_does_not_see():
    training = [side_question(i, "left" if i % 4 else "right") for i in range(40)]
    assert chance(training, training) == 0.5
    assert frequency_prior(training, training) == 0.75
    assert frequency_prior([side_question(99, "right")], training) == 0.0


def test_the_frequency_prior_shares_ties():
    assert frequency_prior([side_question(0, "left")], []) == 0.5


def test_a_chance_level_is_for_one_kind():
    with pytest.raises(ValueError, match="questions of one kind"):
        chance([side_question(0, "left"), quantity_question(1, 2.0)], [])
    with pytest.raises(ValueError, match="questions of one kind"):
        chance([], [])
    with pytest.raises(ValueError, match="training answers"):
        chance([quantity_question(1, 2.0)], [])
