"""Ask how long the longer or the shorter horizontal side of an object is."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.heights import horizontal_sides
from qa_gen.phrasing import Phrasing, thing, words
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

_STRATUM_RATIO: Final = 1.5  # lengths within this ratio count as alike when sampling
_WHICH: Final = ("longer", "shorter")

PHRASING: Final = Phrasing(
    canonical=(
        "Seen from above, what is the length of the {which:words} horizontal side of the {a:thing} "
        "in {unit:cm}?"
    ),
    others=(
        "How long is the {which:words} of the two horizontal sides of the {a:thing}, in {unit:cm}?",
        "The {a:thing} covers a rectangle of the floor plan. How many {unit:cm} long is the "
        "{which:words} side of it?",
        "Measure the {a:thing} horizontally along its two sides. What is the {which:words} length, "
        "in {unit:cm}?",
        "Estimate in {unit:cm} the {which:words} of the two horizontal dimensions of the "
        "{a:thing}.",
        "Of width and depth, take the {which:words} one. What is it for the {a:thing}, in "
        "{unit:cm}?",
        "Leaving its height aside, the {a:thing} has two dimensions. Give the {which:words} one "
        "(in {unit:cm}).",
        "In {unit:cm}, how far does the {a:thing} reach along the {which:words} side of its "
        "footprint?",
        "Draw the smallest rectangle in line with the {a:thing} around it, seen from above. How "
        "many {unit:cm} does its {which:words} side measure?",
    ),
    unit=Unit.CENTIMETERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate both horizontal sides of every object."""
    del config, rng
    n = len(survey.names)
    sides = horizontal_sides(survey.boxes)
    length = np.concatenate([sides.longer[:n], sides.shorter[:n]])

    def draft(i: int, _: np.random.Generator) -> Draft:
        which, a = divmod(i, n)
        return Draft(
            slots={"a": thing(survey.names[a]), "which": words(_WHICH[which])},
            answer=Quantity(float(np.rint(100 * length[i])), Unit.CENTIMETERS, 0),
            objects=(a,),
        )

    return Candidates(
        margin=length,
        draft=draft,
        value=100 * length,
        sigma=np.full(2 * n, survey.geometry.sigma_m * 2**0.5),  # two faces
        strata=np.floor(np.log(length) / np.log(_STRATUM_RATIO)).astype(np.int64),
        checks=(Check(SkipReason.BOX_TILTED, np.tile(sides.level[:n], 2)),),
        skips=survey.pool_skips(QuestionKind.OBJECT_WIDTH, lambda m: 2 * m),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_WIDTH,
    definition="obb_horizontal_side_cm",
    meaning=(
        "Length in centimetres of the longer or the shorter of the two sides of the oriented box "
        "that lie beside its most upright axis; boxes leaning by more than 10 degrees are not "
        "asked about. `margin` is the length itself, in metres"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC}),
    floor=0.1,  # half a centimetre of rounding is a twentieth of it
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "width of SpatialVLM's and SpatialRGPT's templates (2024), there an extent in the camera's "
        "frame that changes with the view; ours belongs to the object, so it says which side"
    ),
    find=find,
)
