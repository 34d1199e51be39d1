"""Drop numeric questions until guessing the usual number earns a stated share less.

Sizes of chairs are alike, and so are distances in rooms; a guesser who knows that earns a good
part of the mean relative accuracy. Here the questions whose answer lies closest to what the best
constant and the median of the named categories say are dropped first, in small rounds, since what
is usual changes with every round.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from qa_gen.audit.blind import Vocabulary
from qa_gen.audit.quantity import (
    QuantityTable,
    Values,
    by_category_median,
    by_constant,
    mra_of,
    quantity_table,
)
from qa_gen.balance import Balanced
from qa_gen.record import Quantity, QuestionKind, Skipped, SkipReason, SpatialQA

REDUCTION: Final = 0.2  # of the mean relative accuracy of the best blind guess
LEAST_KEPT: Final = 0.5  # of a kind's questions
_SHARE_A_ROUND: Final = 0.04
_LEAST_QUESTIONS: Final = 50  # of a kind: what is usual among fewer is luck


class _Guessed(NamedTuple):
    constant: Values
    category: Values

    @property
    def best(self) -> float:
        return max(float(self.constant.mean()), float(self.category.mean()))


def flatten(
    qas: Sequence[SpatialQA], *, reduction: float = REDUCTION, least_kept: float = LEAST_KEPT
) -> Balanced:
    """Drop numeric questions until the best blind guess earns ``reduction`` less than before.

    Stops earlier where fewer than ``least_kept`` of a kind's questions would be left; kinds of
    fewer than 50 are left alone. Apply it to one split at a time. What is kept does not depend on
    the order of ``qas``.

    Raises:
        ValueError: A share is not between 0 and 1.
    """
    if not (0 <= reduction < 1 and 0 < least_kept <= 1):
        raise ValueError(
            "flatten needs 0 <= reduction < 1 and 0 < least_kept <= 1, got "
            f"{reduction} and {least_kept}."
        )
    vocabulary = Vocabulary(qas)
    by_kind: defaultdict[QuestionKind, list[SpatialQA]] = defaultdict(list)
    for qa in qas:
        if isinstance(qa.answer, Quantity):
            by_kind[qa.kind].append(qa)
    dropped: set[str] = set()
    for of_kind in by_kind.values():
        table = quantity_table(of_kind, vocabulary, "flatten")
        if len(table) >= _LEAST_QUESTIONS:
            dropped |= _usual(table, reduction, least_kept)
    counts = Counter((qa.kind, qa.sequence_id) for qa in qas if qa.qa_id in dropped)
    return Balanced(
        kept=[qa for qa in qas if qa.qa_id not in dropped],
        dropped=[
            Skipped(*key, SkipReason.GUESSABLE, count) for key, count in sorted(counts.items())
        ],
    )


def _usual(table: QuantityTable, reduction: float, least_kept: float) -> set[str]:
    """Return the ids to drop from one kind."""
    everything = set(table.qa_ids)
    least = int(np.ceil(least_kept * len(table)))
    guessed = _guess(table)
    wanted = (1 - reduction) * guessed.best
    number = 0
    while guessed.best > wanted and len(table) > least:
        n_drop = min(max(1, int(_SHARE_A_ROUND * len(table))), len(table) - least)
        # The better guess counts in full, so that neither is left behind.
        sure = np.maximum(guessed.constant, guessed.category) + guessed.constant / 10
        keep = np.ones(len(table), dtype=np.bool_)
        keep[np.argsort(-sure, kind="stable")[:n_drop]] = False
        number += 1
        table = table.only(keep, f"flatten {number}")
        guessed = _guess(table)
    return everything - set(table.qa_ids)


def _guess(table: QuantityTable) -> _Guessed:
    return _Guessed(
        constant=mra_of(by_constant(table), table.truth),
        category=mra_of(by_category_median(table), table.truth),
    )
