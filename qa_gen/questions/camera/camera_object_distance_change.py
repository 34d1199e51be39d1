"""Ask whether the camera came nearer to an object."""

from typing import Final

import numpy as np

from qa_gen.camera_changes import (
    LEAST_CHANGE_SHARE,
    camera_distances,
    keyframe_pairs,
    nothing_to_compare,
    position_sigma,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, image, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_OBJECT_DISTANCE_CHANGE
ANSWERS: Final = ("nearer", "farther")

PHRASING: Final = Phrasing(
    canonical=(
        "Compared with the {start:image}, is the camera in the {end:image} nearer to or farther "
        "from the closest point of the {a:thing}?"
    ),
    others=(
        "Measured to its nearest point, is the {a:thing} nearer to or farther from the camera in "
        "the {end:image} than in the {start:image}?",
        "From the {start:image} to the {end:image}, did the camera end up nearer to or farther "
        "from the closest point of the {a:thing}?",
        "In which way does the camera's distance to the nearest point of the {a:thing} differ in "
        "the {end:image} from the {start:image}: is the camera nearer or farther?",
        "When the {end:image} was taken, was the camera nearer to or farther from the closest "
        "point of the {a:thing} than when the {start:image} was taken?",
        "Is the viewpoint of the {end:image} nearer to or farther from the nearest point of the "
        "{a:thing} than the viewpoint of the {start:image}?",
        "The {start:image} and the {end:image} both show the {a:thing}. Going by its closest "
        "point, is the camera nearer to it or farther from it in the {end:image}?",
        "Judging by the straight line to the nearest point of the {a:thing}, does the camera stand "
        "nearer or farther in the {end:image} than in the {start:image}?",
        "Taking distances to the closest point of the {a:thing}, is the camera nearer or farther "
        "in the {end:image} than it was in the {start:image}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object with every two keyframes."""
    del config, rng
    lacking = too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    first, second = keyframe_pairs(survey)
    n_objects, n_pairs = len(survey.objects), len(first)
    which = np.repeat(np.arange(n_objects), n_pairs)
    start, end = np.tile(first, n_objects), np.tile(second, n_objects)
    distance = camera_distances(survey)
    before, after = distance[which, start], distance[which, end]
    farther = (after > before).astype(np.int64)
    change = np.abs(after - before)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        a, keyframes = int(which[i]), survey.geometry.keyframes
        frames = (keyframes[start[i]], keyframes[end[i]])
        return Draft(
            slots={"a": thing(survey.names[a]), "start": image(0), "end": image(1)},
            answer=shuffled_choice(ANSWERS, int(farther[i]), rng),
            objects=(a,),
            frames=frames,
            evidence=frames,
        )

    shown = survey.named_in[which, start] & survey.named_in[which, end]
    clear = change >= LEAST_CHANGE_SHARE * np.minimum(before, after)
    return Candidates(
        margin=change,
        draft=draft,
        value=after - before,
        # Two camera positions, and two faces where the box is nearest at different ones.
        sigma=np.full(len(change), position_sigma(survey) * 2**0.5),
        strata=farther * len(survey.categories) + survey.category_index[which],
        checks=(
            Check(SkipReason.NOT_VISIBLE_ENOUGH, shown),
            Check(SkipReason.MARGIN_TOO_SMALL, clear),
        ),
        skips=survey.pool_skips(KIND, lambda n: n * n_pairs),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="camera_to_obb_change_m",
    meaning=(
        "Whether the distance from the camera's center to the nearest point of the object's "
        "oriented box is smaller or larger in the second image; `value` is the second distance "
        "less the first in metres, `margin` its size, which is also a tenth of the smaller "
        "distance or more. `sigma` counts both cameras and two faces of the box. Not asked "
        "without metres, where nobody can say what a clear change is"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.METRIC}),
    floor=0.15,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "OpenSpatial (JD 2026), object-camera distance in two views, where changes below 8 cm are "
        "called equal; ours asks for no equality, its floor is VSI-Bench's 0.15 m lead"
    ),
    find=find,
)
