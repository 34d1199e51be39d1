"""Ask how far apart two images were taken."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.camera_changes import (
    FARTHEST_M,
    LEAST_MOVED_M,
    camera_changes,
    magnitude_strata,
    nothing_to_compare,
    position_sigma,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, image
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_DISPLACEMENT
DECIMALS: Final = 2  # handheld cameras and arcs move by decimetres

PHRASING: Final = Phrasing(
    canonical=(
        "Approximately how far (in {unit:m}) did the camera move between the {start:image} and the "
        "{end:image}?"
    ),
    others=(
        "What is the straight-line distance in {unit:m} between the camera's positions in the "
        "{start:image} and in the {end:image}?",
        "How many {unit:m} apart are the places from which the {start:image} and the {end:image} "
        "were taken?",
        "Estimate how far the camera's position in the {end:image} is from its position in the "
        "{start:image}, in {unit:m}.",
        "By how many {unit:m} was the camera displaced from the {start:image} to the {end:image}?",
        "In {unit:m}, how long is the straight line from the spot where the {start:image} was "
        "taken to the spot where the {end:image} was taken?",
        "Between the {start:image} and the {end:image}, how large is the camera's displacement (in "
        "{unit:m})?",
        "Give the distance in {unit:m} separating the viewpoints of the {start:image} and the "
        "{end:image}.",
        "Whatever way it took, how many {unit:m} from where it took the {start:image} was the "
        "camera when it took the {end:image}?",
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two keyframes."""
    del config, rng
    lacking = too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    changes = camera_changes(survey)
    distance = changes.distance

    def draft(i: int, _: np.random.Generator) -> Draft:
        frames = changes.frames(survey, i)
        return Draft(
            slots={"start": image(0), "end": image(1)},
            answer=Quantity(round(float(distance[i]), DECIMALS), Unit.METERS, DECIMALS),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        margin=distance,
        draft=draft,
        value=distance,
        sigma=np.full(len(distance), position_sigma(survey)),
        strata=magnitude_strata(distance),
        checks=(
            Check(SkipReason.CAMERA_MOVED_TOO_FAR, distance <= FARTHEST_M),
            Check(SkipReason.VIEWS_SHARE_NOTHING, changes.share_view),
        ),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="camera_center_distance_m",
    meaning=(
        "Straight-line distance in metres between the camera's centers in the two images, at most "
        "10; `margin` is the distance itself, since less than the floor is not asked about"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.POSES, Need.METRIC}),
    floor=LEAST_MOVED_M,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, Fan et al. 2025), camera_displacement, 0.2 to 10 m, whose wording "
        "says frame numbers; its first release took the camera's center for -R^T t of a "
        "camera-to-world pose (corrected upstream in commit 2ad44e6)"
    ),
    find=find,
)
