"""Ask how many things of a kind there are (ScanQA's "how many")."""

from typing import Final

import numpy as np

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, category
from qa_gen.question import Candidates, Check, Draft, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.situations import plain_categories
from qa_gen.survey import Survey
from qa_gen.words import number_forms, plural

FLOOR: Final = 1.0

PHRASING: Final = Phrasing(
    canonical="How many {c:category} are there in the video?",
    others=(
        "How many {c:category} are shown in the video?",
        "What is the number of {c:category} in the video?",
        "How many different {c:category} can you count in the video?",
        "Count the {c:category} in the video, each one once. How many are there?",
        "In the video, how many different {c:category} appear?",
        "How many {c:category} can be seen over the whole video?",
        "What number of {c:category} does the room in the video have, as far as it is shown?",
        "How many {c:category} does the video show altogether?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every category; each of its instances has to be well visible somewhere."""
    del config, rng
    n_kinds = len(survey.categories)
    member = survey.category_index == np.arange(n_kinds)[:, None]
    count = member.sum(axis=1)
    annotated = not survey.geometry.keyframes
    shown = np.full(len(survey.things), annotated) | survey.visible.any(axis=1)
    # An instance of which a few pixels are in view may be counted or not.
    unclear = (member & ~shown).sum(axis=1)

    def draft(i: int, _: np.random.Generator) -> Draft:
        return Draft(
            slots={"c": category(plural(survey.categories[i]))},
            answer=FreeText(number_forms(int(count[i]))),
            objects=tuple(np.flatnonzero(member[i]).tolist()),
        )

    return Candidates(
        margin=1.0 - np.minimum(unclear, 1),
        draft=draft,
        value=count.astype(np.float64),
        sigma=np.full(n_kinds, np.nan if survey.geometry.sigma_m > 0 else 0.0),
        strata=count,
        checks=[
            Check(SkipReason.NOT_VISIBLE_ENOUGH, unclear == 0),
            Check(SkipReason.SEVERAL_ANSWERS, plain_categories(survey)),
        ],
    )


QUESTION: Final = Question(
    kind=QuestionKind.SCENE_COUNT,
    definition="things_of_category",
    meaning=(
        "How many things of a category were filmed: `value` is their number, `margin` the distance "
        "to the next number, 1, or 0 if one of them shows fewer than `min_visible_pixels` in every "
        "image"
    ),
    answer_type="text",
    metric="EM",
    floor=FLOOR,
    margin_unit="count",
    phrasing=PHRASING,
    source=(
        "ScanQA (Azuma et al., 2022), 'how many' questions; there written by people. VSI-Bench's "
        "object_counting is a kind of its own and answered with a number"
    ),
    find=find,
)
