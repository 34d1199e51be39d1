"""Reading exercises for the tiny language model: facts stated, one asked about, answers drawn.

The model learns the wording, how to find a stated fact, and how to say it as a letter or a
number. It learns nothing about space: every answer is drawn at random, whatever the room is.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from fusion_model.chat import shuffle_options
from fusion_model.pretrain.material import AskedScene
from qa_gen.prompting import answer_text
from qa_gen.record import Choice, Quantity, QuestionKind, SpatialQA

MOST_FACTS: Final = 4
_TURNS: Final = {QuestionKind.CAMERA_MOTION: 3}
_MATCHINGS: Final = 6  # questions of one matching exercise
_RANGE_M: Final = (0.2, 4.0)  # of drawn lengths


class Exercise(NamedTuple):
    """Facts, and questions that can be answered from them alone.

    Attributes:
        facts: Text that stands where the visual tokens will stand.
        questions: Each with its drawn answer and its options in another order than in the facts.
    """

    facts: str
    questions: tuple[SpatialQA, ...]


def draw_answer(qa: SpatialQA, rng: np.random.Generator) -> SpatialQA:
    """Return the question with a random answer and its options shuffled.

    Raises:
        ValueError: The answer is neither a choice nor a number.
    """
    match qa.answer:
        case Choice(options=options):
            drawn = replace(qa.answer, correct=int(rng.integers(len(options))))
            return shuffle_options(replace(qa, answer=drawn), rng)
        case Quantity(decimals=decimals):
            value = round(float(rng.uniform(*_RANGE_M)), decimals)
            return replace(qa, answer=replace(qa.answer, value=value))
        case _:
            raise ValueError(
                f"drawing an answer for reading practice: {qa.kind} is answered by a "
                f"{type(qa.answer).__name__}; practise kinds with choices and numbers."
            )


def state_fact(qa: SpatialQA) -> str:
    """State a question's answer by content, never by letter."""
    said = qa.answer.text if isinstance(qa.answer, Choice) else answer_text(qa.answer)
    return f"{qa.question} {said}"


def write_exercise(
    scene: AskedScene, rng: np.random.Generator, *, most_facts: int = MOST_FACTS
) -> Exercise:
    """State one to ``most_facts`` drawn facts in random order, and ask about each of them."""
    n_facts = min(int(rng.integers(1, most_facts + 1)), len(scene.qas))
    drawn = [draw_answer(qa, rng) for qa in _spread_over_kinds(scene.qas, n_facts, rng)]
    lines = [state_fact(drawn[int(i)]) for i in rng.permutation(n_facts)]
    if rng.random() < 0.3:  # a description is there to be read past
        lines.insert(int(rng.integers(len(lines) + 1)), scene.description)
    return Exercise("\n".join(lines), tuple(shuffle_options(qa, rng) for qa in drawn))


def write_matching(question: SpatialQA, texts: Sequence[str], rng: np.random.Generator) -> Exercise:
    """State one of a question's answers and ask several times which option it is.

    Camera questions have seventeen answers, each of them rare in whole reading exercises; short
    exercises of this one skill teach the model to tell them apart much sooner.

    Args:
        question: Its wording is used.
        texts: Answers to it; up to four make the options.
        rng: Draws everything.
    """
    stated = texts[int(rng.integers(len(texts)))]
    others = [text for text in texts if text != stated]
    asked = []
    for _ in range(_MATCHINGS):
        drawn = rng.choice(len(others), size=min(3, len(others)), replace=False)
        options = (stated, *(others[int(i)] for i in drawn))
        asked.append(shuffle_options(replace(question, answer=Choice(options, 0)), rng))
    return Exercise(state_fact(asked[0]), tuple(asked))


def _spread_over_kinds(
    qas: Sequence[SpatialQA], n: int, rng: np.random.Generator
) -> list[SpatialQA]:
    """Choose ``n`` questions, each kind as likely as any other for each of them.

    The camera's kind counts three times: it has the most different answers to tell apart.
    """
    by_kind: dict[QuestionKind, list[SpatialQA]] = {}
    for qa in qas:
        by_kind.setdefault(qa.kind, []).append(qa)
    turns = [kind for kind in sorted(by_kind) for _ in range(_TURNS.get(kind, 1))]
    chosen: dict[str, SpatialQA] = {}
    while len(chosen) < n:
        of_kind = by_kind[turns[int(rng.integers(len(turns)))]]
        qa = of_kind[int(rng.integers(len(of_kind)))]
        chosen[qa.qa_id] = qa
    return list(chosen.values())
