"""Ask which of four objects is the N-th closest to the camera."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.depth_order import DEPTH_MEANING, measure_leads, put_in_order
from qa_gen.enumeration import subsets
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, things, words
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

N_OBJECTS: Final = 4
PLACES: Final = ("closest to", "second closest to", "third closest to", "farthest from")

PHRASING: Final = Phrasing(
    canonical=(
        "Taking the nearest visible part of each, which of these objects ({listed:things}) is the "
        "{place:words} the camera in this image?"
    ),
    others=(
        "By its nearest visible part, which of the following is the {place:words} the camera that "
        "took this image: {listed:things}?",
        "One of these objects is the {place:words} the camera in this image: {listed:things}. "
        "Which one, going by the nearest part that can be seen of each?",
        "Measure from the camera of this image to the nearest visible point of each of these: "
        "{listed:things}. Which object is the {place:words} the camera?",
        "Among these objects ({listed:things}), name the one that is the {place:words} the camera "
        "in this image. What counts is the closest visible part of each.",
        "Suppose these objects were sorted by how far their nearest visible part is from the "
        "camera of this image: {listed:things}. Which one would be the {place:words} the camera?",
        "Which object would you call the {place:words} the camera in this image, if each is "
        "measured at its nearest visible part: {listed:things}?",
        "The image shows these things: {listed:things}. Which of them is the {place:words} the "
        "camera, judged by the part of it that is nearest and can be seen?",
        "Look at the visible part of each object that is nearest to the camera ({listed:things}). "
        "Which object is the {place:words} the camera of this image?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate sets of four objects and all four places in their order.

    Each is asked about the image in which its neighbours in the order are farthest off.
    """
    del config
    sets = subsets(len(survey.objects), N_OBJECTS, rng)
    ordered = put_in_order(measure_leads(survey), sets)
    ends = ((0, 0), (0, 0), (1, 1))
    before = np.pad(ordered.lead, ends, constant_values=np.inf)
    apart = np.minimum(before[..., :-1], before[..., 1:])  # (c, k, 4)
    seen = np.isfinite(ordered.lead).all(axis=2)
    apart = np.where(seen[..., None], apart, -np.inf)
    spread = np.pad(ordered.sigma, ends)
    keyframe = np.argmax(apart, axis=1)  # (c, 4)
    rows, place = np.indices(keyframe.shape).reshape(2, -1)
    chosen = rows, keyframe.ravel(), place
    margin = apart[chosen]
    answer = ordered.order[chosen]

    def draft(i: int, rng: np.random.Generator) -> Draft:
        frame = survey.geometry.keyframes[int(chosen[1][i])]
        listed = rng.permutation(sets[rows[i]]).tolist()
        names = [survey.names[j] for j in listed]
        return Draft(
            slots={"listed": things(names), "place": words(PLACES[place[i]])},
            answer=shuffled_choice(names, listed.index(int(answer[i])), rng),
            objects=tuple(listed),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=margin,
        draft=draft,
        value=np.full(len(margin), np.nan),
        sigma=np.maximum(spread[..., :-1], spread[..., 1:])[chosen],
        strata=place * len(survey.categories) + survey.category_index[answer],
        checks=[Check(SkipReason.NOT_VISIBLE_ENOUGH, np.isfinite(margin))],
        skips=survey.pool_skips(
            QuestionKind.NTH_CLOSEST_OBJECT, lambda m: comb(m, N_OBJECTS) * N_OBJECTS
        ),
    )


QUESTION: Final = Question(
    kind=QuestionKind.NTH_CLOSEST_OBJECT,
    definition="nth_nearest_visible_depth",
    meaning=(
        "Which of four objects of one image is in the asked place from near to far. "
        f"{DEPTH_MEANING}. `margin` is how far it is from its neighbours in the order, on both "
        "sides, as a share of the nearer one's depth. All four places are asked equally often "
        "where they are clear"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.DEPTH}),
    floor=0.1,
    margin_unit="ratio",
    phrasing=PHRASING,
    source=(
        "closest, farthest and N-th of OpenSpatial's depth tasks (JD, 2026), which take the mean "
        "of the nearest 10 % of an object's pixels and know no margin"
    ),
    find=find,
)
