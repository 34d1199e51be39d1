"""Clues: what may make one option likelier than another for someone who reads only the text.

A clue is a (family, key) pair of an option in its question: this option, this option where the
sofa is named first, this option listed second. Families are told apart because a rate of being
right is kept for each of them.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

from qa_gen.audit.blind import Blind

FAMILIES: Final = (
    "letter",
    "listed",  # where the text lists the option
    "option",
    "parts",  # items of an order, by place
    "before",  # items of an order, by pairs
    "rival",  # another option of the same question
    "set",  # all options together
    "template",
    "slot",  # a category, by its place in the wording
    "mention",  # a category, wherever it is named
    "pair",  # two categories
    "all",  # all categories
    "word",
    "number",
    "point",
)
_FEW: Final = 4  # places that are told apart


class Clue(NamedTuple):
    """What speaks for or against one option."""

    family: str
    key: str


def clues_of(blind: Blind, which: int) -> list[Clue]:
    """Return the clues of option number ``which`` of a question."""
    option = blind.options[which]
    n = len(blind.options)
    clues = [
        Clue("letter", f"{n} {which}"),
        Clue("listed", f"{n} {blind.listed[which]}"),
        Clue("option", option),
        Clue("template", f"{blind.template}|{option}"),
        Clue("set", f"{'|'.join(sorted(blind.options))}|{option}"),
    ]
    clues += [Clue("rival", f"{option}>{other}") for other in blind.options if other != option]
    clues += _of_order(option)
    clues += _of_mentions(blind.mentions, option)
    clues += [Clue("word", f"{word}|{option}") for word in sorted(blind.words)]
    clues.append(Clue("word", f"{blind.ordinals}|{option}"))
    clues += [
        Clue("number", f"{i}:{number:g}|{option}") for i, number in enumerate(blind.numbers[:_FEW])
    ]
    clues += _of_points(blind, option)
    return clues


def clues_of_text(blind: Blind) -> list[Clue]:
    """Return the clues of a question without options to the number it asks for."""
    clues = [Clue("template", blind.template), *_of_mentions(blind.mentions, "")]
    clues += [Clue("word", word) for word in sorted(blind.words)]
    clues += [Clue("number", f"{i}:{number:g}") for i, number in enumerate(blind.numbers[:_FEW])]
    return clues


def _of_mentions(mentions: tuple[str, ...], option: str) -> Iterator[Clue]:
    for i, name in enumerate(mentions[:_FEW]):
        yield Clue("slot", f"{i}:{name}|{option}")
    for name in sorted(set(mentions)):
        yield Clue("mention", f"{name}|{option}")
    for (i, a), (j, b) in combinations(enumerate(mentions[:_FEW]), 2):
        yield Clue("pair", f"{i}:{a},{j}:{b}|{option}")
    yield Clue("all", f"{','.join(mentions)}|{option}")


def _of_order(option: str) -> Iterator[Clue]:
    items = option.split(", ")
    if len(items) > 1:
        for place, item in enumerate(items):
            yield Clue("parts", f"{place}:{item}")
        for a, b in combinations(items, 2):
            yield Clue("before", f"{a}<{b}")


def _of_points(blind: Blind, option: str) -> Iterator[Clue]:
    """Yield how high and how far right the points an option names lie among all points."""
    named = [word for word in option.replace(",", " ").split() if word in blind.points]
    if named:
        for axis in (0, 1):
            order = sorted(blind.points, key=lambda label: (blind.points[label][axis], label))
            ranks = ",".join(str(order.index(label)) for label in named)
            yield Clue("point", f"{'xy'[axis]} {len(order)}: {ranks}")
