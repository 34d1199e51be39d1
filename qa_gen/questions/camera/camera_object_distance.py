"""Ask how far the camera is from an object."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.camera_changes import (
    FARTHEST_M,
    camera_distances,
    magnitude_strata,
    nothing_to_compare,
    position_sigma,
    spread_keyframes,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_OBJECT_DISTANCE
DECIMALS: Final = 1

PHRASING: Final = Phrasing(
    canonical=(
        "What is the approximate distance (in {unit:m}) between the camera (or the person filming) "
        "and the nearest point of the {a:thing} in this image?"
    ),
    others=(
        "How many {unit:m} away from the camera that took this image is the nearest point of the "
        "{a:thing}?",
        "How far is the camera in this image from the {a:thing}, measured in {unit:m} to the "
        "object's nearest point?",
        "Estimate the distance in {unit:m} from where this image was taken to the nearest part of "
        "the {a:thing}.",
        "In {unit:m}, how long would a straight line be from the camera of this image to the "
        "closest point of the {a:thing}?",
        "At the moment of this image, how many {unit:m} separate the camera from the closest point "
        "of the {a:thing}?",
        "Give the shortest distance (in {unit:m}) from the camera's position in this image to the "
        "{a:thing}.",
        "Standing where this image was taken, how far would you be from the nearest point of the "
        "{a:thing}, in {unit:m}?",
        "What is the smallest distance in {unit:m} between the viewpoint of this image and any "
        "point of the {a:thing}?",
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every object in every keyframe."""
    del config, rng
    lacking = too_few_images(survey, 1)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    chosen = spread_keyframes(survey)
    n_objects, n_images = len(survey.objects), len(chosen)
    which = np.repeat(np.arange(n_objects), n_images)
    place = np.tile(chosen, n_objects)
    distance = camera_distances(survey)[which, place]

    def draft(i: int, _: np.random.Generator) -> Draft:
        a = int(which[i])
        frames = (survey.geometry.keyframes[place[i]],)
        return Draft(
            slots={"a": thing(survey.names[a])},
            answer=Quantity(round(float(distance[i]), DECIMALS), Unit.METERS, DECIMALS),
            objects=(a,),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        margin=distance,
        draft=draft,
        value=distance,
        sigma=np.full(len(distance), position_sigma(survey)),  # the camera and one face
        strata=magnitude_strata(distance),
        checks=(
            Check(SkipReason.NOT_VISIBLE_ENOUGH, survey.named_in[which, place]),
            Check(SkipReason.OBJECTS_TOO_FAR, distance <= FARTHEST_M),
        ),
        skips=survey.pool_skips(KIND, lambda n: n * n_images),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="camera_to_obb_min_m",
    meaning=(
        "Distance in metres from the camera's center to the nearest point of the object's "
        "oriented box, exact, at most 10; that point may lie outside the image. `margin` is the "
        "distance itself, since less than the floor is not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.POSES, Need.METRIC}),
    floor=0.3,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, Fan et al. 2025), camera_obj_abs_dist, whose wording says a frame "
        "number; theirs is measured to points sampled on the box, and its first release took the "
        "camera's center for -R^T t of a camera-to-world pose"
    ),
    find=find,
)
