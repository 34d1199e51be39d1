"""What it would look like from elsewhere."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.perspective import (
    action_consequence,
    action_distance_change,
    perspective_taking,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    perspective_taking.QUESTION,
    action_consequence.QUESTION,
    action_distance_change.QUESTION,
)
