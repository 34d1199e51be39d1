"""Scores agree with VSI-Bench's, by its code and by its paper."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from asked import asked, quantity_question, side_question
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.questions import QUESTIONS
from qa_gen.record import Box, Choice, FreeText, Order, Quantity, QuestionKind
from qa_gen.scoring import (
    METRIC,
    chance,
    first_word_prior,
    frequency_prior,
    metric_of,
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
    assert score(reply, answer, reading="vsi") == official


WORDS = FreeText(("two", "a pair"))
ORDER = Order(("bed", "night stand", "lamp"))
RECTANGLE = Box("image", (100, 100, 300, 200), 0)
ROOM_BOX = Box("camera", (0, 0, 3, 1, 1, 1, 0, 0, 90), 0)


@pytest.mark.parametrize(
    ("reply", "answer", "expected"),
    [
        ("2", WORDS, 1.0),
        ("Two.", WORDS, 1.0),
        ("pair", WORDS, 1.0),
        ("three", WORDS, 0.0),
        (" ", WORDS, None),
        ("?", WORDS, 0.0),
        ("bed, Night stand, lamp.", ORDER, 1.0),
        ("bed, lamp, night stand", ORDER, 0.0),
        ("bed, night stand", ORDER, 0.0),
        ("", ORDER, None),
        ("[100, 100, 300, 200]", RECTANGLE, 1.0),
        ("[200, 100, 400, 200]", RECTANGLE, 1 / 3),  # 100 of 300 columns are shared
        ("[300, 100, 200, 200]", RECTANGLE, 0.0),  # no box
        ("100, 100", RECTANGLE, None),
        ("[0, 0, 3, 1, 1, 1, 0, 0, 0]", ROOM_BOX, 1.0),  # a cube turned by 90 degrees
        ("[0, 0, 3.5, 1, 1, 1, 0, 0, 0]", ROOM_BOX, 1 / 3),
        ("[0, 0, 3, 0, 1, 1, 0, 0, 0]", ROOM_BOX, 0.0),
        (f"[0, 0, 3, {9 * 10**400}, 1, 1, 0, 0, 0]", ROOM_BOX, 0.0),
    ],
)
def test_words_orders_and_boxes_are_scored_whoever_reads(reply, answer, expected):
    for reading in ("lenient", "vsi", "lmms-eval", "vlmevalkit"):
        assert score(reply, answer, reading=reading) == (
            None if expected is None else pytest.approx(expected)
        )


@pytest.mark.parametrize(
    ("reply", "answer", "expected"),
    [
        ("(B)", SIDES, (None, None, 1.0)),
        ("B", SIDES, (1.0, 1.0, 1.0)),
        ("E", SIDES, (None, None, None)),  # not offered
        ("1 or 2", METRES, (0.1, 0.1, 1.0)),
        ("two", METRES, (None, 1.0, 1.0)),
        ("1e999", METRES, (None, 0.1, None)),
    ],
)
def test_a_choice_and_a_number_are_read_by_the_named_harness(reply, answer, expected):
    readings = ("vsi", "lmms-eval", "vlmevalkit")
    assert tuple(score(reply, answer, reading=reading) for reading in readings) == expected


def test_the_metric_of_a_kind_is_the_one_it_declares():
    assert {kind: question.metric for kind, question in QUESTIONS.items()} == METRIC
    assert METRIC[QuestionKind.OBJECT_ABS_DISTANCE] == "MRA"


def test_every_kind_declares_the_metric_that_its_answers_are_scored_by():
    samples = {"choice": SIDES, "quantity": METRES, "text": WORDS, "order": ORDER, "box": RECTANGLE}
    expected = {kind: metric_of(samples[q.answer_type]) for kind, q in QUESTIONS.items()}
    assert expected == METRIC
    assert [metric_of(a) for a in samples.values()] == ["accuracy", "MRA", "EM", "accuracy", "IoU"]


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


def test_chance_of_words_is_the_commonest_answer_of_training():
    kind = QuestionKind.SCENE_COLOR
    training = [asked(i, kind, FreeText((text,))) for i, text in enumerate(("2", "two", "red"))]
    test = [asked(9, kind, WORDS), asked(10, kind, FreeText(("red",)))]
    assert chance(test, training) == frequency_prior(test, training) == 0.5
    with pytest.raises(ValueError, match="training answers"):
        chance(test, [])


def test_chance_of_an_order_is_one_of_all_orders_and_of_a_box_nothing():
    order = asked(0, QuestionKind.OBJECT_DEPTH_ORDER, ORDER)
    assert chance([order], []) == frequency_prior([order], []) == pytest.approx(1 / 6)
    assert chance([asked(0, QuestionKind.GROUNDING_2D, RECTANGLE)], []) == 0.0


def test_a_chance_level_is_for_one_type_of_answer():
    mixed = [side_question(0, "left"), replace(side_question(1, "left"), answer=METRES)]
    with pytest.raises(ValueError, match=r"one type, got \['choice', 'quantity'\]"):
        chance(mixed, [])


def test_a_first_word_prior_knows_one_answer_a_first_word():
    training = [("What is it?", ("chair",)), ("what now?", ("chair",)), ("Is it?", ("yes",))]
    # "chair" for what (right), "yes" for is (wrong), "chair", the commonest, for an unknown word.
    test = [("WHAT?", ("chair",)), ("Is that so?", ("no",)), ("Can I?", ("Chair.", "stool"))]
    assert first_word_prior(test, training) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="first-word prior"):
        first_word_prior(test, [])
