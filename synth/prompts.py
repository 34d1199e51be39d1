"""Prompts: what a scene looks like and how the camera moves, as short English sentences.

Wording follows CameraBench's disambiguation: each move has its own verb, so that a pan (the
camera turns in place) is never confused with a truck (it slides). Paraphrase 0 is canonical.
"""

from collections.abc import Mapping
from typing import Final

from synth.camera_paths.describe import SHORT_PHRASES
from synth.trajectories import Move

PARAPHRASES: Final[Mapping[Move, tuple[str, ...]]] = {
    Move.STATIC: ("the camera stays still", "a static shot", "the camera does not move"),
    Move.DOLLY_IN: ("the camera dollies in", "a dolly in", "the camera drives forward"),
    Move.DOLLY_OUT: ("the camera dollies out", "a dolly out", "the camera drives backward"),
    Move.TRUCK_LEFT: ("the camera trucks left", "a truck left", "the camera slides left"),
    Move.TRUCK_RIGHT: ("the camera trucks right", "a truck right", "the camera slides right"),
    Move.PEDESTAL_UP: ("the camera rises up", "a pedestal up", "the camera lifts up"),
    Move.PEDESTAL_DOWN: ("the camera sinks down", "a pedestal down", "the camera lowers down"),
    Move.PAN_LEFT: ("the camera pans left", "a pan left", "the camera turns left"),
    Move.PAN_RIGHT: ("the camera pans right", "a pan right", "the camera turns right"),
    Move.TILT_UP: ("the camera tilts up", "a tilt up", "the camera looks up"),
    Move.TILT_DOWN: ("the camera tilts down", "a tilt down", "the camera looks down"),
    Move.ROLL_CW: ("the camera rolls clockwise", "a roll clockwise"),
    Move.ROLL_CCW: ("the camera rolls counterclockwise", "a roll counterclockwise"),
    Move.ORBIT_LEFT: ("the camera orbits left", "an orbit left", "the camera circles left"),
    Move.ORBIT_RIGHT: ("the camera orbits right", "an orbit right", "the camera circles right"),
    Move.ARC_LEFT: ("the camera arcs left", "an arc left"),
    Move.ARC_RIGHT: ("the camera arcs right", "an arc right"),
}


def move_sentence(move: Move, paraphrase: int = 0) -> str:
    """Say a move; ``paraphrase`` counts around the move's list, 0 is canonical."""
    phrases = PARAPHRASES.get(move) or SHORT_PHRASES[move]
    return phrases[paraphrase % len(phrases)]


def full_prompt(move: Move, scene: str, paraphrase: int = 0) -> str:
    """Join move and scene as the video models are trained on: the move comes first."""
    return f"{move_sentence(move, paraphrase)} in {scene}"
