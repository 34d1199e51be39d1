"""Ask how high an object is."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.heights import heights_of
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

_STRATUM_RATIO: Final = 1.5  # heights within this ratio count as alike when sampling

PHRASING: Final = Phrasing(
    canonical=(
        "What is the height of the {a:thing} itself, from its lowest to its highest point, in "
        "{unit:cm}?"
    ),
    others=(
        "How tall is the {a:thing} from bottom to top, in {unit:cm}?",
        "Estimate in {unit:cm} how far the highest point of the {a:thing} is above its lowest one.",
        "How many {unit:cm} does the {a:thing} measure upright, from its bottom to its top?",
        "Give the vertical size of the {a:thing} (in {unit:cm}), wherever it stands or hangs.",
        "If a measuring rod were held upright beside the {a:thing}, how many {unit:cm} would lie "
        "between the object's bottom and its top?",
        "In {unit:cm}, what is the difference in height between the top and the bottom of the "
        "{a:thing}?",
        "What is the extent of the {a:thing} along the vertical, measured in {unit:cm}?",
        "How high must a box that stands upright be inside for the {a:thing} to fit without being "
        "turned (in {unit:cm})?",
    ),
    unit=Unit.CENTIMETERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object."""
    del config, rng
    n = len(survey.names)
    heights = heights_of(survey.boxes)
    height = heights.extent[:n]

    def draft(i: int, _: np.random.Generator) -> Draft:
        centimetres = float(np.rint(100 * height[i]))
        return Draft(
            slots={"a": thing(survey.names[i])},
            answer=Quantity(centimetres, Unit.CENTIMETERS, 0),
            objects=(i,),
        )

    return Candidates(
        margin=height,
        draft=draft,
        value=100 * height,
        sigma=np.full(n, survey.geometry.sigma_m * 2**0.5),  # two faces
        strata=np.floor(np.log(height) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(Check(SkipReason.BOX_TILTED, heights.stands[:n]),),
        skips=survey.pool_skips(QuestionKind.OBJECT_HEIGHT, lambda m: m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_HEIGHT,
    definition="obb_extent_along_up_cm",
    meaning=(
        "Extent in centimetres of the oriented box along the world's up, whichever of its axes "
        "that is; boxes that owe more than a tenth of it to leaning are not asked about. `margin` "
        "is the height itself, in metres"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.1,  # half a centimetre of rounding is a twentieth of it
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "height of SpatialVLM's and SpatialRGPT's templates (2024); VQASynth reads the width "
        "(extent[0]) for it, ours measures along gravity"
    ),
    find=find,
)
