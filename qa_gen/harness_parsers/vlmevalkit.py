"""How VLMEvalKit reads replies to VSI-Bench: the last number, and a letter by a cascade of rules.

It drops thoughts, reads ``<answer>`` tags, Markdown and Chinese, and falls back from rule to rule.
What that makes of odd replies is kept as it is: "3-4" is -4, "twenty-one" is -1 ("20-1"), "A chair"
is the letter A and ``<answer>back</answer>`` is B.
"""

import ast
import re
from collections.abc import Sequence
from typing import Final

from qa_gen.harness_parsers.parser import HarnessParser
from qa_gen.number_words import ZERO_TO_TWENTY

_TAIL_LINES: Final = 6
_TAIL_CHARACTERS: Final = 800
_ZERO_WIDTH: Final = re.compile("[\u200b\u200c\u200d\ufeff]")
_OPEN: Final = r"[(\[{\uff08\u3010]?\s*"  # one bracket, ASCII or full width
_CLOSE: Final = r"[)\]}\uff09\u3011]?"
_ALONE: Final = rf"(?<![A-Za-z]){_OPEN}([A-F])\s*{_CLOSE}"

_THOUGHT_END: Final = re.compile(r"</\s*think\s*>", re.IGNORECASE)
_THOUGHT_BEGIN: Final = re.compile(r"<\s*think\s*>", re.IGNORECASE)

# Rules for a letter, in the order in which they are tried.
_TAGGED: Final = re.compile(
    r"<\s*answer\b[^>]*>\s*([A-J]).*?<\s*/\s*answer\s*>", re.IGNORECASE | re.DOTALL
)
_BEFORE_TAG_END: Final = tuple(
    re.compile(rf"{_ALONE}\s*</\s*{tag}\s*>", re.IGNORECASE) for tag in ("answer", "think")
)
_OPTION_LINE: Final = re.compile(r"^[*_>\-\s]*(?:option|选项)\s+[A-J]\s*[:\uff1a]", re.IGNORECASE)
_WHOLE_LINE: Final = re.compile(
    r"\s*[*_`>()\[\]\uff08\uff09\u3010\u3011]*\s*([A-Fa-f])"
    r"\s*[*_`()\[\]\uff08\uff09\u3010\u3011]*\s*"
)
_LINE_START: Final = re.compile(r"\s*([A-F])\s*[.:)\]\uff0e\uff1a\u3011\u3001-]\s+", re.IGNORECASE)
_WITHIN_LINE: Final = re.compile(
    r"(?<![A-Za-z])[*_`(\[{\uff08]*\s*([A-F])\s*[*_`)\]}\uff09]*"
    r"(?=$|[\s.,:;!?)\]\u3011\u300b\u300d\u300f\uff0c\u3002\uff1b\u3001\uff1a\uff09])"
)
_PHRASE: Final = re.compile(
    r"(?:final\s*answer|the\s*answer\s*is|answer(?:\s*is)?|correct\s*answer|"
    r"答案|最终答案|结论|所以|因此|我选(?:择)?|选择|选)"
    rf"\s*[:>=\uff1a\uff1d]?\s*{_OPEN}([A-F])\s*{_CLOSE}(?:\b|[.)\u3001\u3002])",
    re.IGNORECASE,
)
_ANYWHERE: Final = re.compile(rf"{_ALONE}(?![A-Za-z])")

_DIGITS: Final = r"[-+]?(?:\d*\.\d+|\d+)(?:[eE][-+]?\d+)?"
_NUMBER: Final = re.compile(_DIGITS)
_TAGGED_NUMBER: Final = re.compile(
    rf"<\s*answer\b[^>]*>\s*({_DIGITS})(?:[^\d<][^<]*)?<\s*/\s*answer\s*>", re.IGNORECASE
)
_WORD: Final = re.compile(rf"\b(?:{'|'.join(ZERO_TO_TWENTY)})\b", re.IGNORECASE)


def letter(reply: str) -> str | None:
    """Return the letter that the first rule which finds one finds.

    A letter A-J that begins an ``<answer>``; one before ``</answer>`` or ``</think>``; in the last
    lines after a thought, then of the whole reply: a line that is one letter, begins with "B. " or
    holds a single capital; after a phrase such as "the answer is"; the only capital A-F anywhere.
    """
    text = _ZERO_WIDTH.sub("", reply.strip())
    tagged = _TAGGED.search(text)
    if tagged:
        return tagged[1].upper()
    tail = text[-_TAIL_CHARACTERS:]
    for rule in _BEFORE_TAG_END:
        found = rule.search(tail)
        if found:
            return found[1].upper()
    for lines in (_after_thought(text).splitlines(), tail.splitlines()):
        picked = _from_lines(lines[-_TAIL_LINES:])
        if picked:
            return picked
    phrase = _PHRASE.search(text)
    if phrase:
        return phrase[1].upper()
    others = "\n".join(line for line in text.splitlines() if not _OPTION_LINE.search(line))
    return _only(_ANYWHERE.findall(others))


def _from_lines(lines: Sequence[str]) -> str | None:
    """Return the letter of the last line that has one."""
    for line in reversed([line.strip() for line in lines]):
        if not line or _OPTION_LINE.search(line):
            continue
        found = _WHOLE_LINE.fullmatch(line) or _LINE_START.match(line)
        if found:
            return found[1].upper()
        alone = _only(_WITHIN_LINE.findall(line))
        if alone:
            return alone
    return None


def _only(letters: Sequence[str]) -> str | None:
    return letters[0] if len(set(letters)) == 1 else None


def number(reply: str) -> float | None:
    """Return the number that begins an ``<answer>``, or the last one after a thought.

    Words count up to twenty; thousands with commas are torn apart ("1,200" is 200). A reply that
    is written as a Python list counts as its first item; one that only looks like a list has none.
    """
    text = reply
    if reply.strip().startswith("[") and reply.strip().endswith("]"):
        try:
            items = ast.literal_eval(reply)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return None
        if isinstance(items, list) and items:
            text = str(items[0])
    text = _ZERO_WIDTH.sub("", text.strip())
    text = _WORD.sub(lambda word: str(ZERO_TO_TWENTY.index(word[0].lower())), text)
    tagged = _TAGGED_NUMBER.search(text)
    if tagged:
        return float(tagged[1])
    numbers = _NUMBER.findall(_after_thought(text)) or _NUMBER.findall(text)
    return float(numbers[-1]) if numbers else None


def _after_thought(text: str) -> str:
    """Return what follows the last end of a thought, or else the last beginning of one."""
    for mark in (_THOUGHT_END, _THOUGHT_BEGIN):
        ends = [found.end() for found in mark.finditer(text)]
        if ends:
            return text[ends[-1] :].strip()
    return text


PARSER: Final = HarnessParser(
    name="vlmevalkit",
    meaning="A letter by a cascade of rules (tags, last lines, phrases); the last number.",
    source="can_match_option and can_match_na in open-compass/VLMEvalKit, "
    "vlmeval/dataset/utils/spatial_bench/matching_func.py, commit 160057c",
    letter=letter,
    number=number,
)
