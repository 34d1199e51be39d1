"""Ask how much higher the top of one object is than that of another."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.heights import heights_of
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

DECIMALS: Final = 2
_STRATUM_RATIO: Final = 1.5  # distances within this ratio count as alike when sampling

PHRASING: Final = Phrasing(
    canonical=(
        "What is the vertical distance between the top of the {a:thing} and the top of the "
        "{b:thing} (in {unit:m})?"
    ),
    others=(
        "By how many {unit:m} do the highest points of the {a:thing} and the {b:thing} differ in "
        "height?",
        "How far apart in height are the tops of the {a:thing} and the {b:thing}, in {unit:m}?",
        "Compare how high the {a:thing} and the {b:thing} reach above the floor. What is the "
        "difference in {unit:m}?",
        "In {unit:m}, how much does one of the tops of the {a:thing} and the {b:thing} lie above "
        "the other?",
        "Measured straight up, how many {unit:m} are there from the level of the top of the "
        "{a:thing} to the level of the top of the {b:thing}?",
        "Give the difference in level (in {unit:m}) between the highest point of the {a:thing} and "
        "that of the {b:thing}.",
        "If the water in the room stood at the top of the lower one of the {a:thing} and the "
        "{b:thing}, how many {unit:m} would it have to rise to the top of the other?",
        "Ignoring how far apart they stand on the floor, how many {unit:m} lie between the upper "
        "ends of the {a:thing} and the {b:thing}?",
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every pair of objects."""
    del config, rng
    first, second = np.triu_indices(len(survey.names), k=1)
    heights = heights_of(survey.boxes)
    rise = np.abs(heights.high[first] - heights.high[second])

    def draft(i: int, _: np.random.Generator) -> Draft:
        a, b = int(first[i]), int(second[i])
        return Draft(
            slots={"a": thing(survey.names[a]), "b": thing(survey.names[b])},
            answer=Quantity(round(float(rise[i]), DECIMALS), Unit.METERS, DECIMALS),
            objects=(a, b),
        )

    return Candidates(
        margin=rise,
        draft=draft,
        value=rise,
        sigma=np.full(len(rise), survey.geometry.sigma_m * 2**0.5),  # one face of each box
        strata=np.floor(np.log(np.maximum(rise, 1e-3)) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(Check(SkipReason.BOX_TILTED, heights.stands[first] & heights.stands[second]),),
        skips=survey.pool_skips(QuestionKind.VERTICAL_DISTANCE, lambda m: comb(m, 2)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.VERTICAL_DISTANCE,
    definition="obb_tops_height_difference_m",
    meaning=(
        "Difference in metres between the heights of the highest points of the two oriented boxes "
        "along the world's up; boxes that owe more than a tenth of their height to leaning are not "
        "asked about. `margin` is the difference itself"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.1,  # half a centimetre of rounding is a twentieth of it
    margin_unit="m",
    invariances=Invariances(scale_power=1, swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "vertical distance of SpatialVLM's and SpatialRGPT's templates (2024), there between "
        "middles of point clouds; ours says between which points"
    ),
    find=find,
)
