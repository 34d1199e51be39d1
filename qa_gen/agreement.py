"""How far our answers to VSI-Bench's questions agree with the official ones, by question type."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qa_gen.answers import Answer, Choice, Quantity
from qa_gen.benchmarks.vsi_bench import KINDS, NUMERIC, OfficialQuestion
from qa_gen.record import QuestionKind
from qa_gen.relabel import Distance, Unanswered, relabel
from qa_gen.scenes.annotated import AnnotatedScene
from qa_gen.scoring import mra

NEAR: Final = 0.1  # "within 0.1 m"
_ROUNDING: Final = 1e-9  # 1.3 - 1.2 is a little more than 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What became of the questions of one type.

    Attributes:
        kind: The type.
        n: How many were answered.
        skipped: How many were not, by reason.
        agree: Share of answers equal to the official one; ``None`` where none was given.
        near: Share of numbers within 0.1 of the official one, in its unit; ``None`` for options.
        mra: Mean relative accuracy of numbers against the official ones; ``None`` for options.
    """

    kind: QuestionKind
    n: int
    skipped: Mapping[Unanswered, int]
    agree: float | None
    near: float | None
    mra: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "n": self.n,
            "skipped": {str(reason): count for reason, count in sorted(self.skipped.items())},
            "agree": self.agree,
            "within_0.1": self.near,
            "mra": self.mra,
        }


def measure_agreement(
    questions: Iterable[OfficialQuestion],
    scenes: Iterable[AnnotatedScene],
    distance: Distance = "vsi_official",
) -> list[Agreement]:
    """Answer every question from its scene, and compare; types in VSI-Bench's order.

    Types of which there is no question are left out.
    """
    by_id = {scene.geometry.scene_id: scene for scene in scenes}
    answered: defaultdict[QuestionKind, list[tuple[Answer, Answer]]] = defaultdict(list)
    skipped: defaultdict[QuestionKind, Counter[Unanswered]] = defaultdict(Counter)
    for question in questions:
        scene = by_id.get(question.scene_id)
        ours = (
            Unanswered.SCENE_NOT_IN_METADATA
            if scene is None
            else relabel(question, scene, distance)
        )
        if isinstance(ours, Unanswered):
            skipped[question.kind][ours] += 1
        else:
            answered[question.kind].append((ours, question.answer))
    return [
        _compare(kind, answered[kind], skipped[kind])
        for kind in KINDS
        if answered[kind] or skipped[kind]
    ]


def _compare(
    kind: QuestionKind, pairs: Sequence[tuple[Answer, Answer]], skipped: Mapping[Unanswered, int]
) -> Agreement:
    numbers = [
        (ours.value, official.value)
        for ours, official in pairs
        if isinstance(ours, Quantity) and isinstance(official, Quantity)
    ]
    same = [_same(ours, official) for ours, official in pairs]
    near = [abs(ours - official) <= NEAR + _ROUNDING for ours, official in numbers]
    relative = [
        mra(ours, official) if official > 0 else float(ours == official)
        for ours, official in numbers
    ]
    return Agreement(
        kind=kind,
        n=len(pairs),
        skipped=dict(skipped),
        agree=_mean(same),
        near=_mean(near) if kind in NUMERIC else None,
        mra=_mean(relative) if kind in NUMERIC else None,
    )


def _same(ours: Answer, official: Answer) -> bool:
    match ours, official:
        case Choice(correct=a), Choice(correct=b):
            return a == b
        case Quantity(value=a, decimals=decimals), Quantity(value=b):
            return round(a, decimals) == round(b, decimals)
        case _:
            return False


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
