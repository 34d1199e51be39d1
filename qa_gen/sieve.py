"""Enumerate, filter, sample evenly: no candidate is ever drawn twice, so it always ends."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from qa_gen.question import Check
from qa_gen.record import QuestionKind, Skipped, SkipReason


class Sieved(NamedTuple):
    """Candidates that met every condition, and the others by the first they did not."""

    kind: QuestionKind
    sequence_id: str
    kept: Int64[np.ndarray, " k"]
    skips: list[Skipped]


def sieve(kind: QuestionKind, sequence_id: str, checks: Sequence[Check]) -> Sieved:
    """Apply ``checks`` in order to all candidates of one sequence at once."""
    standing = np.ones(len(checks[0].met), dtype=np.bool_)
    skips = []
    for reason, met in checks:
        fallen = int((standing & ~met).sum())
        if fallen:
            skips.append(Skipped(kind, sequence_id, reason, fallen))
        standing &= met
    return Sieved(kind, sequence_id, kept=np.flatnonzero(standing), skips=skips)


def sample_evenly(
    sieved: Sieved, strata: Int64[np.ndarray, " k"], cap: int, rng: np.random.Generator
) -> Sieved:
    """Keep at most ``cap`` candidates, as evenly over ``strata`` as they allow.

    Takes one of each stratum, then another of each, and so on; who goes first is drawn once, so
    it always ends. The candidates stay in their order.
    """
    n = len(sieved.kept)
    if n <= cap:
        return sieved
    shuffled = rng.permutation(n)
    by_stratum = shuffled[np.argsort(strata[shuffled], kind="stable")]
    _, starts, sizes = np.unique(strata[by_stratum], return_index=True, return_counts=True)
    turn = np.empty(n, dtype=np.int64)
    turn[by_stratum] = np.arange(n) - np.repeat(starts, sizes)
    first_to_go = np.lexsort((rng.permutation(n), turn))[:cap]
    over_cap = Skipped(sieved.kind, sieved.sequence_id, SkipReason.OVER_CAP, n - cap)
    return sieved._replace(kept=sieved.kept[np.sort(first_to_go)], skips=[*sieved.skips, over_cap])
