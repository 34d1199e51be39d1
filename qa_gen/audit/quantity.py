"""Guess numbers from text alone, out of fold, and score the guesses by mean relative accuracy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy import sparse

from qa_gen.audit.blind import Blind, Vocabulary, read_all
from qa_gen.audit.clues import FAMILIES, clues_of_text
from qa_gen.audit.folds import fold_of_scenes, hash_of
from qa_gen.audit.table import N_FOLDS, N_NUMBERS
from qa_gen.record import Quantity, SpatialQA

_TOLERANCES: Final = np.arange(5, 55, 5) / 100
_PRIOR: Final = 3.0  # questions that the mean of a clue is shrunk by
_MOST_GUESSES: Final = 200  # constants that are tried
_N_TREES: Final = 50
_LEAST_LEAF: Final = 5
_SHARE_A_TREE: Final = 0.5
_LEAST_VALUE: Final = 1e-3
_TINY: Final = 1e-12

Values = Float64[np.ndarray, " n"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantityTable:
    """Numeric questions of one kind.

    Attributes:
        qa_ids: Of the questions, in the order of their hashes: ties are broken by it.
        scenes: Scene id of each.
        fold: Number of each one's fold.
        truth: The answers. The only thing here that knows them.
        group: Number of the categories named, all together and in their order.
        clues: 1 where a question has a clue.
        family: Index into ``FAMILIES`` of each clue.
        numbers: Numbers in the text.
    """

    qa_ids: tuple[str, ...]
    scenes: tuple[str, ...]
    fold: Int64[np.ndarray, " n"]
    truth: Values
    group: Int64[np.ndarray, " n"]
    clues: sparse.csr_array
    family: Int64[np.ndarray, " c"]
    numbers: Float64[np.ndarray, "n d"]

    def __len__(self) -> int:
        return len(self.qa_ids)

    def only(self, keep: Bool[np.ndarray, " n"], purpose: str) -> "QuantityTable":
        """Return some of the questions, dealt to folds anew."""
        scenes = tuple(scene for scene, kept in zip(self.scenes, keep, strict=True) if kept)
        return QuantityTable(
            qa_ids=tuple(qa_id for qa_id, kept in zip(self.qa_ids, keep, strict=True) if kept),
            scenes=scenes,
            fold=fold_of_scenes(scenes, N_FOLDS, purpose),
            truth=self.truth[keep],
            group=self.group[keep],
            clues=self.clues[keep],
            family=self.family,
            numbers=self.numbers[keep],
        )


def quantity_table(qas: Sequence[SpatialQA], vocabulary: Vocabulary, purpose: str) -> QuantityTable:
    """Lay out the numeric questions of one kind; the order they come in does not matter."""
    ordered = sorted(qas, key=lambda qa: hash_of(qa.qa_id))
    blinds = read_all(ordered, vocabulary)
    scenes = tuple(qa.scene_id for qa in ordered)
    place: dict[tuple[str, str], int] = {}
    columns: list[int] = []
    ends = [0]
    for blind in blinds:
        columns += [place.setdefault(clue, len(place)) for clue in clues_of_text(blind)]
        ends.append(len(columns))
    groups = [",".join(sorted(blind.mentions)) for blind in blinds]
    return QuantityTable(
        qa_ids=tuple(qa.qa_id for qa in ordered),
        scenes=scenes,
        fold=fold_of_scenes(scenes, N_FOLDS, purpose),
        truth=np.array([_value(qa) for qa in ordered], dtype=np.float64),
        group=np.unique(groups, return_inverse=True)[1].astype(np.int64),
        clues=sparse.csr_array(
            (np.ones(len(columns)), np.array(columns, dtype=np.int64), np.array(ends)),
            shape=(len(blinds), len(place)),
        ),
        family=np.array([FAMILIES.index(name) for name, _ in place], dtype=np.int64),
        numbers=np.array([_numbers(blind) for blind in blinds]),
    )


def _value(qa: SpatialQA) -> float:
    if not isinstance(qa.answer, Quantity):
        raise TypeError(f"{qa.qa_id} is no quantity; lay out numeric questions only.")
    return qa.answer.value


def _numbers(blind: Blind) -> list[float]:
    points = [float(value) for point in blind.points.values() for value in point]
    given = [*blind.numbers[:N_NUMBERS], *points][:N_NUMBERS]
    return [*given, *[0.0] * (N_NUMBERS - len(given)), float(blind.template == "canonical")]


def mra_of(guess: Values, truth: Values) -> Values:
    """Return each guess's mean relative accuracy; a truth of 0 has to be met exactly."""
    error = np.abs(guess - truth)[:, None] <= np.abs(truth)[:, None] * _TOLERANCES + 1e-12
    score: Values = error.mean(axis=1)
    return score


def best_constant(truth: Values) -> float:
    """Return the guess with the best mean relative accuracy on ``truth``."""
    ordered = np.sort(truth)
    tried = np.unique(np.quantile(ordered, np.linspace(0, 1, _MOST_GUESSES), method="nearest"))
    # |guess - truth| <= tolerance * truth: the truths from guess / (1 + t) to guess / (1 - t).
    lowest = tried[:, None] / (1 + _TOLERANCES)
    highest = tried[:, None] / (1 - _TOLERANCES)
    met = np.searchsorted(ordered, highest * (1 + _TINY), side="right") - np.searchsorted(
        ordered, lowest * (1 - _TINY), side="left"
    )
    return float(tried[int(np.argmax(met.sum(axis=1)))])


def by_constant(table: QuantityTable) -> Values:
    """Guess the constant that is best on the other folds."""
    guesses = np.ones(len(table))
    for f in np.unique(table.fold).tolist():
        seen = table.fold != f
        if seen.any():
            guesses[~seen] = best_constant(table.truth[seen])
    return guesses


def by_category_median(table: QuantityTable) -> Values:
    """Guess the median of the same categories on the other folds, else the best constant."""
    guesses = by_constant(table)
    for f in np.unique(table.fold).tolist():
        seen = table.fold != f
        if not seen.any():
            continue
        order = np.argsort(table.group[seen], kind="stable")
        groups, starts = np.unique(table.group[seen][order], return_index=True)
        parts = np.split(table.truth[seen][order], starts[1:])
        medians = {
            int(group): float(np.median(part)) for group, part in zip(groups, parts, strict=True)
        }
        for i in np.flatnonzero(~seen).tolist():
            guesses[i] = medians.get(int(table.group[i]), guesses[i])
    return guesses


def by_forest(table: QuantityTable) -> Values:
    """Guess with a random forest on the logarithm, from the usual values of all clues."""
    from sklearn.ensemble import RandomForestRegressor  # slow to import

    logs = np.log(np.maximum(table.truth, _LEAST_VALUE))
    guesses = np.ones(len(table))
    for f in np.unique(table.fold).tolist():
        seen = table.fold != f
        if not seen.any():
            continue
        features = _usual_values(table, logs, f)
        forest = RandomForestRegressor(
            _N_TREES,
            min_samples_leaf=_LEAST_LEAF,
            max_samples=max(1, int(_SHARE_A_TREE * seen.sum())),
            max_features=0.5,
            random_state=0,
            n_jobs=1,  # its threads would overwrite each other's warning filters, and ours
        )
        forest.fit(features[seen], logs[seen])
        guesses[~seen] = np.exp(forest.predict(features[~seen]))
    return guesses


def _usual_values(table: QuantityTable, logs: Values, held_out: int) -> Float64[np.ndarray, "n d"]:
    """Return the mean logarithm elsewhere of each clue, averaged by family, and numbers."""
    n_folds = int(table.fold.max()) + 1
    used = np.unique(table.family)
    of_family = (table.family[:, None] == used).astype(np.float64)
    n_clues = table.clues @ of_family
    features = np.zeros((len(table), len(used)))
    for f in range(n_folds):
        inside = table.fold == f
        known = (table.fold != f) & (table.fold != held_out)
        if not inside.any() or not known.any():
            continue
        mean = float(logs[known].mean())
        total = table.clues.T @ np.where(known, logs - mean, 0.0)
        count = table.clues.T @ known.astype(np.float64)
        usual = (total / (count + _PRIOR))[:, None] * of_family
        features[inside] = (table.clues[inside] @ usual) / np.maximum(n_clues[inside], 1)
    return np.concatenate([features, table.numbers], axis=1)


class BlindMra(NamedTuple):
    """Mean relative accuracy of guesses out of fold."""

    constant: float
    category: float
    forest: float


def best_blind_mra(table: QuantityTable) -> BlindMra:
    """Return what each guesser earns."""
    return BlindMra(
        *(
            float(mra_of(guess(table), table.truth).mean())
            for guess in (by_constant, by_category_median, by_forest)
        )
    )
