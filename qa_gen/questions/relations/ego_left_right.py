"""Ask which of two things is farther left in one image."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.extent_order import pairs_in_view, picture_places
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.questions.relations.ego import LEAST_GAP_M, CameraAxis, compare_in_images
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

_LEAST_SHARE: Final = 0.02  # of the image's width, between the means of both things' pixels

PHRASING: Final = Phrasing(
    canonical=(
        "As seen by the camera that took this image, is the {a:thing} to the left or to the right "
        "of the {b:thing}?"
    ),
    others=(
        "In this image, does the {a:thing} lie left or right of the {b:thing} from the camera's "
        "point of view?",
        "Seen from where this image was taken, on which side of the {b:thing} is the {a:thing}: "
        "left or right?",
        "From the camera's viewpoint, where is the {a:thing} relative to the {b:thing} in this "
        "image: to the left or to the right?",
        "Look at this image. Compared with the {b:thing}, is the {a:thing} farther to the camera's "
        "left or farther to its right?",
        "To get from the {b:thing} to the {a:thing} in this image, do one's eyes have to move to "
        "the left or to the right?",
        "Is the {a:thing} left or right of the {b:thing} for the person who took this image?",
        "Taking left and right as they are in this image, where is the {a:thing} with respect to "
        "the {b:thing}?",
        "On the camera's side-to-side axis, is the {a:thing} of this image to the left or to the "
        "right of the {b:thing}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair in every keyframe that shows both."""
    del config, rng
    pairs = pairs_in_view(survey)
    column = picture_places(survey)[:, :, 0]
    ahead = column[pairs.view, pairs.second] - column[pairs.view, pairs.first]
    return compare_in_images(
        survey,
        QuestionKind.EGO_LEFT_RIGHT,
        CameraAxis(0, "left", "right"),
        pairs,
        np.stack([ahead >= _LEAST_SHARE, ahead <= -_LEAST_SHARE], axis=1),
    )


QUESTION: Final = Question(
    kind=QuestionKind.EGO_LEFT_RIGHT,
    definition="camera_x_extents_gap_m",
    meaning=(
        "Which of two oriented boxes lies farther left along the x axis (right) of the camera that "
        "took the one image shown. `margin` is the gap in metres between the end of one box and "
        "the beginning of the other along that axis; asked only if their visible pixels' mean "
        "columns lie the same way round, at least 2 % of the image's width apart"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC, Need.POSES, Need.DEPTH}),
    floor=LEAST_GAP_M,
    margin_unit="m",
    invariances=Invariances(
        mirror={"left": "right", "right": "left"},
        swap=(0, 1),
        swapped={"left": "right", "right": "left"},
    ),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, 2025), obj_obj_relative_pos_lr: boxes 0.15 m apart along the camera "
        "axis; theirs does not look at the image, where a nearer thing may appear on the other side"
    ),
    find=find,
)
