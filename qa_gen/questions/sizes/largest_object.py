"""Ask which of four objects takes up the most space."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.enumeration import subsets
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, things
from qa_gen.question import Candidates, Check, Draft, Question
from qa_gen.questions.sizes.comparing import names_are_silent, volume_sigma_share
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

N_OPTIONS: Final = 4
MOST_LEAD: Final = 2.5  # of the largest over the next
MOST_SPREAD: Final = 10.0  # of the largest over the smallest

PHRASING: Final = Phrasing(
    canonical=(
        "Going by the smallest box around each, which of these objects ({options:things}) takes up "
        "the most space?"
    ),
    others=(
        "Put a tight box around each of these: {options:things}. Whose box has the largest volume?",
        "Which of the following would need the largest carton to be packed in whole: "
        "{options:things}?",
        "Compare length times width times height of these objects: {options:things}. For which is "
        "it the most?",
        "Here are four objects: {options:things}. Which one fills the largest box?",
        "Among these objects ({options:things}), whose bounding box holds the most?",
        "Multiplying the three dimensions of each, which of these is the biggest: "
        "{options:things}?",
        "Pick the object with the greatest volume of its tightest box out of these: "
        "{options:things}.",
        "By the volume of the box that just holds it, which is the largest of these four: "
        "{options:things}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every set of four objects, or so many drawn evenly."""
    del config
    chosen = subsets(len(survey.names), N_OPTIONS, rng)
    half = survey.boxes.half
    volume = np.prod(2 * half, axis=1)
    share = volume_sigma_share(half, survey.geometry.sigma_m)
    order = np.take_along_axis(chosen, np.argsort(volume[chosen], axis=1, kind="stable"), axis=1)
    smallest, next_to_largest, largest = order[:, 0], order[:, -2], order[:, -1]
    lead = volume[largest] / volume[next_to_largest]

    def draft(i: int, rng: np.random.Generator) -> Draft:
        named = chosen[i].tolist()
        choice = shuffled_choice(
            [survey.names[j] for j in named], named.index(int(largest[i])), rng
        )
        return Draft(slots={"options": things(choice.options)}, answer=choice, objects=tuple(named))

    return Candidates(
        margin=lead - 1.0,
        draft=draft,
        value=lead,
        sigma=lead * np.hypot(share[largest], share[next_to_largest]),
        strata=largest,
        checks=(
            Check(SkipReason.NAME_TELLS, names_are_silent(survey, *chosen.T)),
            Check(
                SkipReason.SIZES_TOO_UNLIKE,
                (lead <= MOST_LEAD) & (volume[largest] <= MOST_SPREAD * volume[smallest]),
            ),
        ),
        skips=survey.pool_skips(QuestionKind.LARGEST_OBJECT, lambda m: comb(m, N_OPTIONS)),
    )


QUESTION: Final = Question(
    kind=QuestionKind.LARGEST_OBJECT,
    definition="obb_volumes_argmax",
    meaning=(
        "Which of four oriented boxes has the greatest volume. `value` is its ratio to the next "
        "smaller one, `margin` how far that is above 1. Asked only where that is at most 2.5 and "
        "the smallest of the four is at least a tenth of the largest, so that categories tell less"
    ),
    answer_type="choice",
    metric="accuracy",
    floor=0.3,
    margin_unit="ratio",
    phrasing=PHRASING,
    source=(
        "superlative size of OpenSpatial (2026), without a margin there; ours wants the largest to "
        "lead by 30 %"
    ),
    find=find,
)
