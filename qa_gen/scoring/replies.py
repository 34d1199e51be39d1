"""Score one reply to one question."""

import math
from collections.abc import Mapping
from typing import Final, Literal, assert_never

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.harness_parsers import PARSERS, ParserName
from qa_gen.prompting import Parsed, parse
from qa_gen.question import Metric
from qa_gen.questions import QUESTIONS
from qa_gen.record import QuestionKind
from qa_gen.scoring.overlap import box_iou
from qa_gen.scoring.relative_accuracy import MraVariant, mra
from qa_gen.scoring.words import exact_match

Reading = Literal["lenient"] | ParserName

METRIC: Final[Mapping[QuestionKind, Metric]] = {
    kind: question.metric for kind, question in QUESTIONS.items()
}
"""How each kind is scored, as the kind declares it."""


def score(
    reply: str, answer: Answer, *, variant: MraVariant = "code", reading: Reading = "lenient"
) -> float | None:
    """Score one reply in [0, 1], or ``None`` if it holds no answer.

    A choice is right or wrong; a number earns its mean relative accuracy; words are right if they
    equal an accepted answer after ``clean_answer``; an order is right as a whole, capitals aside;
    a box earns its overlap. A benchmark counts ``None`` as 0: report its share beside the mean.

    Args:
        reply: What the model wrote.
        answer: The right one.
        variant: Of mean relative accuracy.
        reading: Whose rules find a choice or a number in the reply: ours (``"lenient"``, see
            ``qa_gen.prompting.parse``) or a harness's. Words, orders and boxes are always read by
            our rules, because the harnesses know none.

    Raises:
        ValueError: The right answer is a number that is not above 0.
    """
    parsed = read_reply(reply, answer, reading)
    return None if parsed is None else _earned(parsed, answer, variant)


def read_reply(reply: str, answer: Answer, reading: Reading = "lenient") -> Parsed | None:
    """Read a reply as ``score`` does; ``None`` if it holds no answer."""
    if reading == "lenient" or not isinstance(answer, Choice | Quantity):
        return parse(reply, answer)
    parser = PARSERS[reading]
    if isinstance(answer, Choice):
        letter = parser.letter(reply)
        index = -1 if letter is None else ord(letter) - ord("A")
        return index if 0 <= index < len(answer.options) else None
    number = parser.number(reply)
    return number if number is not None and math.isfinite(number) else None


def _earned(parsed: Parsed, answer: Answer, variant: MraVariant) -> float:
    match answer:
        case Choice(correct=correct):
            return float(parsed == correct)
        case Quantity(value=value) if isinstance(parsed, int | float):
            return mra(parsed, value, variant)
        case FreeText(accepted=accepted) if isinstance(parsed, str):
            return float(exact_match(parsed, accepted))
        case Order(items=items) if isinstance(parsed, tuple):
            return float([str(p).lower() for p in parsed] == [item.lower() for item in items])
        case Box(form=form, values=values) if isinstance(parsed, tuple):
            return box_iou(form, [float(p) for p in parsed], values)
        case Quantity() | FreeText() | Order() | Box():
            raise TypeError(f"{parsed!r} was not read from a reply to {answer}.")
        case _:
            assert_never(answer)


def metric_of(answer: Answer) -> Metric:
    """Return the metric that ``score`` applies to an answer of this type."""
    match answer:
        case Choice() | Order():
            return "accuracy"
        case Quantity():
            return "MRA"
        case FreeText():
            return "EM"
        case Box():
            return "IoU"
        case _:
            assert_never(answer)
