"""Name a camera's motion from its poses: ``synth.trajectories.make_trajectory`` backwards.

``classify`` names a path that is one primitive and nothing else. ``summarize_motion`` takes any
path, such as a walk through a room, and says what there is most of. How travel, turning and zooming
are compared, and what is up, is in ``synth.measure.motion_signals``.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.measure.motion_families import (
    LINEAR,
    MOVE_MIN_DEG,
    SPIRAL_MIN_CHANGE,
    STATIC_MAX_DEG,
    Evidence,
    weigh_around,
    weigh_crane,
    weigh_dolly_zoom,
    weigh_handheld,
    weigh_linear,
    weigh_spiral,
    weigh_static,
)
from synth.measure.motion_signals import (
    Travel,
    aim,
    check_path,
    is_steep,
    nominal_depth,
    signals_deg,
    travel,
    with_own_up,
)
from synth.moves import Move, MoveFamily, family, unit
from synth.scene import MeasuredMotion
from synth.trajectories import ORBIT_MIN_DEG, Scale

__all__ = [
    "MOVE_MIN_DEG",
    "STATIC_MAX_DEG",
    "Evidence",
    "MotionSummary",
    "PrimitiveAmount",
    "classification_margin_deg",
    "classify",
    "explain",
    "summarize_motion",
]

_ROUNDING_DEG: Final = 1e-6
# A path circles something if that stays this near to the center, as a share of the turn.
_AIM_SHARE: Final = 0.2
_AIM_MIN_DEG: Final = 2.0
_CIRCLE_MIN_DEG: Final = 10.0

# (positive, negative) direction of each family's signal.
_DIRECTIONS: Final[Mapping[MoveFamily, tuple[Move, Move]]] = {
    "dolly": (Move.DOLLY_IN, Move.DOLLY_OUT),
    "truck": (Move.TRUCK_RIGHT, Move.TRUCK_LEFT),
    "pedestal": (Move.PEDESTAL_UP, Move.PEDESTAL_DOWN),
    "pan": (Move.PAN_RIGHT, Move.PAN_LEFT),
    "tilt": (Move.TILT_UP, Move.TILT_DOWN),
    "roll": (Move.ROLL_CW, Move.ROLL_CCW),
    "zoom": (Move.ZOOM_IN, Move.ZOOM_OUT),
    "crane": (Move.CRANE_UP, Move.CRANE_DOWN),
    "spiral": (Move.SPIRAL_RIGHT, Move.SPIRAL_LEFT),
    "dolly_zoom": (Move.DOLLY_ZOOM_IN, Move.DOLLY_ZOOM_OUT),
    "static": (Move.STATIC, Move.STATIC),
    "handheld": (Move.HANDHELD, Move.HANDHELD),
}


class PrimitiveAmount(NamedTuple):
    """How much of one primitive there is in a path: > 0 in "m", "unit" (no metres), "deg", "x"."""

    name: Move
    amount: float
    unit: str


class MotionSummary(NamedTuple):
    """What a camera did, from most to least.

    Attributes:
        dominant: The primitive there is most of; ``None`` if the camera moved but came back.
        primitives: All that leave the dead-band; first the dominant one, then by size.
    """

    dominant: Move | None
    primitives: tuple[PrimitiveAmount, ...]


def classify(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics] | None = None,
    *,
    scale: Scale = "metric",
    scene_depth: float | None = None,
) -> MeasuredMotion:
    """Name the primitive that a camera path performs.

    Exact for every path of ``make_trajectory`` that is longer than the dead-band: metres and
    degrees in, the same ``Move`` out. Mixed paths, paths that turn back, and paths between the
    two dead-bands get ``move=None``; so does a metric camera that starts steeper than 80 degrees.

    Args:
        c2w: One OpenCV pose per frame; metres and +z up if ``scale`` is metric. Else the unit is
            unknown and the first camera counts as level.
        intrinsics: One camera per frame; without them no zoom is seen.
        scale: Unit of the path.
        scene_depth: Typical depth of what the camera sees, in the path's unit; 2 m or 1.25 units
            if not given.

    Raises:
        ValueError: Fewer than two poses, a pose is not rigid, or the numbers of cameras and
            poses differ.
    """
    evidence = explain(c2w, intrinsics, scale=scale, scene_depth=scene_depth)
    return MeasuredMotion(
        move=_named(evidence),
        confidence=1.0,
        margin=_margin_deg(evidence),
        margin_unit="deg",
        measured_by="poses",
    )


def classification_margin_deg(
    c2w: Float64[np.ndarray, "t 4 4"], intrinsics: Sequence[Intrinsics] | None = None
) -> float:
    """Return how far a metric path is from the nearest other answer, degrees at the nominal depth.

    Two-sided: the path would have to change by this much to leave the dead-band, to shrink into
    it, to be explained by another family, or to cross ``ORBIT_MIN_DEG``. Errors of the positions
    below a quarter of it therefore never turn one move into another. 0 when no move is named.
    """
    return _margin_deg(explain(c2w, intrinsics))


def explain(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics] | None = None,
    *,
    scale: Scale = "metric",
    scene_depth: float | None = None,
) -> tuple[Evidence, ...]:
    """Weigh every family of moves against a path; empty if a metric camera starts too steep."""
    check_path(c2w, intrinsics)
    if scale == "relative":
        c2w = with_own_up(c2w)
    if is_steep(c2w[0]):
        return ()
    depth = nominal_depth(scale, scene_depth)
    signals = signals_deg(c2w, intrinsics, depth)
    pitch = float(np.arcsin(c2w[0, 2, 2]))
    # Without intrinsics a zoom cannot be told from none, so zooms are no rivals either.
    linear = range(len(LINEAR) if intrinsics is not None else len(LINEAR) - 1)
    zooming = () if intrinsics is None else (weigh_dolly_zoom(signals, pitch),)
    return (
        weigh_static(signals),
        *(weigh_linear(signals, column) for column in linear),
        weigh_around(signals),
        weigh_crane(signals, pitch),
        weigh_spiral(signals, c2w, depth),
        *zooming,
        weigh_handheld(signals),
    )


def summarize_motion(
    c2w: Float64[np.ndarray, "t 4 4"],
    intrinsics: Sequence[Intrinsics] | None,
    scale: Scale,
    scene_depth: float | None = None,
) -> MotionSummary:
    """Say what a camera did, whatever it did.

    A path that ``classify`` can name is that. Any other is summed up step by step along the
    camera's own level axes; the largest sum dominates, compared at ``scene_depth`` (2 m, or 1.25
    units of a path without metres). Sliding sideways around something that stays in the center
    is an arc, an orbit or a spiral.

    Args:
        c2w: One OpenCV pose per frame; metres and +z up if ``scale`` is metric.
        intrinsics: One camera per frame, or ``None`` if not known.
        scale: Unit of the path.
        scene_depth: Typical depth of what the camera sees, in the path's unit.

    Raises:
        ValueError: As ``classify``.
    """
    check_path(c2w, intrinsics)
    depth = nominal_depth(scale, scene_depth)
    if scale == "relative" or is_steep(c2w[0]):
        c2w = with_own_up(c2w)
    strict = _named(explain(c2w, intrinsics, scene_depth=depth))
    if strict is Move.STATIC:
        return MotionSummary(strict, ())
    done = travel(c2w, intrinsics)
    sizes = dict(sorted(_sizes_deg(done, depth).items(), key=lambda item: -item[1]))
    seen = [move for move, size in sizes.items() if size >= MOVE_MIN_DEG]
    dominant = strict or _circling(c2w, done) or (seen[0] if seen else None)
    if dominant is not None:
        seen = [dominant, *(move for move in seen if move is not dominant)]
    amounts = _amounts(c2w, done)
    length_unit = "m" if scale == "metric" else "unit"
    return MotionSummary(
        dominant,
        tuple(
            PrimitiveAmount(
                name=move,
                amount=amounts[family(move)],
                unit=length_unit if unit(move) == "m" else unit(move),
            )
            for move in seen
        ),
    )


def _margin_deg(evidence: tuple[Evidence, ...]) -> float:
    if _named(evidence) is None:
        return 0.0
    best, *rivals = sorted(evidence, key=lambda e: e.gap_deg)
    margin = min(rival.gap_deg for rival in rivals)
    if best.family == "around":
        margin = min(margin, abs(abs(best.signal_deg) - ORBIT_MIN_DEG))
    return max(0.0, float(margin))


def _named(evidence: tuple[Evidence, ...]) -> Move | None:
    # A circle's wide tolerance may explain a spiral too, never the other way round.
    explaining = [e for e in evidence if e.gap_deg <= 0]
    best = min(explaining, key=lambda e: (e.family != "spiral", e.gap_deg), default=None)
    if best is None:
        return None
    if best.family == "around":
        return _around(best.signal_deg)
    positive, negative = _DIRECTIONS[best.family]
    return positive if best.signal_deg > 0 else negative


def _around(right_deg: float) -> Move:
    if abs(right_deg) >= ORBIT_MIN_DEG - _ROUNDING_DEG:
        return Move.ORBIT_RIGHT if right_deg > 0 else Move.ORBIT_LEFT
    return Move.ARC_RIGHT if right_deg > 0 else Move.ARC_LEFT


def _sizes_deg(done: Travel, depth: float) -> dict[Move, float]:
    """Return how much there is of each single degree of freedom, degrees at the given depth."""
    zoom_deg = float(np.rad2deg(np.log(done.focal_factor)))
    signed = (*np.rad2deg(done.moved / depth).tolist(), *done.turned_deg.tolist(), zoom_deg)
    return {
        _DIRECTIONS[kind][0 if value > 0 else 1]: abs(value)
        for kind, value in zip(LINEAR, signed, strict=True)
    }


def _circling(c2w: Float64[np.ndarray, "t 4 4"], done: Travel) -> Move | None:
    """Name the circle of a path that slides sideways about what it keeps in the center."""
    forward, right, up = np.abs(done.moved)
    pan = float(done.turned_deg[0])
    aimed = aim(c2w)
    if right < max(forward, up) or abs(pan) < _CIRCLE_MIN_DEG or aimed is None:
        return None
    if (aimed.distances <= 0).any():
        return None
    off_deg = float(np.rad2deg(np.arctan2(aimed.off_axis, aimed.distances)).max())
    if off_deg > max(_AIM_MIN_DEG, _AIM_SHARE * abs(pan)):
        return None
    change = abs(np.log(aimed.distances[-1] / aimed.distances[0]))
    if change > np.log1p(SPIRAL_MIN_CHANGE):
        return Move.SPIRAL_RIGHT if pan < 0 else Move.SPIRAL_LEFT
    return _around(-pan)


def _amounts(c2w: Float64[np.ndarray, "t 4 4"], done: Travel) -> dict[MoveFamily, float]:
    """Return how much there would be of each family, in its own unit."""
    forward, right, up = np.abs(done.moved).tolist()
    pan, tilt, roll = np.abs(done.turned_deg).tolist()
    turned = np.trace(c2w[0, :3, :3].T @ c2w[:, :3, :3], axis1=1, axis2=2)
    shaken = np.rad2deg(np.arccos(np.clip((turned - 1) / 2, -1, 1)).max())
    return {
        "dolly": forward,
        "truck": right,
        "pedestal": up,
        "pan": pan,
        "tilt": tilt,
        "roll": roll,
        "zoom": max(done.focal_factor, 1 / done.focal_factor),
        "around": pan,
        "spiral": pan,
        "crane": tilt,
        "dolly_zoom": float(np.hypot(forward, up)),
        "handheld": float(shaken),
    }
