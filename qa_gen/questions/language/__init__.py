"""Questions answered in free text, in the forms of SQA3D and ScanQA."""

from typing import Final

from qa_gen.question import Question
from qa_gen.questions.language import (
    scene_color,
    scene_count,
    scene_what_on,
    scene_where,
    situated_can,
    situated_how_many,
    situated_is,
    situated_what,
    situated_which,
)

QUESTIONS: Final[tuple[Question, ...]] = (
    situated_what.QUESTION,
    situated_is.QUESTION,
    situated_how_many.QUESTION,
    situated_can.QUESTION,
    situated_which.QUESTION,
    scene_color.QUESTION,
    scene_where.QUESTION,
    scene_count.QUESTION,
    scene_what_on.QUESTION,
)
