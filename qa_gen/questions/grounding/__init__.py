"""Where in the image, and where before the camera."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.grounding import (
    grounding_2d,
    grounding_3d,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    grounding_2d.QUESTION,
    grounding_3d.QUESTION,
)
