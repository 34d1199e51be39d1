"""Drop questions whose answer a model that only reads finds likelier than the other options.

Round by round: guess every question out of fold; stop where the best guesser is within the budget
of chance; else thin. A question is kept with probability (threshold / how many times likelier than
chance its right answer looks), so that among the kept ones no option looks likelier than the
threshold allows; the threshold is the highest that meets the budget. What is rare stays.

Thinning decides about each question by itself, with a model that has not seen its scene. Dropping
down to exact quotas instead would hide what is left: where "bed" is right in a quota of cases, it
is rarer in the fifth fold whenever it is more frequent in the other four, and a cross-validated
guesser looks worse than one who meets the next dataset.

Source of the idea: Brown et al., "Benchmark designers should 'train on the test set' to expose
exploitable non-visual shortcuts" (2025), with its k-fold stress test on the test set. It drops
whatever is guessed most surely; ours thins by likelihood ratio, groups folds by scene, and is
judged with folds other than those it pruned with.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

import numpy as np
from jaxtyping import Bool, Float64

from qa_gen.audit.blind import Vocabulary
from qa_gen.audit.folds import hash_of
from qa_gen.audit.free_text import as_choices
from qa_gen.audit.guess import (
    Scores,
    by_categories,
    by_constant,
    by_forest,
    by_logistic,
    features_by_fold,
    rates_of,
    shares_right,
    softmax,
)
from qa_gen.audit.noise import least_error
from qa_gen.audit.table import ChoiceTable, choice_table
from qa_gen.balance import Balanced
from qa_gen.record import Choice, FreeText, QuestionKind, Skipped, SkipReason, SpatialQA

BUDGET: Final = 0.005  # above chance, of the best guesser; the limit of the audit is 0.03
_LEAST: Final = 100  # questions of a kind: a standard error is four points or more below
_MOST_ROUNDS: Final = 40
_POWERS: Final = (0.25, 0.5, 1.0, 1.5, 2.0)  # of the ratio: guessers are too sure, or not enough
_PASSES: Final = 3  # with other folds, one after the other
_LUCK: Final = 0.5  # standard errors that the best of five may be above chance


def prune(qas: Sequence[SpatialQA], *, budget: float = BUDGET) -> Balanced:
    """Drop choices until nothing guesses a kind more than ``budget`` above chance.

    Free answers of kinds that have at most four of them count as choices, too. Where a kind has so
    few questions that half a standard error is more than the budget, that is allowed: dropping
    more would only drop at random.

    Balance answers and letters afterwards (``qa_gen.balance``). Apply it to one split at a time.
    What is kept does not depend on the order of ``qas``.

    Raises:
        ValueError: ``budget`` is not positive.
    """
    if not budget > 0:
        raise ValueError(f"prune: budget must be > 0 (0.01 = one point), got {budget}.")
    vocabulary = Vocabulary(qas)
    by_kind: defaultdict[QuestionKind, list[SpatialQA]] = defaultdict(list)
    for qa in qas:
        if isinstance(qa.answer, Choice | FreeText):
            by_kind[qa.kind].append(qa)
    dropped: set[str] = set()
    for of_kind in by_kind.values():
        choices = of_kind
        if not isinstance(of_kind[0].answer, Choice):
            free = as_choices(of_kind)
            choices = free.qas if free.are_few else []
        if choices:
            dropped |= _guessable(choice_table(choices, vocabulary, "prune"), budget)
    counts = Counter((qa.kind, qa.sequence_id) for qa in qas if qa.qa_id in dropped)
    return Balanced(
        kept=[qa for qa in qas if qa.qa_id not in dropped],
        dropped=[
            Skipped(*key, SkipReason.GUESSABLE, count) for key, count in sorted(counts.items())
        ],
    )


def _guessable(table: ChoiceTable, budget: float) -> set[str]:
    """Return the ids to drop from one kind."""
    if len(table) < _LEAST:
        return set()
    everything = set(table.qa_ids)
    passes = 0
    for number in range(_MOST_ROUNDS):
        drop = _round(table, budget, number)
        passes = 0 if drop.any() else passes + 1
        if passes == _PASSES:
            break
        table = table.only(~drop, f"prune {number}")
    return everything - set(table.qa_ids)


def _round(table: ChoiceTable, budget: float, number: int) -> Bool[np.ndarray, " n"]:
    """Return what to drop now; the slow guesser is asked only where the quick ones find nothing."""
    if len(set(table.fold.tolist())) == 1:
        return np.zeros(len(table), dtype=np.bool_)  # one scene: nothing can be learned elsewhere
    rates = rates_of(table)
    features = features_by_fold(table, rates)
    logistic = by_logistic(table, features)
    quick = {
        "letter": by_constant(table, rates, "letter"),
        "option": by_constant(table, rates, "option"),
        "categories": by_categories(table, rates),
        "logistic": logistic,
    }
    luck = _luck(table, number)
    drop = _thin(table, quick, softmax(logistic, table.question), luck, budget)
    if drop.any():
        return drop
    forest = by_forest(table, features)
    likely = (softmax(logistic, table.question) + softmax(forest, table.question)) / 2
    return _thin(table, {"forest": forest, **quick}, likely, luck, budget)


def _thin(
    table: ChoiceTable,
    guesses: Mapping[str, Scores],
    likely: Scores,
    luck: Float64[np.ndarray, " n"],
    budget: float,
) -> Bool[np.ndarray, " n"]:
    """Return what to drop so that the best of ``guesses`` is within the budget.

    Args:
        table: The questions.
        guesses: Scores of guessers that learned on other folds.
        likely: Probability of each option, from other folds.
        luck: A number between 0 and 1 a question.
        budget: See ``prune``.
    """
    names = sorted(guesses)
    hits = np.array([shares_right(table, guesses[name]) for name in names])
    best = names[int(hits.mean(axis=1).argmax())]
    allowed = max(budget, _LUCK * least_error(table))
    if float(hits.mean(axis=1).max()) - table.chance <= allowed:
        return np.zeros(len(table), dtype=np.bool_)
    chance = table.share[table.right]
    n_kept = np.arange(1, len(table) + 1)
    n_keep, kept_first = 0, np.arange(len(table))
    for source, power in product((likely, softmax(guesses[best], table.question)), _POWERS):
        bar = luck * (source[table.right] / chance) ** power  # kept while the threshold is above it
        order = np.argsort(bar, kind="stable")
        over = hits[:, order].cumsum(axis=1).max(axis=0) - chance[order].cumsum()
        within = np.flatnonzero(over <= allowed * n_kept)
        if len(within) and within[-1] + 1 > n_keep:
            n_keep, kept_first = int(within[-1]) + 1, order
    n_keep = min(max(n_keep, len(table) // 2), len(table) - 1)  # half at most in one round
    drop = np.zeros(len(table), dtype=np.bool_)
    drop[kept_first[n_keep:]] = True
    return drop


def _luck(table: ChoiceTable, number: int) -> Float64[np.ndarray, " n"]:
    """Draw a number for each question, from its id and the round."""
    words = [hash_of(f"{number}/{qa_id}")[:8] for qa_id in table.qa_ids]
    return np.array([int.from_bytes(word) for word in words]) / 2.0**64
