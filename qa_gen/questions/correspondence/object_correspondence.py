"""Ask which of four points in the second image lies on the object marked in the first."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import Choice
from qa_gen.config import LabelConfig
from qa_gen.exchangeable import N_OPTIONS, exchangeable_sets, one_of_each, side_by_side
from qa_gen.marked_points import POINT_NAMES, draw_positions, far_apart, lettered
from qa_gen.phrasing import COORDINATES, Phrasing, image, point, points
from qa_gen.projection import MARK_GAP
from qa_gen.question import Candidates, Draft, Need, Question
from qa_gen.record import Mark, QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.OBJECT_CORRESPONDENCE
POSITIONS: Final = 16  # coordinates in the first image whose objects are looked for
PER_POSITION: Final = 48  # times one of them is found again
_POINTS: Final = 2  # on the object in the second image, drawn for each pair of images
MOST_SHARED: Final = 0.95  # of the first image by the second: else they are one and the same

PHRASING: Final = Phrasing(
    canonical=(
        "An object is marked at {p:point} in the {first:image}. Which of these points in the "
        "{second:image} lies on the same object: {points:points}?" + COORDINATES
    ),
    others=(
        "Find the object at {p:point} of the {first:image} again in the {second:image}. Which of "
        "these points is on it: {points:points}?" + COORDINATES,
        "In the {first:image}, {p:point} is on an object. One of these points of the "
        "{second:image} is on that very object: {points:points}. Which one?" + COORDINATES,
        "Which point of the {second:image} belongs to the object that the {first:image} shows at "
        "{p:point}: {points:points}?" + COORDINATES,
        "The {first:image} and the {second:image} show the same room. Which of these points of "
        "the {second:image} is on the object seen at {p:point} of the {first:image}: "
        "{points:points}?" + COORDINATES,
        "Look at the thing under {p:point} in the {first:image}. Where in the {second:image} is "
        "the same thing, not just one like it: {points:points}?" + COORDINATES,
        "Someone puts a sticker on the object at {p:point} of the {first:image}. Which of these "
        "points of the {second:image} is on the object with the sticker: {points:points}?"
        + COORDINATES,
        "Identify the individual object at {p:point} in the {first:image}. Which of the points "
        "marked in the {second:image} ({points:points}) shows that individual again?" + COORDINATES,
        "Two images of one scene are given. The object at {p:point} in the {first:image} is also "
        "seen at one of these points in the {second:image}: {points:points}. At which?"
        + COORDINATES,
    ),
)


class _Pairs(NamedTuple):
    """Points of the grid on one object in two keyframes."""

    position: Int64[np.ndarray, " c"]  # in the grid of the first
    first: Int64[np.ndarray, " c"]
    second: Int64[np.ndarray, " c"]
    thing: Int64[np.ndarray, " c"]
    target: Int64[np.ndarray, " c"]  # in the grid of the second


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate objects that two keyframes show, with sets of points of which each is right once.

    See ``qa_gen.exchangeable``: wrong points are where objects at the same coordinates of a first
    image were found again in other pairs of images; those on an object of the same category are
    taken first, then those on any other, then those on structure.
    """
    grid, n_grid = survey.views.grid, survey.views.n_grid
    on_thing = _things_at(survey)
    every = _seen_twice(survey, on_thing, rng)
    text = np.stack([every.position, every.target], axis=1)
    kept = one_of_each(text, rng)
    pairs = _Pairs(*(column[kept] for column in every))
    sets = _sets(survey, config, pairs, on_thing, rng)
    chosen = sets[:, 0]
    at = pairs.second[chosen][:, None] * n_grid + pairs.target[sets]
    source = pairs.first[chosen] * n_grid + pairs.position[chosen]
    clear = np.minimum(grid.clear[at].min(axis=1), grid.clear[source])
    sigma = 0.0 if survey.geometry.sigma_m == 0 else np.nan  # of who drew the instance maps

    def draft(i: int, rng: np.random.Generator) -> Draft:
        pair = chosen[i]
        frames = tuple(survey.geometry.keyframes[int(k[pair])] for k in (pairs.first, pairs.second))
        order = rng.permutation(N_OPTIONS)
        marks = lettered(grid.mark[at[i][order]], frames[1])
        x, y = grid.mark[source[i]].tolist()
        return Draft(
            slots={
                "first": image(0),
                "second": image(1),
                "p": point("P", x, y),
                "points": points(marks),
            },
            answer=Choice(POINT_NAMES, order.tolist().index(0)),
            frames=frames,
            marks=(Mark(label="P", frame=frames[0], x=x, y=y), *marks),
            evidence=frames,
        )

    return Candidates(
        margin=clear.astype(np.float64),
        draft=draft,
        value=np.full(len(sets), np.nan),
        sigma=np.full(len(sets), sigma),
        strata=np.zeros(len(sets), dtype=np.int64),  # all answers of a set are there
        skips=_skips(survey, len(pairs.thing), set(chosen.tolist())),
    )


def _skips(survey: Survey, n_pairs: int, used: set[int]) -> list[Skipped]:
    if not n_pairs:
        return [Skipped(KIND, survey.sequence_id, SkipReason.VIEWS_SHARE_NOTHING)]
    lost = Skipped(KIND, survey.sequence_id, SkipReason.NO_DISTRACTORS, n_pairs - len(used))
    return [lost] if lost.count else []


def _things_at(survey: Survey) -> Int64[np.ndarray, "k g"]:
    """Index of the thing at each sure place of the grid; -1 structure, -2 none that is known."""
    grid = survey.views.grid
    index = np.full(int(grid.instance.max(initial=0)) + 1, -2, dtype=np.int64)
    index[0] = -1
    for i, thing in enumerate(survey.things):
        if thing.instance_id < len(index):
            index[thing.instance_id] = i
    found = np.where(grid.sure, index[grid.instance], -2)
    return found.reshape(len(survey.geometry.keyframes), -1)


def _seen_twice(
    survey: Survey, on_thing: Int64[np.ndarray, "k g"], rng: np.random.Generator
) -> _Pairs:
    """Draw grid positions; find the objects there again in other keyframes, at a drawn point."""
    chosen = draw_positions(on_thing >= 0, on_thing >= -1, POSITIONS, rng)
    here = on_thing[:, chosen]  # (k, p)
    n_keyframes, n_things = len(on_thing), len(survey.things)
    keyframe, position = np.nonzero(on_thing >= 0)
    key = keyframe * n_things + on_thing[keyframe, position]
    together = np.argsort(key, kind="stable")
    number = np.bincount(key, minlength=n_keyframes * n_things).reshape(n_keyframes, n_things)
    start = np.cumsum(number).reshape(number.shape) - number
    shown = survey.visible & (number.T > 0)
    enough = (here >= 0) & shown[here, np.arange(n_keyframes)[:, None]]
    moved = ~(survey.views.covisible > MOST_SHARED)
    again = shown[here] & moved[:, None]  # (k, p, k)
    found = np.nonzero(enough[..., None] & again)
    first, which, second = np.repeat(np.stack(found), _POINTS, axis=1)
    thing = here[first, which]
    offset = (rng.random(len(thing)) * number[second, thing]).astype(np.int64)
    target = position[together[start[second, thing] + offset]]
    return _Pairs(chosen[which], first, second, thing, target)


def _sets(
    survey: Survey,
    config: LabelConfig,
    pairs: _Pairs,
    on_thing: Int64[np.ndarray, "k g"],
    rng: np.random.Generator,
) -> Int64[np.ndarray, "c 4"]:
    """Find sets of pairs whose targets can all be options of each other's questions."""
    grid, n_grid = survey.views.grid, survey.views.n_grid
    groups = side_by_side(pairs.position, PER_POSITION, rng)
    there = pairs.second[groups.member] * n_grid  # (g, w)
    own = there + pairs.target[groups.member]
    other = there[:, :, None] + pairs.target[groups.member][:, None, :]
    rank = _unlikeness(survey, on_thing.ravel()[other], pairs.thing[groups.member])
    wrong = np.isfinite(rank) & (grid.clear[other] >= config.floor(KIND, QUESTION.floor))
    wrong &= far_apart(grid.mark[own][:, :, None], grid.mark[other])
    return exchangeable_sets(groups, wrong, rank + rng.random(rank.shape))


def _unlikeness(
    survey: Survey, other: Int64[np.ndarray, "g w w"], thing: Int64[np.ndarray, "g w"]
) -> Float64[np.ndarray, "g w w"]:
    """0 for another thing of the same category, 1 for any other, 2 for structure; else infinite."""
    category = np.append(survey.category_index, [-2, -1])  # of unknown things and structure
    alike = category[other] == survey.category_index[thing][..., None]
    rank = np.where(alike, 0.0, np.where(other == -1, 2.0, 1.0))
    return np.where((other == -2) | (other == thing[..., None]), np.inf, rank)


QUESTION: Final = Question(
    kind=KIND,
    definition="same_object_by_instance",
    meaning=(
        "Which of four marked points of the second image lies on the object marked in the first, "
        "by instance id. The others lie on other objects, of the same category as far as there "
        f"are any (on structure only for want of objects), all {MARK_GAP} or more thousandths of "
        "the image's sides apart, at places where objects at the same coordinates of a first image "
        "were found again in other pairs of images. All four are the right one of a question that "
        "reads alike, so that coordinates do not tell. Of the first image the second shows at "
        f"most {MOST_SHARED:.0%}. `margin` is "
        "how many pixels around each mark show the same "
        "instance, the least of all five marks, 4 at most"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=1.0,
    margin_unit="px",
    phrasing=PHRASING,
    source=(
        "position matching of SPAR and multi-view correspondence of All-Angles (Yeh et al. 2025); "
        "semantic correspondence of BLINK (Fu et al. 2024) asks for like parts of different things"
    ),
    find=find,
)
