"""Ask which way the camera moved: as measured, never as requested. Not one of VSI-Bench's kinds."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.distractors import move_options
from qa_gen.record import Choice, QuestionKind, Skipped, SkipReason, SpatialQA
from qa_gen.survey import Survey
from synth.scene import MeasuredMotion
from synth.trajectories import ORBIT_MIN_DEG, Move

KIND: Final = QuestionKind.CAMERA_MOTION
DEFINITION: Final = "measured_camera_primitive"
QUESTION: Final = (
    "How did the camera move while this video was taken?\nLeft, right, forward and backward are "
    "as seen by the camera."
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


def ask(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> list[SpatialQA | Skipped]:
    """Ask once, if one primitive was measured with enough confidence and margin."""
    motion = survey.geometry.motion
    sequence_id = survey.geometry.sequence_id
    if motion is None:
        return [Skipped(KIND, sequence_id, SkipReason.CAMERA_MOTION_UNKNOWN)]
    if motion.move is None:
        return [Skipped(KIND, sequence_id, SkipReason.CAMERA_MOTION_MIXED)]
    if motion.confidence < config.min_motion_confidence:
        return [Skipped(KIND, sequence_id, SkipReason.CAMERA_MOTION_UNSURE)]
    if motion.margin_unit == "deg" and motion.margin < config.min_motion_margin_deg:
        return [Skipped(KIND, sequence_id, SkipReason.MARGIN_TOO_SMALL)]
    return [_question(survey, motion, motion.move, move_options(motion.move, config.moves, rng))]


def _question(survey: Survey, motion: MeasuredMotion, move: Move, options: list[Move]) -> SpatialQA:
    geometry = survey.geometry
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/{KIND}",
        sequence_id=geometry.sequence_id,
        scene_id=geometry.scene_id,
        kind=KIND,
        question=QUESTION,
        answer=Choice(tuple(MOVE_TEXT[option] for option in options), options.index(move)),
        definition=DEFINITION,
        value=None,
        margin=motion.margin,
        margin_unit=motion.margin_unit,
        sigma=None,
        evidence_frames=geometry.keyframes,
        objects=(),
        geometry_source=motion.measured_by,
    )
