"""ReVSI's variants of VSI-Bench's tasks."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.revsi import (
    object_counting_multiple,
    object_rel_direction_backward_easy,
    object_rel_direction_backward_hard,
    object_rel_distance_farthest,
    room_size_estimation_multiple,
    room_size_estimation_single,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    object_counting_multiple.QUESTION,
    object_rel_distance_farthest.QUESTION,
    object_rel_direction_backward_easy.QUESTION,
    object_rel_direction_backward_hard.QUESTION,
    room_size_estimation_single.QUESTION,
    room_size_estimation_multiple.QUESTION,
)
