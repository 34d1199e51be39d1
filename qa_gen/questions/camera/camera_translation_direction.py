"""Ask which way the camera went between two images."""

from typing import Final

import numpy as np

from qa_gen.camera_changes import (
    DIRECTIONS,
    LEAST_MOVED_SHARE,
    camera_changes,
    direction_sigma_deg,
    main_direction,
    nothing_to_compare,
    scene_depth,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, image
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_TRANSLATION_DIRECTION

PHRASING: Final = Phrasing(
    canonical=(
        "During the sequence between the {start:image} and the {end:image}, what was the primary "
        "consistent direction of the camera's movement relative to its orientation at the start?"
    ),
    others=(
        "Which way did the camera mainly move from the {start:image} to the {end:image}, as seen "
        "by the camera in the {start:image}?",
        "Take the camera's own directions in the {start:image}, forward being where it looks. In "
        "which of them did it mainly move until the {end:image}?",
        "In what direction does the camera that took the {end:image} mainly lie for the camera "
        "that took the {start:image}?",
        "Between the {start:image} and the {end:image} the camera was shifted. In which direction "
        "above all, seen along its view in the {start:image}?",
        "Name the main direction of the camera's displacement from the {start:image} to the "
        "{end:image}, in the axes it has in the {start:image}.",
        "To get from where the {start:image} was taken to where the {end:image} was taken, in "
        "which direction did the camera mostly have to travel, relative to its orientation in the "
        "{start:image}?",
        "Compare the camera's positions in the {start:image} and in the {end:image}: which way did "
        "it chiefly go, from the point of view of the {start:image}?",
        "Where did the camera mostly move to after the {start:image}, up to the {end:image}, if "
        "forward means the direction it faced in the {start:image}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two keyframes."""
    del config, rng
    depth = scene_depth(survey)
    lacking = SkipReason.NO_DEPTH if np.isnan(depth) else too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    changes = camera_changes(survey)
    main = main_direction(changes)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        frames = changes.frames(survey, i)
        return Draft(
            slots={"start": image(0), "end": image(1)},
            answer=shuffled_choice(DIRECTIONS, int(main.answer[i]), rng),
            frames=frames,
            evidence=frames,
        )

    far_enough = changes.distance >= LEAST_MOVED_SHARE * depth
    return Candidates(
        margin=main.margin_deg,
        draft=draft,
        value=np.full(len(main.answer), np.nan),
        sigma=direction_sigma_deg(survey, changes.distance),
        strata=main.answer,
        checks=(
            Check(SkipReason.CAMERA_CHANGE_TOO_SMALL, far_enough),
            Check(SkipReason.VIEWS_SHARE_NOTHING, changes.share_view),
        ),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="dominant_displacement_in_first_camera",
    meaning=(
        "The direction (right, left, down, up, forward or backward in the axes of the camera that "
        "took the first image) nearest to the displacement of the camera's center; where up is "
        "known, only if it is also the nearest along the camera's level axes. `margin` is the "
        "angle in degrees between the displacement and the nearest other direction's sector along "
        "either axes, 45 at most. The camera moved 0.1 m or more, or 5 % of the median depth where "
        "there are no metres"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES}),
    floor=10.0,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, Fan et al. 2025), camera_movement_direction, whose wording says "
        "frame numbers; theirs has no up and down and no margin beside a displacement of 1 m, and "
        "its first release took the camera's center for -R^T t of a camera-to-world pose"
    ),
    find=find,
)
