"""Camera-motion primitives: the published names and how they relate to each other.

Names follow CameraBench (dolly, truck, pedestal, pan, tilt, roll, zoom, arc, crane); "left" and
"right" are the camera's own, clockwise is as the person behind the camera sees it. What each move
does to the poses is in ``synth.camera_paths.primitives``.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

MoveFamily = Literal[
    "static",
    "dolly",
    "truck",
    "pedestal",
    "pan",
    "tilt",
    "roll",
    "around",
    "zoom",
    "crane",
    "spiral",
    "dolly_zoom",
    "handheld",
]
AmountUnit = Literal["m", "deg", "x"]  # metres, degrees, factor of the focal length


class Move(StrEnum):
    """A camera-motion primitive with its direction. Values are published and never renamed.

    Training shards store the index of a move in this list, so new ones go to the end.
    """

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
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    CRANE_UP = "crane_up"
    CRANE_DOWN = "crane_down"
    SPIRAL_LEFT = "spiral_left"
    SPIRAL_RIGHT = "spiral_right"
    DOLLY_ZOOM_IN = "dolly_zoom_in"
    DOLLY_ZOOM_OUT = "dolly_zoom_out"
    HANDHELD = "handheld"


# What recipes draw from unless they say otherwise; the tiny checkpoints know no other moves.
BASIC_MOVES: Final[tuple[Move, ...]] = tuple(Move)[:17]

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
    Move.ZOOM_IN: ("zoom", 1),
    Move.ZOOM_OUT: ("zoom", -1),
    Move.CRANE_UP: ("crane", 1),
    Move.CRANE_DOWN: ("crane", -1),
    Move.SPIRAL_LEFT: ("spiral", -1),
    Move.SPIRAL_RIGHT: ("spiral", 1),
    Move.DOLLY_ZOOM_IN: ("dolly_zoom", 1),
    Move.DOLLY_ZOOM_OUT: ("dolly_zoom", -1),
    Move.HANDHELD: ("handheld", 0),
}
_UNITS: Final[Mapping[MoveFamily, AmountUnit]] = {
    "static": "m",
    "dolly": "m",
    "truck": "m",
    "pedestal": "m",
    "pan": "deg",
    "tilt": "deg",
    "roll": "deg",
    "around": "deg",
    "zoom": "x",
    "crane": "deg",
    "spiral": "deg",
    "dolly_zoom": "m",
    "handheld": "deg",
}

_MIRRORED: Final[Mapping[Move, Move]] = {
    Move.TRUCK_LEFT: Move.TRUCK_RIGHT,
    Move.PAN_LEFT: Move.PAN_RIGHT,
    Move.ROLL_CW: Move.ROLL_CCW,
    Move.ORBIT_LEFT: Move.ORBIT_RIGHT,
    Move.ARC_LEFT: Move.ARC_RIGHT,
    Move.SPIRAL_LEFT: Move.SPIRAL_RIGHT,
}
_REVERSED: Final[Mapping[Move, Move]] = {
    **_MIRRORED,
    Move.DOLLY_IN: Move.DOLLY_OUT,
    Move.PEDESTAL_UP: Move.PEDESTAL_DOWN,
    Move.TILT_UP: Move.TILT_DOWN,
    Move.ZOOM_IN: Move.ZOOM_OUT,
    Move.CRANE_UP: Move.CRANE_DOWN,
    Move.DOLLY_ZOOM_IN: Move.DOLLY_ZOOM_OUT,
}


def family(move: Move) -> MoveFamily:
    """Return which degree of freedom a move uses."""
    return _SIGNED[move][0]


def sign(move: Move) -> int:
    """Return 1 for forward, right, up and clockwise, -1 for the opposite, 0 for neither."""
    return _SIGNED[move][1]


def unit(move: Move) -> AmountUnit:
    """Return the unit of a move's amount; a zoom's is the factor of the focal length."""
    return _UNITS[family(move)]


def mirror(move: Move) -> Move:
    """Return the move seen in a mirror (every frame flipped left to right)."""
    return {**_MIRRORED, **{v: k for k, v in _MIRRORED.items()}}.get(move, move)


def reverse(move: Move) -> Move:
    """Return the move played backwards."""
    return {**_REVERSED, **{v: k for k, v in _REVERSED.items()}}.get(move, move)
