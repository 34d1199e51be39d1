"""Every question which of four things is nearest to a fifth, or farthest from it.

Shared by VSI-Bench's ``object_rel_distance`` and ReVSI's ``object_rel_distance_farthest``.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.enumeration import limit, subsets
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import thing, things
from qa_gen.question import Candidates, Check, Draft
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

N_OPTIONS: Final = 4


class Options(NamedTuple):
    """What may be offered, seen from each of the n objects that may be asked about.

    Attributes:
        texts: How each option is called.
        gap: From each object to each option; metres.
        nearest: Index into the survey's things of what that gap leads to.
        same: Options that name the object itself, or its like, and are not offered with it.
        sure: Whether the gap is that of everything one might understand by the option.
    """

    texts: tuple[str, ...]
    gap: Float64[np.ndarray, "n o"]
    nearest: Int64[np.ndarray, "n o"]
    same: Bool[np.ndarray, "n o"]
    sure: Bool[np.ndarray, "n o"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What tells the two kinds apart.

    Attributes:
        kind: The kind.
        floor: Of its margin, metres.
        farthest: Whether the farthest option is right, not the nearest.
        least_gap_m: From the object to its nearest option.
    """

    kind: QuestionKind
    floor: float
    farthest: bool
    least_gap_m: float


def find_extremes(
    survey: Survey,
    config: LabelConfig,
    rng: np.random.Generator,
    offered: Options,
    ranking: Ranking,
) -> Candidates:
    """Enumerate every object with every four options; ``skips`` are left to the kind.

    ``margin`` is how far the right option leads the next one.
    """
    primary, set_number, sets = _tuples(offered, rng)
    options = sets[set_number]
    gaps = offered.gap[primary[:, None], options]
    nearest = offered.nearest[primary[:, None], options]
    ranked = np.sort(gaps, axis=1)
    if ranking.farthest:
        best, margin = gaps.argmax(axis=1), ranked[:, 3] - ranked[:, 2]
    else:
        best, margin = gaps.argmin(axis=1), ranked[:, 1] - ranked[:, 0]
    sigma = np.full(len(margin), survey.geometry.sigma_m * 2.0)  # two gaps: four faces
    checks = (
        Check(SkipReason.NOT_VISIBLE_ENOUGH, survey.shown[nearest].all(axis=1)),
        Check(SkipReason.SEVERAL_ANSWERS, offered.sure[primary[:, None], options].all(axis=1)),
        Check(SkipReason.OBJECTS_TOO_CLOSE, ranked[:, 0] >= ranking.least_gap_m),
    )
    clear = clear_ones(margin, sigma, checks, config, (ranking.kind, ranking.floor))
    even = even_answers(set_number, best, clear, N_OPTIONS)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, texts = int(primary[i]), [offered.texts[o] for o in options[i].tolist()]
        thing_of = dict(zip(texts, nearest[i].tolist(), strict=True))
        choice = shuffled_choice(texts, int(best[i]), rng)
        return Draft(
            slots={"primary": thing(survey.names[a]), "options": things(choice.options)},
            answer=choice,
            objects=(a, *(thing_of[text] for text in choice.options)),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=gaps[np.arange(len(gaps)), best],
        sigma=sigma,
        strata=set_number * N_OPTIONS + best,
        checks=(*checks, even),
    )


class _Tuples(NamedTuple):
    primary: Int64[np.ndarray, " c"]
    set_number: Int64[np.ndarray, " c"]
    sets: Int64[np.ndarray, "s 4"]


def _tuples(offered: Options, rng: np.random.Generator) -> _Tuples:
    """Pair each object with sets of options: all, or so many that the cost stays near n^2.

    Sets are drawn, and never objects: only where one set is asked with many objects can each of
    its options be right.
    """
    n, n_options = offered.gap.shape
    most = limit(max(n, n_options)) // max(n, 1)
    sets = subsets(n_options, N_OPTIONS, rng, most)
    primary, set_number = np.divmod(np.arange(n * len(sets)), max(len(sets), 1))
    others = ~offered.same[primary[:, None], sets[set_number]].any(axis=1)
    return _Tuples(primary[others], set_number[others], sets)
