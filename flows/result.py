"""What a command says when it is done."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command says when it is done.

    Attributes:
        text: For people.
        content: For ``--json``.
        exit_code: 1 where the answer is that something did not pass.
    """

    text: str
    content: dict[str, Any]
    exit_code: int = 0
