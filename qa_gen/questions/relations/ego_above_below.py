"""Ask which of two things is farther up in one image."""

from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.extent_order import pairs_in_view, picture_places
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Check, Invariances, Need, Question
from qa_gen.questions.relations.ego import LEAST_GAP_M, CameraAxis, compare_in_images
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

MOST_HEIGHT_APART_M: Final = 0.4  # in the world: lamps are above rugs in any image
_LEAST_SHARE: Final = 0.02  # of the image's height, between the means of both things' pixels

PHRASING: Final = Phrasing(
    canonical=(
        "As seen by the camera that took this image, is the {a:thing} above or below the {b:thing}?"
    ),
    others=(
        "In this image, does the {a:thing} lie above or below the {b:thing} from the camera's "
        "point of view?",
        "From the camera's viewpoint, is the {a:thing} of this image higher up or lower down than "
        "the {b:thing}: above or below it?",
        "Seen from where this image was taken, where is the {a:thing} relative to the {b:thing}: "
        "above or below?",
        "To get from the {b:thing} to the {a:thing} in this image, one's eyes move up or down. Is "
        "the {a:thing} above or below?",
        "Taking up and down as they are in this image, is the {a:thing} above or below the "
        "{b:thing}?",
        "Look at this image. Compared with the {b:thing}, does the camera have the {a:thing} above "
        "or below?",
        "On the camera's up-and-down axis, is the {a:thing} of this image above or below the "
        "{b:thing}?",
        "Is the {a:thing} above or below the {b:thing} for the camera that took this image?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair in every keyframe that shows both."""
    del config, rng
    pairs = pairs_in_view(survey)
    row = picture_places(survey)[:, :, 1]
    ahead = row[pairs.view, pairs.second] - row[pairs.view, pairs.first]
    height = survey.boxes.center[:, 2]
    alike = np.abs(height[pairs.first] - height[pairs.second]) <= MOST_HEIGHT_APART_M
    return compare_in_images(
        survey,
        QuestionKind.EGO_ABOVE_BELOW,
        CameraAxis(1, "above", "below"),
        pairs,
        np.stack([ahead >= _LEAST_SHARE, ahead <= -_LEAST_SHARE], axis=1),
        checks=(Check(SkipReason.GUESSABLE, alike),),
    )


QUESTION: Final = Question(
    kind=QuestionKind.EGO_ABOVE_BELOW,
    definition="camera_y_extents_gap_m",
    meaning=(
        "Which of two oriented boxes lies higher along the y axis (down) of the camera that took "
        "the one image shown, tilted as the camera is. `margin` is the gap in metres between the "
        "end of one box and the beginning of the other along that axis; asked only if their "
        "visible pixels' mean rows lie the same way round, at least 2 % of the image's height "
        "apart, and if the middles of the boxes differ by no more than 0.4 m in height above the "
        "floor, because otherwise the categories tell"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC, Need.POSES, Need.DEPTH}),
    floor=LEAST_GAP_M,
    margin_unit="m",
    invariances=Invariances(swap=(0, 1), swapped={"above": "below", "below": "above"}),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, 2025), obj_obj_relative_pos_ud: boxes 0.15 m apart along the camera "
        "axis; theirs does not look at the image"
    ),
    find=find,
)
