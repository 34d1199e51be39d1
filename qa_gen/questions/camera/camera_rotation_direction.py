"""Ask which way the camera turned between two images."""

from typing import Final

import numpy as np

from qa_gen.camera_changes import (
    LEAST_TURNED_DEG,
    camera_changes,
    dominant,
    nothing_to_compare,
    too_few_images,
    turn_sigma_deg,
)
from qa_gen.config import LabelConfig
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, image
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_ROTATION_DIRECTION

# In the order of ``camera_changes.TURNS``. In everyday use "pan" also means sliding sideways.
TURN_TEXT: Final = (
    "tilt up (raising the view)",
    "tilt down (lowering the view)",
    "pan to the right (turning about the vertical)",
    "pan to the left (turning about the vertical)",
    "roll clockwise (about the viewing direction, as seen from behind the camera)",
    "roll counterclockwise (about the viewing direction, as seen from behind the camera)",
)

PHRASING: Final = Phrasing(
    canonical="How did the camera mainly rotate from the {start:image} to the {end:image}?",
    others=(
        "Which rotation best describes how the camera's orientation changed from the {start:image} "
        "to the {end:image}?",
        "Leave aside any change of position. In which way did the camera mainly turn from the "
        "{start:image} to the {end:image}?",
        "To get from its orientation in the {start:image} to that in the {end:image}, which "
        "rotation did the camera mostly need?",
        "Between the {start:image} and the {end:image} the camera was turned. Was that mostly a "
        "pan, a tilt or a roll, and which way?",
        "What is the main rotation of the camera between the {start:image} and the {end:image}?",
        "Starting with the camera held as in the {start:image}, which rotation mainly leads to the "
        "way it is held in the {end:image}?",
        "Compare how the camera is oriented in the {start:image} and later in the {end:image}: "
        "which rotation explains most of the change?",
        "Name the chief rotation that the camera made from the {start:image} to the {end:image}.",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two keyframes."""
    del config, rng
    lacking = too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    changes = camera_changes(survey)
    main = dominant(changes.turned_level_deg)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        frames = changes.frames(survey, i)
        return Draft(
            slots={"start": image(0), "end": image(1)},
            answer=shuffled_choice(TURN_TEXT, int(main.answer[i]), rng),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        # Beyond half a circle the shorter way round is the opposite turn.
        margin=np.minimum(main.margin_deg, 180.0 - changes.angle_deg),
        draft=draft,
        value=np.full(len(main.answer), np.nan),
        sigma=turn_sigma_deg(survey, len(main.answer)),
        strata=main.answer,
        checks=(
            Check(SkipReason.CAMERA_CHANGE_TOO_SMALL, changes.angle_deg >= LEAST_TURNED_DEG),
            Check(SkipReason.VIEWS_SHARE_NOTHING, changes.share_view),
        ),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="dominant_camera_turn",
    meaning=(
        "The turn that takes up most of the rotation from the first camera to the second, its "
        "rotation vector being a sum of a tilt (about the first camera's level right axis), a pan "
        "(about the vertical) and a roll (about its viewing direction); `margin` is the angle in "
        "degrees between the three amounts, as a vector, and the nearest other turn's sector, 45 "
        "at most, or what is left of the rotation to half a circle. The camera turned 5 degrees "
        "or more. Not asked without metres, where up is not known either; the uncertainty of "
        "estimated orientations is not modelled"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.METRIC}),  # metres come with a known up
    floor=10.0,
    margin_unit="deg",
    invariances=Invariances(
        mirror={
            "left": "right",
            "right": "left",
            "clockwise": "counterclockwise",
            "counterclockwise": "clockwise",
        }
    ),
    phrasing=PHRASING,
    source=(
        "Ours; MultiSPA (Multi-SpatialMLLM, Xu et al. 2025) asks for yaw and pitch apart and "
        "labels any sign, Holi-Spatial (2026) for two axes with a dead zone"
    ),
    find=find,
)
