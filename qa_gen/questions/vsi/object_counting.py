"""Ask how many things of a category there are (VSI-Bench's ``object_counting``)."""

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
    canonical="How many {c:category}(s) are in this room?",
    others=(
        "Count the {c:category}(s) in this room. How many are there?",
        "What is the number of {c:category}(s) in the room that the video shows?",
        "In total, how many {c:category}(s) does this room contain?",
        "If every {c:category} in this room got a sticker, how many stickers would be needed?",
        "How many {c:category}(s) does one count when looking through the whole room?",
        "Each {c:category} counted once, how many {c:category}(s) are there in the room?",
        "Give the count of {c:category}(s) in this room.",
        "Across the whole video, how many separate {c:category}(s) are in the room?",
    ),
    unit=Unit.COUNT,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every category with two or more instances."""
    del config, rng
    counts = count_instances(survey)
    value = counts.number.astype(np.float64)

    def draft(i: int, _: np.random.Generator) -> Draft:
        name = counts.categories[i]
        return Draft(
            slots={"c": category(name)},
            answer=Quantity(float(value[i]), Unit.COUNT, 0),
            objects=members(survey, name),
        )

    return Candidates(
        margin=np.ones(len(value)),
        draft=draft,
        value=value,
        sigma=count_sigma(survey, len(value)),
        strata=counts.number,
        checks=(
            Check(SkipReason.NOT_VISIBLE_ENOUGH, counts.clear),
            Check(SkipReason.SEVERAL_ANSWERS, counts.alone),
        ),
    )


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_COUNTING,
    definition="instances_in_view",
    meaning=(
        "Instances of the category that the keyframes show, two or more, each of them clearly in "
        "at least one; `margin` is the distance to the next whole number"
    ),
    answer_type="quantity",
    metric="MRA",
    floor=0.5,
    margin_unit="count",
    phrasing=PHRASING,
    source=(
        "VSI-Bench (Yang et al., Thinking in Space, 2025), object_counting; theirs counts what the "
        "scan holds, ours what the given frames show (as ReVSI does), and not where an instance "
        "can hardly be seen"
    ),
    find=find,
)
