"""How far from the camera."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.depth import (
    nth_closest_object,
    object_depth_order,
    point_depth,
    point_depth_order,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    nth_closest_object.QUESTION,
    object_depth_order.QUESTION,
    point_depth.QUESTION,
    point_depth_order.QUESTION,
)
