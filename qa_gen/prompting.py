"""The text a model is shown, and the text it should answer: VSI-Bench's, word for word.

Source: ``vsibench`` task of vision-x-nyu/thinking-in-space (lmms_eval/tasks/vsibench). It has
choices and numbers only; the instructions for words, orders and boxes are ours.
"""

import re
from collections.abc import Sequence
from typing import Final, assert_never

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.record import SpatialQA

PREAMBLE: Final = "These are frames of a video."
CHOICE_INSTRUCTION: Final = "Answer with the option's letter from the given choices directly."
QUANTITY_INSTRUCTION: Final = "Please answer the question using a single word or phrase."
ORDER_INSTRUCTION: Final = "Answer with all of the names in their order, separated by commas."
IMAGE_BOX_INSTRUCTION: Final = (
    "Answer with the box as [x1, y1, x2, y2] in thousandths of the image's width and height."
)
CAMERA_BOX_INSTRUCTION: Final = (
    "Answer with the box as [x, y, z, width, height, depth, roll, pitch, yaw] before the camera "
    "(x right, y down, z forward): middle and extents in meters, angles in degrees."
)

# A lone letter, or a letter set off as in "(B) left", "B. left", "b: left"; not "A chair".
_LETTER: Final = re.compile(r"\(?([A-Za-z])(?:[).:,](?:\s|$)|\)?$)")
_NUMBER: Final = re.compile(r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<!\d)-?\.\d+")
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")

Parsed = int | float | str | tuple[str, ...] | tuple[float, ...]


def render(qa: SpatialQA) -> str:
    """Return the text shown to a model beside the frames."""
    lines = [PREAMBLE, qa.question]
    match qa.answer:
        case Choice(options=options):
            lines += ["Options:", *option_lines(options), CHOICE_INSTRUCTION]
        case Quantity() | FreeText():
            lines.append(QUANTITY_INSTRUCTION)
        case Order():
            lines.append(ORDER_INSTRUCTION)
        case Box(form="image"):
            lines.append(IMAGE_BOX_INSTRUCTION)
        case Box():
            lines.append(CAMERA_BOX_INSTRUCTION)
        case _:
            assert_never(qa.answer)
    return "\n".join(lines)


def option_lines(options: Sequence[str]) -> list[str]:
    """Return ``["A. left", "B. right"]``."""
    return [f"{chr(ord('A') + i)}. {option}" for i, option in enumerate(options)]


def answer_text(answer: Answer) -> str:
    """Return the canonical reply: a bare letter, number, phrase, list of names or of numbers."""
    match answer:
        case Choice():
            return answer.letter
        case Quantity(value=value, decimals=decimals):
            return f"{value:.{decimals}f}"
        case FreeText(accepted=accepted):
            return accepted[0]
        case Order(items=items):
            return ", ".join(items)
        case Box(form=form, values=values):
            decimals = 0 if form == "image" else 2
            return "[" + ", ".join(f"{value:.{decimals}f}" for value in values) + "]"
        case _:
            assert_never(answer)


def parse(reply: str, answer: Answer) -> Parsed | None:
    """Read a reply to a question of this answer's type; ``None`` if unreadable.

    A choice gives an option's index: its letter, alone or set off by punctuation, or an option's
    exact text. A number is the first one written in digits (as lmms-eval reads it); thousands may
    have commas; units are not converted. Words are stripped, an order is split at commas, a box
    is as many numbers as the answer's.
    """
    text = reply.strip()
    match answer:
        case Choice(options=options):
            return _option(text, options)
        case Quantity():
            number = _NUMBER.search(text)
            return None if number is None else float(number[0].replace(",", ""))
        case FreeText():
            return text or None
        case Order():
            return tuple(item.strip() for item in text.rstrip(".").split(",")) if text else None
        case Box(values=values):
            numbers = tuple(float(number) for number in _PLAIN_NUMBER.findall(text))
            return numbers if len(numbers) == len(values) else None
        case _:
            assert_never(answer)


def _option(text: str, options: Sequence[str]) -> int | None:
    lowered = [option.lower() for option in options]
    bare = text.rstrip(".").lower()
    if bare in lowered:
        return lowered.index(bare)
    letter = _LETTER.match(text)
    index = -1 if letter is None else ord(letter[1].upper()) - ord("A")
    return index if 0 <= index < len(options) else None
