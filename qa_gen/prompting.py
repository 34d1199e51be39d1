"""The text a model is shown, and the text it should answer: VSI-Bench's, word for word.

Source: ``vsibench`` task of vision-x-nyu/thinking-in-space (lmms_eval/tasks/vsibench).
"""

import re
from collections.abc import Sequence
from typing import Final, assert_never

from qa_gen.record import Answer, Choice, Quantity, SpatialQA

PREAMBLE: Final = "These are frames of a video."
CHOICE_INSTRUCTION: Final = "Answer with the option's letter from the given choices directly."
QUANTITY_INSTRUCTION: Final = "Please answer the question using a single word or phrase."

# A lone letter, or a letter set off as in "(B) left", "B. left", "b: left"; not "A chair".
_LETTER: Final = re.compile(r"\(?([A-Za-z])(?:[).:,](?:\s|$)|\)?$)")
_NUMBER: Final = re.compile(r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<!\d)-?\.\d+")


def render(qa: SpatialQA) -> str:
    """Return the text shown to a model beside the frames."""
    match qa.answer:
        case Choice(options=options):
            lines = [PREAMBLE, qa.question, "Options:", *option_lines(options), CHOICE_INSTRUCTION]
        case Quantity():
            lines = [PREAMBLE, qa.question, QUANTITY_INSTRUCTION]
        case _:
            assert_never(qa.answer)
    return "\n".join(lines)


def option_lines(options: Sequence[str]) -> list[str]:
    """Return ``["A. left", "B. right"]``."""
    return [f"{chr(ord('A') + i)}. {option}" for i, option in enumerate(options)]


def answer_text(answer: Answer) -> str:
    """Return the canonical reply: a bare letter, or a bare number with the answer's decimals."""
    match answer:
        case Choice():
            return answer.letter
        case Quantity(value=value, decimals=decimals):
            return f"{value:.{decimals}f}"
        case _:
            assert_never(answer)


def parse(reply: str, answer: Answer) -> int | float | None:
    """Read a reply: an option's index, or a number in the answer's unit; ``None`` if unreadable.

    A choice is its letter, alone or set off by punctuation, or an option's exact text. A number
    is the first one written in digits (as lmms-eval reads it); thousands may have commas. Units
    are not converted.
    """
    text = reply.strip()
    match answer:
        case Choice(options=options):
            lowered = [option.lower() for option in options]
            bare = text.rstrip(".").lower()
            if bare in lowered:
                return lowered.index(bare)
            letter = _LETTER.match(text)
            index = -1 if letter is None else ord(letter[1].upper()) - ord("A")
            return index if 0 <= index < len(options) else None
        case Quantity():
            number = _NUMBER.search(text)
            return None if number is None else float(number[0].replace(",", ""))
        case _:
            assert_never(answer)
