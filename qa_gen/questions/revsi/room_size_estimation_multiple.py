"""Ask how large all rooms in the scene are together (ReVSI)."""

from typing import Final

import numpy as np

from qa_gen.answers import Unit
from qa_gen.config import LabelConfig
from qa_gen.floor_area import LEAST_M2, area_candidate
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "What is the size of the scene (in {unit:m2})? If multiple rooms are shown, estimate the "
        "size of the combined space."
    ),
    others=(
        "How many {unit:m2} of floor does the scene have? Take several rooms together.",
        "Estimate the floor area of the scene in {unit:m2}, with all rooms that are shown "
        "combined.",
        "What is the area of the scene's floor in {unit:m2}, or that of the combined space if "
        "there are multiple rooms?",
        "How large is the scene in {unit:m2}? Where multiple rooms appear, their floor areas add "
        "up.",
        "In {unit:m2}, how much floor space does the scene hold, all of its rooms together?",
        "Give the size of the scene's floor in {unit:m2}, counting the combined space when "
        "several rooms can be seen.",
        "If the scene were to be carpeted from wall to wall, in each of its rooms, how many "
        "{unit:m2} of carpet would that take?",
        "Adding up whatever rooms the scene has, how big is its floor in {unit:m2}?",
    ),
    unit=Unit.SQUARE_METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Ask once."""
    del config, rng
    area_m2 = survey.floor_area_m2
    assert area_m2 is not None  # a declared need
    return area_candidate(survey, area_m2)


QUESTION: Final = Question(
    kind=QuestionKind.ROOM_SIZE_ESTIMATION_MULTIPLE,
    definition="floor_area_m2",
    meaning=(
        "Floor area in square metres, of all rooms together, furniture included; `margin` is the "
        "area itself, since smaller ones than the floor are not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC, Need.FLOOR_AREA}),
    floor=LEAST_M2,
    margin_unit="m2",
    invariances=Invariances(scale_power=2),
    phrasing=PHRASING,
    source=(
        "ReVSI (Zhang et al., 2026), room_size_estimation_multiple; github.com/3dlg-hcvc/revsi, "
        "qa_generation/room_size_qa.py"
    ),
    find=find,
)
