"""VSI-Bench's eight tasks, word for word."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.vsi import (
    obj_appearance_order,
    object_abs_distance,
    object_counting,
    object_rel_direction_easy,
    object_rel_direction_hard,
    object_rel_direction_medium,
    object_rel_distance,
    object_size_estimation,
    room_size_estimation,
    route_planning,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    object_counting.QUESTION,
    object_abs_distance.QUESTION,
    object_size_estimation.QUESTION,
    room_size_estimation.QUESTION,
    object_rel_distance.QUESTION,
    object_rel_direction_easy.QUESTION,
    object_rel_direction_medium.QUESTION,
    object_rel_direction_hard.QUESTION,
    obj_appearance_order.QUESTION,
    route_planning.QUESTION,
)
