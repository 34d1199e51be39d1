"""English for free-text questions and answers: plurals, articles, numbers."""

from collections.abc import Iterable
from typing import Final

from qa_gen.number_words import ZERO_TO_TWENTY

_IRREGULAR: Final = {"mouse": "mice", "knife": "knives", "leaf": "leaves", "person": "people"}
_SAME: Final = frozenset({"scissors", "shorts", "pants", "glasses", "stairs", "blinds", "clothes"})


def plural(noun: str) -> str:
    """Return ``"bookshelves"`` for ``"bookshelf"``; of several words the head is changed."""
    if " of " in noun:  # "row of books"
        head, rest = noun.split(" of ", 1)
        return f"{plural(head)} of {rest}"
    before, space, last = noun.rpartition(" ")
    return before + space + _plural_word(last)


def _plural_word(word: str) -> str:
    if word in _SAME:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("shelf"):
        return word[:-1] + "ves"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def is_called(other: str, noun: str) -> bool:
    """Whether things called ``other`` may be called ``noun`` as well.

    An office chair is a chair and a row of books shows books; toilet paper is no toilet.
    """
    heads = noun, plural(noun)
    return other in heads or other.endswith(tuple(f" {head}" for head in heads))


def with_article(noun: str) -> str:
    """Return ``"an armchair"``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def number_forms(count: int) -> tuple[str, ...]:
    """Return how a count may be written: ``("two", "2")``."""
    if count == 0:
        return ("zero", "0", "none")
    return (ZERO_TO_TWENTY[count], str(count)) if count < len(ZERO_TO_TWENTY) else (str(count),)


def different(texts: Iterable[str]) -> tuple[str, ...]:
    """Drop texts that stand twice, whatever their case; the first stays first."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(text.lower(), text)
    return tuple(kept.values())
