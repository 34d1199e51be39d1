"""What an answer can be: an option, a number with its unit, words, an order, a box."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Unit(StrEnum):
    """What a number counts. A wording says it through a placeholder, never in its own words."""

    METERS = "m"
    CENTIMETERS = "cm"
    SQUARE_METERS = "m2"
    DEGREES = "deg"
    COUNT = "count"
    HOURS = "h"  # of a clock face

    @property
    def words(self) -> str:
        """What a question says: ``"square meters"``; nothing for a count."""
        return _WORDS[self]


_WORDS = {
    Unit.METERS: "meters",
    Unit.CENTIMETERS: "centimeters",
    Unit.SQUARE_METERS: "square meters",
    Unit.DEGREES: "degrees",
    Unit.COUNT: "",
    Unit.HOURS: "o'clock",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A multiple-choice answer: ``options[correct]``, shown to a model as letters A, B, ...

    Raises:
        ValueError: ``correct`` is out of range, or options repeat.
    """

    options: tuple[str, ...]
    correct: int

    def __post_init__(self) -> None:
        if not 0 <= self.correct < len(self.options):
            raise ValueError(
                f"Choice.correct must index one of {len(self.options)} options, got {self.correct}."
            )
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"Choice.options must differ from each other, got {self.options}.")

    @property
    def letter(self) -> str:
        """``"A"`` for the first option."""
        return chr(ord("A") + self.correct)

    @property
    def text(self) -> str:
        """The correct option's text."""
        return self.options[self.correct]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A numeric answer as published: ``Quantity(1.8, "m", 1)``.

    Attributes:
        value: Already rounded to ``decimals``.
        unit: A value of ``Unit``.
        decimals: How many a reply is written with.
    """

    value: float
    unit: str
    decimals: int


@dataclass(frozen=True, slots=True)
class FreeText:
    """A few words; any of ``accepted`` is right, the first is the one to train on.

    Raises:
        ValueError: Nothing is accepted, or a text is blank or stands twice.
    """

    accepted: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.accepted or not all(text.strip() for text in self.accepted):
            raise ValueError(f"FreeText needs at least one text, none blank, got {self.accepted}.")
        if len({text.lower() for text in self.accepted}) != len(self.accepted):
            raise ValueError(f"FreeText.accepted must differ from each other, got {self.accepted}.")


@dataclass(frozen=True, slots=True)
class Order:
    """The given things in their right order, written with commas.

    Raises:
        ValueError: Fewer than two, or one stands twice or holds a comma.
    """

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.items) < _LEAST_ITEMS or len(set(self.items)) != len(self.items):
            raise ValueError(f"Order needs at least two different items, got {self.items}.")
        if any("," in item for item in self.items):
            raise ValueError(f"Order.items must hold no comma, got {self.items}.")


_LEAST_ITEMS = 2
BoxForm = Literal["image", "camera"]


@dataclass(frozen=True, slots=True)
class Box:
    """A box in one image, or before the camera that took it.

    Attributes:
        form: ``"image"``: x1, y1, x2, y2 in whole thousandths of the image's width and height.
            ``"camera"``: x, y, z of the middle and three full extents in metres, then roll, pitch
            and yaw in degrees (intrinsic rotations about the camera's z, x and y axes in this
            order), in OpenCV camera axes (x right, y down, z forward).
        values: Four or nine numbers, rounded as written: 0 or 2 decimals.
        frame: Frame of the clip.

    Raises:
        ValueError: The wrong number of values, or extents that are not positive.
    """

    form: BoxForm
    values: tuple[float, ...]
    frame: int

    def __post_init__(self) -> None:
        count = 4 if self.form == "image" else 9
        if len(self.values) != count:
            raise ValueError(f"a {self.form} Box has {count} values, got {len(self.values)}.")
        sizes = (
            [self.values[2] - self.values[0], self.values[3] - self.values[1]]
            if self.form == "image"
            else list(self.values[3:6])
        )
        if min(sizes) <= 0:
            raise ValueError(f"a {self.form} Box needs extents > 0, got {sizes}.")


Answer = Choice | Quantity | FreeText | Order | Box
