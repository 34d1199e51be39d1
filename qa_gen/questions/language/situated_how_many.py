"""Ask how many things of a kind are on one side of someone (SQA3D's "how many")."""

from math import perm
from typing import Final

import numpy as np
from jaxtyping import Bool, Float64

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, category, thing, words
from qa_gen.question import Candidates, Check, Draft, Invariances, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.situations import angle_sigma_deg, plain_categories, situations, worded
from qa_gen.survey import Survey
from qa_gen.words import number_forms, plural

FLOOR_DEG: Final = 10.0
SIDES: Final = ("left", "right")
LEAST_INSTANCES: Final = 2

_ALL = worded(
    (
        "How many {c:category} are on my {side:words}, anywhere on that side of my line of sight?",
        "How many {c:category} do I have on my {side:words}, ahead of me and behind me taken "
        "together?",
        "How many {c:category} are there on my {side:words} side, in front and behind?",
        "What number of {c:category} is to the {side:words} of my line of sight, ahead or behind?",
        "Count the {c:category} on my {side:words} side, those behind me included.",
        "How many of the {c:category} are to my {side:words}, counting everything on that side?",
        "On my {side:words} side, both ahead and behind, how many {c:category} are there?",
        "How many {c:category} would be on my {side:words}, if I count all on that side of the "
        "line I am looking along?",
        "Draw a line along my view: how many {c:category} are on the {side:words} of it?",
    )
)
PHRASING: Final = Phrasing(canonical=_ALL[0], others=_ALL[1:])


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (situation, category, side); every instance must be clearly on one side."""
    found = situations(survey, config, rng)
    p, n_kinds = len(found.pairs), len(survey.categories)
    member = survey.category_index == np.arange(n_kinds)[:, None]
    margin = np.minimum(found.angle % 180.0, 180.0 - found.angle % 180.0)
    astray = ((found.corner < 180.0) != (found.angle < 180.0)[..., None]).sum(axis=2)
    sigma = angle_sigma_deg(survey, found, found.apart)
    size = member.sum(axis=1)
    own = (member[:, found.pairs[:, 0]] | member[:, found.pairs[:, 1]]).T
    least = 90.0 - _greatest(90.0 - margin, member)
    sure = _greatest(astray.astype(np.float64), member) <= config.max_corners_astray
    worst = _greatest(sigma, member)
    which, kind_of, side = (i.ravel() for i in np.indices((p, n_kinds, len(SIDES))))
    left = (found.angle < 180.0).astype(np.int64) @ member.T
    count = np.stack([left, size - left], axis=2).ravel()
    shown = _all_shown(survey, member)

    def draft(i: int, _: np.random.Generator) -> Draft:
        s, f = found.pairs[which[i]].tolist()
        meant = np.flatnonzero(member[kind_of[i]]).tolist()
        return Draft(
            slots={
                "s": thing(survey.names[s]),
                "f": thing(survey.names[f]),
                "c": category(plural(survey.categories[kind_of[i]])),
                "side": words(SIDES[side[i]]),
            },
            answer=FreeText(number_forms(int(count[i]))),
            objects=(s, f, *meant),
        )

    return Candidates(
        margin=least[which, kind_of],
        draft=draft,
        value=count.astype(np.float64),
        sigma=worst[which, kind_of],
        strata=count,
        checks=[
            Check(SkipReason.TOO_FEW_OBJECTS, size[kind_of] >= LEAST_INSTANCES),
            Check(SkipReason.NOT_VISIBLE_ENOUGH, shown[kind_of]),
            Check(SkipReason.SEVERAL_ANSWERS, plain_categories(survey)[kind_of]),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, found.clear[which] & ~own[which, kind_of]),
            Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, sure[which, kind_of]),
        ],
        skips=survey.pool_skips(
            QuestionKind.SITUATED_HOW_MANY, lambda m: perm(m, 2) * n_kinds * len(SIDES)
        ),
    )


def _greatest(
    values: Float64[np.ndarray, "p n"], member: Bool[np.ndarray, "k n"]
) -> Float64[np.ndarray, "p k"]:
    """Return the greatest value among each category's things; all values are >= 0."""
    columns = [values[:, things].max(axis=1, initial=0.0) for things in member]
    return np.stack(columns, axis=1) if columns else np.zeros((len(values), 0))


def _all_shown(survey: Survey, member: Bool[np.ndarray, "k n"]) -> Bool[np.ndarray, " k"]:
    """Whether every instance is large enough in some image; annotated ones count as shown."""
    if not survey.geometry.keyframes:
        return np.ones(len(member), dtype=np.bool_)
    hidden = ~survey.visible.any(axis=1)
    unseen: Bool[np.ndarray, " k"] = np.any(member & hidden, axis=1)
    return ~unseen


QUESTION: Final = Question(
    kind=QuestionKind.SITUATED_HOW_MANY,
    definition="count_on_side",
    meaning=(
        "How many filmed things of a category are left or right of the line of sight of someone "
        "at the middle of one object who faces the middle of another; neither of the two is of the "
        "category. `value` is the count, `margin` the least angle in degrees between that line "
        "and the way to the middle of any of the things"
    ),
    answer_type="text",
    metric="EM",
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source="SQA3D (Ma et al., 2023), 'how many' questions; there written by people",
    find=find,
)
