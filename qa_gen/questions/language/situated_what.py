"""Ask what is on one side of someone who stands somewhere (SQA3D's "what")."""

from math import perm
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import FreeText
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing, words
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.situations import (
    BEHIND,
    LEFT,
    RIGHT,
    Situations,
    angle_sigma_deg,
    answers_for,
    off_center,
    situations,
    worded,
)
from qa_gen.survey import Survey
from qa_gen.words import is_called

FLOOR_DEG: Final = 10.0
SIDES: Final = (LEFT, BEHIND, RIGHT)
SAID: Final = {LEFT: "on my left", BEHIND: "behind me", RIGHT: "on my right"}
_HALF_DEG: Final = 45.0
_OPENINGS: Final = ("door", "window")  # rendered rooms have no boxes for them
_LEFT_OUT: Final = " Walls, doors and windows do not count."

_QUESTIONS = (
    "What is {side:words}, within 45 degrees to either side of that direction?",
    "What object is {side:words}? Only what is at most 45 degrees off that direction counts.",
    "Which object is {side:words}, at most 45 degrees off?",
    "What is there {side:words}, in the quarter of the surroundings centered there?",
    "Name the object {side:words}, no more than 45 degrees off that direction.",
    "What would I see {side:words} if I looked there, within 45 degrees of that direction?",
    "There is one object {side:words}, within 45 degrees of that direction. What is it?",
    "What is the thing {side:words}, counting 45 degrees to either side?",
    "Which one object is {side:words}, up to 45 degrees off that direction?",
)
_ALL = worded(tuple(question + _LEFT_OUT for question in _QUESTIONS))
PHRASING: Final = Phrasing(canonical=_ALL[0], others=_ALL[1:])


class _Side(NamedTuple):
    """What is on one side, in every situation."""

    margin: Float64[np.ndarray, " p"]
    number: Int64[np.ndarray, " p"]
    astray: Int64[np.ndarray, " p"]  # corners on the other side of a border, of the worst thing
    answer: Int64[np.ndarray, " p"]  # the first thing there; meaningless where none is
    sigma: Float64[np.ndarray, " p"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (situation, side) with exactly one thing there, named or not."""
    found = situations(survey, config, rng)
    p, n = len(found.pairs), len(survey.objects)
    sides = [_on_side(survey, found, side) for side in SIDES]
    margin, count, astray, answer, sigma = (
        np.concatenate(column) for column in zip(*sides, strict=True)
    )
    which = np.tile(np.arange(p), len(SIDES))
    side_of = np.repeat(np.array(SIDES), p)
    named = answer < n
    sayable = np.where(named, answer, found.pairs[which, 0])
    apart = survey.names_apart(found.pairs[which, 0], found.pairs[which, 1], sayable)

    def draft(i: int, _: np.random.Generator) -> Draft:
        s, f = found.pairs[which[i]].tolist()
        a = int(answer[i])
        return Draft(
            slots={
                "s": thing(survey.names[s]),
                "f": thing(survey.names[f]),
                "side": words(SAID[int(side_of[i])]),
            },
            answer=FreeText(answers_for(survey, a)),
            objects=(s, f, a),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(len(margin), np.nan),
        sigma=sigma,
        strata=survey.category_index[answer] * 4 + side_of
        if len(survey.things)
        else np.zeros(len(margin), np.int64),
        checks=[
            Check(SkipReason.SEVERAL_ANSWERS, count == 1),
            Check(SkipReason.CATEGORY_NOT_UNIQUE, named & apart & found.clear[which]),
            Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
        ],
        skips=survey.pool_skips(QuestionKind.SITUATED_WHAT, lambda m: perm(m, 2) * len(SIDES)),
    )


def _on_side(survey: Survey, found: Situations, side: int) -> _Side:
    openings = [any(is_called(t.category, name) for name in _OPENINGS) for t in survey.things]
    others = found.others & ~np.array(openings, dtype=np.bool_)
    off = off_center(found.angle, side)
    there = (off < _HALF_DEG) & others
    margin = np.where(others, np.abs(off - _HALF_DEG), np.inf)
    corners_there = off_center(found.corner, side) < _HALF_DEG
    astray = (corners_there != there[:, :, None]).sum(axis=2) * others
    sigma = np.where(others, angle_sigma_deg(survey, found, found.apart), 0.0)
    return _Side(
        margin=margin.min(axis=1, initial=np.inf),
        number=there.sum(axis=1),
        astray=astray.max(axis=1, initial=0),
        answer=np.argmax(there, axis=1) if there.size else np.zeros(len(off), np.int64),
        sigma=sigma.max(axis=1, initial=0.0),
    )


QUESTION: Final = Question(
    kind=QuestionKind.SITUATED_WHAT,
    definition="only_thing_in_quarter",
    meaning=(
        "The only thing in a quarter of the floor plane (left, behind or right; 45 degrees to "
        "either side) for someone at the middle of one object who faces the middle of another. "
        "Everything in view counts, named or not, but for walls, doors and windows. `margin` is "
        "the least distance in degrees of any thing's middle to the quarter's borders"
    ),
    answer_type="text",
    metric="EM",
    needs=frozenset({Need.FILMED}),
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source="SQA3D (Ma et al., 2023), 'what' questions; there written by people",
    find=find,
)
