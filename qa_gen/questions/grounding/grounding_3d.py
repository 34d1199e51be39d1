"""Ask for an object's oriented box before the camera."""

from math import atan, degrees
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.answers import Box
from qa_gen.camera_boxes import CameraBoxes, in_camera, overlap_when_alike
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing, thing, words
from qa_gen.question import Candidates, Check, Draft, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey
from synth.cameras import Intrinsics

DECIMALS: Final = 2
FLOOR_M: Final = 0.1
LEAST_IOU: Final = 0.95  # of the box as written with the box itself
LEAST_CORNERS: Final = 6  # of 8 within the image
LEAST_VISIBLE: Final = 0.5  # of the box's image rectangle, filled by the visible part's rectangle

PHRASING: Final = Phrasing(
    canonical=(
        "What is the oriented 3D bounding box of the {a:thing} in the coordinates of the camera "
        "that took this image? The image spans {fov:words} from left to right."
    ),
    others=(
        "Give the 3D box of the {a:thing} as seen from the camera of this image, whose horizontal "
        "field of view is {fov:words}: middle, extents and angles of the whole object.",
        "The camera of this image covers {fov:words} horizontally. Where before it, how large and "
        "how turned is the box around the whole {a:thing}?",
        "Locate the {a:thing} in 3D: give the oriented box that encloses all of it, in the axes of "
        "this image's camera (horizontal field of view: {fov:words}).",
        "Estimate position, extents and orientation of the {a:thing}, hidden parts included, "
        "relative to the camera of this image. Its view is {fov:words} wide.",
        "Fit a tight oriented box to the whole {a:thing} and write it in this camera's axes. From "
        "its left to its right border the image covers {fov:words}.",
        "With a horizontal field of view of {fov:words}, what 3D box in camera coordinates does "
        "the {a:thing} of this image fill?",
        "Describe the {a:thing} by its oriented bounding box in space, measured from the camera "
        "that took this image with a horizontal field of view of {fov:words}.",
        "Place the {a:thing} of this image in the camera's coordinate system by the box around "
        "its full extent. Horizontally the camera sees {fov:words}.",
    ),
)


class _Seen(NamedTuple):
    """Which named objects can be measured in which keyframes."""

    which: Int64[np.ndarray, " c"]
    keyframe: Int64[np.ndarray, " c"]
    whole: Bool[np.ndarray, " c"]


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every named object in every keyframe that shows it."""
    del config, rng
    seen = _seen(survey)
    boxes = in_camera(
        survey.boxes.center[seen.which],
        survey.boxes.half[seen.which] * 2,
        survey.boxes.rotation[seen.which],
        survey.views.c2w[seen.keyframe],
    )
    written = boxes.rounded(DECIMALS)
    values = boxes.values(DECIMALS)
    least = boxes.size.min(axis=1, initial=np.inf)
    overlap = np.zeros(len(least))
    thick = written.size.min(axis=1, initial=np.inf) > 0
    overlap[thick] = overlap_when_alike(_take(boxes, thick), _take(written, thick))

    def draft(i: int, _: np.random.Generator) -> Draft:
        keyframe = int(seen.keyframe[i])
        frame = survey.geometry.keyframes[keyframe]
        fov = words(f"{field_of_view_deg(survey.views.cameras[keyframe]):.1f} degrees")
        return Draft(
            slots={"a": thing(survey.names[seen.which[i]]), "fov": fov},
            answer=Box("camera", tuple(values[i].tolist()), frame),
            objects=(int(seen.which[i]),),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=least,
        draft=draft,
        value=np.full(len(least), np.nan),
        sigma=np.full(len(least), survey.geometry.sigma_m * 2**0.5),  # two faces
        strata=survey.category_index[seen.which],
        checks=[
            Check(SkipReason.NOT_VISIBLE_ENOUGH, seen.whole),
            Check(SkipReason.LABEL_TOO_COARSE, overlap >= LEAST_IOU),
        ],
        skips=survey.pool_skips(QuestionKind.GROUNDING_3D, lambda m: m),
    )


def field_of_view_deg(camera: Intrinsics) -> float:
    """Return the angle from the left to the right border of the image."""
    left, right = camera.cx / camera.fx, (camera.width - camera.cx) / camera.fx
    return degrees(atan(left) + atan(right))


def _take(boxes: CameraBoxes, chosen: Bool[np.ndarray, " n"]) -> CameraBoxes:
    return CameraBoxes(*(column[chosen] for column in boxes))


def _seen(survey: Survey) -> _Seen:
    """Objects and keyframes; whole where most of the object is in the image and not hidden."""
    n = len(survey.objects)
    whole = np.zeros((n, len(survey.geometry.keyframes)), dtype=np.bool_)
    for k in range(whole.shape[1]):
        whole[:, k] = _mostly_visible(survey, n, k)
    which, keyframe = np.nonzero(survey.named_in[:n])
    return _Seen(which, keyframe, whole[which, keyframe])


def _mostly_visible(survey: Survey, n: int, k: int) -> Bool[np.ndarray, " n"]:
    corners = survey.views.project(survey.corners[:n].reshape(-1, 3), k)
    uv, inside = corners.uv.reshape(n, 8, 2), corners.inside.reshape(n, 8)
    middle = survey.views.project(survey.boxes.center[:n], k)
    in_front = (corners.depth.reshape(n, 8) > 0).all(axis=1)
    _, height, width = survey.geometry.depth.shape
    limit = np.array([width, height], dtype=np.float64)
    reach = np.clip(uv.max(axis=1), 0, limit) - np.clip(uv.min(axis=1), 0, limit)
    parts: Float64[np.ndarray, "4 n"] = np.stack([border[:n, k] for border in survey.extents])
    visible = (parts[2] - parts[0]) * (parts[3] - parts[1])
    filled = visible >= LEAST_VISIBLE * reach.prod(axis=1)
    mostly: Bool[np.ndarray, " n"] = (
        in_front & middle.inside & filled & (inside.sum(axis=1) >= LEAST_CORNERS)
    )
    return mostly


QUESTION: Final = Question(
    kind=QuestionKind.GROUNDING_3D,
    definition="obb_in_camera",
    meaning=(
        "The object's whole oriented box in the camera's axes (OpenCV: x right, y down, z "
        "forward): x, y, z of the middle and three extents in metres, then roll, pitch and yaw in "
        "degrees, so that the columns of Rz(roll) Rx(pitch) Ry(yaw) are the box's axes. Of its 24 "
        "descriptions the one whose axes are nearest to the camera's is written, so the extents "
        "are width, height and depth. `margin` is the least extent. Asked where the middle and "
        f"{LEAST_CORNERS} corners lie in the image, what is visible spans at least "
        f"{LEAST_VISIBLE:.0%} of the rectangle around the projected box, and rounding leaves an "
        f"IoU of at least {LEAST_IOU}"
    ),
    answer_type="box",
    metric="IoU",
    needs=frozenset({Need.METRIC, Need.POSES, Need.DEPTH}),
    floor=FLOOR_M,
    margin_unit="m",
    phrasing=PHRASING,
    source=(
        "3D grounding of OpenSpatial (JD, 2026): nine numbers with zxy angles in camera axes, and "
        "the field of view in the prompt; theirs are radians, and not the same for a box that is "
        "turned by 90 degrees"
    ),
    find=find,
)
