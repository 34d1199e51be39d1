"""How the camera moved, turned, and came nearer."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.camera import (
    camera_displacement,
    camera_motion,
    camera_object_distance,
    camera_object_distance_change,
    camera_path_length,
    camera_rotation_angle,
    camera_rotation_direction,
    camera_translation_direction,
    closer_frame,
    view_change,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    camera_motion.QUESTION,
    camera_translation_direction.QUESTION,
    camera_rotation_direction.QUESTION,
    camera_rotation_angle.QUESTION,
    camera_displacement.QUESTION,
    camera_path_length.QUESTION,
    view_change.QUESTION,
    camera_object_distance.QUESTION,
    camera_object_distance_change.QUESTION,
    closer_frame.QUESTION,
)
