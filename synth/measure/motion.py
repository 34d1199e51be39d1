"""Name a camera's motion from its poses: the inverse of ``synth.trajectories.make_trajectory``.

Every family of moves gets a *signal* per frame, and translations are brought to degrees too: by
the angle they shift a point ``NOMINAL_DEPTH_M`` away. So one dead-band serves all families. A
family explains a path if its own signal grows to at least ``MOVE_MIN_DEG``, never runs back, and
leaves a residual within its tolerance. Between ``STATIC_MAX_DEG`` and ``MOVE_MIN_DEG`` lies the
no-man's-land in which no move is named.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.poses import check_rigid
from synth.scene import MeasuredMotion
from synth.trajectories import ORBIT_MIN_DEG, Move, MoveFamily, level_axes

NOMINAL_DEPTH_M: Final = 2.0  # typical distance of what an indoor camera sees
STATIC_MAX_DEG: Final = 0.5  # at the nominal depth: 1.7 cm
MOVE_MIN_DEG: Final = 2.5  # at the nominal depth: 8.7 cm
PURITY: Final = 0.15  # largest residual, as a share of the family's own signal
MAX_PITCH_DEG: Final = 80.0  # steeper, left and right lose their meaning

_ROUNDING_DEG: Final = 1e-6

# (positive, negative) direction of each family's signal.
_DIRECTIONS: Final[Mapping[MoveFamily, tuple[Move, Move]]] = {
    "dolly": (Move.DOLLY_IN, Move.DOLLY_OUT),
    "truck": (Move.TRUCK_RIGHT, Move.TRUCK_LEFT),
    "pedestal": (Move.PEDESTAL_UP, Move.PEDESTAL_DOWN),
    "pan": (Move.PAN_RIGHT, Move.PAN_LEFT),
    "tilt": (Move.TILT_UP, Move.TILT_DOWN),
    "roll": (Move.ROLL_CW, Move.ROLL_CCW),
}
_LINEAR: Final[tuple[MoveFamily, ...]] = tuple(_DIRECTIONS)  # column order of the signals


class Evidence(NamedTuple):
    """What the poses say about one family of moves."""

    family: MoveFamily
    signal_deg: float  # signed travel from first to last frame, at the nominal depth
    gap_deg: float  # <= 0: the family explains the path; else how far it is from doing so


def classify(c2w: Float64[np.ndarray, "t 4 4"]) -> MeasuredMotion:
    """Name the primitive that a metric camera path performs.

    Exact for every path of ``make_trajectory`` that is longer than the dead-band: metres and
    degrees in, the same ``Move`` out. Mixed paths, paths that turn back, and paths between the
    two dead-bands get ``move=None``; so does a camera that starts steeper than ``MAX_PITCH_DEG``.

    Args:
        c2w: One OpenCV pose per frame, metres, +z up.

    Raises:
        ValueError: Fewer than two poses, or a pose is not rigid.
    """
    evidence = explain(c2w)
    return MeasuredMotion(
        move=_named(evidence),
        confidence=1.0,
        margin=_margin_deg(evidence),
        margin_unit="deg",
        measured_by="poses",
    )


def classification_margin_deg(c2w: Float64[np.ndarray, "t 4 4"]) -> float:
    """Return how far a path is from the nearest other answer, in degrees at the nominal depth.

    Two-sided: the path would have to change by this much to leave the dead-band, to shrink into
    it, to be explained by another family, or to cross ``ORBIT_MIN_DEG``. Errors of the positions
    below a quarter of it therefore never turn one move into another. 0 when no move is named.
    """
    return _margin_deg(explain(c2w))


def _margin_deg(evidence: tuple[Evidence, ...]) -> float:
    if _named(evidence) is None:
        return 0.0
    best, *rivals = sorted(evidence, key=lambda e: e.gap_deg)
    margin = min(rival.gap_deg for rival in rivals)
    if best.family == "around":
        margin = min(margin, abs(abs(best.signal_deg) - ORBIT_MIN_DEG))
    return max(0.0, float(margin))


def explain(c2w: Float64[np.ndarray, "t 4 4"]) -> tuple[Evidence, ...]:
    """Weigh every family of moves against a path; empty if the camera starts too steep."""
    check_rigid(c2w)
    if len(c2w) < 2:
        raise ValueError(f"naming a camera motion needs at least 2 poses, got {len(c2w)}.")
    if abs(c2w[0, 2, 2]) > np.sin(np.deg2rad(MAX_PITCH_DEG)):
        return ()
    signals = _linear_signals(c2w)
    extent = float(np.linalg.norm(signals, axis=1).max())
    static = Evidence("static", 0.0, extent - STATIC_MAX_DEG)
    linear = [_weigh_linear(signals, column) for column in range(len(_LINEAR))]
    return (static, *linear, _weigh_around(signals))


def _named(evidence: tuple[Evidence, ...]) -> Move | None:
    best = min(evidence, key=lambda e: e.gap_deg, default=None)
    if best is None or best.gap_deg > 0:
        return None
    if best.family == "static":
        return Move.STATIC
    if best.family == "around":
        is_orbit = abs(best.signal_deg) >= ORBIT_MIN_DEG - _ROUNDING_DEG
        right, left = (
            (Move.ORBIT_RIGHT, Move.ORBIT_LEFT) if is_orbit else (Move.ARC_RIGHT, Move.ARC_LEFT)
        )
    else:
        right, left = _DIRECTIONS[best.family]
    return right if best.signal_deg > 0 else left


def _linear_signals(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, "t 6"]:
    """Return the travel since frame 0 along each of ``_LINEAR``, degrees at the nominal depth."""
    heading, right = level_axes(c2w[0])
    up = np.array([0.0, 0.0, 1.0])
    moved_m = (c2w[:, :3, 3] - c2w[0, :3, 3]) @ np.stack([heading, right, up], axis=1)
    # Turns are summed step by step, so that a pan of more than half a circle keeps its sense.
    steps = _rotation_vectors(c2w[1:, :3, :3] @ np.swapaxes(c2w[:-1, :3, :3], -1, -2))
    turned = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    # The axes are not orthogonal for a pitched camera, so solve instead of projecting.
    axes = np.stack([-up, right, c2w[0, :3, 2]], axis=1)
    turned_rad = np.linalg.solve(axes, turned.T).T
    signals: Float64[np.ndarray, "t 6"] = np.rad2deg(
        np.concatenate([moved_m / NOMINAL_DEPTH_M, turned_rad], axis=1)
    )
    return signals


def _rotation_vectors(rotations: Float64[np.ndarray, "n 3 3"]) -> Float64[np.ndarray, "n 3"]:
    """Return axis times angle (radians) of rotations by less than half a turn."""
    r = rotations
    sine_axis = (
        np.stack(
            [r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]], axis=1
        )
        / 2
    )
    sine = np.linalg.norm(sine_axis, axis=1, keepdims=True)
    cosine = (np.trace(r, axis1=1, axis2=2)[:, None] - 1) / 2
    scale = np.divide(np.arctan2(sine, cosine), sine, out=np.ones_like(sine), where=sine > 1e-12)
    vectors: Float64[np.ndarray, "n 3"] = sine_axis * scale
    return vectors


def _weigh_linear(signals: Float64[np.ndarray, "t 6"], column: int) -> Evidence:
    own = signals[:, column]
    others = np.delete(signals, column, axis=1)
    residual = max(float(np.linalg.norm(others, axis=1).max()), _run_back(own))
    return Evidence(_LINEAR[column], float(own[-1]), _gap(own[-1], residual))


def _weigh_around(signals: Float64[np.ndarray, "t 6"]) -> Evidence:
    """Fit a circle about a point on the optical axis: d (1 - cos a) forward and d sin a right."""
    forward_right, up_tilt_roll = signals[:, :2], signals[:, [2, 4, 5]]
    angle_deg = -signals[:, 3]  # circling to the right turns the camera left
    angle = np.deg2rad(angle_deg)
    circle = np.stack([1 - np.cos(angle), np.sin(angle)], axis=1)
    weight = float((circle**2).sum())
    radius = max(0.0, float((circle * forward_right).sum()) / weight) if weight > 0 else 0.0
    left_over = np.concatenate([forward_right - radius * circle, up_tilt_roll], axis=1)
    residual = max(float(np.linalg.norm(left_over, axis=1).max()), _run_back(angle_deg))
    travelled = float(np.linalg.norm(radius * circle, axis=1).max())
    # Turning without travelling is a pan, so both have to leave the dead-band.
    gap = max(_gap(angle_deg[-1], residual), MOVE_MIN_DEG - travelled)
    return Evidence("around", float(angle_deg[-1]), gap)


def _gap(signal_deg: float, residual_deg: float) -> float:
    """Return how much a signal lacks, or a residual exceeds its tolerance by; <= 0 if neither."""
    tolerance = max(STATIC_MAX_DEG, PURITY * abs(signal_deg))
    return float(max(MOVE_MIN_DEG - abs(signal_deg), residual_deg - tolerance))


def _run_back(signal_deg: Float64[np.ndarray, " t"]) -> float:
    """Return the largest way back, against the direction of the whole travel."""
    along = signal_deg * (1.0 if signal_deg[-1] >= 0 else -1.0)
    return float((np.maximum.accumulate(along) - along).max())
