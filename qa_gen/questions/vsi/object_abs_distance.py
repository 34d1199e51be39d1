"""Ask how far apart two objects are (VSI-Bench's ``object_abs_distance``)."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

DECIMALS: Final = 1
_STRATUM_RATIO: Final = 1.5  # distances within this ratio count as alike when sampling

PHRASING: Final = Phrasing(
    canonical=(
        "Measuring from the closest point of each object, what is the distance between the "
        "{a:thing} and the {b:thing} (in {unit:m})?"
    ),
    others=(
        "How many {unit:m} are there between the {a:thing} and the {b:thing}, from surface to "
        "surface?",
        "What is the shortest distance between the {a:thing} and the {b:thing} in {unit:m}?",
        "How far is the {a:thing} from the {b:thing} at their closest points, in {unit:m}?",
        "Give the gap between the {a:thing} and the {b:thing} in {unit:m}, measured where they "
        "are nearest to each other.",
        "If a string were stretched between the nearest points of the {a:thing} and the "
        "{b:thing}, how long would it be in {unit:m}?",
        "Estimate the smallest distance separating the {a:thing} from the {b:thing} (in {unit:m}).",
        "In {unit:m}, how much space lies between the {a:thing} and the {b:thing} where they come "
        "closest?",
        "What length in {unit:m} separates the {a:thing} and the {b:thing}, taking the closest "
        "point of each?",
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every pair of objects."""
    del config, rng
    n = len(survey.objects)
    first, second = np.triu_indices(n, k=1)
    gap = survey.gaps[first, second]
    sigma = survey.geometry.sigma_m * 2**0.5  # one face of each box

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
        sigma=np.full(len(gap), sigma),
        strata=np.floor(np.log(np.maximum(gap, 1e-3)) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(Check(SkipReason.NAME_TELLS, survey.names_apart(first, second)),),
        skips=survey.pool_skips(QuestionKind.OBJECT_ABS_DISTANCE, lambda m: comb(m, 2)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_ABS_DISTANCE,
    definition="obb_gap_min_m",
    meaning=(
        "Least distance in metres between the surfaces of the two oriented boxes, exact for boxes; "
        "`margin` is the distance itself, since two boxes closer than the floor are not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.2,  # VSI-Bench's; a tenth of a metre more or less is half of it
    margin_unit="m",
    invariances=Invariances(scale_power=1, swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "VSI-Bench (Yang et al., Thinking in Space, 2025), object_abs_distance; theirs is measured "
        "between points sampled on the boxes, ours is exact"
    ),
    find=find,
)
