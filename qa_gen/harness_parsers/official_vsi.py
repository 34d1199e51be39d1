"""How VSI-Bench's own evaluation reads replies: the first word and nothing else."""

from typing import Final

from qa_gen.harness_parsers.parser import HarnessParser


def official_token(reply: str) -> str:
    """Return the part of a reply VSI-Bench's code looks at (its ``fuzzy_matching``).

    Up to the first space, full stops at its end cut. A leading space leaves nothing, and a line
    break does not end a word.
    """
    return reply.split(" ")[0].rstrip(".").strip()


def letter(reply: str) -> str | None:
    """Return the letter that is the whole first word, in upper case."""
    token = official_token(reply)
    return token.upper() if len(token) == 1 and token.isalpha() else None


def number(reply: str) -> float | None:
    """Return the first word as Python reads a number; no units, no words, no commas."""
    try:
        return float(official_token(reply))
    except ValueError:
        return None


PARSER: Final = HarnessParser(
    name="vsi",
    meaning="The first word, without full stops at its end, is the letter or the number.",
    source="fuzzy_matching and to_float in vision-x-nyu/thinking-in-space, commit e6a72f3",
    letter=letter,
    number=number,
)
