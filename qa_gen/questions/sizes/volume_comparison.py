"""Ask which of two objects takes up more space."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.questions.sizes.comparing import names_are_silent, volume_sigma_share
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

MOST_RATIO: Final = 2.0

PHRASING: Final = Phrasing(
    canonical=(
        "Going by the smallest box around each, which takes up more space: the {a:thing} or the "
        "{b:thing}?"
    ),
    others=(
        "Put a tight box around each. Whose box has the larger volume, that of the {a:thing} or "
        "that of the {b:thing}?",
        "Which would need the larger carton to be packed in whole, the {a:thing} or the {b:thing}?",
        "Compare length times width times height of the {a:thing} and the {b:thing}. For which is "
        "it more?",
        "Of the {a:thing} and the {b:thing}, which fills the larger box?",
        "Is it the {a:thing} or the {b:thing} whose bounding box holds more?",
        "Multiplying the three dimensions of each, which is bigger: the {a:thing} or the "
        "{b:thing}?",
        "Between the {a:thing} and the {b:thing}, pick the one with the greater volume of its "
        "tightest box.",
        "Which is larger in volume, the box that just holds the {a:thing} or the one that just "
        "holds the {b:thing}? Name the object.",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair of objects."""
    del config, rng
    n = len(survey.names)
    first, second = np.nonzero(~np.eye(n, dtype=np.bool_))
    half = survey.boxes.half
    volume = np.prod(2 * half, axis=1)
    share = volume_sigma_share(half, survey.geometry.sigma_m)
    a, b = volume[first], volume[second]
    ratio = np.maximum(a, b) / np.minimum(a, b)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        names = (survey.names[first[i]], survey.names[second[i]])
        return Draft(
            slots={"a": thing(names[0]), "b": thing(names[1])},
            answer=shuffled_choice(names, 0 if a[i] > b[i] else 1, rng),
            objects=(int(first[i]), int(second[i])),
        )

    return Candidates(
        margin=ratio - 1.0,
        draft=draft,
        value=ratio,
        sigma=ratio * np.hypot(share[first], share[second]),
        # Both orders of a pair are one stratum: either place in the question is equally likely.
        strata=np.minimum(first, second) * n + np.maximum(first, second),
        checks=(
            Check(SkipReason.NAME_TELLS, names_are_silent(survey, first, second)),
            Check(SkipReason.SIZES_TOO_UNLIKE, ratio <= MOST_RATIO),
        ),
        skips=survey.pool_skips(QuestionKind.VOLUME_COMPARISON, lambda m: m * (m - 1)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.VOLUME_COMPARISON,
    definition="obb_volumes_ratio",
    meaning=(
        "Which of two oriented boxes has the greater volume. `value` is the ratio of the greater "
        "to the smaller volume, `margin` how far it is above 1. Not asked where it is above 2 "
        "(sides 1.26 times as long), so that the categories tell little"
    ),
    answer_type="choice",
    metric="accuracy",
    floor=0.3,
    margin_unit="ratio",
    invariances=Invariances(swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "big and small choices of SpatialVLM's templates (2024), of boxes along the world's axes "
        "and without a margin; ours are oriented boxes"
    ),
    find=find,
)
