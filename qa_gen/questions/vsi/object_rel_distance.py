"""Ask which of four categories is closest to an object (VSI-Bench's ``object_rel_distance``)."""

from dataclasses import replace
from math import comb
from typing import Final

import numpy as np
from jaxtyping import Bool

from qa_gen.config import LabelConfig
from qa_gen.counted import called_so
from qa_gen.nearness import N_OPTIONS, Options, Ranking, find_extremes
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "Measuring from the closest point of each object, which of these objects "
        "({options:things}) is the closest to the {primary:thing}?"
    ),
    others=(
        "Measured between closest points, the {primary:thing} is nearest to which of these: "
        "{options:things}?",
        "Going by the gap between closest points, which one of these is nearest to the "
        "{primary:thing}: {options:things}?",
        "Of the following objects, which has the shortest distance from its surface to that of "
        "the {primary:thing}? {options:things}",
        "Choose the object that comes closest to the {primary:thing}, from closest point to "
        "closest point: {options:things}.",
        "Among {options:things}, what lies the shortest way from the {primary:thing} if one "
        "measures where they are nearest to each other?",
        "What is the {primary:thing} closest to, comparing the nearest points of each object: "
        "{options:things}?",
        "Take the {primary:thing} and these objects: {options:things}. Which of them is the least "
        "far away, surface to surface?",
        "If you had to reach from the {primary:thing} to one of {options:things}, which would "
        "need the shortest reach between closest points?",
    ),
)
RANKING: Final = Ranking(
    kind=QuestionKind.OBJECT_REL_DISTANCE,
    floor=0.15,
    farthest=False,
    least_gap_m=0.15,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object that can be named with every four other categories."""
    offered = categories_from(survey)
    found = find_extremes(survey, config, rng, offered, RANKING)
    sets = comb(max(len(offered.texts) - 1, 0), N_OPTIONS)
    return replace(found, skips=survey.pool_skips(RANKING.kind, lambda m: m * sets))


def categories_from(survey: Survey) -> Options:
    """Measure from each object that can be named to the nearest instance of each category."""
    n, n_categories = len(survey.objects), len(survey.categories)
    nearest = np.zeros((n, n_categories), dtype=np.int64)
    nearest_kin = np.zeros((n, n_categories))
    for c, called in enumerate(called_so(survey)):
        instances = np.flatnonzero(survey.category_index == c)
        nearest[:, c] = instances[survey.gaps[:n, instances].argmin(axis=1)]
        nearest_kin[:, c] = survey.gaps[:n, called].min(axis=1)
    gap = np.take_along_axis(survey.gaps[:n], nearest, axis=1)
    return Options(
        texts=survey.categories,
        gap=gap,
        nearest=nearest,
        same=_named_with(survey),
        sure=nearest_kin >= gap,
    )


def _named_with(survey: Survey) -> Bool[np.ndarray, "n k"]:
    """Whether an object's name holds each category: its own, that of "... nearest to the door"."""
    place = {
        thing.instance_id: c
        for thing, c in zip(survey.things, survey.category_index.tolist(), strict=True)
    }
    named = np.zeros((len(survey.objects), len(survey.categories)), dtype=np.bool_)
    for i, reference in enumerate(survey.references):
        named[i, survey.category_index[i]] = True
        if reference.anchor is not None:
            named[i, place[reference.anchor]] = True
    return named


QUESTION: Final = Question(
    kind=RANKING.kind,
    definition="argmin_category_obb_gap_min_m",
    meaning=(
        "Least distance in metres between the surfaces of the oriented boxes of the object and of "
        "the right option, exact for boxes; a category is as far as the nearest of its instances "
        "in view; `margin` is how much nearer the right option is than the next"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=RANKING.floor,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "VSI-Bench (Yang et al., Thinking in Space, 2025), object_rel_distance: options are "
        "categories, none nearer than 0.15 m and no tie within 0.15 m; theirs measures between "
        "sampled points, ours is exact, and sets of options are asked about from objects with "
        "different answers"
    ),
    find=find,
)
