"""How questions are asked of one sequence: kinds, floors, caps."""

from dataclasses import dataclass
from itertools import combinations

from qa_gen.distractors import N_OPTIONS, are_distinct
from qa_gen.record import QuestionKind
from synth.moves import BASIC_MOVES, Move


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelConfig:
    """Which questions to ask, and how clear their answers have to be.

    The floors are VSI-Bench's where it has one (0.2 m, 0.15 m, 10 degrees, 0.3-5 m, two corners).

    Attributes:
        kinds: Kinds to ask, in the order they are written.
        max_per_kind: Upper limit per sequence and kind.
        min_visible_pixels: An object may be named if some keyframe shows this many of its pixels.
        sigma_factor: k in "margin >= k sigma".
        min_gap_m: Shortest distance that is asked for.
        min_lead_m: How much nearer the nearest option is than the second nearest.
        min_turn_margin_deg: Distance of an angle from every sector boundary.
        min_pair_distance_m: Between the middles of any two of a direction's three objects, on
            the floor plane; not applied to geometry without metres.
        max_pair_distance_m: The same, at most.
        max_corners_astray: Corners (of 8) of the asked-for box that may lie in another sector.
        min_motion_confidence: Least confidence of the camera-motion measurement.
        min_motion_margin_deg: Least margin of a motion measured from poses, see
            ``synth.measure.motion.classification_margin_deg``.
        moves: Camera moves that occur in the dataset; wrong options are drawn from them.

    Raises:
        ValueError: A value cannot work; the message names the field.
    """

    kinds: tuple[QuestionKind, ...] = tuple(QuestionKind)
    max_per_kind: int = 8
    min_visible_pixels: int = 20
    sigma_factor: float = 3.0
    min_gap_m: float = 0.2
    min_lead_m: float = 0.15
    min_turn_margin_deg: float = 10.0
    min_pair_distance_m: float = 0.3
    max_pair_distance_m: float = 5.0
    max_corners_astray: int = 2
    min_motion_confidence: float = 0.9
    min_motion_margin_deg: float = 1.0
    moves: tuple[Move, ...] = BASIC_MOVES

    def __post_init__(self) -> None:
        if len(set(self.kinds)) != len(self.kinds):
            raise ValueError(f"LabelConfig.kinds repeats a kind: {[str(k) for k in self.kinds]}.")
        for name in ("max_per_kind", "min_visible_pixels"):
            if getattr(self, name) < 1:
                raise ValueError(f"LabelConfig.{name} must be >= 1, got {getattr(self, name)}.")
        if self.min_gap_m < 0.05:
            raise ValueError(
                "LabelConfig.min_gap_m must be >= 0.05 (answers are written with one decimal and "
                f"scored relative to their size), got {self.min_gap_m}."
            )
        for name in (
            *("sigma_factor", "min_lead_m", "min_turn_margin_deg", "max_corners_astray"),
            "min_motion_margin_deg",
        ):
            if getattr(self, name) < 0:
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
