"""Ask which of two or three marked points is closest to the camera."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, Shaped

from qa_gen.answers import Choice
from qa_gen.config import LabelConfig
from qa_gen.enumeration import subsets
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.marked_points import POINT_NAMES, lettered, well_apart
from qa_gen.phrasing import COORDINATES, Phrasing, points
from qa_gen.projection import MARK_GAP
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

# Positions whose sets are looked at in every keyframe: 496 pairs, 220 triples. Sets of four of
# which each is nearest in some image are too rare to be worth a look.
POSITIONS: Final = {2: 32, 3: 12}
KIND: Final = QuestionKind.POINT_DEPTH_ORDER
_MOST: Final = max(POSITIONS)  # points a question
_TOO_FEW: Final = SkipReason.TOO_FEW_IMAGES

PHRASING: Final = Phrasing(
    canonical="Which point is closest to the camera in this image: {points:points}?" + COORDINATES,
    others=(
        "Look at these places in the image: {points:points}. Which of them is nearest to the "
        "camera?" + COORDINATES,
        "Some points are marked in the image: {points:points}. Which of them marks the surface "
        "that is least far from the camera?" + COORDINATES,
        "Of the surfaces seen at these points, which one lies closest to the camera that took the "
        "image: {points:points}?" + COORDINATES,
        "The image has been marked at {points:points}. At which of these is the distance to the "
        "camera shortest?" + COORDINATES,
        "Compare how far from the camera the things at these points of the image are: "
        "{points:points}. Which point is the nearest one?" + COORDINATES,
        "Imagine reaching from the camera to what is seen at {points:points}. Which of these "
        "surfaces would you touch first?" + COORDINATES,
        "Which of the following points of the image shows the surface nearest to the camera: "
        "{points:points}?" + COORDINATES,
        "Judge the depth of the scene at {points:points}. At which of these points is it smallest?"
        + COORDINATES,
    ),
)


class _Judged(NamedTuple):
    """Sets of equally many points in each keyframe, one row for a set and a keyframe."""

    point: Int64[np.ndarray, "c m"]  # indices into the grid
    nearest: Int64[np.ndarray, " c"]  # which of them
    group: Int64[np.ndarray, " c"]  # number of the set
    margin: Float64[np.ndarray, " c"]
    sigma: Float64[np.ndarray, " c"]
    sure: Bool[np.ndarray, " c"]
    even: Bool[np.ndarray, " c"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate sets of coordinates that mean another answer in another keyframe.

    A set is asked about only if each of its points is nearest in some keyframe: then nothing in
    the coordinates tells which one it is in the image that is shown.
    """
    n = len(survey.geometry.keyframes)
    grid, sizes = survey.views.grid, [m for m in POSITIONS if m <= n]
    judged = [_judge(survey, config, _sets(survey, m, rng)) for m in sizes]
    starts = np.cumsum([0, *(len(sets.group) for sets in judged)])

    def draft(i: int, rng: np.random.Generator) -> Draft:
        which = int(np.searchsorted(starts, i, side="right")) - 1
        row = i - int(starts[which])
        order = rng.permutation(sizes[which])
        at = judged[which].point[row][order]
        frame = survey.geometry.keyframes[int(grid.keyframe[at[0]])]
        marks = lettered(grid.mark[at], frame)
        right = order.tolist().index(int(judged[which].nearest[row]))
        return Draft(
            slots={"points": points(marks)},
            answer=Choice(POINT_NAMES[: len(at)], right),
            frames=(frame,),
            marks=marks,
            evidence=(frame,),
        )

    lost = Skipped(KIND, survey.sequence_id, SkipReason.POINT_AMBIGUOUS if n > 1 else _TOO_FEW)
    strata = [
        (sets.group * _MOST + sets.nearest) * _MOST + m - 1
        for m, sets in zip(sizes, judged, strict=True)
    ]
    return Candidates(
        margin=_joined([sets.margin for sets in judged]),
        draft=draft,
        value=np.full(int(starts[-1]), np.nan),
        sigma=_joined([sets.sigma for sets in judged]),
        strata=np.concatenate([np.zeros(0, np.int64), *strata]),
        checks=[
            Check(SkipReason.POINT_AMBIGUOUS, _joined([s.sure for s in judged]) > 0),
            Check(SkipReason.NO_COUNTER_EXAMPLE, _joined([s.even for s in judged]) > 0),
        ],
        skips=[] if starts[-1] else [lost],
    )


def _joined(parts: Sequence[Shaped[np.ndarray, " _"]]) -> Float64[np.ndarray, " _"]:
    return np.concatenate([np.zeros(0), *parts])


def _sets(survey: Survey, m: int, rng: np.random.Generator) -> Int64[np.ndarray, "s m"]:
    """Return sets of grid positions, rather those whose depth changes between keyframes."""
    views = survey.views
    n = len(survey.geometry.keyframes)
    sure = views.grid.sure.reshape(n, -1)
    depth = views.grid.depth.reshape(n, -1)
    far = np.where(sure, depth, 0.0).max(axis=0)
    near = np.where(sure, depth, np.inf).min(axis=0)
    useful = np.flatnonzero(sure.sum(axis=0) > 1)
    rank = rng.random(len(useful)) + (far[useful] < near[useful] * (1 + QUESTION.floor))
    chosen = useful[np.sort(np.argsort(rank, kind="stable")[: POSITIONS[m]])]
    sets = chosen[subsets(len(chosen), m, rng)]
    apart: Int64[np.ndarray, "s m"] = sets[well_apart(views.grid.mark[sets])]
    return apart


def _judge(survey: Survey, config: LabelConfig, sets: Int64[np.ndarray, "s m"]) -> _Judged:
    views, n = survey.views, len(survey.geometry.keyframes)
    m = sets.shape[1]
    point = (np.arange(n)[:, None, None] * views.n_grid + sets).reshape(-1, m)
    group = np.tile(np.arange(len(sets)), n)
    grid = views.grid
    depth, stretch = grid.depth[point], grid.stretch[point]
    low, high, sure = grid.low[point], grid.high[point], grid.sure[point].all(axis=1)
    nearest = np.argmin(depth, axis=1)
    here = nearest[:, None]
    lead = np.where(sure, np.inf, 0.0)
    for near, far in ((high, low), (high * stretch, low * stretch)):  # along z, along the ray
        others = far.copy()
        np.put_along_axis(others, here, np.inf, axis=1)
        own = np.take_along_axis(near, here, axis=1)[:, 0]
        lead = np.minimum(lead, others.min(axis=1) / np.where(sure, own, 1.0))
    least = np.where(sure, np.take_along_axis(depth, here, axis=1)[:, 0], np.inf)
    margin = lead - 1
    sigma = survey.geometry.sigma_m / least * np.sqrt(1 + lead**2)
    checks = [Check(SkipReason.POINT_AMBIGUOUS, sure)]
    clear = clear_ones(margin, sigma, checks, config, (KIND, QUESTION.floor))
    even = even_answers(group, nearest, clear, m).met
    return _Judged(point, nearest, group, margin, sigma, sure, even)


QUESTION: Final = Question(
    kind=KIND,
    definition="least_depth_of_points",
    meaning=(
        "Which of two or three marked points shows the surface nearest to the camera. `margin` is "
        "how much farther the second nearest is, as a share of the nearest's depth; it holds for "
        "z-depth and for the length of the ray alike, and wherever within a pixel of a mark one "
        "looks. Marks lie on smooth surfaces, a pixel or more from every edge, and at least "
        f"{MARK_GAP} thousandths of the image's sides apart. A set of coordinates is asked about "
        "only if each of its points is nearest in some image of the clip, and then equally often, "
        "so that coordinates do not tell"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.DEPTH}),
    floor=0.1,
    margin_unit="ratio",
    phrasing=PHRASING,
    source=(
        "relative depth of BLINK (Fu et al. 2024, two points judged by people) and MultiSPA (Xu "
        "et al. 2025, arXiv 2505.17015); OpenSpatial asks about random points 0.05 apart. "
        "None checks that a mark is clear of edges or that both meanings of depth agree"
    ),
    find=find,
)
