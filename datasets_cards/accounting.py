"""What the rows of a dataset cannot tell: what was planned, lost and not asked, and why."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa_gen.record import Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often something occurred."""

    name: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedClips:
    """What became of one generator's plan before anything was packaged.

    Attributes:
        generator: As in the ``generator`` column: ``"renderer"``, ``"wan-t2v"``.
        planned: Clips the recipe asked for.
        lost: Reasons for clips that were not made or not kept, with their numbers.
    """

    generator: str
    planned: int
    lost: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedQuestions:
    """How many candidate questions of one kind were not asked for one reason."""

    kind: str
    reason: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """The losses of a dataset, to be published beside what is left."""

    plan: tuple[PlannedClips, ...] = ()
    skipped: tuple[SkippedQuestions, ...] = ()


def count_skipped(skipped: Iterable[Skipped]) -> tuple[SkippedQuestions, ...]:
    """Count questions not asked by kind and reason, in that order."""
    counted: Counter[tuple[str, str]] = Counter()
    for one in skipped:
        counted[one.kind.value, one.reason.value] += one.count
    return tuple(
        SkippedQuestions(kind=kind, reason=reason, n=n)
        for (kind, reason), n in sorted(counted.items())
    )


def counts(tally: Mapping[str, int]) -> tuple[Count, ...]:
    """Return a tally with the most frequent first, equal ones by name."""
    ordered = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name=name, n=n) for name, n in ordered)


def read_accounting(path: Path) -> Accounting:
    """Return the accounting part of a ``statistics.json``.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["accounting"]
        return Accounting(
            plan=tuple(
                PlannedClips(
                    generator=one["generator"],
                    planned=one["planned"],
                    lost=tuple(Count(**lost) for lost in one["lost"]),
                )
                for one in found["plan"]
            ),
            skipped=tuple(SkippedQuestions(**one) for one in found["skipped"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{path} is damaged or was not written by this package: {error}"
        ) from error
