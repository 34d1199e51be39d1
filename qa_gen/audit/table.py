"""The multiple-choice questions of one kind as arrays: one row for each option of each question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy import sparse

from qa_gen.audit.blind import Blind, Vocabulary, read_all
from qa_gen.audit.clues import FAMILIES, clues_of
from qa_gen.audit.folds import fold_of_scenes, hash_of
from qa_gen.record import Choice, SpatialQA

N_FOLDS: Final = 5
N_NUMBERS: Final = 4  # of a question, looked at one by one


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceTable:
    """Questions of one kind, without their answers but for ``right``.

    Attributes:
        qa_ids: Of the questions, in the order of their hashes: ties are broken by it.
        scenes: Scene id of each question.
        fold: Number of each question's fold.
        question: Which question each row belongs to; rows of a question follow each other.
        share: 1 / number of options, per row: what chance gives it.
        right: Whether the row is the right option. The only thing here that knows the answer.
        clues: 1 where a row has a clue.
        family: Index into ``FAMILIES`` of each clue.
        numbers: What is better left a number: rank and size among numeric options, numbers of the
            question, place of the points an option names; NaN-free.
    """

    qa_ids: tuple[str, ...]
    scenes: tuple[str, ...]
    fold: Int64[np.ndarray, " n"]
    question: Int64[np.ndarray, " r"]
    share: Float64[np.ndarray, " r"]
    right: Bool[np.ndarray, " r"]
    clues: sparse.csr_array
    family: Int64[np.ndarray, " c"]
    numbers: Float64[np.ndarray, "r d"]

    def __len__(self) -> int:
        return len(self.qa_ids)

    @property
    def chance(self) -> float:
        """The expected share right of a uniform guess."""
        return float(self.share[self.right].mean())

    def of_rows(self, per_question: np.ndarray) -> np.ndarray:
        """Spread one value a question over its rows."""
        spread: np.ndarray = per_question[self.question]
        return spread

    def only(self, keep: Bool[np.ndarray, " n"], purpose: str) -> "ChoiceTable":
        """Return some of the questions, dealt to folds anew."""
        rows = self.of_rows(keep)
        number = np.cumsum(keep) - 1
        scenes = tuple(scene for scene, kept in zip(self.scenes, keep, strict=True) if kept)
        return ChoiceTable(
            qa_ids=tuple(qa_id for qa_id, kept in zip(self.qa_ids, keep, strict=True) if kept),
            scenes=scenes,
            fold=fold_of_scenes(scenes, N_FOLDS, purpose),
            question=number[self.question[rows]],
            share=self.share[rows],
            right=self.right[rows],
            clues=self.clues[rows],
            family=self.family,
            numbers=self.numbers[rows],
        )


def choice_table(
    qas: Sequence[SpatialQA], vocabulary: Vocabulary, purpose: str, n_folds: int = N_FOLDS
) -> ChoiceTable:
    """Lay out the choice questions of one kind; the order they come in does not matter."""
    ordered = sorted(qas, key=lambda qa: hash_of(qa.qa_id))
    blinds = read_all(ordered, vocabulary)
    sizes = np.array([len(blind.options) for blind in blinds], dtype=np.int64)
    scenes = [qa.scene_id for qa in ordered]
    question = np.repeat(np.arange(len(ordered)), sizes)
    starts = np.cumsum(sizes) - sizes
    right = np.zeros(len(question), dtype=np.bool_)
    right[starts + [_correct(qa) for qa in ordered]] = True
    clues, family = _incidence(blinds)
    return ChoiceTable(
        qa_ids=tuple(qa.qa_id for qa in ordered),
        scenes=tuple(scenes),
        fold=fold_of_scenes(scenes, n_folds, purpose),
        question=question,
        share=1.0 / sizes[question],
        right=right,
        clues=clues,
        family=family,
        numbers=np.concatenate([_numbers(blind) for blind in blinds]),
    )


def _correct(qa: SpatialQA) -> int:
    if not isinstance(qa.answer, Choice):
        raise TypeError(f"{qa.qa_id} is no choice; lay out choice questions only.")
    return qa.answer.correct


def _incidence(blinds: Sequence[Blind]) -> tuple[sparse.csr_array, Int64[np.ndarray, " c"]]:
    place: dict[tuple[str, str], int] = {}
    columns: list[int] = []
    ends = [0]
    for blind in blinds:
        for which in range(len(blind.options)):
            columns += [place.setdefault(clue, len(place)) for clue in clues_of(blind, which)]
            ends.append(len(columns))
    matrix = sparse.csr_array(
        (np.ones(len(columns)), np.array(columns, dtype=np.int64), np.array(ends)),
        shape=(len(ends) - 1, len(place)),
    )
    family = np.array([FAMILIES.index(name) for name, _ in place], dtype=np.int64)
    return matrix, family


def _numbers(blind: Blind) -> Float64[np.ndarray, "k d"]:
    """Return the numeric features of each option of one question."""
    n = len(blind.options)
    values = option_values(blind.options)
    rows = np.zeros((n, 3 + N_NUMBERS + 4))
    rows[:, 0] = np.arange(n)
    if values is not None:
        rows[:, 1] = np.argsort(np.argsort(values)) - (n - 1) / 2
        size = np.log(np.maximum(np.abs(values), 1e-3))
        rows[:, 2] = size
    rows[:, 3 : 3 + min(len(blind.numbers), N_NUMBERS)] = blind.numbers[:N_NUMBERS]
    points = np.array(list(blind.points.values()), dtype=np.float64).reshape(-1, 2)
    for i, option in enumerate(blind.options):
        named = [blind.points[word] for word in option.split() if word in blind.points]
        if named:
            rows[i, -4:-2] = named[0]
            rows[i, -2:] = named[0] - points.mean(axis=0)
    return rows


def option_values(options: Sequence[str]) -> Float64[np.ndarray, " k"] | None:
    """Return the numbers that options are, ``None`` unless each starts with one."""
    values = []
    for option in options:
        head = option.split(" ")[0]
        try:
            values.append(float(head))
        except ValueError:
            return None
    return np.array(values)
