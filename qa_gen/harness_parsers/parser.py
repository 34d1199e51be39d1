"""What a harness parser is: how one evaluation reads a choice and a number out of a reply."""

from collections.abc import Callable
from typing import NamedTuple


class HarnessParser(NamedTuple):
    """One published way of reading replies.

    Attributes:
        name: As reports call it.
        meaning: The rules in a sentence.
        source: Whose code behaves so, and which version was compared.
        letter: Reads a choice: an upper-case letter, or ``None``.
        number: Reads a number, or ``None``; it may be infinite.
    """

    name: str
    meaning: str
    source: str
    letter: Callable[[str], str | None]
    number: Callable[[str], float | None]
