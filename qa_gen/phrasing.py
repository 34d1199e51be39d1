"""How a kind of question is worded: several wordings with typed placeholders.

A placeholder is ``{name:type}``. A template that names another type, another unit, or fewer
placeholders than its siblings is refused when the module is imported, so "in centimeters" can
never end up before an answer in metres. Wordings ask for the same thing in other words; which
one is used is drawn independently of the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Final, NamedTuple

from qa_gen.answers import Unit
from qa_gen.record import CANONICAL, Mark

LEAST_PARAPHRASES: Final = 8  # beside the canonical wording

# Said wherever points are named: where x and y are counted from, and in what.
COORDINATES: Final = (
    " (x and y count thousandths of the image's width and height from its upper left corner.)"
)

# A unit written out, unless a number stands before it ("at least 135 degrees" is a definition).
_BARE_UNIT: Final = re.compile(
    r"(?<!\d )\b(?:(?:centi|milli)?met(?:er|re)s?|cm|mm|inch(?:es)?|f(?:oo|ee)t|degrees?)\b"
)


class Slot(StrEnum):
    """What may stand in a placeholder."""

    THING = "thing"  # a reference to one object: "chair", "red chair"; wordings add "the"
    THINGS = "things"  # several, with commas, in the order of the letters
    CATEGORY = "category"  # a kind of thing, all of them meant
    IMAGE = "image"  # "first image"; wordings add "the"
    POINT = "point"  # "point A at (x=310, y=540)"; wordings put no article
    POINTS = "points"  # several, with commas, in the order of the letters
    MOVE = "move"  # what someone does: "turn left by 90 degrees"
    WORDS = "words"  # any other words out of a fixed vocabulary
    UNIT = "unit"  # only through the name ``unit``


class Said(NamedTuple):
    """What is put into a placeholder."""

    slot: Slot
    text: str


_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def thing(name: str) -> Said:
    """Refer to one object by its name in the survey."""
    return Said(Slot.THING, name)


def things(names: Sequence[str]) -> Said:
    """List several objects."""
    return Said(Slot.THINGS, ", ".join(names))


def category(name: str) -> Said:
    """Name a category, meaning all of its instances."""
    return Said(Slot.CATEGORY, name)


def image(position: int) -> Said:
    """Name one of the given images: ``image(0)`` is the first."""
    return Said(Slot.IMAGE, f"{_ORDINALS[position]} image")


def point(label: str, x: int, y: int) -> Said:
    """Name a point by thousandths of the image's width and height."""
    return Said(Slot.POINT, f"point {label} at (x={x}, y={y})")


def points(marks: Sequence[Mark]) -> Said:
    """List several marked points."""
    return Said(Slot.POINTS, ", ".join(point(m.label, m.x, m.y).text for m in marks))


def move(text: str) -> Said:
    """Say what is done."""
    return Said(Slot.MOVE, text)


def words(text: str) -> Said:
    """Put in fixed words."""
    return Said(Slot.WORDS, text)


class _Piece(NamedTuple):
    literal: str
    name: str  # "" after the last literal
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """All wordings of one kind.

    Attributes:
        canonical: The benchmark's own words, or the plainest ones of a kind of ours.
        others: At least eight paraphrases, with the same placeholders.
        unit: Of a numeric answer: each wording says it as ``{unit:m}``, ``{unit:cm}``, ...; a
            count and an hour have none. ``None`` for other answers.

    Raises:
        ValueError: A wording has another set of placeholders, an unknown type, a unit that is
            not the answer's or is written out, or there are too few wordings or equal ones.
    """

    canonical: str
    others: tuple[str, ...]
    unit: Unit | None = None
    _pieces: tuple[tuple[_Piece, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        templates = (self.canonical, *self.others)
        if len(set(templates)) != len(templates) or len(self.others) < LEAST_PARAPHRASES:
            raise ValueError(
                f"a Phrasing needs {LEAST_PARAPHRASES} paraphrases, all different, got "
                f"{len(set(self.others))}: {self.canonical!r}."
            )
        pieces = tuple(_split(template) for template in templates)
        for template, parts in zip(templates, pieces, strict=True):
            self._check(template, parts, pieces[0])
        object.__setattr__(self, "_pieces", pieces)

    def _check(self, template: str, parts: Sequence[_Piece], first: Sequence[_Piece]) -> None:
        declared = {(p.name, p.type) for p in parts if p.name}
        wanted = {(p.name, p.type) for p in first if p.name}
        if declared != wanted:
            raise ValueError(
                f"the wording {template!r} has placeholders {sorted(declared)}, the canonical one "
                f"{sorted(wanted)}; all wordings of a kind say the same things."
            )
        unit = {p.type for p in parts if p.name == "unit"}
        spoken = {self.unit.value} if self.unit is not None and self.unit.words else set()
        if unit != spoken:
            raise ValueError(f"the wording {template!r} says unit {unit}, its answer is {spoken}.")
        types = {p.type for p in parts if p.name and p.name != "unit"}
        if not types <= {slot.value for slot in Slot}:
            raise ValueError(f"the wording {template!r} has unknown types of slots {types}.")
        bare = _BARE_UNIT.search(" ".join(p.literal for p in parts))
        if bare is not None:
            raise ValueError(
                f"the wording {template!r} writes out the unit {bare[0]!r}; say {{unit:...}}."
            )

    def __len__(self) -> int:
        return len(self._pieces)

    def say(self, slots: Mapping[str, Said], which: int = 0) -> str:
        """Return a wording with its placeholders filled.

        Args:
            slots: One value a placeholder (the unit apart), of the declared type.
            which: 0 = canonical, up to ``len(self) - 1``.

        Raises:
            ValueError: A slot is missing or of another type.
        """
        text = []
        for literal, name, kind in self._pieces[which]:
            text.append(literal)
            if name == "unit":
                text.append(Unit(kind).words)
            elif name:
                said = slots.get(name)
                if said is None or said.slot != kind:
                    raise ValueError(
                        f"wording a question: {{{name}:{kind}}} was given {said}; pass a {kind}."
                    )
                text.append(said.text)
        return "".join(text)

    def read(self, question: str) -> dict[str, str] | None:
        """Return what stands in the placeholders of a canonically worded question.

        ``None`` if it is worded otherwise. A placeholder takes as little text as it can.
        """
        named: set[str] = set()
        pattern = ""
        for literal, name, kind in self._pieces[0]:
            pattern += re.escape(literal)
            if name == "unit":
                pattern += re.escape(Unit(kind).words)
            elif name:
                pattern += f"(?P={name})" if name in named else f"(?P<{name}>.+?)"
                named.add(name)
        found = re.fullmatch(pattern, question)
        return None if found is None else found.groupdict()


def template_id(which: int) -> str:
    """Return the published id of a wording: ``"canonical"``, ``"p1"``, ..."""
    return CANONICAL if which == 0 else f"p{which}"


def _split(template: str) -> tuple[_Piece, ...]:
    return tuple(
        _Piece(literal, name or "", kind or "")
        for literal, name, kind, _ in Formatter().parse(template)
    )
