"""Balancing leaves no answer that is worth guessing."""

from collections import Counter

import numpy as np
import pytest
from asked import asked
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.balance import AnswerShare, answer_shares, balance
from qa_gen.record import Choice, Quantity, QuestionKind, SkipReason
from qa_gen.scoring import frequency_prior

KIND = QuestionKind.OBJECT_REL_DIRECTION_HARD
QUADRANTS = ("front-left", "front-right", "back-left", "back-right")


def question(number, answer, kind=KIND):
    return asked(number, kind, answer)


def skewed(n, shares, seed=0):
    """Quadrant questions whose answers have the given shares, letters drawn evenly."""
    rng = np.random.default_rng(seed)
    qas = []
    for number in range(n):
        options = tuple(QUADRANTS[i] for i in rng.permutation(4))
        answer = QUADRANTS[rng.choice(4, p=shares)]
        qas.append(question(number, Choice(options, options.index(answer))))
    return qas


def test_vsi_benchs_own_skew_is_evened_out():
    # 84 % "front-*", as in the official hard questions
    qas = skewed(1000, (0.43, 0.41, 0.08, 0.08))
    kept, dropped = balance(qas)
    counts = Counter(qa.answer.text for qa in kept)
    assert max(counts.values()) <= 0.3 * len(kept) + 1
    assert min(counts.values()) > 60  # the rare answers are all kept, or nearly
    assert frequency_prior(kept, kept) <= 0.305
    assert sum(s.count for s in dropped) == len(qas) - len(kept)
    assert {s.reason for s in dropped} >= {SkipReason.ANSWER_TOO_FREQUENT}


def test_even_answers_are_left_alone():
    qas = [
        question(4 * round_ + i, Choice(QUADRANTS[i:] + QUADRANTS[:i], (j - i) % 4))
        for round_ in range(4)
        for i in range(4)
        for j in [(round_ + i) % 4]
    ]
    assert balance(qas, max_lift=1.0) == (qas, [])


def test_a_letter_that_is_right_too_often_is_evened_out_too():
    qas = []
    for number in range(80):
        first = number % 4
        options = QUADRANTS[first:] + QUADRANTS[:first]
        qas.append(question(number, Choice(options, 0)))
    kept, dropped = balance(qas)
    assert len(kept) < 10  # every answer was A: hardly anything can stay
    assert {s.reason for s in dropped} == {SkipReason.LETTER_TOO_FREQUENT}


@given(st.integers(0, 1000), st.integers(1, 80))
def test_the_result_depends_on_the_questions_not_on_their_order(seed, n):
    qas = skewed(n, (0.6, 0.2, 0.1, 0.1), seed)
    shuffled = [qas[i] for i in np.random.default_rng(seed).permutation(n)]
    here, there = balance(qas), balance(shuffled)
    assert {qa.qa_id for qa in here.kept} == {qa.qa_id for qa in there.kept}
    assert here.dropped == there.dropped
    assert here.kept == [qa for qa in qas if qa in here.kept]


@given(st.integers(0, 1000), st.integers(1, 80), st.floats(1.0, 2.0))
def test_no_answer_and_no_letter_is_right_more_often_than_allowed(seed, n, max_lift):
    kept, _ = balance(skewed(n, (0.6, 0.2, 0.1, 0.1), seed), max_lift=max_lift)
    for counts in (
        Counter(qa.answer.text for qa in kept),
        Counter(qa.answer.letter for qa in kept),
    ):
        assert all(c <= np.ceil(max_lift * len(kept) / 4 - 1e-9) for c in counts.values())


def test_kinds_are_balanced_apart_and_numbers_are_kept():
    metres = [
        question(n, Quantity(1.0, "m", 1), QuestionKind.OBJECT_ABS_DISTANCE) for n in range(9)
    ]
    sides = [
        question(n, Choice(("left", "right"), 0), QuestionKind.OBJECT_REL_DIRECTION_EASY)
        for n in range(9)
    ]
    kept, dropped = balance([*metres, *sides])
    assert kept[:9] == metres
    assert len(kept) + sum(s.count for s in dropped) == 18
    assert {s.kind for s in dropped} == {QuestionKind.OBJECT_REL_DIRECTION_EASY}


def test_an_answer_that_is_seldom_offered_is_held_to_how_often_it_is_offered():
    # "bed" is offered in 10 of 50 questions and right in all of them.
    others = ("chair", "desk", "lamp", "sofa", "stool", "table")
    qas = []
    for n in range(50):
        three = [others[(n + i) % 6] for i in range(4)]
        correct = n // 6 % 4
        if n < 10:
            three[correct] = "bed"
        qas.append(question(n, Choice(tuple(three), correct), QuestionKind.OBJECT_REL_DISTANCE))
    kept, _ = balance(qas)
    share = next(s for s in answer_shares(kept) if s.answer == "bed")
    assert share.right <= np.ceil(0.3 * share.offered)


def test_shares_count_offers_and_hits():
    qas = [question(0, Choice(("left", "right"), 0)), question(1, Choice(("left", "right"), 0))]
    assert answer_shares(qas) == [AnswerShare(KIND, "left", 2, 2), AnswerShare(KIND, "right", 0, 2)]


def test_a_lift_below_one_is_refused():
    with pytest.raises(ValueError, match="max_lift must be >= 1"):
        balance([], max_lift=0.9)
