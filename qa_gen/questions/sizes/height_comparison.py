"""Ask which of two objects is the taller one."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.heights import heights_of
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.questions.sizes.comparing import extent_ratio_sigma, names_are_silent
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

MOST_RATIO: Final = 1.6

PHRASING: Final = Phrasing(
    canonical=(
        "Each measured from its own lowest to its own highest point, which is taller: the "
        "{a:thing} or the {b:thing}?"
    ),
    others=(
        "Which measures more from bottom to top, the {a:thing} or the {b:thing}?",
        "Compare the heights of the {a:thing} and the {b:thing} themselves, no matter what they "
        "stand on. Which one is greater?",
        "If the {a:thing} and the {b:thing} stood side by side on the floor, which would reach "
        "higher?",
        "Of the {a:thing} and the {b:thing}, which has the greater vertical extent?",
        "Is it the {a:thing} or the {b:thing} that is taller from its own bottom to its own top?",
        "Which of the two needs a higher box to stand upright in: the {a:thing} or the {b:thing}?",
        "Between the {a:thing} and the {b:thing}, pick the one with the larger distance from its "
        "bottom to its top.",
        "Put down on the same floor, which one is taller, the {a:thing} or the {b:thing}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair of objects."""
    del config, rng
    n = len(survey.names)
    first, second = np.nonzero(~np.eye(n, dtype=np.bool_))
    heights = heights_of(survey.boxes)
    a, b = heights.extent[first], heights.extent[second]
    larger, smaller = np.maximum(a, b), np.minimum(a, b)
    ratio = larger / smaller

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
        sigma=extent_ratio_sigma(larger, smaller, survey.geometry.sigma_m * 2**0.5),
        # Both orders of a pair are one stratum: either place in the question is equally likely.
        strata=np.minimum(first, second) * n + np.maximum(first, second),
        checks=(
            Check(SkipReason.NAME_TELLS, names_are_silent(survey, first, second)),
            Check(SkipReason.BOX_TILTED, heights.stands[first] & heights.stands[second]),
            Check(SkipReason.SIZES_TOO_UNLIKE, ratio <= MOST_RATIO),
        ),
        skips=survey.pool_skips(QuestionKind.HEIGHT_COMPARISON, lambda m: m * (m - 1)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.HEIGHT_COMPARISON,
    definition="obb_extents_along_up_ratio",
    meaning=(
        "Which of two oriented boxes has the greater extent along the world's up. `value` is the "
        "ratio of the greater to the smaller extent, `margin` how far it is above 1. Not asked "
        "where it is above 1.6, so that the categories tell little, nor of boxes that lean"
    ),
    answer_type="choice",
    metric="accuracy",
    floor=0.15,
    margin_unit="ratio",
    invariances=Invariances(swap=(0, 1)),
    phrasing=PHRASING,
    source=(
        "tall and short choices of SpatialVLM's templates and OpenSpatial's height_comparison, "
        "which label ties and compare the heights of the tops; ours compares the things"
    ),
    find=find,
)
