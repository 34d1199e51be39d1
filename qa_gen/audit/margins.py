"""Whether places tell the answer, and how far answers are from the next."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from qa_gen.audit.table import option_values
from qa_gen.record import Choice, MarginUnit, SpatialQA

N_BINS: Final = 10
_LEAST_EXPECTED: Final = 5.0  # of a cell, for the chi-squared distribution to hold


class MarginHistogram(NamedTuple):
    """How clear a kind's answers are.

    Attributes:
        unit: Of the edges.
        edges: One more than counts, from 0; the last bin is closed and holds all above the 95th
            percentile, too.
        counts: Questions.
    """

    unit: MarginUnit
    edges: tuple[float, ...]
    counts: tuple[int, ...]


def margin_histogram(qas: Sequence[SpatialQA]) -> MarginHistogram:
    """Count the margins of one kind's questions in ten bins of equal width."""
    margins = np.array([qa.margin for qa in qas])
    top = float(np.quantile(margins, 0.95)) or 1.0
    counts, edges = np.histogram(np.clip(margins, 0.0, top), bins=N_BINS, range=(0.0, top))
    return MarginHistogram(
        unit=qas[0].margin_unit,
        edges=tuple(float(f"{edge:.4g}") for edge in edges),
        counts=tuple(counts.tolist()),
    )


def letter_p(qas: Sequence[SpatialQA]) -> float | None:
    """Return the p-value of every letter being right equally often (chi-squared)."""
    return _uniform_p(
        [(len(qa.answer.options), qa.answer.correct) for qa in qas if isinstance(qa.answer, Choice)]
    )


def option_rank_p(qas: Sequence[SpatialQA]) -> float | None:
    """Return the p-value of the truth taking every rank among numeric options equally often.

    ``None`` where options are no numbers, or too few questions have such.
    """
    ranks = []
    for qa in qas:
        if isinstance(qa.answer, Choice):
            values = option_values([option.lower() for option in qa.answer.options])
            if values is not None and len(np.unique(values)) == len(values):
                ranks.append((len(values), int((values < values[qa.answer.correct]).sum())))
    return _uniform_p(ranks)


def answer_entropy_bits(answers: Sequence[str]) -> float:
    """Return the entropy of answers as written: 2 for four equally frequent ones."""
    n = len(answers)
    return -sum(c / n * math.log2(c / n) for c in Counter(answers).values()) + 0.0


def _uniform_p(places: Sequence[tuple[int, int]]) -> float | None:
    """Return the p-value of (number of places, place) being uniform, pooled over numbers."""
    from scipy.stats import chi2

    by_number: defaultdict[int, list[int]] = defaultdict(list)
    for number, place in places:
        by_number[number].append(place)
    statistic, freedom = 0.0, 0
    for number, taken in by_number.items():
        expected = len(taken) / number
        if expected >= _LEAST_EXPECTED and number > 1:
            counts = np.bincount(taken, minlength=number)
            statistic += float(((counts - expected) ** 2).sum() / expected)
            freedom += number - 1
    return float(chi2.sf(statistic, freedom)) if freedom else None
