"""Ask how long an object's longest dimension is (VSI-Bench's ``object_size_estimation``)."""

from math import sqrt
from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

LONGEST_M: Final = 10.0  # longer than anything that stands in a room
_STRATUM_RATIO: Final = 1.25  # sizes within this ratio count as alike when sampling

PHRASING: Final = Phrasing(
    canonical=(
        "What is the length of the longest dimension (length, width, or height) of the {c:thing}, "
        "measured in {unit:cm}?"
    ),
    others=(
        "How many {unit:cm} does the {c:thing} measure along its longest dimension (length, "
        "width, or height)?",
        "Of the length, width, and height of the {c:thing}, how long is the greatest, in "
        "{unit:cm}?",
        "Give the longest of the three dimensions of the {c:thing} (length, width, or height) in "
        "{unit:cm}.",
        "Taking whichever of its length, width, and height is largest, how big is the {c:thing} "
        "in {unit:cm}?",
        "In {unit:cm}, what is the maximum of the length, the width, and the height of the "
        "{c:thing}?",
        "If the {c:thing} were packed in the tightest box, how long would the box's longest side "
        "be in {unit:cm}?",
        "Estimate the size of the {c:thing} along its longest side, be it length, width, or "
        "height, in {unit:cm}.",
        "What does the largest dimension of the {c:thing} measure in {unit:cm}, whether that is "
        "its length, width, or height?",
    ),
    unit=Unit.CENTIMETERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object that can be named."""
    del config, rng
    n = len(survey.objects)
    longest_m = 2 * survey.boxes.half[:n].max(axis=1)
    value = longest_m * 100

    def draft(i: int, _: np.random.Generator) -> Draft:
        return Draft(
            slots={"c": thing(survey.names[i])},
            answer=Quantity(float(round(float(value[i]))), Unit.CENTIMETERS, 0),
            objects=(i,),
        )

    return Candidates(
        margin=longest_m,
        draft=draft,
        value=value,
        sigma=np.full(n, survey.geometry.sigma_m * sqrt(2)),  # a face at either end
        strata=np.floor(np.log(longest_m) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(
            Check(SkipReason.VALUE_IMPLAUSIBLE, longest_m <= LONGEST_M),
            Check(SkipReason.NAME_TELLS, ~survey.told_by_size),
        ),
        skips=survey.pool_skips(QuestionKind.OBJECT_SIZE_ESTIMATION, lambda m: m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_SIZE_ESTIMATION,
    definition="obb_longest_edge_cm",
    meaning=(
        "Longest edge of the oriented box in centimetres; `margin` is that edge in metres, since "
        "shorter ones than the floor are not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.1,  # VSI-Bench's least is 11 cm; a centimetre more or less is a tenth of it
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source="VSI-Bench (Yang et al., Thinking in Space, 2025), object_size_estimation",
    find=find,
)
