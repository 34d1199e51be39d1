"""Every kind of question, by family.

To add one: a module with a ``QUESTION`` in its family's folder, an enum value, a line in the
family's table.
"""

from collections.abc import Mapping
from typing import Final

from qa_gen.question import Question
from qa_gen.questions import (
    camera,
    correspondence,
    depth,
    grounding,
    language,
    perspective,
    physics,
    relations,
    revsi,
    sizes,
    vsi,
)
from qa_gen.record import QuestionKind

_ALL: Final = (
    *vsi.QUESTIONS,
    *revsi.QUESTIONS,
    *camera.QUESTIONS,
    *depth.QUESTIONS,
    *correspondence.QUESTIONS,
    *grounding.QUESTIONS,
    *relations.QUESTIONS,
    *sizes.QUESTIONS,
    *physics.QUESTIONS,
    *perspective.QUESTIONS,
    *language.QUESTIONS,
)
QUESTIONS: Final[Mapping[QuestionKind, Question]] = {q.kind: q for q in _ALL}
