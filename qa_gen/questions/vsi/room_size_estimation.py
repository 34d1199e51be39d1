"""Ask how large the room is (VSI-Bench's ``room_size_estimation``)."""

from typing import Final

import numpy as np

from qa_gen.answers import Unit
from qa_gen.config import LabelConfig
from qa_gen.floor_area import LEAST_M2, area_candidate
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

# The space before the line break is VSI-Bench's.
PHRASING: Final = Phrasing(
    canonical=(
        "What is the size of this room (in {unit:m2})? \nIf multiple rooms are shown, estimate "
        "the size of the combined space."
    ),
    others=(
        "How many {unit:m2} of floor does this room have? If there are several rooms, take them "
        "together.",
        "Estimate the floor area of the room in {unit:m2}; should the video show more than one "
        "room, give the area of all of them combined.",
        "What is the area of this room's floor in {unit:m2}, or that of the whole space if there "
        "are multiple rooms?",
        "How large is this room in {unit:m2}? Where multiple rooms appear, their floor areas add "
        "up.",
        "In {unit:m2}, how much floor space is there in this room, or in all rooms together if "
        "the video shows more than one?",
        "Give the size of the room's floor in {unit:m2}, counting the combined space when "
        "several rooms can be seen.",
        "If this room, together with any other room shown, were to be carpeted from wall to "
        "wall, how many {unit:m2} of carpet would that take?",
        "What floor area in {unit:m2} does the space in the video have, all of its rooms combined?",
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
    kind=QuestionKind.ROOM_SIZE_ESTIMATION,
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
        "VSI-Bench (Yang et al., Thinking in Space, 2025), room_size_estimation; theirs is the "
        "alpha shape of a scan, ours the floor's outline where there is one"
    ),
    find=find,
)
