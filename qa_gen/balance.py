"""Even out answers over a split, so that guessing without looking gains nothing.

Letters are balanced when options are arranged; that is not enough, since "front-left" may still
be right more often than "back-right" whatever its letter. Here no answer, and no letter, may be
right much more often than where it is offered would predict. Questions are dropped, in the order
of a hash of their ids: no state, no seed, and adding scenes does not reshuffle the old ones.
Numeric answers are left as they are; ``qa_gen.scoring.chance`` says what the best constant gets.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from qa_gen.record import Choice, QuestionKind, Skipped, SkipReason, SpatialQA


class _Key(NamedTuple):
    """Something that can be right too often."""

    what: Literal["answer", "letter"]
    text: str


class Balanced(NamedTuple):
    """What is kept, in the order it came, and what was dropped, by sequence and reason."""

    kept: list[SpatialQA]
    dropped: list[Skipped]


class AnswerShare(NamedTuple):
    """How often an answer is right where it is offered. For the dataset card."""

    kind: QuestionKind
    answer: str
    right: int
    offered: int


def balance(qas: Sequence[SpatialQA], *, max_lift: float = 1.1) -> Balanced:
    """Drop questions until no answer is right more than ``max_lift`` times its share by chance.

    Where k options are offered, chance is 1/k; an answer offered n times may be right
    ``ceil(max_lift * n / k)`` times. Apply it to one split at a time.

    Raises:
        ValueError: ``max_lift`` is below 1, which no data set could meet.
    """
    if max_lift < 1:
        raise ValueError(f"balance: max_lift must be >= 1 (1 = exactly even), got {max_lift}.")
    reasons: dict[str, SkipReason] = {}
    by_kind: defaultdict[QuestionKind, list[SpatialQA]] = defaultdict(list)
    for qa in qas:
        if isinstance(qa.answer, Choice):
            by_kind[qa.kind].append(qa)
    for of_kind in by_kind.values():
        reasons |= _to_drop(of_kind, max_lift)
    kept = [qa for qa in qas if qa.qa_id not in reasons]
    counts = Counter(
        (qa.kind, qa.sequence_id, reasons[qa.qa_id]) for qa in qas if qa.qa_id in reasons
    )
    dropped = [Skipped(*key, count) for key, count in sorted(counts.items())]
    return Balanced(kept=kept, dropped=dropped)


def answer_shares(qas: Iterable[SpatialQA]) -> list[AnswerShare]:
    """Count, for each kind and answer text, how often it is offered and how often right."""
    offered: Counter[tuple[QuestionKind, str]] = Counter()
    right: Counter[tuple[QuestionKind, str]] = Counter()
    for qa in qas:
        if isinstance(qa.answer, Choice):
            offered.update((qa.kind, option) for option in qa.answer.options)
            right[qa.kind, qa.answer.text] += 1
    return [AnswerShare(*key, right[key], offered[key]) for key in sorted(offered)]


def _to_drop(qas: Sequence[SpatialQA], max_lift: float) -> dict[str, SkipReason]:
    """Return the ids to drop from one kind's questions, with the reasons."""
    remaining = {qa.qa_id: qa for qa in sorted(qas, key=_hash_order)}
    right: Counter[_Key] = Counter()
    expected: defaultdict[_Key, float] = defaultdict(float)
    queues: defaultdict[_Key, list[str]] = defaultdict(list)  # the last goes first
    for qa in remaining.values():
        _count(qa, right, expected, +1)
        for key in _right_keys(qa):
            queues[key].append(qa.qa_id)
    reasons: dict[str, SkipReason] = {}
    while True:
        excess = {
            key: n - math.ceil(max_lift * expected[key] - 1e-9) for key, n in right.items() if n
        }
        worst = max(sorted(excess), key=lambda key: excess[key], default=None)
        if worst is None or excess[worst] <= 0:
            return reasons
        while queues[worst][-1] in reasons:
            queues[worst].pop()
        qa_id = queues[worst].pop()
        reasons[qa_id] = (
            SkipReason.ANSWER_TOO_FREQUENT
            if worst.what == "answer"
            else SkipReason.LETTER_TOO_FREQUENT
        )
        _count(remaining[qa_id], right, expected, -1)


def _count(
    qa: SpatialQA, right: Counter[_Key], expected: defaultdict[_Key, float], sign: int
) -> None:
    """Add one question to the tallies, or take it out."""
    if not isinstance(qa.answer, Choice):
        return
    options = qa.answer.options
    for i, option in enumerate(options):
        expected[_Key("answer", option)] += sign / len(options)
        expected[_Key("letter", chr(ord("A") + i))] += sign / len(options)
    for key in _right_keys(qa):
        right[key] += sign


def _right_keys(qa: SpatialQA) -> list[_Key]:
    if not isinstance(qa.answer, Choice):
        return []
    return [_Key("answer", qa.answer.text), _Key("letter", qa.answer.letter)]


def _hash_order(qa: SpatialQA) -> str:
    return hashlib.sha256(qa.qa_id.encode()).hexdigest()
