"""The right answer of a line of predictions, as the field of a JSON object has it."""

import ast
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.benchmarks.json_records import Record
from qa_gen.question import AnswerType

OPTION_FIELDS: Final = ("options", "candidates")
LETTERS: Final = tuple("ABCDEFGHIJ")
"""What stands for the options of a choice where a line has none."""

_AnswerT = TypeVar("_AnswerT", bound=Answer)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_IMAGE: Final = 4  # numbers of a box in an image; one in space has nine


def answer_of(record: Record, field: str, answer_type: AnswerType) -> Answer:
    """Return the right answer in ``field``.

    Raises:
        FaultyRecordError: It is no answer of this type.
    """
    truth = record.fields[field]
    match answer_type:
        case "choice":
            return _choice(record, field, options_of(record) or LETTERS)
        case "quantity":
            unit = record.fields.get("unit")
            return Quantity(_positive(record, field), unit if isinstance(unit, str) else "", 1)
        case "text":
            accepted = record.fields.get("accepted")  # in rows of our own tables
            texts = truth if accepted is None else accepted
            return _made(record, field, lambda: FreeText(_texts(texts, one=True)))
        case "order":
            return _made(record, field, lambda: Order(_texts(truth, one=False)))
        case "box":
            return _made(record, field, lambda: _box(truth))


def options_of(record: Record) -> tuple[str, ...] | None:
    """Return the options of a choice without their letters; ``None`` if the line has none.

    Raises:
        FaultyRecordError: They are no list of texts, not even one written as a text.
    """
    name = next((n for n in OPTION_FIELDS if record.fields.get(n) is not None), None)
    lettered = [record.fields[x] for x in LETTERS if record.fields.get(x) is not None]
    if name is None and not lettered:
        return None
    name, listed = (name, record.fields[name]) if name else ("A", lettered)
    if isinstance(listed, str):  # as VLMEvalKit's tables have it
        try:
            listed = ast.literal_eval(listed)
        except (ValueError, SyntaxError) as error:
            raise record.where.fault(name, listed, "write a list of texts") from error
    if not isinstance(listed, list) or not all(isinstance(option, str) for option in listed):
        raise record.where.fault(name, listed, "write a list of texts")
    if not 1 < len(listed) <= len(LETTERS):
        raise record.where.fault(name, listed, f"write 2 to {len(LETTERS)} options")
    return _without_letters(listed)


def _without_letters(options: Sequence[str]) -> tuple[str, ...]:
    """Return ``("left", "right")`` for ``["A. left", "B. right"]``."""
    found = [re.match(r"\s*\(?([A-J])[.):]\s*", option) for option in options]
    if [match and match[1] for match in found] != list(LETTERS[: len(options)]):
        return tuple(options)
    return tuple(option[m.end() :] for option, m in zip(options, found, strict=True) if m)


def _choice(record: Record, field: str, options: Sequence[str]) -> Choice:
    truth = record.fields[field]
    letter = truth.strip().upper() if isinstance(truth, str) else ""
    offered = LETTERS[: len(options)]
    if letter not in offered:
        cure = f"write the letter of the right option, {offered[0]} to {offered[-1]}"
        raise record.where.fault(field, truth, cure)
    return _made(record, field, lambda: Choice(tuple(options), offered.index(letter)))


def _positive(record: Record, field: str) -> float:
    truth = record.fields[field]
    try:
        value = float(truth) if isinstance(truth, str) else record.number(field)
    except ValueError:
        raise record.where.fault(field, truth, "write a number") from None
    if not 0 < value < float("inf"):
        cure = "write a number above 0: relative accuracy divides by it"
        raise record.where.fault(field, truth, cure)
    return value


def _texts(value: object, *, one: bool) -> tuple[str, ...]:
    """Return a list of texts; a text stands for itself, or for the names between its commas."""
    if isinstance(value, str):
        return (value,) if one else tuple(item.strip() for item in value.split(","))
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("a text or a list of texts is needed")
    return tuple(item.strip() for item in value)


def _box(value: object) -> Box:
    words = _NUMBER.findall(value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(w, str | int | float) for w in words):
        raise ValueError("four numbers (image) or nine (camera) are needed")
    numbers = tuple(float(word) for word in words)
    return Box("image" if len(numbers) == _IMAGE else "camera", numbers, 0)


def _made(record: Record, field: str, make: Callable[[], _AnswerT]) -> _AnswerT:
    """Return the answer, or say where the one that cannot be made stands."""
    try:
        return make()
    except ValueError as error:
        raise record.where.fault(field, record.fields[field], str(error)) from None
