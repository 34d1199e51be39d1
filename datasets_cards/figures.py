"""The figures of a dataset: what ``statistics.json`` holds and the card shows."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from datasets_cards.accounting import Accounting, Count
from datasets_cards.schema import FORMAT_VERSION

_QUARTILES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Five numbers of a set of finite values."""

    n: int
    low: float
    quarter: float
    median: float
    three_quarters: float
    high: float

    @staticmethod
    def of(values: Iterable[float]) -> "Spread | None":
        """Summarize the finite ones of ``values``; ``None`` if there are none."""
        finite = np.array([value for value in values if math.isfinite(value)])
        if not len(finite):
            return None
        low, quarter, median, upper, high = (float(q) for q in np.quantile(finite, _QUARTILES))
        return Spread(
            n=len(finite), low=low, quarter=quarter, median=median, three_quarters=upper, high=high
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStatistics:
    """Sizes of one split."""

    split: str
    scenes: int
    sequences: int
    frames: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStatistics:
    """How the clips of one generator did at one gate."""

    name: str
    n: int
    passed: int
    thresholds: tuple[float, ...]
    values: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorStatistics:
    """From plan to questions, for one generator.

    Attributes:
        generator: Its name; ``made_by`` has its versions.
        made_by: Values of ``provenance.made_by``.
        planned: Clips the recipe asked for, or ``None`` if the plan is not known.
        generated: Clips in the dataset.
        measured: Of these, clips whose camera was measured (poses or motion).
        asked: Of these, clips with at least one question.
        questions: Questions about them.
        lost: Why planned clips are not in the dataset.
        judged: Clips with a move requested and motion measured.
        obeyed: Of these, clips whose measured move is the requested one.
        measured_by: Who measured the motion.
        confidence: Spread of their confidence.
        gates: Gate by gate.
    """

    generator: str
    made_by: tuple[str, ...]
    planned: int | None
    generated: int
    measured: int
    asked: int
    questions: int
    lost: tuple[Count, ...]
    judged: int
    obeyed: int
    measured_by: tuple[str, ...]
    confidence: Spread | None
    gates: tuple[GateStatistics, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStatistics:
    """Clips of one requested move by generator; ``obeyed`` of the ``judged`` ones did it."""

    move: str
    judged: Mapping[str, int]
    obeyed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStatistics:
    """The questions of one kind.

    Attributes:
        kind: Value of ``QuestionKind``.
        definitions: Ids of the definitions its labels were computed by.
        questions: Number by split.
        answers: Texts of the right options, most frequent first; empty for quantities.
        letters: Letters of the right options; empty for quantities.
        commonest_quantity: Questions with the most frequent number as it is replied; 0 for choices.
        quantities: Spread of the right numbers; ``None`` for choices.
        units: Units of the quantities; empty for choices.
        margins: Spread of the margins, by their unit.
        with_sigma: Questions whose standard deviation is known.
        exact: Of these, questions for which it is 0.
        skipped: Reasons for questions not asked.
        example: The first question as a model sees it, with its answer; ``""`` if there is none.
    """

    kind: str
    definitions: tuple[str, ...]
    questions: Mapping[str, int]
    answers: tuple[Count, ...]
    letters: tuple[Count, ...]
    commonest_quantity: int
    quantities: Spread | None
    units: tuple[str, ...]
    margins: Mapping[str, Spread | None]
    with_sigma: int
    exact: int
    skipped: tuple[Count, ...]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryStatistics:
    """Objects of one category over all clips, and the questions that name one."""

    category: str
    objects: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All figures of a dataset, as in ``statistics.json``."""

    splits: tuple[SplitStatistics, ...]
    generators: tuple[GeneratorStatistics, ...]
    moves: tuple[MoveStatistics, ...]
    kinds: tuple[KindStatistics, ...]
    categories: tuple[CategoryStatistics, ...]
    image_sizes: tuple[Count, ...]
    clip_lengths: tuple[Count, ...]
    frame_rates: tuple[Count, ...]
    depth_maps: int
    accounting: Accounting
    format_version: str = FORMAT_VERSION

    def to_json(self) -> str:
        """Return the text of ``statistics.json``; equal statistics give equal text."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, allow_nan=False) + "\n"
