"""What a question says to someone who cannot see: its text, and nothing of its answer.

Everything here is read from the wording and the options as a model is shown them, so that no
feature can know the answer; records say more (objects, margins, values), which is not used for a
question itself.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from qa_gen.record import Choice, SpatialQA

_POINT: Final = re.compile(r"point ([a-z]) at \(x=(\d+), y=(\d+)\)")
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*|\d+(?:\.\d+)?")
_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
MOST_MENTIONS: Final = 6  # of categories, looked at one by one


class Point(NamedTuple):
    """A place in an image, as the text gives it."""

    x: int
    y: int


class Blind(NamedTuple):
    """One question as text.

    Attributes:
        template: Which wording it is; a reader recognises it too.
        options: Lower case, in the order shown; empty where the answer is free.
        mentions: Categories the question names beside its options, in the order of its wording.
        words: All other words, each once.
        ordinals: ``"first second"``, as they follow each other.
        numbers: Numbers in the text, but for coordinates.
        points: Named points.
        listed: For each option the place at which the text lists it, -1 if it does not.
    """

    template: str
    options: tuple[str, ...]
    mentions: tuple[str, ...]
    words: frozenset[str]
    ordinals: str
    numbers: tuple[float, ...]
    points: dict[str, Point]
    listed: tuple[int, ...]


class Vocabulary:
    """The names of things that questions may mention."""

    def __init__(self, qas: Iterable[SpatialQA]) -> None:
        names = {name.lower() for qa in qas for name in qa.categories}
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        alternatives = "|".join(re.escape(name) for name in longest_first)
        self._names = re.compile(rf"\b({alternatives})(?:e?s)?\b") if names else None

    def split(self, text: str) -> tuple[tuple[str, ...], str]:
        """Return the names in lower-case ``text`` in their order, and the text without them."""
        if self._names is None:
            return (), text
        return tuple(self._names.findall(text)), self._names.sub(" ", text)


def read_blind(qa: SpatialQA, vocabulary: Vocabulary) -> Blind:
    """Read one question's text and options."""
    options = qa.answer.options if isinstance(qa.answer, Choice) else ()
    lowered = tuple(option.lower() for option in options)
    text = qa.question.lower()
    points = {label: Point(int(x), int(y)) for label, x, y in _POINT.findall(text)}
    mentions, rest = vocabulary.split(_POINT.sub(" ", text))
    words = _WORD.findall(rest)
    return Blind(
        template=qa.template,
        options=lowered,
        mentions=_beside_options(mentions, lowered, vocabulary)[:MOST_MENTIONS],
        words=frozenset(words),
        ordinals=" ".join(word for word in words if word in _ORDINALS),
        numbers=tuple(float(number) for number in _NUMBER.findall(rest)),
        points=points,
        listed=_places(text, lowered),
    )


def read_all(qas: Sequence[SpatialQA], vocabulary: Vocabulary) -> list[Blind]:
    """Read the questions of one kind, with mentions in the same order whatever the wording.

    "Facing the bed from the door" names in another order what "by the door, facing the bed" does.
    Which place means what is the same for all questions of one wording, so a reader can learn it;
    here it is taken from the order of most records of that wording.
    """
    blinds = [read_blind(qa, vocabulary) for qa in qas]
    votes: defaultdict[tuple[str, int], Counter[tuple[int, ...]]] = defaultdict(Counter)
    for qa, blind in zip(qas, blinds, strict=True):
        named = [name.lower() for name in qa.categories if name.lower() in blind.mentions]
        if len(set(named)) == len(named) == len(blind.mentions):
            order = tuple(blind.mentions.index(name) for name in named)
            votes[blind.template, len(named)][order] += 1
    orders = {
        key: min((-count, order) for order, count in counts.items())[1]
        for key, counts in votes.items()
    }
    return [_reordered(blind, orders) for blind in blinds]


def _reordered(blind: Blind, orders: Mapping[tuple[str, int], tuple[int, ...]]) -> Blind:
    order = orders.get((blind.template, len(blind.mentions)))
    if order is None:
        return blind
    return blind._replace(mentions=tuple(blind.mentions[i] for i in order))


def _beside_options(
    mentions: Sequence[str], options: Sequence[str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Leave out as many mentions of each name as the options account for.

    "Which of these (a, b, c, d) is closest to p": only p is a condition, the others compete.
    """
    offered = Counter(name for option in options for name in set(vocabulary.split(option)[0]))
    kept = []
    for name in mentions:
        if offered[name] > 0:
            offered[name] = 0
        else:
            kept.append(name)
    return tuple(kept)


def _places(text: str, options: Sequence[str]) -> tuple[int, ...]:
    found = [text.find(option) for option in options]
    order = sorted(place for place in found if place >= 0)
    return tuple(order.index(place) if place >= 0 else -1 for place in found)
