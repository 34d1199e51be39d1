"""Say a camera path in words: prompt sentences that cannot be taken for another move.

After CameraBench's paired wordings, each verb comes with what it does and what it is not: "pans
left (turning in place, not trucking)". Short phrases in the manner of ``synth.prompts.PARAPHRASES``
are kept apart from these sentences, for models that were trained on short ones.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from synth.measure.motion import summarize_motion
from synth.moves import Move, family
from synth.trajectories import Trajectory


class Wording(NamedTuple):
    """One way to say a move: "The camera <verb> (<what>)."."""

    verb: str
    what: str


# The moves beyond ``synth.moves.BASIC_MOVES``, short; the first one is canonical.
SHORT_PHRASES: Final[Mapping[Move, tuple[str, ...]]] = {
    Move.ZOOM_IN: ("the camera zooms in", "a zoom in", "the lens zooms in"),
    Move.ZOOM_OUT: ("the camera zooms out", "a zoom out", "the lens zooms out"),
    Move.CRANE_UP: ("the camera cranes up", "a crane up", "the camera swings up"),
    Move.CRANE_DOWN: ("the camera cranes down", "a crane down", "the camera swings down"),
    Move.SPIRAL_LEFT: ("the camera spirals left", "a spiral left"),
    Move.SPIRAL_RIGHT: ("the camera spirals right", "a spiral right"),
    Move.DOLLY_ZOOM_IN: ("the camera dolly zooms in", "a dolly zoom in"),
    Move.DOLLY_ZOOM_OUT: ("the camera dolly zooms out", "a dolly zoom out"),
    Move.HANDHELD: ("the camera is handheld", "a handheld shot", "the camera shakes"),
}


def _both(verbs: Sequence[str], what: Sequence[str], **words: str) -> tuple[Wording, ...]:
    return tuple(
        Wording(verb.format(**words), why.format(**words))
        for verb, why in zip(verbs, what, strict=True)
    )


_SINGLE: Final = ("dolly", "truck", "pedestal", "pan", "tilt", "roll", "zoom")

_DOLLY: Final = (
    ("dollies {in_}", "moves {forward} through the scene", "drives {forward}"),
    (
        "the camera itself travels {forward}, the lens does not zoom",
        "a dolly {in_}, not a zoom",
        "near things pass by faster than far ones, the focal length stays",
    ),
)
_TRUCK: Final = (
    ("trucks {side}", "slides to the {side}", "moves sideways to the {side}"),
    (
        "moving sideways, not panning",
        "the viewing direction stays the same, it does not turn",
        "a truck, not a pan: near things pass by faster than far ones",
    ),
)
_PEDESTAL: Final = (
    ("pedestals {up}", "{rises} straight {up}", "moves vertically {up}"),
    (
        "the whole camera {rises}, it does not tilt",
        "the viewing direction stays level",
        "a pedestal, not a tilt",
    ),
)
_PAN: Final = (
    ("pans {side}", "turns to the {side}", "swivels {side}"),
    (
        "turning in place, not trucking",
        "rotating on its spot, it does not travel sideways",
        "a pan, not a truck: near and far things shift alike",
    ),
)
_TILT: Final = (
    ("tilts {up}", "turns its view {up}", "looks further {up}"),
    (
        "turning in place, not moving {up}",
        "rotating on its spot, its height stays the same",
        "a tilt, not a pedestal",
    ),
)
_ROLL: Final = (
    ("rolls {sense}", "rotates {sense} about its viewing direction", "leans {sense}"),
    (
        "the picture turns the other way, nothing else moves",
        "the horizon tips over while the view stays centered",
        "a roll, neither a pan nor a tilt",
    ),
)
_AROUND: Final = (
    (
        "{arcs} {side}",
        "{circles} its subject to the {side}",
        "moves {far} around its subject to the {side}",
    ),
    (
        "travelling on a curve while the subject stays in the center, not panning",
        "it moves {side} and keeps turning back to the same point",
        "seen from changing sides, at constant distance",
    ),
)
_ZOOM: Final = (
    ("zooms {in_}", "zooms its lens {in_}", "{narrows} its field of view"),
    (
        "the focal length changes, the camera does not move",
        "a zoom, not a dolly: near and far things {grow} alike",
        "a change of the lens only, the camera stays where it is",
    ),
)
_CRANE: Final = (
    ("cranes {up}", "swings {up} on a crane", "{rises} in a vertical arc"),
    (
        "moving {up} on a curve while the subject stays in the center",
        "it tilts the other way to keep looking at the same point",
        "a crane, not a pedestal: the view turns toward the subject",
    ),
)
_SPIRAL: Final = (
    ("spirals {side}", "circles its subject to the {side} at a changing distance"),
    (
        "circling the subject while the distance to it changes",
        "an orbit that grows or shrinks, the subject stays in the center",
    ),
)
_DOLLY_ZOOM: Final = (
    ("performs a dolly zoom {in_}", "moves {forward} while the lens zooms {against}"),
    (
        "the subject keeps its size while the background changes",
        "a dolly zoom: travelling and zooming against each other",
    ),
)

_IN: Final = {
    "in_": "in",
    "forward": "forward",
    "narrows": "narrows",
    "against": "out",
    "grow": "grow",
}
_OUT: Final = {
    "in_": "out",
    "forward": "backward",
    "narrows": "widens",
    "against": "in",
    "grow": "shrink",
}
_ORBIT: Final = {"arcs": "orbits", "circles": "circles", "far": "far"}
_ARC: Final = {"arcs": "arcs", "circles": "curves around", "far": "a little way"}
_UP: Final = {"up": "up", "rises": "rises"}
_DOWN: Final = {"up": "down", "rises": "sinks"}

WORDINGS: Final[Mapping[Move, tuple[Wording, ...]]] = {
    Move.STATIC: _both(
        ("stays still", "does not move", "holds a fixed shot"),
        ("a static shot", "neither moving nor turning nor zooming", "locked off on a tripod"),
    ),
    Move.DOLLY_IN: _both(*_DOLLY, **_IN),
    Move.DOLLY_OUT: _both(*_DOLLY, **_OUT),
    Move.TRUCK_LEFT: _both(*_TRUCK, side="left"),
    Move.TRUCK_RIGHT: _both(*_TRUCK, side="right"),
    Move.PEDESTAL_UP: _both(*_PEDESTAL, **_UP),
    Move.PEDESTAL_DOWN: _both(*_PEDESTAL, **_DOWN),
    Move.PAN_LEFT: _both(*_PAN, side="left"),
    Move.PAN_RIGHT: _both(*_PAN, side="right"),
    Move.TILT_UP: _both(*_TILT, **_UP),
    Move.TILT_DOWN: _both(*_TILT, **_DOWN),
    Move.ROLL_CW: _both(*_ROLL, sense="clockwise"),
    Move.ROLL_CCW: _both(*_ROLL, sense="counterclockwise"),
    Move.ORBIT_LEFT: _both(*_AROUND, side="left", **_ORBIT),
    Move.ORBIT_RIGHT: _both(*_AROUND, side="right", **_ORBIT),
    Move.ARC_LEFT: _both(*_AROUND, side="left", **_ARC),
    Move.ARC_RIGHT: _both(*_AROUND, side="right", **_ARC),
    Move.ZOOM_IN: _both(*_ZOOM, **_IN),
    Move.ZOOM_OUT: _both(*_ZOOM, **_OUT),
    Move.CRANE_UP: _both(*_CRANE, **_UP),
    Move.CRANE_DOWN: _both(*_CRANE, **_DOWN),
    Move.SPIRAL_LEFT: _both(*_SPIRAL, side="left"),
    Move.SPIRAL_RIGHT: _both(*_SPIRAL, side="right"),
    Move.DOLLY_ZOOM_IN: _both(*_DOLLY_ZOOM, **_IN),
    Move.DOLLY_ZOOM_OUT: _both(*_DOLLY_ZOOM, **_OUT),
    Move.HANDHELD: _both(
        ("is handheld", "sways slightly in the hand", "trembles as if held by hand"),
        (
            "small unsteady movements around one place",
            "it shakes without going anywhere",
            "neither on a tripod nor travelling",
        ),
    ),
}


def describe(path: Trajectory, paraphrase: int = 0) -> str:
    """Say a path in one sentence.

    A primitive is said as itself. Any other path is summed up first (``summarize_motion``): what
    there is most of, and up to two more moves while it lasts.

    Args:
        path: At least two frames.
        paraphrase: Counts around each move's wordings; 0 is canonical.
    """
    if path.move is not None:
        return describe_moves([path.move], paraphrase)
    found = summarize_motion(path.c2w, path.intrinsics, path.scale)
    if found.dominant is None:
        return "The camera moves and comes back to where it began."
    if family(found.dominant) not in _SINGLE:  # a circle is not also a truck and a pan
        return describe_moves([found.dominant], paraphrase)
    return describe_moves([part.name for part in found.primitives[:3]], paraphrase)


def describe_moves(moves: Sequence[Move], paraphrase: int = 0) -> str:
    """Say moves that happen at the same time, the most important one first.

    What a move is *not* is said only of a move alone: beside a truck, a pan does not turn in place.

    Raises:
        ValueError: There are none.
    """
    if not moves:
        raise ValueError("describing a path needs at least one move, got none.")
    first, *others = (WORDINGS[m][paraphrase % len(WORDINGS[m])] for m in moves)
    if not others:
        return f"The camera {first.verb} ({first.what})."
    return f"The camera {first.verb} while it {' and '.join(other.verb for other in others)}."


def describe_in_turn(paths: Sequence[Trajectory], paraphrase: int = 0) -> str:
    """Say paths that follow each other, as ``synth.camera_paths.algebra.then`` joins them.

    Raises:
        ValueError: There are none.
    """
    if not paths:
        raise ValueError("describing a path needs at least one part, got none.")
    said = [describe(path, paraphrase).removeprefix("The camera ")[:-1] for path in paths]
    return f"The camera {', then '.join(said)}."


def paraphrases(move: Move) -> tuple[str, ...]:
    """Return every sentence there is for a move, the canonical one first."""
    return tuple(describe_moves([move], k) for k in range(len(WORDINGS[move])))
