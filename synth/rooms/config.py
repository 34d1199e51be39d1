"""What rooms to make. ``RoomConfig()`` is the rich look, ``TINY_ROOMS`` that of the tiny models."""

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

from synth.furniture.table import FURNITURE
from synth.rooms.shapes import SHAPES, RoomShape

RoomKind = Literal[
    "living room", "bedroom", "kids room", "dining room", "kitchen", "office", "study",
    "bathroom", "hallway", "studio",
]  # fmt: skip
ROOM_KINDS: Final[tuple[RoomKind, ...]] = get_args(RoomKind)
_LEAST_SIDE_M: Final = 1.8
_LEAST_SCATTER_SIDE_M: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Furnish without a layout: pieces of the 17 tiny categories at random free places.

    Attributes:
        n_floor_objects: Fewest and most objects standing on the floor.
        n_top_objects: Most objects standing on others.
        repeat_share: Chance that one category stands there twice.
    """

    n_floor_objects: tuple[int, int] = (5, 8)
    n_top_objects: int = 2
    repeat_share: float = 0.25

    def __post_init__(self) -> None:
        if not 1 <= self.n_floor_objects[0] <= self.n_floor_objects[1]:
            raise ValueError(
                f"Scatter.n_floor_objects must be (fewest, most) with fewest >= 1, got "
                f"{self.n_floor_objects}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomConfig:
    """What rooms look like.

    Attributes:
        kinds: Uses to draw from.
        shapes: Outlines to draw from, of those that a room is large enough for.
        rectangle_share: Chance of a rectangle before ``shapes`` is asked for any.
        side_m: Range of width and depth; ``None`` takes the usual sizes of each kind.
        height_m: Range of the ceiling height.
        density: 0 to 1, how much of the optional furniture is wanted.
        clutter: 0 to 1, how many small things lie about.
        evening_share: Chance that it is dark outside and lamps give the light.
        categories: Names of the furniture table to use; ``None`` takes all.
        catalogue_share: Chance that a piece comes from the catalogue, where it has the category.
        scatter: Furnish without a layout from the tiny categories; rectangles only.
    """

    kinds: tuple[RoomKind, ...] = ROOM_KINDS
    shapes: tuple[RoomShape, ...] = SHAPES
    rectangle_share: float = 0.25
    side_m: tuple[float, float] | None = None
    height_m: tuple[float, float] = (2.4, 2.9)
    density: float = 0.8
    clutter: float = 0.7
    evening_share: float = 0.15
    categories: tuple[str, ...] | None = None
    catalogue_share: float = 0.5
    scatter: Scatter | None = None

    def __post_init__(self) -> None:
        self._check_ranges()
        for what in (
            "rectangle_share", "density", "clutter", "evening_share", "catalogue_share",
        ):  # fmt: skip
            share = getattr(self, what)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"RoomConfig.{what} must be between 0 and 1, got {share}.")
        if not self.kinds or not self.shapes:
            raise ValueError(
                f"RoomConfig needs at least one kind and one shape, got kinds={self.kinds}, "
                f"shapes={self.shapes}."
            )
        unknown = sorted({*self.kinds} - {*ROOM_KINDS} | {*self.shapes} - {*SHAPES})
        if unknown:
            raise ValueError(
                f"RoomConfig has unknown kinds or shapes {unknown}; kinds are "
                f"{', '.join(ROOM_KINDS)}; shapes are {', '.join(SHAPES)}."
            )
        self._check_categories()

    def _check_ranges(self) -> None:
        least = _LEAST_SIDE_M if self.scatter is None else _LEAST_SCATTER_SIDE_M
        if self.side_m is not None and not least <= self.side_m[0] <= self.side_m[1] < math.inf:
            raise ValueError(
                f"RoomConfig.side_m must be a range starting at {least} or more metres (smaller "
                f"rooms leave no free camera path), got {self.side_m}."
            )
        if not 2.3 <= self.height_m[0] <= self.height_m[1] < math.inf:
            raise ValueError(
                "RoomConfig.height_m must be a range starting at 2.3 or more metres (wardrobes "
                f"are up to 2.2 m high), got {self.height_m}."
            )

    def _check_categories(self) -> None:
        if self.categories == ():
            raise ValueError(
                "RoomConfig.categories names no furniture; None takes the whole table, "
                f"{', '.join(sorted(FURNITURE))}."
            )
        unknown = sorted({*(self.categories or ())} - {*FURNITURE})
        if unknown:
            raise ValueError(
                f"RoomConfig.categories names unknown furniture {unknown}; the table has "
                f"{', '.join(sorted(FURNITURE))}."
            )
        if self.scatter is None:
            return
        if self.side_m is None or self.categories is not None or self.shapes != ("rectangle",):
            raise ValueError(
                "RoomConfig.scatter makes rectangular rooms of the tiny categories: it needs "
                "side_m, shapes=('rectangle',) and no categories, got "
                f"side_m={self.side_m}, shapes={self.shapes}, categories={self.categories}; "
                "start from dataclasses.replace(TINY_ROOMS, ...)."
            )


# What the tiny VAE, DiTs, judge and language model were trained on.
TINY_ROOMS: Final = RoomConfig(
    shapes=("rectangle",), side_m=(3.8, 5.8), height_m=(2.5, 2.9), scatter=Scatter()
)
