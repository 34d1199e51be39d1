"""The audit finds what can be guessed, and nothing where there is nothing."""

from dataclasses import replace

import numpy as np
import pytest
from asked import asked
from guessable import about, closest, facing, relabelled, sizes

from qa_gen.audit.blind import Point, Vocabulary, read_all, read_blind
from qa_gen.audit.clues import Clue, clues_of
from qa_gen.audit.folds import fold_of_scenes
from qa_gen.audit.margins import answer_entropy_bits, margin_histogram, option_rank_p
from qa_gen.audit.noise import is_too_much
from qa_gen.audit.page import as_page, as_text
from qa_gen.audit.prune import prune
from qa_gen.audit.quantity import best_constant, mra_of
from qa_gen.audit.report import audit
from qa_gen.audit.table import choice_table
from qa_gen.record import Box, Choice, FreeText, QuestionKind
from qa_gen.scoring.relative_accuracy import mra

EASY = QuestionKind.OBJECT_REL_DIRECTION_EASY
SIDES = ("left", "right")


def only(report):
    (kind,) = report.kinds
    return kind


def test_what_a_question_says_is_read_from_its_text():
    qa = about(
        0,
        QuestionKind.POINT_DEPTH_ORDER,
        Choice(("A", "B"), 0),
        "Standing 2 m from the red chairs and the sofa in the second image: which is nearer, "
        "point A at (x=310, y=540) or point B at (x=20, y=7)?",
        ("sofa", "chair"),
    )
    blind = read_blind(qa, Vocabulary([qa]))
    assert blind.mentions == ("chair", "sofa")
    assert blind.points == {"a": Point(310, 540), "b": Point(20, 7)}
    assert blind.numbers == (2.0,)
    assert blind.ordinals == "second"
    assert "red" in blind.words
    assert not blind.words & {"chair", "sofa", "310", "540"}
    assert Clue("point", "y 2: 1") in clues_of(blind, 0)  # A lies lower in the image than B
    assert Clue("point", "x 2: 0") in clues_of(blind, 1)


def test_things_that_compete_are_options_and_no_condition():
    qa = closest(1, 0.0)[0]
    blind = read_blind(qa, Vocabulary([qa]))
    assert blind.mentions == (qa.categories[0],)
    assert blind.listed == (0, 1, 2, 3)


def test_places_mean_the_same_in_every_wording():
    qas = facing(60, 0.0)
    assert {qa.template for qa in qas} == {"canonical", "p1"}
    blinds = read_all(qas, Vocabulary(qas))
    assert [blind.mentions for blind in blinds] == [qa.categories for qa in qas]


def test_no_feature_reads_the_answer():
    qas = [*closest(40, 1.0), *facing(40, 1.0)]
    vocabulary = Vocabulary(qas)
    for kind in {qa.kind for qa in qas}:
        of_kind = [qa for qa in qas if qa.kind == kind]
        here = choice_table(of_kind, vocabulary, "audit")
        there = choice_table(relabelled(of_kind), vocabulary, "audit")
        assert (here.right != there.right).any()
        assert (here.clues != there.clues).nnz == 0
        assert np.array_equal(here.numbers, there.numbers)
        assert np.array_equal(here.fold, there.fold)


def test_with_answers_drawn_at_random_every_baseline_is_at_chance():
    report = audit([*relabelled(closest(500, 2.0)), *relabelled(facing(500, 1.0))])
    assert report.failure() == ""
    for kind in report.kinds:
        assert kind.chance == 0.25
        assert kind.best == pytest.approx(0.25, abs=0.06)  # 3 standard errors


def test_popular_answers_and_telling_categories_are_found():
    report = audit([*closest(300, 1.5), *facing(400, 0.6)])
    by_kind = {kind.kind: kind for kind in report.kinds}
    popular = by_kind[QuestionKind.OBJECT_REL_DISTANCE]
    told = by_kind[QuestionKind.OBJECT_REL_DIRECTION_HARD]
    assert min(popular.constant, popular.category_prior, popular.text_only) > 0.4
    # No quadrant is likelier than another, so that only the category tells.
    assert told.constant == pytest.approx(0.25, abs=0.06)
    assert min(told.category_prior, told.text_only) > 0.4
    assert not report.passed
    assert "object_rel_distance (guessed 0." in report.failure()


def test_an_answer_that_is_always_listed_first_is_found():
    qas = closest(200, 0.0)
    first = [
        replace(
            qa,
            question=qa.question.replace("(", f"({qa.answer.text}, "),
            answer=Choice(qa.answer.options, qa.answer.correct),
        )
        for qa in qas
    ]
    assert only(audit(first)).text_only > 0.9


def test_the_lower_of_two_points_being_nearer_is_found():
    rng = np.random.default_rng(0)
    qas = []
    for number in range(250):
        a, b = rng.integers(0, 1000, (2, 2)).tolist()
        text = f"Nearer: point A at (x={a[0]}, y={a[1]}) or point B at (x={b[0]}, y={b[1]})?"
        answer = Choice(("A", "B"), int(b[1] > a[1]))
        qas.append(about(number, QuestionKind.POINT_DEPTH_ORDER, answer, text))
    assert only(audit(qas)).text_only > 0.9


def test_a_truth_that_is_always_the_middle_number_is_found():
    rng = np.random.default_rng(0)
    qas = []
    for number in range(300):
        value = float(rng.uniform(2, 9))
        options = [f"{value * factor:.2f} meters" for factor in (0.5, 1, 1.5)]
        order = rng.permutation(3).tolist()
        answer = Choice(tuple(options[i] for i in order), order.index(1))
        qas.append(about(number, QuestionKind.CAMERA_DISPLACEMENT, answer, "How far?"))
    kind = only(audit(qas))
    assert kind.option_rank_p < 1e-6
    assert kind.letter_p > 0.001
    assert kind.text_only > 0.9
    assert not kind.passed
    assert option_rank_p(closest(50, 0.0)) is None


def test_a_letter_that_is_always_right_is_found():
    # 40 rooms of ten questions, all answered A; "left" is A in half of them.
    qas = [
        about(n, EASY, Choice(SIDES if n % 2 else SIDES[::-1], 0), "On which side?")
        for n in range(400)
    ]
    kind = only(audit(qas))
    assert kind.constant == 1.0
    assert kind.letter_p < 1e-6


def test_the_standard_error_counts_a_room_once():
    # Whole rooms are "left" or "right": 40 rooms tell as much as 40 questions.
    rng = np.random.default_rng(0)
    sides = rng.integers(2, size=40)
    qas = [about(n, EASY, Choice(SIDES, int(sides[n // 10])), "?") for n in range(400)]
    assert 0.05 < only(audit(qas)).standard_error < 0.1  # sqrt(0.25 / 40) = 0.079, not 0.025


def test_a_lead_is_held_to_the_limit_where_it_can_be_measured():
    assert is_too_much(0.031, error=0.01, limit=0.03)
    assert not is_too_much(0.029, error=0.001, limit=0.03)
    # Too few questions: three standard errors.
    assert not is_too_much(0.29, error=0.1, limit=0.03)
    assert is_too_much(0.31, error=0.1, limit=0.03)


def test_folds_keep_scenes_together_and_are_of_equal_size():
    scenes = [f"room-{i // 7}" for i in range(700)]
    fold = fold_of_scenes(scenes, 5, "audit")
    assert np.bincount(fold).tolist() == [140] * 5
    assert all(len(set(fold[i : i + 7])) == 1 for i in range(0, 700, 7))
    assert np.array_equal(fold_of_scenes(scenes[::-1], 5, "audit")[::-1], fold)
    assert not np.array_equal(fold_of_scenes(scenes, 5, "prune"), fold)


def test_the_audit_does_not_depend_on_the_order_of_questions():
    qas = [*closest(100, 1.0), *sizes(100)]
    assert audit(qas) == audit(qas[::-1])


def test_numbers_are_guessed_by_constant_and_category():
    kind = only(audit(sizes(500)))
    assert kind.chance is None
    assert kind.constant < 0.35 < kind.category_prior  # things of a kind are alike
    assert kind.text_only >= kind.category_prior
    assert kind.passed


def test_mean_relative_accuracy_is_the_published_one():
    # 9 for 10 errs by 0.1: the tolerances 0.10 ... 0.50 are met, 0.05 is not.
    assert mra_of(np.array([9.0]), np.array([10.0])) == pytest.approx([0.9])
    rng = np.random.default_rng(0)
    guesses, truths = rng.uniform(1, 9, (2, 200))
    assert mra_of(guesses, truths) == pytest.approx(
        [mra(g, t) for g, t in zip(guesses.tolist(), truths.tolist(), strict=True)]
    )
    assert mra_of(np.array([0.0, 0.1]), np.zeros(2)).tolist() == [1.0, 0.0]


def test_the_best_constant_is_the_best_of_all():
    truths = np.round(np.random.default_rng(0).lognormal(1, 0.5, 90), 1)
    scores = [float(mra_of(np.full(90, guess), truths).mean()) for guess in truths]
    best = best_constant(truths)
    assert mra_of(np.full(90, best), truths).mean() == pytest.approx(max(scores))


def test_free_answers_are_guessed_among_the_usual_ones():
    # "yes" to 3 of 4 questions of each room; the fourth has an answer of its own.
    words = [("yes",) if n % 4 else (f"number {n}", f"no. {n}") for n in range(200)]
    qas = [
        about(n, QuestionKind.SCENE_COUNT, FreeText(accepted), "Is it?")
        for n, accepted in enumerate(words)
    ]
    kind = only(audit(qas))
    assert (kind.chance, kind.constant, kind.passed) == (None, 0.75, True)
    assert kind.letter_p is None


def test_yes_and_no_are_held_to_chance_like_options():
    # "yes" to 3 of 4 questions of each room.
    qas = [
        about(n, QuestionKind.SITUATED_IS, FreeText(("yes" if n % 4 else "no",)), "Is it?")
        for n in range(240)
    ]
    kind = only(audit(qas))
    assert (kind.chance, kind.constant, kind.passed) == (0.5, 0.75, False)
    assert only(audit(prune(qas).kept)).passed


def test_boxes_have_no_blind_baseline():
    qas = [asked(n, QuestionKind.GROUNDING_2D, Box("image", (1, 2, n + 3, 9), 0)) for n in range(9)]
    kind = only(audit(qas))
    assert (kind.n, kind.best, kind.passed) == (9, None, True)


def test_entropy_and_margins_of_a_hand_made_set():
    assert answer_entropy_bits(["a", "b", "c", "d"]) == 2.0
    assert answer_entropy_bits(["a"] * 4) == 0.0
    qas = [replace(qa, margin=n / 2) for n, qa in enumerate(closest(21, 0.0))]
    # 0, 0.5, ..., 10; the 95th percentile is 9.5, which the last bin holds with what is above.
    histogram = margin_histogram(qas)
    assert (histogram.unit, histogram.edges[0], histogram.edges[-1]) == ("m", 0.0, 9.5)
    assert histogram.counts == (2, 2, 2, 2, 2, 2, 2, 2, 2, 3)


def test_the_page_and_the_table_name_every_kind():
    report = audit([*closest(120, 2.0), *sizes(60)])
    for text in (as_page(report), as_text(report)):
        assert "object_rel_distance" in text
        assert "object_size_estimation" in text
    assert "not passed: object_rel_distance (guessed 0." in as_page(report)
    content = report.to_json()
    assert content["passed"] is False
    assert {"n", "chance", "constant", "category_prior", "text_only", "answer_entropy_bits",
            "option_rank_p", "passed"} <= set(content["kinds"]["object_rel_distance"])  # fmt: skip


def test_a_single_scene_and_a_single_question_are_audited():
    assert only(audit(closest(1, 0.0))).n == 1
    assert only(audit(closest(10, 0.0))).passed
    assert only(audit(sizes(1))).n == 1


def test_what_cannot_be_audited_is_refused():
    with pytest.raises(ValueError, match="there are no questions"):
        audit([])
    with pytest.raises(ValueError, match="limit must be > 0"):
        audit(closest(3, 0.0), limit=0.0)
    with pytest.raises(ValueError, match="3 of 6 questions repeat an id"):
        audit(closest(3, 0.0) * 2)
    mixed = [*sizes(3), about(7, QuestionKind.OBJECT_SIZE_ESTIMATION, Choice(("a", "b"), 0), "?")]
    with pytest.raises(ValueError, match="mixes types of answers"):
        audit(mixed)
