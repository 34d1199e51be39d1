"""Ask in which order four categories first appear (VSI-Bench's ``obj_appearance_order``)."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from qa_gen.config import LabelConfig
from qa_gen.counted import called_so, count_sigma
from qa_gen.enumeration import subsets
from qa_gen.options import order_options
from qa_gen.phrasing import Phrasing, things
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

N_CATEGORIES: Final = 4

PHRASING: Final = Phrasing(
    canonical=(
        "What will be the first-time appearance order of the following categories in the video: "
        "{options:things}?"
    ),
    others=(
        "In what order do the following categories appear in the video for the first time: "
        "{options:things}?",
        "Put these categories in the order of their first appearance in the video: "
        "{options:things}.",
        "Watching the video from its start, in which order would you first see these categories: "
        "{options:things}?",
        "Which of the listed orders is the one in which {options:things} come into view for the "
        "first time?",
        "The video shows {options:things}. In which order, from earliest to latest, does each of "
        "these categories first appear?",
        "Sort {options:things} by when they are first seen in the video, earliest first.",
        "When each category is noted down as soon as it first shows up in the video, how does the "
        "list for {options:things} read?",
        "Going by first appearance in the video, how are these categories ordered: "
        "{options:things}?",
    ),
)


class _Firsts(NamedTuple):
    """First appearances of the categories that show clearly at some time."""

    categories: tuple[str, ...]
    glimpse: Int64[np.ndarray, " k"]  # first frame with a pixel of what is called so
    clear: Int64[np.ndarray, " k"]  # first keyframe in which an instance shows clearly
    thing: Int64[np.ndarray, " k"]  # the instance that does so first


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every four categories."""
    del config
    firsts = _first_appearances(survey)
    fours = subsets(len(firsts.categories), N_CATEGORIES, rng)
    in_order = np.take_along_axis(fours, np.argsort(firsts.clear[fours], axis=1), axis=1)
    margin = np.diff(firsts.clear[in_order], axis=1).min(axis=1).astype(np.float64)
    # Someone who notices the first few pixels must not see another order.
    agrees = (np.diff(firsts.glimpse[in_order], axis=1) >= 0).all(axis=1)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        order = in_order[i].tolist()
        answer = order_options([firsts.categories[c] for c in order], rng)
        listed = answer.options[int(rng.integers(len(answer.options)))]  # VSI-Bench's way
        thing_of = dict(
            zip((firsts.categories[c] for c in order), firsts.thing[order], strict=True)
        )
        names = listed.split(", ")
        return Draft(
            slots={"options": things(names)},
            answer=answer,
            objects=tuple(int(thing_of[name]) for name in names),
        )

    n = len(firsts.categories)
    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(len(margin), np.nan),
        sigma=count_sigma(survey, len(margin)),
        strata=in_order[:, 0] * n + in_order[:, -1],
        checks=(Check(SkipReason.NOT_VISIBLE_ENOUGH, agrees),),
    )


def _first_appearances(survey: Survey) -> _Firsts:
    shown_at: Bool[np.ndarray, "n k"] = survey.visible
    frames = np.array(survey.geometry.keyframes, dtype=np.int64)
    names, glimpse, clear, first_thing = [], [], [], []
    called = called_so(survey)
    for c, name in enumerate(survey.categories):
        instances = np.flatnonzero(survey.category_index == c)
        shown = shown_at[instances]
        if shown.any():
            when = int(shown.any(axis=0).argmax())
            names.append(name)
            clear.append(frames[when])
            glimpse.append(frames[(survey.pixels[called[c]] > 0).any(axis=0).argmax()])
            first_thing.append(instances[shown[:, when].argmax()])
    columns = (np.array(column, dtype=np.int64) for column in (glimpse, clear, first_thing))
    return _Firsts(tuple(names), *columns)


QUESTION: Final = Question(
    kind=QuestionKind.APPEARANCE_ORDER,
    definition="order_of_first_clear_keyframes",
    meaning=(
        "Order of the first keyframes in which any instance of each category shows clearly; "
        "`margin` is the least number of frames from one of them to the next; no category shows "
        "its first pixel before one that is clear earlier"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.DEPTH}),
    floor=1.0,
    margin_unit="count",
    phrasing=PHRASING,
    source=(
        "VSI-Bench (Yang et al., Thinking in Space, 2025), obj_appearance_order; theirs counts a "
        "category as seen from a number of pixels on, ours asks besides that the order of the "
        "first pixels does not contradict"
    ),
    find=find,
)
