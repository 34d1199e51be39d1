"""Ask which way the camera moved: as measured, never as requested. Not one of VSI-Bench's kinds."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from qa_gen.answers import Choice
from qa_gen.camera_changes import nothing_to_compare
from qa_gen.config import LabelConfig
from qa_gen.distractors import move_options
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey
from synth.trajectories import ORBIT_MIN_DEG, Move, mirror

KIND: Final = QuestionKind.CAMERA_MOTION

# Trained checkpoints know the canonical words and the options by heart: never edit them.
PHRASING: Final = Phrasing(
    canonical=(
        "How did the camera move while this video was taken?\nLeft, right, forward and backward "
        "are as seen by the camera."
    ),
    others=(
        "Which camera movement does this video show?\nLeft, right, forward and backward are as "
        "seen by the camera.",
        "What did the camera do during this video?\nLeft, right, forward and backward are as seen "
        "by the camera.",
        "Name the camera movement of this video. Left, right, forward and backward are as seen by "
        "the camera.",
        "Taking left, right, forward and backward as the camera sees them, how was the camera "
        "moved in this video?",
        "As seen by the camera, which of these movements did it make while filming?",
        "Watch how the view changes over the video. Which camera movement explains it? Left, "
        "right, forward and backward are as seen by the camera.",
        "The same kind of camera work runs through the whole video. Which one is it, with left, "
        "right, forward and backward as seen by the camera?",
        "How would you describe the motion of the camera in this video? Directions are as seen by "
        "the camera.",
    ),
)

_AROUND: Final = f"circling a point ahead, {ORBIT_MIN_DEG:.0f} degrees or more"
_ALONG_ARC: Final = f"circling a point ahead, less than {ORBIT_MIN_DEG:.0f} degrees"

# In everyday use "pan" also means sliding sideways, so each name says what it means here.
MOVE_TEXT: Final[Mapping[Move, str]] = {
    Move.STATIC: "static (no movement)",
    Move.DOLLY_IN: "dolly in (moving forward)",
    Move.DOLLY_OUT: "dolly out (moving backward)",
    Move.TRUCK_LEFT: "truck to the left (sliding sideways without turning)",
    Move.TRUCK_RIGHT: "truck to the right (sliding sideways without turning)",
    Move.PEDESTAL_UP: "pedestal up (rising without turning)",
    Move.PEDESTAL_DOWN: "pedestal down (sinking without turning)",
    Move.PAN_LEFT: "pan to the left (rotating in place)",
    Move.PAN_RIGHT: "pan to the right (rotating in place)",
    Move.TILT_UP: "tilt up (rotating in place)",
    Move.TILT_DOWN: "tilt down (rotating in place)",
    Move.ROLL_CW: "roll clockwise (rotating about the viewing direction)",
    Move.ROLL_CCW: "roll counterclockwise (rotating about the viewing direction)",
    Move.ORBIT_LEFT: f"orbit to the left ({_AROUND})",
    Move.ORBIT_RIGHT: f"orbit to the right ({_AROUND})",
    Move.ARC_LEFT: f"arc to the left ({_ALONG_ARC})",
    Move.ARC_RIGHT: f"arc to the right ({_ALONG_ARC})",
    Move.ZOOM_IN: "zoom in (narrowing the view without moving)",
    Move.ZOOM_OUT: "zoom out (widening the view without moving)",
    Move.CRANE_UP: "crane up (swinging up while keeping a point ahead centered)",
    Move.CRANE_DOWN: "crane down (swinging down while keeping a point ahead centered)",
    Move.SPIRAL_LEFT: "spiral to the left (circling a point ahead while the distance changes)",
    Move.SPIRAL_RIGHT: "spiral to the right (circling a point ahead while the distance changes)",
    Move.DOLLY_ZOOM_IN: "dolly zoom in (moving forward while widening the view)",
    Move.DOLLY_ZOOM_OUT: "dolly zoom out (moving backward while narrowing the view)",
    Move.HANDHELD: "handheld (shaking without going anywhere)",
}


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Offer the one question there is, if a single primitive was measured."""
    del rng
    motion = survey.geometry.motion
    if motion is None:
        return nothing_to_compare(KIND, survey, SkipReason.CAMERA_MOTION_UNKNOWN)
    move = motion.move
    if move is None:
        return nothing_to_compare(KIND, survey, SkipReason.CAMERA_MOTION_MIXED)

    def draft(_: int, rng: np.random.Generator) -> Draft:
        options = move_options(move, config.moves, rng)
        texts = tuple(MOVE_TEXT[option] for option in options)
        return Draft(slots={}, answer=Choice(texts, options.index(move)))

    sure = np.array([motion.confidence >= config.min_motion_confidence])
    return Candidates(
        margin=np.array([motion.margin]),
        draft=draft,
        value=np.array([np.nan]),
        sigma=np.array([np.nan]),
        strata=np.array([list(Move).index(move)]),
        checks=(Check(SkipReason.CAMERA_MOTION_UNSURE, sure),),
        margin_unit=motion.margin_unit,
        measured_by=motion.measured_by,
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="measured_camera_primitive",
    meaning=(
        "The camera primitive measured over the whole clip, from exact poses or by a judge "
        "network (`geometry_source` says which). `margin` in `deg`: how far exact poses are from "
        "another answer, travel counted as the angle it shifts a point 2 m away; in `probability`: "
        "the judge's probability minus that of all other primitives together"
    ),
    answer_type="choice",
    metric="accuracy",
    floor=1.0,
    margin_unit="deg",
    invariances=Invariances(mirror={MOVE_TEXT[move]: MOVE_TEXT[mirror(move)] for move in Move}),
    phrasing=PHRASING,
    source=(
        "CameraBench (Lin et al. 2025), whose names of moves these are; the question and the "
        "options, which say what each name means, are ours"
    ),
    find=find,
)
