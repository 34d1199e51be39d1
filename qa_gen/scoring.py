"""Score replies. The published metrics are defined here."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal, assert_never

import numpy as np

from qa_gen.prompting import parse
from qa_gen.record import Answer, Choice, Quantity, QuestionKind, SpatialQA

MraVariant = Literal["code", "paper"]
Reading = Literal["lenient", "vsi_official"]
Metric = Literal["MRA", "accuracy"]

METRIC: Final[Mapping[QuestionKind, Metric]] = {
    QuestionKind.OBJECT_ABS_DISTANCE: "MRA",
    QuestionKind.OBJECT_REL_DIRECTION_EASY: "accuracy",
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM: "accuracy",
    QuestionKind.OBJECT_REL_DIRECTION_HARD: "accuracy",
    QuestionKind.OBJECT_REL_DISTANCE: "accuracy",
    QuestionKind.CAMERA_MOTION: "accuracy",
}

# The benchmark's np.linspace(0.5, 0.95, 10), bit for bit: its ninth value is not 0.9, and with
# 0.9 a reply 9 to 10 would score 0.8 instead of 0.9.
_CODE_THRESHOLDS: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95)
_PAPER_TOLERANCES: Final = tuple(Fraction(percent, 100) for percent in range(5, 55, 5))


def mra(predicted: float, truth: float, variant: MraVariant = "code") -> float:
    """Return mean relative accuracy: the share of ten error tolerances (5 % .. 50 %) that are met.

    The two definitions differ for errors of exactly a tolerance: 1.9 for 2.0 scores 1.0 by the
    benchmark's code (error <= tolerance, in floating point) and 0.9 by its paper (error <
    tolerance; here in exact decimal arithmetic, so rounding cannot decide).

    Raises:
        ValueError: ``truth`` is not positive, so relative error has no meaning.

    Source: Yang et al., Thinking in Space (2025), eq. 1; ``mean_relative_accuracy`` in
    vision-x-nyu/thinking-in-space.
    """
    if truth <= 0:
        raise ValueError(f"mra needs a truth > 0 (it divides by it), got {truth}.")
    match variant:
        case "code":
            error = abs(predicted - truth) / truth
            met = sum(error <= 1 - threshold for threshold in _CODE_THRESHOLDS)
            return met / len(_CODE_THRESHOLDS)
        case "paper":
            exact_truth = Fraction(str(truth))
            exact = abs(Fraction(str(predicted)) - exact_truth) / exact_truth
            met = sum(exact < tolerance for tolerance in _PAPER_TOLERANCES)
            return met / len(_PAPER_TOLERANCES)
        case _:
            assert_never(variant)


def score(
    reply: str, answer: Answer, *, variant: MraVariant = "code", reading: Reading = "lenient"
) -> float | None:
    """Score one reply in [0, 1], or ``None`` if it holds no answer.

    Report the share of ``None`` beside the mean. With ``reading="vsi_official"`` a reply is read
    as VSI-Bench's own code reads it (its first word only), and that code counts ``None`` as 0.
    """
    match reading:
        case "lenient":
            parsed = parse(reply, answer)
        case "vsi_official":
            parsed = _parse_official(reply, answer)
        case _:
            assert_never(reading)
    if parsed is None:
        return None
    match answer:
        case Choice(correct=correct):
            return float(parsed == correct)
        case Quantity(value=value):
            return mra(float(parsed), value, variant)
        case _:
            assert_never(answer)


def official_token(reply: str) -> str:
    """Return the part of a reply VSI-Bench's code looks at (its ``fuzzy_matching``)."""
    return reply.split(" ")[0].rstrip(".").strip()


def _parse_official(reply: str, answer: Answer) -> int | float | None:
    token = official_token(reply)
    if isinstance(answer, Choice):
        letters = [chr(ord("a") + i) for i in range(len(answer.options))]
        return letters.index(token.lower()) if token.lower() in letters else None
    try:
        number = float(token)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def chance(qas: Sequence[SpatialQA], training: Sequence[SpatialQA]) -> float:
    """Return what a guesser scores on ``qas``, all of one kind, without looking.

    Choices: the expected score of a uniform guess. Quantities: the constant with the best mean
    MRA on the answers of ``training``, scored on ``qas``.

    Raises:
        ValueError: ``qas`` is empty or mixes kinds, or quantities have no training answers.
    """
    kind = _only_kind(qas)
    if METRIC[kind] == "accuracy":
        guesses = [1 / len(qa.answer.options) for qa in qas if isinstance(qa.answer, Choice)]
        return float(np.mean(guesses))
    known = _values(qa for qa in training if qa.kind == kind)
    if not known:
        raise ValueError(f"chance of {kind} needs training answers of that kind, got none.")
    constant = max(sorted(set(known)), key=lambda guess: _mean_mra(guess, known))
    return _mean_mra(constant, _values(qas))


def frequency_prior(qas: Sequence[SpatialQA], training: Sequence[SpatialQA]) -> float:
    """Return what guessing the usually right option scores: the strongest simple blind rule.

    For each question it picks the offered option that was right most often where it was offered
    in ``training`` (ties share the score). Quantities: the same as ``chance``.

    Raises:
        ValueError: As ``chance``.
    """
    kind = _only_kind(qas)
    if METRIC[kind] == "MRA":
        return chance(qas, training)
    offered: dict[str, int] = {}
    right: dict[str, int] = {}
    for qa in training:
        if qa.kind == kind and isinstance(qa.answer, Choice):
            for option in qa.answer.options:
                offered[option] = offered.get(option, 0) + 1
            right[qa.answer.text] = right.get(qa.answer.text, 0) + 1
    scores = []
    for qa in qas:
        if isinstance(qa.answer, Choice):
            rates = [right.get(o, 0) / max(offered.get(o, 0), 1) for o in qa.answer.options]
            best = [i for i, rate in enumerate(rates) if rate == max(rates)]
            scores.append((qa.answer.correct in best) / len(best))
    return float(np.mean(scores))


def _only_kind(qas: Sequence[SpatialQA]) -> QuestionKind:
    kinds = {qa.kind for qa in qas}
    if len(kinds) != 1:
        raise ValueError(
            f"a chance level is for questions of one kind, got {sorted(kinds)}; group them first."
        )
    return kinds.pop()


def _values(qas: Iterable[SpatialQA]) -> list[float]:
    return [qa.answer.value for qa in qas if isinstance(qa.answer, Quantity)]


def _mean_mra(guess: float, truths: Sequence[float]) -> float:
    return float(np.mean([mra(guess, truth) for truth in truths]))
