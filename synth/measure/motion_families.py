"""Weigh one family of moves after the other against a path's signals.

A family explains a path if its own signal grows to at least ``MOVE_MIN_DEG``, never runs back, and
leaves a residual within its tolerance. Between ``STATIC_MAX_DEG`` and ``MOVE_MIN_DEG`` lies the
no-man's-land in which no move is named.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.measure.motion_signals import aim
from synth.moves import MoveFamily

STATIC_MAX_DEG: Final = 0.5  # at the nominal depth of 2 m: 1.7 cm
MOVE_MIN_DEG: Final = 2.5  # at the nominal depth of 2 m: 8.7 cm
PURITY: Final = 0.15  # largest residual, as a share of the family's own signal
SPIRAL_MIN_DEG: Final = 10.0  # below, changing the distance is a dolly
SPIRAL_MIN_CHANGE: Final = 0.15  # of the distance to the target; below, it is an arc or an orbit
DOLLY_ZOOM_MIN_SHARE: Final = 0.25  # of the travel that the zoom makes up for; below, a dolly
HANDHELD_MAX_DEG: Final = 8.0  # a hand that shakes more is going somewhere
_NEAREST_TARGET: Final = 0.1  # of the nominal depth: who pans turns about the lens itself
_WANDERS: Final = 2.5  # length of a wandering path over its extent; there and back is 2

# Columns of ``synth.measure.motion_signals.SIGNALS``; these families have one each.
LINEAR: Final[tuple[MoveFamily, ...]] = (
    "dolly",
    "truck",
    "pedestal",
    "pan",
    "tilt",
    "roll",
    "zoom",
)
_DOLLY, _TRUCK, _PEDESTAL, _PAN, _TILT, _ROLL, _ZOOM = range(7)

Signals = Float64[np.ndarray, "t 7"]


class Evidence(NamedTuple):
    """What the poses say about one family of moves."""

    family: MoveFamily
    signal_deg: float  # signed travel from first to last frame, at the nominal depth
    gap_deg: float  # <= 0: the family explains the path; else how far it is from doing so


def weigh_static(signals: Signals) -> Evidence:
    """Nothing ever leaves the inner dead-band."""
    return Evidence("static", 0.0, extent(signals) - STATIC_MAX_DEG)


def weigh_linear(signals: Signals, column: int) -> Evidence:
    """One signal grows and the others stay."""
    own = signals[:, column]
    residual = max(extent(np.delete(signals, column, axis=1)), run_back(own))
    return Evidence(LINEAR[column], float(own[-1]), _gap(own[-1], residual))


def weigh_around(signals: Signals) -> Evidence:
    """Fit a circle about a point on the optical axis: d (1 - cos a) forward and d sin a right."""
    angle_deg = -signals[:, _PAN]  # circling to the right turns the camera left
    angle = np.deg2rad(angle_deg)
    circle = np.stack([1 - np.cos(angle), np.sin(angle)], axis=1)
    return _weigh_circle(
        "around",
        angle_deg,
        circle,
        signals[:, [_DOLLY, _TRUCK]],
        signals[:, [_PEDESTAL, _TILT, _ROLL, _ZOOM]],
    )


def weigh_crane(signals: Signals, pitch: float) -> Evidence:
    """Fit an upright circle about a point on the optical axis, from a pitch in radians."""
    angle_deg = -signals[:, _TILT]  # swinging up turns the camera down
    later = pitch - np.deg2rad(angle_deg)
    circle = np.stack([np.cos(pitch) - np.cos(later), np.sin(pitch) - np.sin(later)], axis=1)
    return _weigh_circle(
        "crane",
        angle_deg,
        circle,
        signals[:, [_DOLLY, _PEDESTAL]],
        signals[:, [_TRUCK, _PAN, _ROLL, _ZOOM]],
    )


def weigh_spiral(signals: Signals, c2w: Float64[np.ndarray, "t 4 4"], depth: float) -> Evidence:
    """A point stays in the center while pan and log distance grow together."""
    angle_deg = -signals[:, _PAN]
    turned = abs(float(angle_deg[-1]))
    aimed = aim(c2w)
    if aimed is None:  # the axes are parallel, so nothing was circled
        return Evidence("spiral", float(angle_deg[-1]), SPIRAL_MIN_DEG - turned)
    nearest = _NEAREST_TARGET * depth
    distances = np.maximum(aimed.distances, nearest)
    logs = np.log(distances / distances[0])
    share = angle_deg / (angle_deg[-1] or 1.0)
    uneven = distances * np.expm1(logs - share * logs[-1])
    residual = max(
        float(np.rad2deg(aimed.off_axis.max() / depth)),
        float(np.rad2deg(np.abs(uneven).max() / depth)),
        extent(signals[:, [_TILT, _ROLL, _ZOOM]]),
        run_back(angle_deg),
    )
    change = SPIRAL_MIN_CHANGE - abs(float(np.expm1(logs[-1])))
    missing = max(change * distances[0], nearest - float(aimed.distances.min())) / depth
    gap = max(_gap(angle_deg[-1], residual), float(np.rad2deg(missing)), SPIRAL_MIN_DEG - turned)
    return Evidence("spiral", float(angle_deg[-1]), gap)


def weigh_dolly_zoom(signals: Signals, pitch: float) -> Evidence:
    """Fit the depth d of a target on the optical axis whose image size stays: f = 1 - m / d."""
    axis = np.array([np.cos(pitch), 0.0, np.sin(pitch)])
    moved = signals[:, :3]
    pushed = moved @ axis  # degrees at the nominal depth
    sideways = float(np.linalg.norm(moved - pushed[:, None] * axis, axis=1).max())
    lost = -np.expm1(np.deg2rad(signals[:, _ZOOM]))  # 1 - f
    weight = float(pushed @ pushed)
    per_degree = max(0.0, float(lost @ pushed) / weight) if weight > 0 else 0.0
    # A target that the camera has passed has no image; such a fit leaves everything unexplained.
    kept = np.maximum(1.0 - per_degree * pushed, 1e-3)
    unkept = float(np.abs(signals[:, _ZOOM] - np.rad2deg(np.log(kept))).max())
    residual = max(sideways, unkept, extent(signals[:, [_PAN, _TILT, _ROLL]]), run_back(pushed))
    needed = max(MOVE_MIN_DEG, DOLLY_ZOOM_MIN_SHARE * abs(float(pushed[-1])))
    gap = max(_gap(pushed[-1], residual), needed - abs(float(signals[-1, _ZOOM])))
    return Evidence("dolly_zoom", float(pushed[-1]), gap)


def weigh_handheld(signals: Signals) -> Evidence:
    """A small path that wanders about and goes nowhere."""
    reach = extent(signals)
    length = float(np.linalg.norm(np.diff(signals, axis=0), axis=1).sum())
    gap = max(
        MOVE_MIN_DEG - reach,
        reach - HANDHELD_MAX_DEG,
        _WANDERS * reach - length,
        float(np.linalg.norm(signals[-1])) - reach / 2,
    )
    return Evidence("handheld", 0.0, gap)


def extent(signals: Float64[np.ndarray, "t n"]) -> float:
    """Return how far signals together get from where they began."""
    return float(np.linalg.norm(signals, axis=1).max())


def run_back(signal_deg: Float64[np.ndarray, " t"]) -> float:
    """Return the largest way back, against the direction of the whole travel."""
    along = signal_deg * (1.0 if signal_deg[-1] >= 0 else -1.0)
    return float((np.maximum.accumulate(along) - along).max())


def _weigh_circle(
    family: MoveFamily,
    angle_deg: Float64[np.ndarray, " t"],
    circle: Float64[np.ndarray, "t 2"],
    moved: Float64[np.ndarray, "t 2"],
    others: Float64[np.ndarray, "t n"],
) -> Evidence:
    """Fit the radius of a circle, whose points are given for radius 1, to what was moved."""
    weight = float((circle**2).sum())
    radius = max(0.0, float((circle * moved).sum()) / weight) if weight > 0 else 0.0
    left_over = np.concatenate([moved - radius * circle, others], axis=1)
    residual = max(extent(left_over), run_back(angle_deg))
    # Turning without travelling is a pan or a tilt, so both have to leave the dead-band.
    gap = max(_gap(angle_deg[-1], residual), MOVE_MIN_DEG - extent(radius * circle))
    return Evidence(family, float(angle_deg[-1]), gap)


def _gap(signal_deg: float, residual_deg: float) -> float:
    """Return how much a signal lacks, or a residual exceeds its tolerance by; <= 0 if neither."""
    tolerance = max(STATIC_MAX_DEG, PURITY * abs(signal_deg))
    return float(max(MOVE_MIN_DEG - abs(signal_deg), residual_deg - tolerance))
