"""Ask how far apart two objects are on the floor plan."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.floor_plan import floor_plan
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

DECIMALS: Final = 1
_STRATUM_RATIO: Final = 1.5  # distances within this ratio count as alike when sampling

PHRASING: Final = Phrasing(
    canonical=(
        "What is the horizontal distance between the closest points of the {a:thing} and the "
        "{b:thing}, ignoring any difference in height (in {unit:m})?"
    ),
    others=(
        "Seen from straight above, how many {unit:m} lie between the {a:thing} and the {b:thing} "
        "where they are nearest?",
        "Project the {a:thing} and the {b:thing} onto the floor. How far apart are their outlines "
        "at the closest points, in {unit:m}?",
        "On the floor plan, what is the gap between the {a:thing} and the {b:thing} in {unit:m}?",
        "Measured level along the floor, how many {unit:m} separate the nearest edges of the "
        "{a:thing} and the {b:thing}?",
        "How wide in {unit:m} is the space between the {a:thing} and the {b:thing} on a floor plan "
        "of the room?",
        "Leaving heights aside, what is the shortest level distance from the {a:thing} to the "
        "{b:thing} in {unit:m}?",
        "In {unit:m}, how far must one go horizontally to get from the edge of the {a:thing} to "
        "the nearest edge of the {b:thing}?",
        "If both cast their shadows straight down, how many {unit:m} of floor would be between "
        "those of the {a:thing} and the {b:thing} at the narrowest?",
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every pair of objects."""
    del config, rng
    first, second = np.triu_indices(len(survey.names), k=1)
    gap = floor_plan(survey.boxes).gaps(first, second)

    def draft(i: int, _: np.random.Generator) -> Draft:
        a, b = int(first[i]), int(second[i])
        return Draft(
            slots={"a": thing(survey.names[a]), "b": thing(survey.names[b])},
            answer=Quantity(round(float(gap[i]), DECIMALS), Unit.METERS, DECIMALS),
            objects=(a, b),
        )

    return Candidates(
        margin=gap,
        draft=draft,
        value=gap,
        sigma=np.full(len(gap), survey.geometry.sigma_m * 2**0.5),  # one face of each box
        strata=np.floor(np.log(np.maximum(gap, 1e-3)) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(Check(SkipReason.OBJECTS_TOO_CLOSE, gap > 0),),
        skips=survey.pool_skips(QuestionKind.HORIZONTAL_DISTANCE, lambda m: comb(m, 2)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.HORIZONTAL_DISTANCE,
    definition="obb_footprints_gap_min_m",
    meaning=(
        "Least distance in metres between the projections of the two oriented boxes onto the floor "
        "plane, exact for boxes, however they lean; `margin` is the distance itself, since two "
        "things one above the other or closer than the floor are not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.2,  # VSI-Bench's for distances; a tenth of a metre more or less is half of it
    margin_unit="m",
    invariances=Invariances(scale_power=1, swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "horizontal distance of SpatialVLM's and SpatialRGPT's templates (2024), there between "
        "middles of point clouds; ours is the exact gap between floor plans"
    ),
    find=find,
)
