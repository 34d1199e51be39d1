"""Ask in which quadrant an object is, for someone facing a second one (VSI-Bench)."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.directions import HARD
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey
from qa_gen.turns import DEFINITION, FLOOR_DEG, INVARIANCES, MEANING, SOURCE, TurnTask, find_turns

PHRASING: Final = Phrasing(
    canonical=(
        "If I am standing by the {position:thing} and facing the {facing:thing}, is the "
        "{query:thing} to my front-left, front-right, back-left, or back-right?\nThe directions "
        "refer to the quadrants of a Cartesian plane (if I am standing at the origin and facing "
        "along the positive y-axis)."
    ),
    others=(
        "I am standing by the {position:thing} and facing the {facing:thing}. In which quadrant "
        "around me is the {query:thing}: front-left, front-right, back-left, or back-right?",
        "Standing by the {position:thing} and looking at the {facing:thing}, do I have the "
        "{query:thing} to my front-left, front-right, back-left, or back-right? Each of the four "
        "is a quarter of the plane around me.",
        "Put yourself by the {position:thing}, facing the {facing:thing}, as the origin of a "
        "plane whose y-axis points ahead of you. Is the {query:thing} in the front-left, "
        "front-right, back-left, or back-right quadrant?",
        "Someone stands by the {position:thing} and faces the {facing:thing}. Of the four "
        "quadrants around them, which holds the {query:thing}: front-left, front-right, "
        "back-left, or back-right?",
        "If you stood by the {position:thing} with the {facing:thing} straight ahead, which "
        "quarter of the floor around you would hold the {query:thing}: front-left, front-right, "
        "back-left, or back-right?",
        "For a person by the {position:thing} who faces the {facing:thing}, is the {query:thing} "
        "in front or in the back, and left or right? Choose front-left, front-right, back-left, "
        "or back-right.",
        "Suppose I go to the {position:thing} and face the {facing:thing}. Dividing the floor "
        "around me into four quadrants, is the {query:thing} to my front-left, front-right, "
        "back-left, or back-right?",
        "Where is the {query:thing} when I stand by the {position:thing} and face the "
        "{facing:thing}: to my front-left, front-right, back-left, or back-right, each meaning "
        "one quadrant?",
    ),
)
TASK: Final = TurnTask(QuestionKind.OBJECT_REL_DIRECTION_HARD, HARD)


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
    source=f"VSI-Bench (Yang et al., Thinking in Space, 2025), object_rel_direction_hard; {SOURCE}",
    find=find,
)
