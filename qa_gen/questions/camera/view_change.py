"""Ask how the camera moved and turned from one image to another, in one answer."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64

from qa_gen.camera_changes import (
    CameraChanges,
    Dominant,
    camera_changes,
    direction_sigma_deg,
    main_direction,
    main_turn,
    nothing_to_compare,
    position_sigma,
    scene_depth,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, image
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey
from qa_gen.view_changes import NONE, ViewChange, change_options

KIND: Final = QuestionKind.VIEW_CHANGE
NOTICED_DEG: Final = 3.5  # a camera that moves or turns less counts as not moving or turning
LEAST_LEAD_DEG: Final = 10.0  # of a direction or turn over the second most likely

PHRASING: Final = Phrasing(
    canonical=(
        "How did the camera mainly move and turn from the {start:image} to the {end:image}, as "
        "seen by the camera in the {start:image}?"
    ),
    others=(
        "Which description fits how the viewpoint changed from the {start:image} to the "
        "{end:image}, with directions as seen by the camera in the {start:image}?",
        "What did the camera mainly do between the {start:image} and the {end:image}? Directions "
        "are those of the camera in the {start:image}.",
        "Seen from the camera of the {start:image}, what main movement and turn lead to the view "
        "of the {end:image}?",
        "Starting from the view in the {start:image}, how did the camera mainly have to move and "
        "turn, in its own directions, to take the {end:image}?",
        "Compare both images. In the directions of the camera that took the {start:image}, how had "
        "it mainly moved and turned when it took the {end:image}?",
        "Infer the change of view: relative to its pose in the {start:image}, how did the camera "
        "mainly move and rotate until the {end:image}?",
        "Pick the camera motion that best explains the step from the {start:image} to the "
        "{end:image}, with the camera's own directions in the {start:image}.",
        "As seen by the camera in the {start:image}, which main movement, if any, and which main "
        "turn, if any, took it to the {end:image}?",
    ),
)


class _Judged(NamedTuple):
    moves: Bool[np.ndarray, " p"]
    turns: Bool[np.ndarray, " p"]
    margin: Float64[np.ndarray, " p"]  # to the nearest other answer
    lead: Float64[np.ndarray, " p"]  # of what moves or turns, over other directions or turns
    sigma: Float64[np.ndarray, " p"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every two keyframes."""
    del rng
    depth = scene_depth(survey)
    lacking = SkipReason.NO_DEPTH if np.isnan(depth) else too_few_images(survey)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    changes = camera_changes(survey)
    way, turn = main_direction(changes), main_turn(changes)
    judged = _judge(survey, changes, way, turn, depth)
    direction = np.where(judged.moves, way.answer, NONE)
    turned = np.where(judged.turns, turn.answer, NONE)

    def draft(i: int, rng: np.random.Generator) -> Draft:
        frames = changes.frames(survey, i)
        truth = ViewChange(int(direction[i]), int(turned[i]))
        return Draft(
            slots={"start": image(0), "end": image(1)},
            answer=change_options(truth, config.moves, rng),
            frames=frames,
            evidence=frames,
        )

    return Candidates(
        margin=judged.margin,
        draft=draft,
        value=np.full(len(direction), np.nan),
        sigma=judged.sigma,
        strata=direction * (NONE + 1) + turned,
        checks=(
            Check(SkipReason.CAMERA_CHANGE_TOO_SMALL, judged.moves | judged.turns),
            Check(SkipReason.VIEWS_SHARE_NOTHING, changes.share_view),
            Check(SkipReason.MARGIN_TOO_SMALL, judged.lead >= LEAST_LEAD_DEG),
        ),
    )


def _judge(
    survey: Survey, changes: CameraChanges, way: Dominant, turn: Dominant, depth: float
) -> _Judged:
    """Weigh moving and turning by the angle each shifts a point at the scene's depth."""
    moved_deg = np.degrees(changes.distance / depth)
    moves, turns = moved_deg > NOTICED_DEG, changes.angle_deg > NOTICED_DEG
    noticed = np.minimum(abs(moved_deg - NOTICED_DEG), abs(changes.angle_deg - NOTICED_DEG))
    lead = np.minimum(
        np.where(moves, way.margin_deg, np.inf), np.where(turns, turn.margin_deg, np.inf)
    )
    shift_sigma = float(np.degrees(position_sigma(survey) / depth))
    way_sigma = np.where(moves, direction_sigma_deg(survey, changes.distance), 0.0)
    return _Judged(
        moves=moves,
        turns=turns,
        margin=np.minimum(noticed, lead),
        lead=lead,
        sigma=np.maximum(way_sigma, shift_sigma),
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="dominant_view_change",
    meaning=(
        "The main direction the camera moved in and the main turn it made, in the axes of the "
        "first camera and, where up is known, also along its level axes; travel counts as the "
        "angle it shifts a point 2 m away (at the median depth where there are no metres), and "
        "less than 3.5 degrees as not moving or not turning. `margin` is the least angle in "
        "degrees to another answer: of the amounts to 3.5 degrees, of the displacement and of the "
        "turn to the nearest other sector (10 or more). `sigma` is that of the positions"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES}),
    floor=1.5,
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
        "SPAR (SPAR-7M, Zhang et al. 2025), view_change_infer, which wants amounts along five "
        "axes; ours is a choice between whole changes whose every part is clear"
    ),
    find=find,
)
