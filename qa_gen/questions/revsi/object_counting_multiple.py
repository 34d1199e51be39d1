"""Ask how many things of two categories there are together (ReVSI)."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.counted import count_instances, count_sigma, members
from qa_gen.phrasing import Phrasing, category
from qa_gen.question import Candidates, Check, Draft, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical="How many {a:category}(s) and {b:category}(s) are in the scene in total?",
    others=(
        "Counting {a:category}(s) and {b:category}(s) together, how many are in the scene?",
        "What is the total number of {a:category}(s) and {b:category}(s) in the scene?",
        "Add the {a:category}(s) in the scene to the {b:category}(s). How many are there in all?",
        "How many things of the kinds {a:category} and {b:category} does one count in the scene?",
        "If every {a:category} and every {b:category} in the scene got a sticker, how many "
        "stickers would be needed?",
        "Taken together, how many {a:category}(s) and {b:category}(s) does the scene hold?",
        "Give the sum of the number of {a:category}(s) and the number of {b:category}(s) in the "
        "scene.",
        "Each one counted once, how many {a:category}(s) and {b:category}(s) are there altogether "
        "in the scene?",
    ),
    unit=Unit.COUNT,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two categories with two or more instances each."""
    del config
    counts = count_instances(survey)
    first, second = np.triu_indices(len(counts.number), k=1)
    turned = rng.random(len(first)) < 0.5  # else the name that comes first in the alphabet leads
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    total = counts.number[first] + counts.number[second]
    value = total.astype(np.float64)

    def draft(i: int, _: np.random.Generator) -> Draft:
        a, b = counts.categories[first[i]], counts.categories[second[i]]
        return Draft(
            slots={"a": category(a), "b": category(b)},
            answer=Quantity(float(value[i]), Unit.COUNT, 0),
            objects=(*members(survey, a), *members(survey, b)),
        )

    return Candidates(
        margin=np.ones(len(value)),
        draft=draft,
        value=value,
        sigma=count_sigma(survey, len(value)),
        strata=total,
        checks=(
            Check(SkipReason.NOT_VISIBLE_ENOUGH, counts.clear[first] & counts.clear[second]),
            Check(SkipReason.SEVERAL_ANSWERS, counts.alone[first] & counts.alone[second]),
        ),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_COUNTING_MULTIPLE,
    definition="instances_in_view_of_two_categories",
    meaning=(
        "Instances of the two categories together that the keyframes show, two or more of each, "
        "each of them clearly in at least one; `margin` is the distance to the next whole number"
    ),
    answer_type="quantity",
    metric="MRA",
    floor=0.5,
    margin_unit="count",
    phrasing=PHRASING,
    source=(
        "ReVSI (Zhang et al., 2026), object_counting_multiple; github.com/3dlg-hcvc/revsi, "
        "qa_generation/obj_count_multiple_qa.py"
    ),
    find=find,
)
