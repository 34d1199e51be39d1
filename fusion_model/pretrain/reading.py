"""Reading exercises for the tiny language model: facts stated, one asked about, answers drawn.

The model learns the wording, how to find a stated fact, and how to say it as a letter or a
number. It learns nothing about space: every answer is drawn at random, whatever the room is.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple, assert_never

import numpy as np

from fusion_model.chat import shuffle_options
from fusion_model.pretrain.material import AskedScene
from qa_gen.record import Choice, Quantity, SpatialQA

MOST_FACTS: Final = 4
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
    """Return the question with a random answer and its options shuffled."""
    match qa.answer:
        case Choice(options=options):
            drawn = replace(qa.answer, correct=int(rng.integers(len(options))))
            return shuffle_options(replace(qa, answer=drawn), rng)
        case Quantity(decimals=decimals):
            value = round(float(rng.uniform(*_RANGE_M)), decimals)
            return replace(qa, answer=replace(qa.answer, value=value))
        case _:
            assert_never(qa.answer)


def state_fact(qa: SpatialQA) -> str:
    """State a question's answer by content, never by letter."""
    match qa.answer:
        case Choice() as choice:
            said = choice.text
        case Quantity(value=value, decimals=decimals):
            said = f"{value:.{decimals}f}"
        case _:
            assert_never(qa.answer)
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


def _spread_over_kinds(
    qas: Sequence[SpatialQA], n: int, rng: np.random.Generator
) -> list[SpatialQA]:
    """Choose ``n`` questions, each kind as likely as any other for each of them."""
    by_kind: dict[str, list[SpatialQA]] = {}
    for qa in qas:
        by_kind.setdefault(qa.kind.value, []).append(qa)
    kinds = sorted(by_kind)
    chosen: dict[str, SpatialQA] = {}
    while len(chosen) < n:
        of_kind = by_kind[kinds[int(rng.integers(len(kinds)))]]
        qa = of_kind[int(rng.integers(len(of_kind)))]
        chosen[qa.qa_id] = qa
    return list(chosen.values())
