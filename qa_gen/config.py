"""How questions are asked of one sequence: kinds, floors, caps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal, NamedTuple

from qa_gen.distractors import N_OPTIONS, are_distinct
from qa_gen.record import QuestionKind
from synth.moves import BASIC_MOVES, Move

# What the embedded language model was taught to read, in canonical wording.
TINY_KINDS: Final = (
    QuestionKind.OBJECT_ABS_DISTANCE,
    QuestionKind.OBJECT_REL_DIRECTION_EASY,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM,
    QuestionKind.OBJECT_REL_DIRECTION_HARD,
    QuestionKind.OBJECT_REL_DISTANCE,
    QuestionKind.CAMERA_MOTION,
)


class Floor(NamedTuple):
    """A least margin in place of the one a kind declares."""

    kind: QuestionKind
    at_least: float  # in the kind's margin unit


class Cap(NamedTuple):
    """How many questions of one kind a sequence gets, in place of ``max_per_kind``."""

    kind: QuestionKind
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelConfig:
    """Which questions to ask, and how clear their answers have to be.

    Each kind declares the floor of its margin (``Question.floor``); the limits here are shared by
    several kinds and are VSI-Bench's where it has one (0.3-5 m, two corners).

    Attributes:
        kinds: Kinds to ask, in the order they are written.
        max_per_kind: Upper limit per sequence and kind.
        caps: Kinds with upper limits that replace it, see ``Cap``.
        floors: Kinds with least margins that replace their own, see ``Floor``.
        phrasing: ``"varied"`` draws one of a kind's wordings for each question, ``"canonical"``
            always takes the benchmark's own.
        references: ``"category"`` names only objects that are alone in their category;
            ``"described"`` also tells apart the others by colour, size or what they stand next to.
        min_visible_pixels: An object may be named if some keyframe shows this many of its pixels.
        sigma_factor: k in "margin >= k sigma".
        min_pair_distance_m: Between the middles of any two of a direction's three objects, on
            the floor plane; not applied to geometry without metres.
        max_pair_distance_m: The same, at most.
        max_corners_astray: Corners (of 8) of the asked-for box that may lie in another sector.
        min_motion_confidence: Least confidence of the camera-motion measurement.
        moves: Camera moves that occur in the dataset; wrong options are drawn from them.

    Raises:
        ValueError: A value cannot work; the message names the field.
    """

    kinds: tuple[QuestionKind, ...] = tuple(QuestionKind)
    max_per_kind: int = 8
    # Pairs, since a command line has no records: --label.caps object_abs_distance 3 ...
    caps: tuple[tuple[QuestionKind, int], ...] = ()
    floors: tuple[tuple[QuestionKind, float], ...] = ()
    phrasing: Literal["varied", "canonical"] = "varied"
    references: Literal["category", "described"] = "described"
    min_visible_pixels: int = 20
    sigma_factor: float = 3.0
    min_pair_distance_m: float = 0.3
    max_pair_distance_m: float = 5.0
    max_corners_astray: int = 2
    min_motion_confidence: float = 0.9
    moves: tuple[Move, ...] = BASIC_MOVES

    def __post_init__(self) -> None:
        _check_unique(self.kinds, "kinds")
        _check_unique([kind for kind, _ in self.floors], "floors")
        _check_unique([kind for kind, _ in self.caps], "caps")
        for name in ("max_per_kind", "min_visible_pixels"):
            if getattr(self, name) < 1:
                raise ValueError(f"LabelConfig.{name} must be >= 1, got {getattr(self, name)}.")
        limits = [*(least for _, least in self.floors), *(most - 1 for _, most in self.caps)]
        if not all(limit >= 0 for limit in limits):
            raise ValueError(
                "LabelConfig.floors must be >= 0 and LabelConfig.caps >= 1, got "
                f"{self.floors} and {self.caps}."
            )
        for name in ("sigma_factor", "max_corners_astray"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"LabelConfig.{name} must be >= 0, got {getattr(self, name)}.")
        if not 0 < self.min_pair_distance_m < self.max_pair_distance_m:
            raise ValueError(
                "LabelConfig needs 0 < min_pair_distance_m < max_pair_distance_m, got "
                f"{self.min_pair_distance_m} and {self.max_pair_distance_m}."
            )
        if not 0.5 <= self.min_motion_confidence <= 1:
            raise ValueError(
                "LabelConfig.min_motion_confidence must lie in 0.5..1, got "
                f"{self.min_motion_confidence}."
            )
        if not any(are_distinct(chosen) for chosen in combinations(self.moves, N_OPTIONS)):
            raise ValueError(
                f"LabelConfig.moves must hold {N_OPTIONS} clearly different moves (an arc and an "
                f"orbit of one side count as one), got {[str(m) for m in self.moves]}."
            )

    def floor(self, kind: QuestionKind, declared: float) -> float:
        """Return the least margin of a kind that declares ``declared``."""
        return next((least for one, least in self.floors if one is kind), declared)

    def cap(self, kind: QuestionKind) -> int:
        """Return how many questions of a kind one sequence gets."""
        return next((most for one, most in self.caps if one is kind), self.max_per_kind)


def _check_unique(kinds: Sequence[QuestionKind], name: str) -> None:
    if len(set(kinds)) != len(kinds):
        raise ValueError(f"LabelConfig.{name} repeats a kind: {[str(k) for k in kinds]}.")
