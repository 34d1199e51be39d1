"""Ask on which side of a second object a third is, for someone facing the second (VSI-Bench)."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.directions import EASY
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey
from qa_gen.turns import DEFINITION, FLOOR_DEG, INVARIANCES, MEANING, SOURCE, TurnTask, find_turns

PHRASING: Final = Phrasing(
    canonical=(
        "If I am standing by the {position:thing} and facing the {facing:thing}, is the "
        "{query:thing} to the left or the right of the {facing:thing}?"
    ),
    others=(
        "Standing by the {position:thing} and looking at the {facing:thing}, would I find the "
        "{query:thing} to the left or to the right of the {facing:thing}?",
        "I stand by the {position:thing} and turn to face the {facing:thing}. On which side of "
        "the {facing:thing} is the {query:thing}, left or right?",
        "Imagine someone at the {position:thing} who looks straight at the {facing:thing}: does "
        "the {query:thing} lie to the left or the right of the {facing:thing}?",
        "From a spot by the {position:thing}, facing the {facing:thing}, is the {query:thing} "
        "left or right of the {facing:thing}?",
        "A person by the {position:thing} faces the {facing:thing}. For that person, is the "
        "{query:thing} to the left or the right of the {facing:thing}?",
        "Seen by someone who stands by the {position:thing} and faces the {facing:thing}, which "
        "side of the {facing:thing} is the {query:thing} on: left or right?",
        "Suppose I go to the {position:thing} and face the {facing:thing}. Is the {query:thing} "
        "then to the left or to the right of the {facing:thing}?",
        "If you were standing by the {position:thing} with the {facing:thing} straight ahead of "
        "you, would the {query:thing} be left or right of the {facing:thing}?",
    ),
)
TASK: Final = TurnTask(QuestionKind.OBJECT_REL_DIRECTION_EASY, EASY)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every three objects in every order."""
    return find_turns(survey, config, rng, TASK)


QUESTION: Final = Question(
    kind=TASK.kind,
    definition=DEFINITION,
    meaning=MEANING,
    answer_type="choice",
    metric="accuracy",
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=INVARIANCES,
    phrasing=PHRASING,
    source=f"VSI-Bench (Yang et al., Thinking in Space, 2025), object_rel_direction_easy; {SOURCE}",
    find=find,
)
