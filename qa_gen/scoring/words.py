"""Scores of free-text answers: exact match in its published forms, and unigram F1.

Every function takes a reply and the accepted answers. ``clean_answer`` is SQA3D's cleaner; ScanQA
is scored with it too in the scripts of LEO and its followers.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from qa_gen.number_words import ZERO_TO_TWENTY

_TYPOS: Final = {
    "letf": "left",
    "let": "left",
    "tehre": "there",
    "brigth": "right",
    "rght": "right",
    "behine": "behind",
    "tv": "TV",
    "chai": "chair",
    "wasing": "washing",
    "waslked": "walked",
    "oclock": "o'clock",
}
_NUMBERS: Final = {
    **{str(value): word for value, word in enumerate(ZERO_TO_TWENTY)},
    "none": "zero",
    "23": "twenty-three",  # the only number above twenty in the benchmark's answers
}
_OUTER_SPACES: Final = re.compile("^ +| +$")  # also those before a last line break
_SPACES: Final = re.compile(" {2,}")
_FOREIGN: Final = re.compile(r"[^a-zA-Z0-9,'\s\-:]+")
_TYPO: Final = re.compile(rf"\b(?:{'|'.join(_TYPOS)})\b")
_CLOCK: Final = re.compile(r"\bo'[ ]+clock\b")
_NUMBER: Final = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_TRAILING_DIGIT: Final = re.compile(r"\b([a-zA-Z]+)[0-9]\b")
_ARTICLES: Final = tuple(re.compile(rf"\b{word}\b ([a-zA-Z]+)") for word in ("a", "an", "the"))
_BACKWARDS: Final = re.compile(r"\bbackwards\b")


def clean_answer(text: str) -> str:
    """Return an answer in SQA3D's normal form, character for character as its evaluation does.

    Lower case (but "TV"), no punctuation except , ' - and :, some typing errors mended, whole
    numbers to twenty in words, no article before a word. Two surprises are kept because scores
    depend on them: "none" becomes "zero", and "let" becomes "left".

    Source: ``clean_answer`` of SQA3D's evaluation, as in LEO (embodied-generalist
    ``data/data_utils.py``) and VLM-3R.
    """
    text = _SPACES.sub(" ", _OUTER_SPACES.sub("", text.lower()))
    text = _FOREIGN.sub("", text)
    text = _TYPO.sub(lambda found: _TYPOS[found[0]], text)
    text = _CLOCK.sub("o'clock", text)
    text = _NUMBER.sub(lambda found: _NUMBERS[found[0]], text)
    text = _TRAILING_DIGIT.sub(r"\1", text)
    for article in _ARTICLES:
        text = article.sub(r"\1", text)
    return _BACKWARDS.sub("backward", text)


def exact_match_raw(reply: str, accepted: Sequence[str]) -> bool:
    """Whether a reply is an accepted answer, character for character.

    Source: the ScanQA scripts of Video-3D-LLM and VEGA-3D, which neither strip nor clean.
    """
    return reply in accepted


def exact_match(reply: str, accepted: Sequence[str]) -> bool:
    """Whether a reply is an accepted answer after ``clean_answer``: EM as SQA3D means it.

    A reply that is blank, or that cleaning leaves blank, is never right.
    """
    cleaned = clean_answer(reply)
    return bool(cleaned.strip()) and cleaned in {clean_answer(text) for text in accepted}


def exact_match_refined(reply: str, accepted: Sequence[str]) -> bool:
    """Whether reply or answer contains the other, spaces left out: the published "EM refined".

    **It has a hole**: an empty reply, and "a", are part of nearly every answer and count as right.
    It is here to compare with published numbers; ``exact_match_contained`` has no such hole.

    Source: ``answer_match`` of LEO (embodied-generalist ``evaluator/scanqa_eval.py``), also in
    VLM-3R.
    """
    said = "".join(clean_answer(reply).split())
    wanted = ["".join(clean_answer(text).split()) for text in accepted]
    return exact_match(reply, accepted) or any(said in text or text in said for text in wanted)


def exact_match_contained(reply: str, accepted: Sequence[str]) -> bool:
    """Whether a reply holds all words of an accepted answer, in order and side by side.

    The strict form of ``exact_match_refined``: whole words, and the reply may only be the longer
    one. A reply that lists several answers still passes, so report ``exact_match`` beside it.
    """
    said = clean_answer(reply).split()
    wanted = [clean_answer(text).split() for text in accepted]
    return any(words and _holds(said, words) for words in wanted)


def _holds(said: Sequence[str], words: Sequence[str]) -> bool:
    n = len(words)
    return any(list(said[i : i + n]) == list(words) for i in range(len(said) - n + 1))


def unigram_f1(reply: str, accepted: Sequence[str]) -> float:
    """Return the best F1 of the words a reply shares with an accepted answer, in [0, 1].

    Words are those of ``clean_answer``, counted as often as they occur.

    Raises:
        ValueError: Nothing is accepted.
    """
    if not accepted:
        raise ValueError("unigram_f1 needs at least one accepted answer, got none.")
    return max(_f1(clean_answer(reply).split(), clean_answer(text).split()) for text in accepted)


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    shared = sum((Counter(said) & Counter(wanted)).values())
    return 2 * shared / (len(said) + len(wanted)) if shared else 0.0
