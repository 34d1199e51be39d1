"""Camera paths: primitives defined by pose maths, in metres and degrees.

Names follow CameraBench (dolly, truck, pedestal, pan, tilt, roll, arc); "left" and "right" are
the camera's own. Translations run along the *level* camera axes (heading and world up), so a
pitched camera still trucks horizontally. An orbit keeps its target in the image center; the same
path is an *arc* below ``ORBIT_MIN_DEG`` and an *orbit* from there on. Foreign names differ
(VideoX-Fun's "Pan_Left" is a truck): map them by pose maths, never by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, assert_never

import numpy as np
from jaxtyping import Float64

from synth.poses import Pose, axis_angle, check_rigid, look_at

ORBIT_MIN_DEG: Final = 45.0

MoveFamily = Literal["static", "dolly", "truck", "pedestal", "pan", "tilt", "roll", "around"]


class Move(StrEnum):
    """A camera-motion primitive with its direction. Values are published and never renamed."""

    STATIC = "static"
    DOLLY_IN = "dolly_in"
    DOLLY_OUT = "dolly_out"
    TRUCK_LEFT = "truck_left"
    TRUCK_RIGHT = "truck_right"
    PEDESTAL_UP = "pedestal_up"
    PEDESTAL_DOWN = "pedestal_down"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    ROLL_CW = "roll_cw"
    ROLL_CCW = "roll_ccw"
    ORBIT_LEFT = "orbit_left"
    ORBIT_RIGHT = "orbit_right"
    ARC_LEFT = "arc_left"
    ARC_RIGHT = "arc_right"


# Each move as (family, sign). Positive: forward, right, up, clockwise as the cameraman sees it.
_SIGNED: Final[Mapping[Move, tuple[MoveFamily, int]]] = {
    Move.STATIC: ("static", 0),
    Move.DOLLY_IN: ("dolly", 1),
    Move.DOLLY_OUT: ("dolly", -1),
    Move.TRUCK_LEFT: ("truck", -1),
    Move.TRUCK_RIGHT: ("truck", 1),
    Move.PEDESTAL_UP: ("pedestal", 1),
    Move.PEDESTAL_DOWN: ("pedestal", -1),
    Move.PAN_LEFT: ("pan", -1),
    Move.PAN_RIGHT: ("pan", 1),
    Move.TILT_UP: ("tilt", 1),
    Move.TILT_DOWN: ("tilt", -1),
    Move.ROLL_CW: ("roll", 1),
    Move.ROLL_CCW: ("roll", -1),
    Move.ORBIT_LEFT: ("around", -1),
    Move.ORBIT_RIGHT: ("around", 1),
    Move.ARC_LEFT: ("around", -1),
    Move.ARC_RIGHT: ("around", 1),
}

_MIRRORED: Final[Mapping[Move, Move]] = {
    Move.TRUCK_LEFT: Move.TRUCK_RIGHT,
    Move.PAN_LEFT: Move.PAN_RIGHT,
    Move.ROLL_CW: Move.ROLL_CCW,
    Move.ORBIT_LEFT: Move.ORBIT_RIGHT,
    Move.ARC_LEFT: Move.ARC_RIGHT,
}
_REVERSED: Final[Mapping[Move, Move]] = {
    **_MIRRORED,
    Move.DOLLY_IN: Move.DOLLY_OUT,
    Move.PEDESTAL_UP: Move.PEDESTAL_DOWN,
    Move.TILT_UP: Move.TILT_DOWN,
}


def family(move: Move) -> MoveFamily:
    """Return which degree of freedom a move uses."""
    return _SIGNED[move][0]


def mirror(move: Move) -> Move:
    """Return the move seen in a mirror (every frame flipped left to right)."""
    return {**_MIRRORED, **{v: k for k, v in _MIRRORED.items()}}.get(move, move)


def reverse(move: Move) -> Move:
    """Return the move played backwards."""
    return {**_REVERSED, **{v: k for k, v in _REVERSED.items()}}.get(move, move)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectory:
    """A camera path: one OpenCV ``c2w`` per frame, metres, +z up.

    Attributes:
        move: The primitive it was made from, or ``None`` for a free path.
        amount: How far: metres or degrees by family, > 0; 0 for a static camera.
    """

    move: Move | None
    amount: float
    c2w: Float64[np.ndarray, "t 4 4"]

    def __post_init__(self) -> None:
        check_rigid(self.c2w)
        self.c2w.setflags(write=False)


def check_n_frames(n_frames: int, *, what: str) -> None:
    """Refuse clip lengths that Wan's VAE cannot pack (4 frames into one latent step).

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1`` with n >= 1; the message names the neighbours.
    """
    if n_frames < 5 or n_frames % 4 != 1:
        below = max(5, (n_frames - 1) // 4 * 4 + 1)
        raise ValueError(
            f"{what} must be 4n + 1 (the Wan2.1 VAE packs 4 frames into one latent step), got "
            f"{n_frames}; the nearest are {below} and {below + 4}."
        )


def make_trajectory(
    move: Move,
    start: Pose,
    *,
    amount: float,
    n_frames: int,
    target_distance_m: float,
) -> Trajectory:
    """Move a camera from ``start`` at constant speed.

    Args:
        move: What to do; left and right are the camera's own.
        start: First ``c2w``; its optical axis must not be vertical.
        amount: Metres (dolly, truck, pedestal) or degrees (pan, tilt, roll, orbit, arc), > 0.
        n_frames: Length of the clip, ``4n + 1``.
        target_distance_m: Distance along the optical axis of the point an orbit circles.

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1``, or ``amount`` does not fit the move.
    """
    check_n_frames(n_frames, what="Trajectory n_frames")
    _check_amount(move, amount)
    kind, sign = _SIGNED[move]
    progress = np.linspace(0.0, 1.0, n_frames) * sign * amount
    c2w = np.stack([_step(kind, start, float(s), target_distance_m) for s in progress])
    return Trajectory(move=move, amount=float(amount), c2w=c2w)


def _check_amount(move: Move, amount: float) -> None:
    is_arc = move in (Move.ARC_LEFT, Move.ARC_RIGHT)
    is_orbit = move in (Move.ORBIT_LEFT, Move.ORBIT_RIGHT)
    if (move is Move.STATIC) != (amount == 0) or amount < 0:
        raise ValueError(f"{move}: amount must be > 0 (and 0 only when static), got {amount}.")
    if (is_arc and amount >= ORBIT_MIN_DEG) or (is_orbit and amount < ORBIT_MIN_DEG):
        raise ValueError(
            f"{move}: a path around a target is an arc below {ORBIT_MIN_DEG} degrees and an orbit "
            f"from there on, got {amount} degrees."
        )


def _step(kind: MoveFamily, start: Pose, value: float, target_distance_m: float) -> Pose:
    """Return the pose after ``value`` signed metres or degrees of one family."""
    pose = start.copy()
    heading, right = level_axes(start)
    up = np.array([0.0, 0.0, 1.0])
    angle = float(np.deg2rad(value))
    match kind:
        case "static":
            pass
        case "dolly":
            pose[:3, 3] += value * heading
        case "truck":
            pose[:3, 3] += value * right
        case "pedestal":
            pose[:3, 3] += value * up
        case "pan":  # about world up; right is clockwise seen from above
            pose[:3, :3] = axis_angle(up, -angle) @ start[:3, :3]
        case "tilt":  # about the camera's level right axis
            pose[:3, :3] = axis_angle(right, angle) @ start[:3, :3]
        case "roll":  # the camera turns clockwise about its optical axis
            pose[:3, :3] = start[:3, :3] @ axis_angle(np.array([0.0, 0.0, 1.0]), angle)
        case "around":
            target = start[:3, 3] + target_distance_m * start[:3, 2]
            # Moving to the camera's right circles the target counter-clockwise from above.
            eye = target + axis_angle(up, angle) @ (start[:3, 3] - target)
            pose = look_at(eye, target, up)
        case _:
            assert_never(kind)
    return pose


def level_axes(c2w: Pose) -> tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]:
    """Return the camera's horizontal heading and its horizontal right axis.

    Raises:
        ValueError: The optical axis is vertical, so there is no heading.
    """
    forward = c2w[:3, 2] * [1.0, 1.0, 0.0]
    norm = float(np.linalg.norm(forward))
    if norm < 1e-6:
        raise ValueError("the camera looks straight up or down, so it has no heading to move along")
    heading = forward / norm
    return heading, np.array([heading[1], -heading[0], 0.0])
