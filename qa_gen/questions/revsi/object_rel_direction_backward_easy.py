"""Ask whether an object is left, right or behind, for someone facing away from a second one."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.directions import MEDIUM
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
        "{away:thing}, is the {query:thing} to my left, right, or back?\nAn object is to my back "
        "if I would have to turn at least 135 degrees in order to face it."
    ),
    others=(
        "I am standing by the {position:thing} with my back to the {away:thing}. Is the "
        "{query:thing} to my left, right, or back? (To my back means that I would have to turn at "
        "least 135 degrees to face it.)",
        "Counting as back whatever takes a turn of at least 135 degrees to face, is the "
        "{query:thing} to my left, right, or back when I stand by the {position:thing} and face "
        "directly away from the {away:thing}?",
        "Standing by the {position:thing}, I look the opposite way from the {away:thing}. Do I "
        "have the {query:thing} to my left, right, or back? Something is to my back if I need to "
        "turn by at least 135 degrees to look at it.",
        "Someone stands by the {position:thing} and has turned their back straight to the "
        "{away:thing}. Is the {query:thing} to their left, right, or back, where back means a "
        "turn of at least 135 degrees?",
        "Imagine yourself by the {position:thing}, the {away:thing} straight behind you: is the "
        "{query:thing} to your left, right, or back? Call it back if you would have to turn at "
        "least 135 degrees in order to face it.",
        "If you stood by the {position:thing} and faced exactly away from the {away:thing}, where "
        "would the {query:thing} be: left, right, or back? Back is anything that you would have "
        "to turn at least 135 degrees to face.",
        "Suppose I go to the {position:thing}, face the {away:thing} and then turn around by 180 "
        "degrees. Is the {query:thing} now to my left, to my right, or to my back? What takes a "
        "turn of at least 135 degrees to face is to my back.",
        "For a person by the {position:thing} who looks directly away from the {away:thing}, say "
        "whether the {query:thing} is to the left, right, or back. It is to the back if the "
        "person has to turn at least 135 degrees to face it.",
    ),
)
TASK: Final = TurnTask(QuestionKind.OBJECT_REL_DIRECTION_BACKWARD_EASY, MEDIUM, away=True)


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
    source=f"ReVSI (Zhang et al., 2026), object_rel_direction_backward_easy; {AWAY_SOURCE}",
    find=find,
)
