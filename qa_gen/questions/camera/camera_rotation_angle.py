"""Ask by how many degrees the camera turned between two images."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.camera_changes import (
    LEAST_TURNED_DEG,
    camera_changes,
    magnitude_strata,
    nothing_to_compare,
    too_few_images,
    turn_sigma_deg,
)
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, image
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_ROTATION_ANGLE

PHRASING: Final = Phrasing(
    canonical=(
        "By what angle (in {unit:deg}) did the camera's orientation change between the "
        "{start:image} and the {end:image}?"
    ),
    others=(
        "By how many {unit:deg} is the camera of the {end:image} rotated against the camera of the "
        "{start:image}?",
        "Whatever the axis, through how many {unit:deg} must the camera of the {start:image} be "
        "turned to be oriented like that of the {end:image}?",
        "Estimate the angle of the rotation that takes the camera from its orientation in the "
        "{start:image} to that in the {end:image}, in {unit:deg}.",
        "What is the angle in {unit:deg} between the orientations of the camera in the "
        "{start:image} and in the {end:image}?",
        "In {unit:deg}, how large is the single rotation that turns the camera from the way it is "
        "held in the {start:image} to the way it is held in the {end:image}?",
        "Give the camera's overall rotation between the {start:image} and the {end:image} in "
        "{unit:deg}, all axes together.",
        "Counting pan, tilt and roll as one rotation, how far is the camera turned from the "
        "{start:image} to the {end:image}, in {unit:deg}?",
        "Leaving its position aside, by how many {unit:deg} is the camera turned in the "
        "{end:image} compared with the {start:image}?",
    ),
    unit=Unit.DEGREES,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two keyframes."""
    del config, rng
    lacking = too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    changes = camera_changes(survey)
    angle = changes.angle_deg

    def draft(i: int, _: np.random.Generator) -> Draft:
        frames = changes.frames(survey, i)
        return Draft(
            slots={"start": image(0), "end": image(1)},
            answer=Quantity(float(round(angle[i])), Unit.DEGREES, 0),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        margin=np.minimum(angle, 180.0 - angle),
        draft=draft,
        value=angle,
        sigma=turn_sigma_deg(survey, len(angle)),
        strata=magnitude_strata(angle),
        checks=(Check(SkipReason.VIEWS_SHARE_NOTHING, changes.share_view),),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="camera_geodesic_angle_deg",
    meaning=(
        "Angle in degrees of the single rotation between the camera's orientations in the two "
        "images (geodesic, 0 to 180); `margin` is the angle itself or what is left to 180, where "
        "a rotation starts to count from the other side. The uncertainty of estimated "
        "orientations is not modelled"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.POSES}),
    floor=LEAST_TURNED_DEG,
    margin_unit="deg",
    phrasing=PHRASING,
    source=(
        "Ours; MultiSPA (Multi-SpatialMLLM, Xu et al. 2025) asks for yaw and pitch apart, "
        "InternSpatial for the angle between views"
    ),
    find=find,
)
