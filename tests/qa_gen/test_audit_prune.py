"""After pruning nothing is left to guess, and little more than the bias is gone."""

from dataclasses import replace

import numpy as np
import pytest
from guessable import closest, facing, relabelled, sizes

from qa_gen.audit.blind import Vocabulary
from qa_gen.audit.debias import DebiasConfig, debias
from qa_gen.audit.flatten import flatten
from qa_gen.audit.guess import (
    by_categories,
    by_constant,
    by_forest,
    by_logistic,
    features_by_fold,
    rates_of,
    shares_right,
)
from qa_gen.audit.prune import prune
from qa_gen.audit.report import audit
from qa_gen.audit.table import choice_table
from qa_gen.balance import balance
from qa_gen.record import SkipReason


def only(report):
    (kind,) = report.kinds
    return kind


def ids(qas):
    return {qa.qa_id for qa in qas}


def test_what_categories_tell_is_pruned_to_the_budget():
    asked = facing(700, 0.5)
    assert only(audit(asked)).best > 0.5  # 0.5 + 0.5 / 4 for one who knows the rule
    kept, dropped = prune(asked, budget=0.01)
    report = only(audit(kept))  # with other folds than those it was pruned with
    assert report.best <= 0.25 + 0.05  # 2 standard errors
    assert report.passed
    assert {skip.reason for skip in dropped} == {SkipReason.GUESSABLE}
    assert sum(skip.count for skip in dropped) == len(asked) - len(kept)
    # Even answers leave half: 1/8 of the questions by each of four equally frequent quadrants.
    assert len(kept) > 0.35 * len(asked)


def test_hardly_anything_goes_where_there_is_nothing_to_guess():
    kept = [len(prune(relabelled(closest(300, 0.0, seed), seed)).kept) for seed in range(3)]
    assert sum(kept) > 0.9 * 900


def test_the_result_depends_on_the_questions_not_on_their_order():
    asked = [*facing(150, 0.5), *sizes(80)]
    shuffled = [asked[i] for i in np.random.default_rng(0).permutation(len(asked))]
    here, there = debias(asked, DebiasConfig()), debias(shuffled, DebiasConfig())
    assert ids(here.kept) == ids(there.kept)
    assert here.dropped == there.dropped
    assert here.kept == [qa for qa in asked if qa.qa_id in ids(here.kept)]
    assert {qa.kind for qa in asked} == {skip.kind for skip in here.dropped}


def across(halves):
    """What the best guesser earns that learns from each half alone and guesses the other."""
    both = [*halves[0], *halves[1]]
    table = choice_table(both, Vocabulary(both), "audit")
    half = np.array([scene.startswith("b/") for scene in table.scenes], dtype=np.int64)
    table = replace(table, fold=half)
    rates = rates_of(table)
    features = features_by_fold(table, rates)
    guesses = (
        by_constant(table, rates, "option"),
        by_categories(table, rates),
        by_logistic(table, features),
        by_forest(table, features),
    )
    return max(float(shares_right(table, scores).mean()) for scores in guesses)


def test_who_learns_from_one_pruned_half_guesses_the_other_hardly_better_than_chance():
    # No fold of a balanced whole helps here: the halves were balanced apart, as splits are.
    asked = [
        [
            replace(qa, qa_id=f"{name}/{qa.qa_id}", scene_id=f"{name}/{qa.scene_id}")
            for qa in closest(700, 1.0, seed)
        ]
        for seed, name in ((0, "a"), (1, "b"))
    ]
    assert across(asked) > 0.45
    kept = [debias(half, DebiasConfig()).kept for half in asked]
    assert across(kept) <= 0.25 + 0.07  # 3 standard errors of what is left


def test_a_few_questions_are_not_pruned_for_luck():
    asked = closest(8, 0.0)
    assert prune(asked).kept == asked


def test_one_scene_teaches_nothing_about_others():
    asked = [replace(qa, scene_id="room") for qa in closest(300, 3.0)]
    assert prune(asked).kept == asked


def test_numbers_are_flattened_by_the_stated_share():
    asked = sizes(600)
    before = only(audit(asked))
    kept, dropped = flatten(asked, reduction=0.2)
    after = only(audit(kept))
    assert after.category_prior <= 0.83 * before.category_prior  # other folds, a little noise
    assert after.constant < before.constant
    assert len(kept) >= 0.5 * len(asked)
    assert {skip.reason for skip in dropped} == {SkipReason.GUESSABLE}
    assert len(kept) + sum(skip.count for skip in dropped) == len(asked)


def test_flattening_stops_where_too_little_would_be_left():
    asked = sizes(200)
    assert len(flatten(asked, reduction=0.9, least_kept=0.7).kept) == 140


def test_flattening_leaves_few_questions_and_choices_alone():
    asked = [*sizes(49), *closest(60, 2.0)]
    assert flatten(asked).kept == asked


def test_all_steps_together_leave_nothing_to_guess():
    asked = [*closest(500, 1.0), *sizes(150)]
    assert not audit(asked).passed
    done = debias(asked, DebiasConfig())
    report = audit(done.kept)
    assert report.passed
    assert len(done.kept) + sum(skip.count for skip in done.dropped) == len(asked)
    # What balance alone leaves can still be guessed by category.
    assert not audit(balance(facing(300, 0.5)).kept).passed


def test_impossible_budgets_are_refused():
    with pytest.raises(ValueError, match="budget must be > 0"):
        prune([], budget=0.0)
    with pytest.raises(ValueError, match="0 <= reduction < 1"):
        flatten([], reduction=1.0)
    with pytest.raises(ValueError, match="0 < least_kept <= 1"):
        flatten([], least_kept=0.0)
