"""How things lie to each other: for the camera, for one of them, in the world."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.relations import (
    clock_direction,
    ego_above_below,
    ego_front_behind,
    ego_left_right,
    object_front_behind,
    object_left_right,
    world_above_below,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    ego_left_right.QUESTION,
    ego_above_below.QUESTION,
    ego_front_behind.QUESTION,
    object_left_right.QUESTION,
    object_front_behind.QUESTION,
    world_above_below.QUESTION,
    clock_direction.QUESTION,
)
