"""How lmms-eval (0.7.2 and later) reads replies to VSI-Bench: the first number, digits or words."""

import re
from collections.abc import Sequence
from typing import Final

from qa_gen.harness_parsers import official_vsi
from qa_gen.harness_parsers.parser import HarnessParser
from qa_gen.number_words import TENS, ZERO_TO_TWENTY

_HUNDRED: Final = 100
_THOUSAND: Final = 1000
_VALUES: Final = {
    **{word: value for value, word in enumerate(ZERO_TO_TWENTY)},
    **{word: 10 * (i + 2) for i, word in enumerate(TENS)},
    "hundred": _HUNDRED,
    "thousand": _THOUSAND,
}
_DIGITS: Final = re.compile(r"-?\d+(?:\.\d+)?")
_WORD: Final = re.compile("[a-z]+")


def number(reply: str) -> float | None:
    """Return the number that begins first, be it in digits or in words.

    Digits may have a minus and a fraction but no commas ("1,200" is 1). Words are added up as far
    as number words and "and" go on ("two hundred and five" is 205); "two point five" is 2.
    """
    text = reply.strip().lower()
    digits = _DIGITS.search(text)
    begin, words = _first_words(text)
    if digits is not None and (begin is None or digits.start() < begin):
        return float(digits[0])
    return None if begin is None else float(_value(words))


def _first_words(text: str) -> tuple[int | None, list[str]]:
    """Return where the first run of number words begins, and the run."""
    begin: int | None = None
    words: list[str] = []
    for found in _WORD.finditer(text):
        word = found[0]
        if word in _VALUES:
            begin = found.start() if begin is None else begin
            words.append(word)
        elif begin is not None and word != "and":
            break
    return begin, words


def _value(words: Sequence[str]) -> int:
    total = current = 0
    for word in words:
        value = _VALUES[word]
        if value == _HUNDRED:
            current = max(current, 1) * _HUNDRED
        elif value == _THOUSAND:
            total += max(current, 1) * _THOUSAND
            current = 0
        else:
            current += value
    return total + current


PARSER: Final = HarnessParser(
    name="lmms-eval",
    meaning="A choice is the first word, as in VSI-Bench; a number is the first one written.",
    source="extract_number in lmms_eval/tasks/vsibench/utils.py, lmms-eval 0.7.3 "
    "(before 0.7.2 it read numbers as VSI-Bench does)",
    letter=official_vsi.letter,
    number=number,
)
