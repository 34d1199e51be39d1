"""Ask how large the room is in which the clip was filmed, other rooms left out (ReVSI)."""

from typing import Final

import numpy as np
import shapely

from qa_gen.answers import Unit
from qa_gen.config import LabelConfig
from qa_gen.floor_area import LEAST_M2, area_candidate
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Check, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "What is the size of the main room (in {unit:m2})? If multiple rooms are shown, estimate "
        "only the size of the dominant room in which the video is primarily recorded."
    ),
    others=(
        "How many {unit:m2} of floor does the room have in which most of the video was recorded? "
        "Leave out any other room.",
        "Estimate the floor area in {unit:m2} of the main room alone, that is, of the room in "
        "which the video was mostly filmed.",
        "What is the area in {unit:m2} of the room that the video was mainly recorded in, not "
        "counting other rooms that may be seen?",
        "How large is the main room in {unit:m2}? Should other rooms be visible, do not add them.",
        "In {unit:m2}, how much floor space is there in the room from which most of the video "
        "was taken, and only there?",
        "Give the size in {unit:m2} of the floor of the dominant room, the one in which the "
        "camera mostly was.",
        "If only the room in which the video is primarily recorded were to be carpeted from wall "
        "to wall, how many {unit:m2} of carpet would that take?",
        "Ignoring adjoining rooms, how big in {unit:m2} is the floor of the room where the video "
        "was mainly shot?",
    ),
    unit=Unit.SQUARE_METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Ask once."""
    del config, rng
    outline = survey.geometry.room_polygon
    assert outline is not None  # a declared need
    cameras = survey.keyframe_c2w[:, :2, 3]
    room = shapely.Polygon(outline)
    inside = shapely.contains_xy(room, cameras[:, 0], cameras[:, 1])
    filmed_inside = Check(SkipReason.FILMED_FROM_OUTSIDE, np.array([bool(inside.all())]))
    return area_candidate(survey, float(room.area), filmed_inside)


QUESTION: Final = Question(
    kind=QuestionKind.ROOM_SIZE_ESTIMATION_SINGLE,
    definition="outlined_floor_area_m2",
    meaning=(
        "Area in square metres of the outlined floor, furniture included; every keyframe was "
        "taken from above it, so it is the room in which the clip was filmed; `margin` is the "
        "area itself, since smaller ones than the floor are not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC, Need.POSES, Need.FLOOR_OUTLINE}),
    floor=LEAST_M2,
    margin_unit="m2",
    invariances=Invariances(scale_power=2),
    phrasing=PHRASING,
    source=(
        "ReVSI (Zhang et al., 2026), room_size_estimation_single; github.com/3dlg-hcvc/revsi, "
        "qa_generation/room_size_qa.py; theirs goes by which room annotators outlined, ours by "
        "where the cameras were"
    ),
    find=find,
)
