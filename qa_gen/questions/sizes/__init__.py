"""How large, and how far apart along the floor and upwards."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.sizes import (
    height_comparison,
    horizontal_distance,
    largest_object,
    object_height,
    object_width,
    vertical_distance,
    volume_comparison,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    object_height.QUESTION,
    object_width.QUESTION,
    height_comparison.QUESTION,
    volume_comparison.QUESTION,
    largest_object.QUESTION,
    vertical_distance.QUESTION,
    horizontal_distance.QUESTION,
)
