"""Ask for three or four objects of an image from near to far."""

from math import comb
from typing import Final

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import Order
from qa_gen.config import LabelConfig
from qa_gen.depth_order import DEPTH_MEANING, Leads, measure_leads, put_in_order
from qa_gen.enumeration import subsets
from qa_gen.phrasing import Phrasing, things
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

SIZES: Final = (3, 4)

PHRASING: Final = Phrasing(
    canonical=(
        "Taking the nearest visible part of each, order these objects from closest to farthest "
        "from the camera in this image: {listed:things}."
    ),
    others=(
        "Sort these objects by the distance of their nearest visible part from the camera that "
        "took this image, nearest object first: {listed:things}.",
        "In which order, from near to far, do these objects stand before the camera of this image, "
        "each counted by the nearest part you can see of it: {listed:things}?",
        "Rank the following by depth in this image, starting with the closest: {listed:things}. "
        "What counts is the visible part of each that is nearest to the camera.",
        "Look at how far the closest visible point of each of these is from the camera of the "
        "image: {listed:things}. List them with the smallest distance first.",
        "Which of these ({listed:things}) comes nearest to the camera in the image, which is next, "
        "and so on? Go by the nearest visible part of each and give all of them in order.",
        "Going away from the camera of this image, in what order do you meet the nearest visible "
        "parts of these objects: {listed:things}?",
        "Arrange these things ({listed:things}) from the one whose visible surface comes closest "
        "to the camera of this image to the one whose visible surface stays farthest away.",
        "Seen from the camera's position in this image, put these in order of increasing distance, "
        "measuring to the nearest part that can be seen of each: {listed:things}.",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate sets of three and four objects, each in the image that tells them apart best."""
    del config
    n = len(survey.objects)
    leads = measure_leads(survey)
    best = [_in_best_image(leads, subsets(n, m, rng)) for m in SIZES]
    orders = [order for order, _, _, _ in best]
    keyframe = np.concatenate([frame for _, frame, _, _ in best])
    margin = np.concatenate([lead for _, _, lead, _ in best])
    n_of_three = len(orders[0])
    nearest = np.concatenate([order[:, 0] for order in orders])
    of_size = np.repeat(np.arange(len(SIZES)), [len(order) for order in orders])

    def draft(i: int, rng: np.random.Generator) -> Draft:
        order = orders[0][i] if i < n_of_three else orders[1][i - n_of_three]
        frame = survey.geometry.keyframes[int(keyframe[i])]
        listed = rng.permutation(order).tolist()
        return Draft(
            slots={"listed": things([survey.names[j] for j in listed])},
            answer=Order(tuple(survey.names[j] for j in order.tolist())),
            objects=tuple(listed),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(len(margin), np.nan),
        sigma=np.concatenate([sigma for _, _, _, sigma in best]),
        strata=of_size * len(survey.categories) + survey.category_index[nearest],
        checks=[Check(SkipReason.NOT_VISIBLE_ENOUGH, np.isfinite(margin))],
        skips=survey.pool_skips(
            QuestionKind.OBJECT_DEPTH_ORDER, lambda m: sum(comb(m, k) for k in SIZES)
        ),
    )


def _in_best_image(
    leads: Leads, sets: Int64[np.ndarray, "c m"]
) -> tuple[
    Int64[np.ndarray, "c m"],
    Int64[np.ndarray, " c"],
    Float64[np.ndarray, " c"],
    Float64[np.ndarray, " c"],
]:
    """Return order, keyframe, margin and sigma where the least lead is greatest."""
    ordered = put_in_order(leads, sets)
    least = ordered.lead.min(axis=2)
    keyframe = np.argmax(least, axis=1)
    rows = np.arange(len(sets))
    chosen = rows, keyframe
    return ordered.order[chosen], keyframe, least[chosen], ordered.sigma[chosen].max(axis=1)


QUESTION: Final = Question(
    kind=QuestionKind.OBJECT_DEPTH_ORDER,
    definition="order_of_nearest_visible_depth",
    meaning=(
        f"Three or four objects of one image from near to far. {DEPTH_MEANING}. `margin` is how "
        "much farther each is than the one before, as a share of the nearer one's depth, the "
        "least of all neighbours in the order"
    ),
    answer_type="order",
    metric="accuracy",
    needs=frozenset({Need.DEPTH}),
    floor=0.1,
    margin_unit="ratio",
    phrasing=PHRASING,
    source=(
        "depth ordering of OpenSpatial (JD, 2026; mean of the nearest 10 % of an object's pixels, "
        "ties labelled); ours refuses objects whose depths are alike"
    ),
    find=find,
)
