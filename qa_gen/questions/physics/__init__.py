"""What carries, touches, hides and fits."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.physics import contact, fits_between, occlusion, support, visibility

QUESTIONS: Final[tuple[Question, ...]] = (
    support.QUESTION,
    contact.QUESTION,
    occlusion.QUESTION,
    visibility.QUESTION,
    fits_between.QUESTION,
)
