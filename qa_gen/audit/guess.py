"""Guess answers from text alone, out of fold: constants, priors of categories, two models.

Each guesser returns one score a row (option of a question), learned on the other folds only. A
question counts as right by the share of its best-scored rows that is right: ties are honest
guesses.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy import sparse
from scipy.optimize import minimize

from qa_gen.audit.clues import FAMILIES
from qa_gen.audit.table import ChoiceTable

_PRIOR: Final = 2.0  # expected right answers that a rate is shrunk by
_RIDGE: Final = 0.01
_N_TREES: Final = 50
_LEAST_LEAF: Final = 8  # rows
_SHARE_A_TREE: Final = 0.5  # of the rows
_TINY: Final = 1e-9

Scores = Float64[np.ndarray, " r"]


class Rates(NamedTuple):
    """How often rows with a clue were right, against chance, in each fold."""

    right: Float64[np.ndarray, "f c"]
    expected: Float64[np.ndarray, "f c"]

    def lift(self, without: tuple[int, ...]) -> Float64[np.ndarray, " c"]:
        """Return the logarithm of right over expected, shrunk, but for some folds."""
        keep = [f for f in range(len(self.right)) if f not in without]
        lift: Float64[np.ndarray, " c"] = np.log(
            (self.right[keep].sum(axis=0) + _PRIOR) / (self.expected[keep].sum(axis=0) + _PRIOR)
        )
        return lift


def rates_of(table: ChoiceTable) -> Rates:
    """Count over all folds."""
    n_folds = int(table.fold.max()) + 1
    fold = table.of_rows(table.fold)
    right, expected = [], []
    for f in range(n_folds):
        inside = fold == f
        right.append(table.clues.T @ (inside & table.right).astype(np.float64))
        expected.append(table.clues.T @ (inside * table.share))
    return Rates(np.array(right), np.array(expected))


def by_constant(table: ChoiceTable, rates: Rates, family: str) -> Scores:
    """Score each row by how often its clue of one family was right elsewhere."""
    return _by_lift(table, rates, (family,))


def by_categories(table: ChoiceTable, rates: Rates) -> Scores:
    """Score each row by the option itself and by all that the categories named say about it."""
    return _by_lift(
        table, rates, ("option", "parts", "before", "rival", "slot", "mention", "pair", "all")
    )


def _by_lift(table: ChoiceTable, rates: Rates, families: tuple[str, ...]) -> Scores:
    wanted = np.isin(table.family, [FAMILIES.index(name) for name in families])
    scores = np.zeros(len(table.right))
    fold = table.of_rows(table.fold)
    for f in range(len(rates.right)):
        held_out = fold == f
        scores[held_out] = table.clues[held_out] @ (rates.lift((f,)) * wanted)
    return scores


def model_features(table: ChoiceTable, rates: Rates, held_out: int) -> Float64[np.ndarray, "r d"]:
    """Return what models see: lifts summed by family, and numbers.

    Lifts of a row in a training fold are counted without its own fold and without the held-out
    one, so that they are as wrong there as on questions that were never seen.
    """
    features = np.zeros((len(table.right), len(FAMILIES)))
    fold = table.of_rows(table.fold)
    for f in range(len(rates.right)):
        inside = fold == f
        lift = rates.lift((f, held_out))
        by_family = sparse.csr_array(
            (lift, (np.arange(len(lift)), table.family)), shape=(len(lift), len(FAMILIES))
        )
        features[inside] = (table.clues[inside] @ by_family).toarray()
    used = np.unique(table.family)
    return np.concatenate([features[:, used], table.numbers], axis=1)


def features_by_fold(table: ChoiceTable, rates: Rates) -> dict[int, Float64[np.ndarray, "r d"]]:
    """Return ``model_features`` for each held-out fold, less their mean over the options."""
    features = {}
    for f in np.unique(table.fold).tolist():
        of_fold = model_features(table, rates, f)
        features[f] = of_fold - _mean_of_question(table, of_fold)
    return features


def by_logistic(table: ChoiceTable, features: Mapping[int, Float64[np.ndarray, "r d"]]) -> Scores:
    """Score rows by a conditional logit, see ``fit_choices``."""
    n_lifts = len(np.unique(table.family))
    fold = table.of_rows(table.fold)
    scores = np.zeros(len(fold))
    for f, centered in features.items():
        seen, held_out = fold != f, fold == f
        if seen.any():
            scaled = centered / (centered[seen].std(axis=0) + _TINY)
            weights = fit_choices(table, seen, scaled, n_lifts)
            scores[held_out] = scaled[held_out] @ weights
    return scores


def by_forest(table: ChoiceTable, features: Mapping[int, Float64[np.ndarray, "r d"]]) -> Scores:
    """Score rows by a random forest that may only take a higher lift as speaking for an option."""
    from sklearn.ensemble import RandomForestClassifier  # slow to import

    n_lifts = len(np.unique(table.family))
    fold = table.of_rows(table.fold)
    scores = np.zeros(len(fold))
    for f, centered in features.items():
        seen, held_out = fold != f, fold == f
        if not seen.any():
            continue
        inputs = np.concatenate([centered, table.numbers], axis=1).astype(np.float32)
        forest = RandomForestClassifier(
            _N_TREES,
            min_samples_leaf=_LEAST_LEAF,
            max_samples=max(1, int(_SHARE_A_TREE * seen.sum())),
            monotonic_cst=[1] * n_lifts + [0] * (inputs.shape[1] - n_lifts),
            random_state=0,
            n_jobs=1,  # its threads would overwrite each other's warning filters, and ours
        )
        forest.fit(inputs[seen], table.right[seen])
        scores[held_out] = np.log(forest.predict_proba(inputs[held_out])[:, 1] + _TINY)
    return scores


def fit_choices(
    table: ChoiceTable,
    seen: Bool[np.ndarray, " r"],
    features: Float64[np.ndarray, "r d"],
    n_lifts: int,
) -> Float64[np.ndarray, " d"]:
    """Fit a conditional logit (McFadden): the options of a question compete.

    A lift may only speak for an option, never against it. In a set that was balanced as a whole,
    what is rare in four folds is frequent in the fifth: a model free to turn the sign around would
    read the held-out answers off the balance itself.
    """
    _, question = np.unique(table.question[seen], return_inverse=True)
    inputs, right = features[seen], table.right[seen]
    n = int(right.sum())

    def loss(weights: Float64[np.ndarray, " d"]) -> tuple[float, Float64[np.ndarray, " d"]]:
        p = softmax(inputs @ weights, question)
        gradient = inputs.T @ (p - right) / n + _RIDGE * weights
        value = -np.log(p[right]).mean() + _RIDGE / 2 * weights @ weights
        return float(value), gradient

    bounds = [(0.0, None)] * n_lifts + [(None, None)] * (features.shape[1] - n_lifts)
    found = minimize(
        loss,
        np.zeros(features.shape[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 60},
    )
    weights: Float64[np.ndarray, " d"] = found.x
    return weights


def softmax(scores: Scores, question: Int64[np.ndarray, " r"]) -> Scores:
    """Return the probabilities that scores give the options of each question."""
    n = int(question.max()) + 1
    top = np.full(n, -np.inf)
    np.maximum.at(top, question, scores)
    raised = np.exp(scores - top[question])
    probability: Scores = raised / np.bincount(question, raised, minlength=n)[question]
    return probability


def _mean_of_question(
    table: ChoiceTable, features: Float64[np.ndarray, "r d"]
) -> Float64[np.ndarray, "r d"]:
    sums = np.zeros((len(table), features.shape[1]))
    np.add.at(sums, table.question, features * table.share[:, None])
    mean: Float64[np.ndarray, "r d"] = sums[table.question]
    return mean


def shares_right(table: ChoiceTable, scores: Scores) -> Float64[np.ndarray, " n"]:
    """Return for each question the share of its best-scored options that is right."""
    best = np.full(len(table), -np.inf)
    np.maximum.at(best, table.question, scores)
    top = scores >= best[table.question] - 1e-12
    n_top = np.bincount(table.question[top], minlength=len(table))
    hit: Float64[np.ndarray, " n"] = (
        np.bincount(table.question[top & table.right], minlength=len(table)) / n_top
    )
    return hit
