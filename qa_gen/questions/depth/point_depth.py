"""Ask how far in front of the camera a marked point is."""

from typing import Final

import numpy as np

from qa_gen.answers import Quantity, Unit
from qa_gen.config import LabelConfig
from qa_gen.marked_points import lettered
from qa_gen.phrasing import COORDINATES, Phrasing, point
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey

DECIMALS: Final = 2
FLOOR_M: Final = 0.3
MOST_M: Final = 20.0  # of rooms; farther, a depth map says little
STEEPEST: Final = 0.05  # depth may change by this share of itself within a pixel of the mark
_STRATUM_RATIO: Final = 1.25
_BANDS: Final = 3  # of the image's height: a low point is not always near

PHRASING: Final = Phrasing(
    canonical=(
        "What is the depth of {p:point} in this image, measured along the camera's viewing "
        "direction (in {unit:m})?" + COORDINATES
    ),
    others=(
        "How many {unit:m} in front of the camera, along its viewing direction, is the surface "
        "seen at {p:point}?" + COORDINATES,
        "Look at {p:point} in the image. How deep in the scene is it, in {unit:m} along the "
        "direction the camera looks in?" + COORDINATES,
        "Estimate the z-depth (along the optical axis, in {unit:m}) of what the image shows at "
        "{p:point}." + COORDINATES,
        "A plane parallel to the image passes through the surface at {p:point}. How many {unit:m} "
        "is the camera from that plane?" + COORDINATES,
        "Give the depth value, in {unit:m} along the camera's axis, that a depth map of this image "
        "has at {p:point}." + COORDINATES,
        "In {unit:m}, how far forward of the camera, not counting sideways or up and down, lies "
        "{p:point} of this image?" + COORDINATES,
        "How far ahead of the camera is the thing at {p:point}? Answer in {unit:m}, counted along "
        "the camera's line of sight through the image center." + COORDINATES,
        "The image is marked at {p:point}. What distance along the viewing direction, in {unit:m}, "
        "separates the camera from that surface?" + COORDINATES,
    ),
    unit=Unit.METERS,
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every sure place of every keyframe."""
    del config, rng
    places = survey.views.places
    n = len(places.depth)
    stratum = np.floor(np.log(np.maximum(places.depth, 0.01)) / np.log(_STRATUM_RATIO))
    band = np.minimum(places.mark[:, 1] * _BANDS // 1000, _BANDS - 1)

    def draft(i: int, _: np.random.Generator) -> Draft:
        frame = survey.geometry.keyframes[int(places.keyframe[i])]
        marks = lettered(places.mark[i : i + 1], frame)
        return Draft(
            slots={"p": point("A", marks[0].x, marks[0].y)},
            answer=Quantity(round(float(places.depth[i]), DECIMALS), Unit.METERS, DECIMALS),
            frames=(frame,),
            marks=marks,
            evidence=(frame,),
        )

    unsure = len(survey.views.grid.depth) - n
    lost = Skipped(QuestionKind.POINT_DEPTH, survey.sequence_id, SkipReason.POINT_AMBIGUOUS, unsure)
    return Candidates(
        margin=places.low,
        draft=draft,
        value=places.depth,
        sigma=np.full(n, survey.geometry.sigma_m),
        strata=stratum.astype(np.int64) * _BANDS + band,
        checks=[
            Check(SkipReason.OBJECTS_TOO_FAR, places.depth <= MOST_M),
            Check(SkipReason.POINT_AMBIGUOUS, places.high - places.low <= STEEPEST * places.depth),
        ],
        skips=[lost] if unsure else [],
    )


QUESTION: Final = Question(
    kind=QuestionKind.POINT_DEPTH,
    definition="z_depth_of_point_m",
    meaning=(
        "z-depth in metres (distance along the camera's viewing direction, not along the ray) of "
        "the surface seen at a marked point; `margin` is the least depth within a pixel of the "
        f"mark. Asked up to {MOST_M:g} m, on smooth surfaces a pixel or more from every edge, "
        f"where depth changes by at most {STEEPEST:.0%} within a pixel"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.METRIC, Need.DEPTH}),
    floor=FLOOR_M,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "depth estimation of MultiSPA (Xu et al. 2025, arXiv 2505.17015) and SPAR "
        "(depth_prediction_oc); ours says which of the two depths it means, and keeps to places "
        "where a pixel more or less does not matter"
    ),
    find=find,
)
