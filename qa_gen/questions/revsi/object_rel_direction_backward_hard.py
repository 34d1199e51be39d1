"""Ask in which quadrant an object is, for someone facing away from a second one (ReVSI)."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.directions import HARD
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey
from qa_gen.turns import (
    AWAY_DEFINITION,
    AWAY_MEANING,
    AWAY_SOURCE,
    FLOOR_DEG,
    INVARIANCES,
    TurnTask,
    find_turns,
)

PHRASING: Final = Phrasing(
    canonical=(
        "If I am standing by the {position:thing} and facing in the opposite direction of the "
        "{away:thing}, is the {query:thing} to my front-left, front-right, back-left, or "
        "back-right?"
    ),
    others=(
        "I am standing by the {position:thing} with my back to the {away:thing}. In which "
        "quadrant around me is the {query:thing}: front-left, front-right, back-left, or "
        "back-right?",
        "Standing by the {position:thing} and looking the opposite way from the {away:thing}, do "
        "I have the {query:thing} to my front-left, front-right, back-left, or back-right?",
        "Put yourself by the {position:thing}, facing directly away from the {away:thing}. Is the "
        "{query:thing} in the front-left, front-right, back-left, or back-right quadrant around "
        "you?",
        "Someone stands by the {position:thing} and has turned their back straight to the "
        "{away:thing}. Which of the four quadrants around them holds the {query:thing}: "
        "front-left, front-right, back-left, or back-right?",
        "If you stood by the {position:thing} with the {away:thing} straight behind you, which "
        "quarter of the floor around you would hold the {query:thing}: front-left, front-right, "
        "back-left, or back-right?",
        "For a person by the {position:thing} who faces exactly away from the {away:thing}, is "
        "the {query:thing} in front or in the back, and left or right? Choose front-left, "
        "front-right, back-left, or back-right.",
        "Suppose I go to the {position:thing}, face the {away:thing} and then turn around by 180 "
        "degrees. Is the {query:thing} now to my front-left, front-right, back-left, or "
        "back-right?",
        "Where is the {query:thing} when I stand by the {position:thing} and look directly away "
        "from the {away:thing}: to my front-left, front-right, back-left, or back-right?",
    ),
)
TASK: Final = TurnTask(QuestionKind.OBJECT_REL_DIRECTION_BACKWARD_HARD, HARD, away=True)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every three objects in every order."""
    return find_turns(survey, config, rng, TASK)


QUESTION: Final = Question(
    kind=TASK.kind,
    definition=AWAY_DEFINITION,
    meaning=AWAY_MEANING,
    answer_type="choice",
    metric="accuracy",
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=INVARIANCES,
    phrasing=PHRASING,
    source=f"ReVSI (Zhang et al., 2026), object_rel_direction_backward_hard; {AWAY_SOURCE}",
    find=find,
)
