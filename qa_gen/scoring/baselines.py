"""What guessing earns, without a look at the scene."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import factorial
from typing import assert_never

import numpy as np

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.question import AnswerType
from qa_gen.record import QuestionKind, SpatialQA
from qa_gen.scoring.relative_accuracy import mra
from qa_gen.scoring.words import clean_answer, exact_match


def chance(qas: Sequence[SpatialQA], training: Sequence[SpatialQA]) -> float:
    """Return what a guesser scores on ``qas``, all of one kind, without looking.

    Choices and orders: the expected score of a uniform guess. Quantities: the constant with the
    best mean MRA on the answers of ``training``, scored on ``qas``. Words: the most frequent
    answer of ``training``. Boxes: 0, because no fixed box is a guess at random.

    Raises:
        ValueError: ``qas`` is empty or mixes kinds or answer types, or quantities or words have
            no training answers.
    """
    kind = _only_kind(qas)
    answers, known = [qa.answer for qa in qas], [qa.answer for qa in training if qa.kind == kind]
    match _only_type(answers):
        case "choice":
            return float(np.mean([1 / len(choice.options) for choice in _choices(answers)]))
        case "order":
            lengths = [len(a.items) for a in answers if isinstance(a, Order)]
            return float(np.mean([1 / factorial(length) for length in lengths]))
        case "quantity":
            return _best_constant(_values(answers), _values(known), kind)
        case "text":
            return _commonest_text(answers, known, kind)
        case "box":
            return 0.0


def frequency_prior(qas: Sequence[SpatialQA], training: Sequence[SpatialQA]) -> float:
    """Return what guessing the usually right option scores: the strongest simple blind rule.

    For each question it picks the offered option that was right most often where it was offered
    in ``training`` (ties share the score). Other answers: the same as ``chance``.

    Raises:
        ValueError: As ``chance``.
    """
    kind = _only_kind(qas)
    answers = [qa.answer for qa in qas]
    if _only_type(answers) != "choice":
        return chance(qas, training)
    offered: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for choice in _choices(qa.answer for qa in training if qa.kind == kind):
        offered.update(choice.options)
        right[choice.text] += 1
    scores = []
    for choice in _choices(answers):
        rates = [right[option] / max(offered[option], 1) for option in choice.options]
        best = [i for i, rate in enumerate(rates) if rate == max(rates)]
        scores.append((choice.correct in best) / len(best))
    return float(np.mean(scores))


def first_word_prior(
    asked: Sequence[tuple[str, Sequence[str]]], training: Sequence[tuple[str, Sequence[str]]]
) -> float:
    """Return the EM of answering each question by its first word alone.

    For every first word it gives the most frequent answer that ``training`` has for it, and the
    most frequent of all where it has none.

    Args:
        asked: Questions with their accepted answers.
        training: What is known; the same as ``asked`` gives the upper bound of this rule.

    Raises:
        ValueError: There are no questions, or nothing is known.
    """
    if not asked or not training:
        raise ValueError("a first-word prior needs questions and training answers, got none.")
    every: Counter[str] = Counter()
    by_word: dict[str, Counter[str]] = {}
    for question, accepted in training:
        every[accepted[0]] += 1
        by_word.setdefault(_first_word(question), Counter())[accepted[0]] += 1
    hits = [
        exact_match(by_word.get(_first_word(question), every).most_common(1)[0][0], accepted)
        for question, accepted in asked
    ]
    return float(np.mean(hits))


def _first_word(question: str) -> str:
    return next(iter(question.lower().split()), "")


def _only_kind(qas: Sequence[SpatialQA]) -> QuestionKind:
    kinds = {qa.kind for qa in qas}
    if len(kinds) != 1:
        raise ValueError(
            f"a chance level is for questions of one kind, got {sorted(kinds)}; group them first."
        )
    return kinds.pop()


def _only_type(answers: Sequence[Answer]) -> AnswerType:
    types = {_type_of(answer) for answer in answers}
    if len(types) != 1:
        raise ValueError(
            f"a chance level is for answers of one type, got {sorted(types)}; group them first."
        )
    return types.pop()


def _type_of(answer: Answer) -> AnswerType:
    match answer:
        case Choice():
            return "choice"
        case Quantity():
            return "quantity"
        case FreeText():
            return "text"
        case Order():
            return "order"
        case Box():
            return "box"
        case _:
            assert_never(answer)


def _choices(answers: Iterable[Answer]) -> list[Choice]:
    return [answer for answer in answers if isinstance(answer, Choice)]


def _values(answers: Iterable[Answer]) -> list[float]:
    return [answer.value for answer in answers if isinstance(answer, Quantity)]


def _best_constant(truths: Sequence[float], known: Sequence[float], kind: QuestionKind) -> float:
    if not known:
        raise ValueError(f"chance of {kind} needs training answers of that kind, got none.")
    constant = max(sorted(set(known)), key=lambda guess: _mean_mra(guess, known))
    return _mean_mra(constant, truths)


def _mean_mra(guess: float, truths: Sequence[float]) -> float:
    return float(np.mean([mra(guess, truth) for truth in truths]))


def _commonest_text(
    answers: Sequence[Answer], known: Sequence[Answer], kind: QuestionKind
) -> float:
    texts = Counter(clean_answer(a.accepted[0]) for a in known if isinstance(a, FreeText))
    if not texts:
        raise ValueError(f"chance of {kind} needs training answers of that kind, got none.")
    guess = texts.most_common(1)[0][0]
    hits = [exact_match(guess, a.accepted) for a in answers if isinstance(a, FreeText)]
    return float(np.mean(hits))
