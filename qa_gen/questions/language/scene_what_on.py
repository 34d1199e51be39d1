"""Ask what lies on an object (ScanQA's "what is on top of")."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Int64

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.resting import TOLERANCE_M, Resting, resting
from qa_gen.situations import answers_for
from qa_gen.survey import Survey

FLOOR_M: Final = 0.05

PHRASING: Final = Phrasing(
    canonical="What is on top of the {a:thing}?",
    others=(
        "What is standing or lying on the {a:thing}?",
        "What has been put on the {a:thing}?",
        "Which object is on the {a:thing}?",
        "What object rests on top of the {a:thing}?",
        "There is one object on top of the {a:thing}. What is it?",
        "What does the {a:thing} carry on its top?",
        "What would I have to take off the {a:thing} to clear its top?",
        "Name the object on top of the {a:thing}.",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object on which exactly one other thing lies, named or not."""
    del config, rng
    n = len(survey.objects)
    found = resting(survey.boxes, None)
    lifts = found.lift[:, :n].T  # row: what carries
    on_top = lifts <= TOLERANCE_M
    answer = np.argmin(lifts, axis=1) if n else np.zeros(0, np.int64)
    rest = np.where(on_top, np.inf, lifts).min(axis=1, initial=np.inf) - TOLERANCE_M
    doubtful = _doubtful(found, n, answer)
    own = np.arange(n)
    named = answer < n
    apart = survey.names_apart(own, np.where(named, answer, own))

    def draft(i: int, _: np.random.Generator) -> Draft:
        x = int(answer[i])
        return Draft(
            slots={"a": thing(survey.names[i])},
            answer=FreeText(answers_for(survey, x)),
            objects=(i, x),
        )

    return Candidates(
        margin=np.minimum(rest, 1e3),
        draft=draft,
        value=np.full(n, np.nan),
        sigma=np.full(n, survey.geometry.sigma_m * 2**0.5),
        strata=survey.category_index[answer],
        checks=[
            Check(SkipReason.SEVERAL_ANSWERS, (on_top.sum(axis=1) == 1) & ~doubtful),
            Check(SkipReason.INSIDE_ANOTHER, ~found.inside[answer]),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, named & apart),
        ],
        skips=survey.pool_skips(QuestionKind.SCENE_WHAT_ON, lambda m: m),
    )


def _doubtful(found: Resting, n: int, answer: Int64[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """Whether something else might be called on top: what lies on the answer, or in the box.

    A cushion on a seat lies in the chair's box; what stands on the floor under a table does not
    count, since its underside is as low as the table's own.
    """
    stacked = np.any(found.lift <= TOLERANCE_M, axis=0)[answer]
    seen = found.seen
    over = (found.aside[:, :n] <= TOLERANCE_M).T  # row: what carries
    within = seen.bottom[None, :] < seen.top[:n, None] - TOLERANCE_M
    within &= seen.bottom[None, :] > seen.bottom[:n, None] + TOLERANCE_M
    doubtful: Bool[np.ndarray, " n"] = stacked | (over & within).any(axis=1)
    return doubtful


QUESTION: Final = Question(
    kind=QuestionKind.SCENE_WHAT_ON,
    definition="only_thing_on_top_m",
    meaning=(
        "The only filmed thing that lies on an object: the one whose lift off it (see support) is "
        f"at most {TOLERANCE_M} m. `margin` is how many metres more than that the lift of any "
        "other thing is. Objects with something in their box (a cushion on a seat) or with a "
        "stack on top are not asked about"
    ),
    answer_type="text",
    metric="EM",
    needs=frozenset({Need.METRIC, Need.FILMED}),
    floor=FLOOR_M,
    margin_unit="m",
    phrasing=PHRASING,
    source="ScanQA (Azuma et al., 2022), 'what is on' questions; there written by people",
    find=find,
)
