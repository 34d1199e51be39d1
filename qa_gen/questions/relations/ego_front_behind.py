"""Ask which of two things is nearer to the camera of one image, along its viewing direction."""

from typing import Final

import numpy as np
from jaxtyping import Float64

from qa_gen.config import LabelConfig
from qa_gen.extent_order import pairs_in_view
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Invariances, Need, Question
from qa_gen.questions.relations.ego import LEAST_GAP_M, CameraAxis, compare_in_images
from qa_gen.record import QuestionKind
from qa_gen.survey import Survey

PHRASING: Final = Phrasing(
    canonical=(
        "As seen by the camera that took this image, is the {a:thing} in front of the {b:thing} or "
        "behind it, measured along the viewing direction?"
    ),
    others=(
        "In this image, which holds along the camera's viewing direction: is the {a:thing} in "
        "front of the {b:thing}, or behind it?",
        "Along the direction in which the camera of this image looks, does the {a:thing} come "
        "before the {b:thing} (in front) or after it (behind)?",
        "For the camera that took this image, is the {a:thing} in front of or behind the {b:thing} "
        "in viewing direction?",
        "Measured in depth from the camera of this image, where is the {a:thing} relative to the "
        "{b:thing}: in front or behind?",
        "Going straight ahead from where this image was taken, does one draw level with the "
        "{a:thing} before the {b:thing} (in front) or after it (behind)?",
        "Compare depths in this image: is the {a:thing} nearer to the camera than the {b:thing}, "
        "that is in front, or farther away, that is behind?",
        "From the camera's viewpoint in this image, does the {a:thing} stand in front of the "
        "{b:thing} or behind it, judged by depth?",
        "Judging by distance along the camera's line of sight, is the {a:thing} of this image in "
        "front of or behind the {b:thing}?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every ordered pair in every keyframe that shows both."""
    del config, rng
    pairs = pairs_in_view(survey)
    away = _distances(survey)
    farther = away[pairs.view, pairs.second] - away[pairs.view, pairs.first]
    return compare_in_images(
        survey,
        QuestionKind.EGO_FRONT_BEHIND,
        CameraAxis(2, "in front", "behind"),
        pairs,
        np.stack([farther > 0, farther < 0], axis=1),
    )


def _distances(survey: Survey) -> Float64[np.ndarray, "k n"]:
    """Return how far each camera is from the surface of each box."""
    boxes, eyes = survey.boxes, survey.keyframe_c2w[:, :3, 3]
    local = np.einsum("knj,nji->kni", eyes[:, None] - boxes.center, boxes.rotation)
    outside = np.maximum(np.abs(local) - boxes.half, 0.0)
    away: Float64[np.ndarray, "k n"] = np.linalg.norm(outside, axis=2)
    return away


QUESTION: Final = Question(
    kind=QuestionKind.EGO_FRONT_BEHIND,
    definition="camera_z_extents_gap_m",
    meaning=(
        "Which of two oriented boxes is nearer along the z axis (viewing direction) of the camera "
        "that took the one image shown. `margin` is the gap in metres between the far side of one "
        "box and the near side of the other along that axis; asked only if the distances from the "
        "camera to the nearest points of the boxes say the same"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.METRIC, Need.POSES, Need.DEPTH}),
    floor=LEAST_GAP_M,
    margin_unit="m",
    invariances=Invariances(swap=(0, 1), swapped={"in front": "behind", "behind": "in front"}),
    phrasing=PHRASING,
    source=(
        "VSTI-Bench (VLM-3R, 2025), obj_obj_relative_pos_nf: boxes 0.15 m apart along the camera "
        "axis; theirs does not ask whether distances agree"
    ),
    find=find,
)
