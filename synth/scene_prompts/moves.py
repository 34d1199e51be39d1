"""Camera moves as sentences for the full-size models: a speed, what is passed, where it goes.

The verbs are CameraBench's, so that a pan is never read as a truck: the sentences say what the
camera does *not* do where the two are confused. Each move has a sentence to open a prompt with and
a phrase to close it with.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from synth.moves import Move, mirror
from synth.scene_prompts.scene import PromptScene

SPEEDS: Final[tuple[str, ...]] = ("slowly", "smoothly", "steadily", "gently")


class MoveWords(NamedTuple):
    """How a move is said, with the fields ``{how} {near} {middle} {far}``.

    Attributes:
        sentence: Opens the prompt.
        phrase: What the closing sentence repeats: "One continuous shot: <phrase>."
    """

    sentence: str
    phrase: str


_HALF: Final[Mapping[Move, MoveWords]] = {
    Move.STATIC: MoveWords(
        "The camera is fixed on a tripod and does not move, facing {far}.",
        "fixed camera, static framing of {far}",
    ),
    Move.DOLLY_IN: MoveWords(
        "The camera {how} dollies forward past {near} toward {far}, without zooming.",
        "the camera {how} pushes in toward {far}",
    ),
    Move.DOLLY_OUT: MoveWords(
        "The camera {how} dollies backward away from {far} until {near} comes into view.",
        "the camera {how} pulls back from {far}",
    ),
    Move.TRUCK_LEFT: MoveWords(
        "The camera {how} trucks left past {near}, sliding sideways without turning, facing {far}.",
        "the camera {how} slides left along {far}",
    ),
    Move.PEDESTAL_UP: MoveWords(
        "The camera {how} rises straight up above {near} without tilting, facing {far}.",
        "the camera {how} rises in front of {far}",
    ),
    Move.PEDESTAL_DOWN: MoveWords(
        "The camera {how} sinks straight down behind {near} without tilting, facing {far}.",
        "the camera {how} sinks in front of {far}",
    ),
    Move.PAN_LEFT: MoveWords(
        "The camera {how} pans left from {near} toward {far}, turning in place without sliding.",
        "the camera {how} turns left in place, past {far}",
    ),
    Move.TILT_UP: MoveWords(
        "The camera {how} tilts up from {near} to the top of {far}, turning in place.",
        "the camera {how} tilts up along {far}",
    ),
    Move.TILT_DOWN: MoveWords(
        "The camera {how} tilts down from the top of {far} to {near}, turning in place.",
        "the camera {how} tilts down along {far}",
    ),
    Move.ROLL_CW: MoveWords(
        "The camera {how} rolls clockwise around its lens axis, aimed at {far}.",
        "the camera {how} rolls clockwise, facing {far}",
    ),
    Move.ROLL_CCW: MoveWords(
        "The camera {how} rolls counterclockwise around its lens axis, aimed at {far}.",
        "the camera {how} rolls counterclockwise, facing {far}",
    ),
    Move.ORBIT_LEFT: MoveWords(
        "The camera {how} orbits left around {middle} and keeps it centered, {far} behind.",
        "the camera {how} circles left around {middle}",
    ),
    Move.ARC_LEFT: MoveWords(
        "The camera {how} arcs left around {middle} and keeps it centered, {far} behind.",
        "the camera {how} arcs left around {middle}",
    ),
    Move.ZOOM_IN: MoveWords(
        "The lens {how} zooms in on {far} while the camera itself stays in place.",
        "the lens {how} zooms in on {far}",
    ),
    Move.ZOOM_OUT: MoveWords(
        "The lens {how} zooms out from {far} while the camera itself stays in place.",
        "the lens {how} zooms out from {far}",
    ),
    Move.CRANE_UP: MoveWords(
        "The camera {how} cranes up over {near} and looks down at {middle}.",
        "the camera {how} cranes up over {middle}",
    ),
    Move.CRANE_DOWN: MoveWords(
        "The camera {how} cranes down from above {middle} to the height of {near}.",
        "the camera {how} cranes down toward {middle}",
    ),
    Move.SPIRAL_LEFT: MoveWords(
        "The camera {how} spirals left around {middle}, moving closer to it, {far} behind.",
        "the camera {how} spirals left toward {middle}",
    ),
    Move.DOLLY_ZOOM_IN: MoveWords(
        "Dolly zoom: the camera {how} moves toward {middle} while the lens widens.",
        "a dolly zoom in on {middle}, {far} receding",
    ),
    Move.DOLLY_ZOOM_OUT: MoveWords(
        "Dolly zoom: the camera {how} moves away from {middle} while the lens tightens.",
        "a dolly zoom out from {middle}, {far} approaching",
    ),
    Move.HANDHELD: MoveWords(
        "A handheld camera sways slightly, facing {far} over {near}.",
        "handheld camera, slight natural sway, facing {far}",
    ),
}


def move_words(move: Move) -> MoveWords:
    """Return how a move is said; moves to the right are the ones to the left, mirrored."""
    if move in _HALF:
        return _HALF[move]
    left = _HALF[mirror(move)]
    return MoveWords(left.sentence.replace("left", "right"), left.phrase.replace("left", "right"))


def fill(text: str, scene: PromptScene, how: str) -> str:
    """Put the things of a scene and a speed into a sentence or phrase."""
    return text.format(how=how, near=scene.near, middle=scene.middle, far=scene.far)
