"""Ask which of four points in the second image is the place marked in the first."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import Choice
from qa_gen.config import LabelConfig
from qa_gen.exchangeable import N_OPTIONS, Groups, exchangeable_sets, one_of_each, side_by_side
from qa_gen.marked_points import POINT_NAMES, draw_positions, far_apart, lettered
from qa_gen.phrasing import COORDINATES, Phrasing, image, point, points
from qa_gen.projection import MARK_GAP, SAME_DEPTH, Places
from qa_gen.question import Candidates, Draft, Need, Question
from qa_gen.record import Mark, QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.POINT_CORRESPONDENCE
POSITIONS: Final = 10  # coordinates in the first image that are looked for in all others
PER_POSITION: Final = 20  # pairs of images in which one of them is found

PHRASING: Final = Phrasing(
    canonical=(
        "A place in the scene is marked in the {first:image}: {p:point}. Which of these points in "
        "the {second:image} shows the same place: {points:points}?" + COORDINATES
    ),
    others=(
        "Find what the {first:image} shows at {p:point}. Which of these points of the "
        "{second:image} is on exactly the same spot: {points:points}?" + COORDINATES,
        "The same spot of the room appears at {p:point} in the {first:image} and at one of these "
        "points in the {second:image}: {points:points}. At which one?" + COORDINATES,
        "Match {p:point} of the {first:image} with the point of the {second:image} that lies on "
        "the very same piece of surface: {points:points}." + COORDINATES,
        "Someone touches the scene at {p:point} of the {first:image}. At which point of the "
        "{second:image} would the finger be: {points:points}?" + COORDINATES,
        "The {first:image} and the {second:image} were taken from different camera poses. Where "
        "in the {second:image} is what the {first:image} shows at {p:point}: {points:points}?"
        + COORDINATES,
        "Compare the {first:image} with the {second:image}. Which of these points of the "
        "{second:image} corresponds to {p:point} of the {first:image}: {points:points}?"
        + COORDINATES,
        "Which of the points marked in the {second:image} ({points:points}) is the projection of "
        "the same physical point as {p:point} in the {first:image}?" + COORDINATES,
        "A dot was painted onto the scene at {p:point} of the {first:image}. At which of these "
        "points would the {second:image} show it: {points:points}?" + COORDINATES,
    ),
)


class _Pairs(NamedTuple):
    """Places of one image, and the same places in another."""

    position: Int64[np.ndarray, " c"]  # in the grid of the first
    source: Places
    target: Places
    slip: Float64[np.ndarray, " c"]  # distance in the world between what the two marks show

    def take(self, indices: Int64[np.ndarray, " m"]) -> "_Pairs":
        position, source, target, slip = self
        chosen = position[indices], source.take(indices), target.take(indices), slip[indices]
        return _Pairs(*chosen)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate places that two keyframes show, with sets of points of which each is right once.

    See ``qa_gen.exchangeable``: a wrong point is where the same coordinates of a first image were
    found again in another pair of images.
    """
    every = _matched(survey, rng)
    text = np.concatenate([every.position[:, None], every.target.mark], axis=1)
    pairs = every.take(one_of_each(text, rng))
    groups = side_by_side(pairs.position, PER_POSITION, rng)
    margin = _margins(survey, pairs, groups)
    sigma = survey.geometry.sigma_m * 2**0.5 / pairs.target.depth
    least = np.maximum(config.floor(KIND, QUESTION.floor), config.sigma_factor * sigma)
    wrong = margin >= least[groups.member][:, :, None]
    sets = exchangeable_sets(groups, wrong, rng.random(margin.shape))
    chosen = sets[:, 0]
    marks = pairs.target.mark[sets]

    def draft(i: int, rng: np.random.Generator) -> Draft:
        pair = chosen[i]
        frames = tuple(
            survey.geometry.keyframes[int(p.keyframe[pair])] for p in (pairs.source, pairs.target)
        )
        order = rng.permutation(N_OPTIONS)
        shown = lettered(marks[i][order], frames[1])
        x, y = pairs.source.mark[pair].tolist()
        return Draft(
            slots={
                "first": image(0),
                "second": image(1),
                "p": point("P", x, y),
                "points": points(shown),
            },
            answer=Choice(POINT_NAMES, order.tolist().index(0)),
            frames=frames,
            marks=(Mark(label="P", frame=frames[0], x=x, y=y), *shown),
            evidence=frames,
        )

    return Candidates(
        margin=_least_margin(groups, margin, sets),
        draft=draft,
        value=np.full(len(sets), np.nan),
        sigma=sigma[chosen],
        strata=np.zeros(len(sets), dtype=np.int64),  # all answers of a set are there
        skips=_skips(survey, len(pairs.slip), set(chosen.tolist())),
    )


def _skips(survey: Survey, n_pairs: int, used: set[int]) -> list[Skipped]:
    if not n_pairs:
        return [Skipped(KIND, survey.sequence_id, SkipReason.VIEWS_SHARE_NOTHING)]
    lost = Skipped(KIND, survey.sequence_id, SkipReason.NO_DISTRACTORS, n_pairs - len(used))
    return [lost] if lost.count else []


def _margins(survey: Survey, pairs: _Pairs, groups: Groups) -> Float64[np.ndarray, "g w w"]:
    """Return by how much target b of a group is off the point of pair a, as a share of its depth.

    Minus infinity where it is no sure place in a's second image, or too near in it.
    """
    views = survey.views
    g, w = groups.member.shape
    a = np.repeat(groups.member.ravel(), w)
    b = np.repeat(groups.member, w, axis=0).ravel()
    truth = pairs.target.take(a)
    mark = pairs.target.mark[b]
    seen = views.at(truth.keyframe, mark)
    with_depth = np.where(seen.depth > 0, seen.depth, 1.0)
    there = views.world(seen._replace(depth=with_depth))
    away = np.linalg.norm(there - views.world(truth), axis=1) - pairs.slip[a]
    usable = seen.sure & far_apart(truth.mark, mark)
    return np.where(usable, away / truth.depth, -np.inf).reshape(g, w, w)


def _least_margin(
    groups: Groups, margin: Float64[np.ndarray, "g w w"], sets: Int64[np.ndarray, "c 4"]
) -> Float64[np.ndarray, " c"]:
    """Return the least margin of the first item of each set against its others."""
    block, column = np.zeros((2, int(groups.member.max(initial=-1)) + 1), dtype=np.int64)
    rows, columns = np.nonzero(groups.real)
    block[groups.member[rows, columns]], column[groups.member[rows, columns]] = rows, columns
    own = block[sets[:, :1]], column[sets[:, :1]], column[sets[:, 1:]]
    least: Float64[np.ndarray, " c"] = margin[own].min(axis=1)
    return least


def _matched(survey: Survey, rng: np.random.Generator) -> _Pairs:
    """Find drawn places of every keyframe in every other one, where nothing hides them."""
    views = survey.views
    n, grid = len(survey.geometry.keyframes), views.grid
    sure = grid.sure.reshape(n, -1)
    chosen = draw_positions(grid.instance.reshape(n, -1) > 0, sure, POSITIONS, rng)
    at = (np.arange(n)[:, None] * views.n_grid + chosen).ravel()
    at = at[grid.sure[at]]
    places = grid.take(at)
    world = views.world(places)
    found = []
    for j in range(n):
        there = views.project(world, j)
        inside = np.flatnonzero(there.inside & (places.keyframe != j))
        target = views.at(np.full(len(inside), j), views.marks(there.uv[inside]))
        z = there.depth[inside]
        same = (
            target.sure
            & (target.instance == places.instance[inside])
            & (z >= target.low * (1 - SAME_DEPTH))
            & (z <= target.high * (1 + SAME_DEPTH))
        )
        target, kept = target.take(same), inside[same]
        slip = np.linalg.norm(views.world(target) - world[kept], axis=1)
        found.append(_Pairs(at[kept] % views.n_grid, places.take(kept), target, slip))
    return _Pairs(
        np.concatenate([pairs.position for pairs in found]),
        _joined([pairs.source for pairs in found]),
        _joined([pairs.target for pairs in found]),
        np.concatenate([pairs.slip for pairs in found]),
    )


def _joined(parts: list[Places]) -> Places:
    return Places(*(np.concatenate(column) for column in zip(*parts, strict=True)))


QUESTION: Final = Question(
    kind=KIND,
    definition="same_surface_point",
    meaning=(
        "Which of four marked points of the second image shows the surface point marked in the "
        "first: it is projected with both cameras, falls onto a smooth surface of the same "
        f"instance at the same depth (within {SAME_DEPTH:.0%}), and nothing hides it. The other "
        f"three are surface points, too, {MARK_GAP} or more thousandths of the image's sides apart "
        "from it and from each other, at places where the same coordinates of a first image were "
        "found again in other pairs of images. All four are the right one of a question that reads "
        "alike, so that coordinates do not tell. `margin` "
        "is the distance in the world between the right "
        "point and the nearest other, less the distance between what the two marks of the right "
        "one show, as a share of its depth in the second image"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=0.05,  # 15 cm at 3 m
    margin_unit="ratio",
    phrasing=PHRASING,
    source=(
        "visual correspondence of BLINK (Fu et al. 2024), MultiSPA (Xu et al. 2025, arXiv "
        "2505.17015) and OpenSpatial (JD, 2026); OpenSpatial's wrong points are random pixels and "
        "its projection uses the first view's intrinsics for both"
    ),
    find=find,
)
