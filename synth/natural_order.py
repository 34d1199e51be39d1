"""Sort names as people count: ``frame_2`` before ``frame_10``."""

import re
from typing import Final

_DIGITS: Final = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[str | int, ...], str]:
    """Return a sort key in which runs of digits compare as numbers; ``1`` comes after ``01``."""
    words = _DIGITS.split(name)
    return tuple(int(word) if index % 2 else word for index, word in enumerate(words)), name
