"""What each definition of a label means, in the words of the card."""

from collections.abc import Mapping
from typing import Final

from qa_gen.questions import QUESTIONS

DEFINITIONS: Final[Mapping[str, str]] = {q.definition: q.meaning for q in QUESTIONS.values()}


def meaning_of(definition: str) -> str:
    """Return the sentence for a definition's id.

    Raises:
        ValueError: No kind of question declares it, so a card would leave its reader in the dark.
    """
    if definition not in DEFINITIONS:
        raise ValueError(
            f"a card cannot explain labels by {definition!r}: no kind in qa_gen.questions declares "
            "this definition."
        )
    return DEFINITIONS[definition]
