"""Ask in which of several images the camera is closest to an object."""

from typing import Final

import numpy as np

from qa_gen.camera_changes import (
    LEAST_CHANGE_SHARE,
    camera_distances,
    nothing_to_compare,
    position_sigma,
    spread_keyframes,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.enumeration import subsets
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, image, thing
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CLOSER_FRAME
N_IMAGES: Final = 3
_MOST_KEYFRAMES: Final = 16  # 560 sets of three an object
_OPTIONS: Final = tuple(image(i).text for i in range(N_IMAGES))

PHRASING: Final = Phrasing(
    canonical=(
        "In which of these images is the camera closest to the nearest point of the {a:thing}?"
    ),
    others=(
        "Which of the images was taken from the place nearest to the closest point of the "
        "{a:thing}?",
        "In which image is the distance from the camera to the nearest point of the {a:thing} "
        "smallest?",
        "All of these images show the {a:thing}. Which one did the camera take from the shortest "
        "distance to its nearest point?",
        "When was the camera closest to the nearest point of the {a:thing}: which image is it?",
        "Among the images given, which has the viewpoint that is least far from the closest point "
        "of the {a:thing}?",
        "For which image was the camera nearest to the closest point of the {a:thing}?",
        "Pick the image whose camera has the shortest way in a straight line to the nearest point "
        "of the {a:thing}.",
        "Compare how far the camera is in each image from the closest point of the {a:thing}. In "
        "which one is it nearest?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object with every three keyframes, shown in any order."""
    del config
    lacking = too_few_images(survey, N_IMAGES)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    chosen = spread_keyframes(survey, _MOST_KEYFRAMES)
    sets = chosen[subsets(len(chosen), N_IMAGES, rng)]
    n_objects, n_sets = len(survey.objects), len(sets)
    which = np.repeat(np.arange(n_objects), n_sets)
    # A camera that drives up to something is closest at the end: the order of time would tell.
    shown = rng.permuted(np.tile(sets, (n_objects, 1)), axis=1)
    distance = camera_distances(survey)[which[:, None], shown]
    nearest = distance.argmin(axis=1)
    ordered = np.sort(distance, axis=1)
    lead = ordered[:, 1] - ordered[:, 0]

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, keyframes = int(which[i]), survey.geometry.keyframes
        frames = tuple(keyframes[place] for place in shown[i].tolist())
        return Draft(
            slots={"a": thing(survey.names[a])},
            answer=shuffled_choice(_OPTIONS, int(nearest[i]), rng),
            objects=(a,),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        margin=lead,
        draft=draft,
        value=np.full(len(lead), np.nan),
        sigma=np.full(len(lead), position_sigma(survey) * 2**0.5),  # two cameras, two faces
        strata=nearest * len(survey.categories) + survey.category_index[which],
        checks=(
            Check(
                SkipReason.NOT_VISIBLE_ENOUGH, survey.named_in[which[:, None], shown].all(axis=1)
            ),
            Check(SkipReason.MARGIN_TOO_SMALL, lead >= LEAST_CHANGE_SHARE * ordered[:, 0]),
        ),
        skips=survey.pool_skips(KIND, lambda n: n * n_sets),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="argmin_camera_to_obb_m",
    meaning=(
        "The one of three images, shown in random order, whose camera's center is nearest to the "
        "nearest point of the object's oriented box; `margin` is how much farther the camera is "
        "in the second nearest, in metres, which is also a tenth of the smallest distance or "
        "more. Not asked without metres"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.METRIC}),
    floor=0.15,
    margin_unit="m",
    phrasing=PHRASING,
    source=(
        "Ours, with the distance of VSTI-Bench's camera_obj_abs_dist and the 0.15 m lead of "
        "VSI-Bench's object_rel_distance"
    ),
    find=find,
)
