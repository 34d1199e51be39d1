"""What is the same in two images."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.correspondence import (
    frame_locate,
    object_correspondence,
    point_correspondence,
    view_overlap,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    frame_locate.QUESTION,
    object_correspondence.QUESTION,
    point_correspondence.QUESTION,
    view_overlap.QUESTION,
)
