"""Ask which of four objects is farthest from a fifth (ReVSI)."""

from dataclasses import replace
from math import comb
from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.nearness import N_OPTIONS, Options, Ranking, find_extremes
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "Measuring from the closest point of each object, which of these objects "
        "({options:things}) is the farthest from the {primary:thing}?"
    ),
    others=(
        "Measured between closest points, the {primary:thing} is farthest from which of these: "
        "{options:things}?",
        "Going by the gap between closest points, which one of these is the most distant from the "
        "{primary:thing}: {options:things}?",
        "Of the following objects, which has the longest distance from its surface to that of the "
        "{primary:thing}? {options:things}",
        "Choose the object that is farthest away from the {primary:thing}, from closest point to "
        "closest point: {options:things}.",
        "Among {options:things}, what lies the longest way from the {primary:thing} if one "
        "measures where they are nearest to each other?",
        "What is the {primary:thing} farthest from, comparing the nearest points of each object: "
        "{options:things}?",
        "Take the {primary:thing} and these objects: {options:things}. Which of them is the "
        "farthest away, surface to surface?",
        "If you had to reach from the {primary:thing} to one of {options:things}, which would "
        "need the longest reach between closest points?",
    ),
)
RANKING: Final = Ranking(
    kind=QuestionKind.OBJECT_REL_DISTANCE_FARTHEST,
    floor=0.3,
    farthest=True,
    least_gap_m=0.0,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object that can be named with every four others."""
    n = len(survey.objects)
    a, b = np.indices((n, n)).reshape(2, -1)
    offered = Options(
        texts=survey.names,
        gap=survey.gaps[:n, :n],
        nearest=np.tile(np.arange(n), (n, 1)),
        same=np.eye(n, dtype=np.bool_) | ~survey.names_apart(a, b).reshape(n, n),
        sure=np.ones((n, n), dtype=np.bool_),
    )
    found = find_extremes(survey, config, rng, offered, RANKING)
    skips = survey.pool_skips(RANKING.kind, lambda m: m * comb(max(m - 1, 0), N_OPTIONS))
    return replace(found, skips=skips)


QUESTION: Final = Question(
    kind=RANKING.kind,
    definition="argmax_obb_gap_min_m",
    meaning=(
        "Least distance in metres between the surfaces of the oriented boxes of the object and of "
        "the right option, exact for boxes; `margin` is how much farther the right option is than "
        "the next"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC}),
    floor=RANKING.floor,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "ReVSI (Zhang et al., 2026), object_rel_distance_farthest; github.com/3dlg-hcvc/revsi, "
        "qa_generation/obj_rel_dist_farthest_qa.py, whose least difference (0.3 m) is ours too; "
        "theirs measures between sampled points and asks for 1 m to every option, ours is exact "
        "and does not"
    ),
    find=find,
)
