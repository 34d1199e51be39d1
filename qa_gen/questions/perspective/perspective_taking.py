"""Ask on which side an object is for someone at another one who looks at the camera."""

from math import perm
from typing import Final

import numpy as np
from jaxtyping import Float64

from qa_gen.camera_changes import spread_keyframes
from qa_gen.config import LabelConfig
from qa_gen.directions import EASY, classify_turns, turn_deg
from qa_gen.enumeration import arrangements
from qa_gen.even_answers import clear_ones, even_answers
from qa_gen.options import shuffled_choice
from qa_gen.phrasing import Phrasing, thing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

FLOOR_DEG: Final = 15.0
MOST_IMAGES: Final = 12

PHRASING: Final = Phrasing(
    canonical=(
        "If I stood where the {a:thing} is and looked toward the camera that took this image, "
        "would the {b:thing} be on my left or on my right?"
    ),
    others=(
        "Imagine standing at the {a:thing} and looking at the camera that took this image. On "
        "which side of you is the {b:thing}, left or right?",
        "Take the place of the {a:thing} and face the camera of this image: is the {b:thing} to "
        "your left or to your right?",
        "For someone at the {a:thing} who looks straight at the camera that took this image, on "
        "which hand is the {b:thing}?",
        "Suppose you are at the {a:thing}, looking back at whoever took this image. Is the "
        "{b:thing} on your left or your right side?",
        "Seen from the {a:thing}, looking toward the spot from which this image was taken, is the "
        "{b:thing} left or right?",
        "A robot stands where the {a:thing} is and faces the camera that took this image. Would it "
        "turn left or right to face the {b:thing}?",
        "Put yourself at the {a:thing} with your face toward the camera of this image. Which of "
        "your sides is the {b:thing} on?",
        "From the viewpoint of the {a:thing}, with the camera that took this image straight ahead, "
        "does the {b:thing} lie to the left or to the right?",
    ),
)


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate (image, observer, query) with both objects in the image."""
    n = len(survey.objects)
    keyframes = survey.geometry.keyframes
    places = spread_keyframes(survey, MOST_IMAGES)
    pairs = arrangements(n, 2, rng)
    image = np.repeat(places, len(pairs))
    a, b = np.tile(pairs, (len(places), 1)).T
    middle = survey.boxes.center[:, :2]
    eye = survey.keyframe_c2w[image][:, :2, 3]
    angle = turn_deg(middle[a], eye, middle[b])
    bearing = classify_turns(angle, EASY)
    corner = turn_deg(middle[a][:, None], eye[:, None], survey.corners[b][:, :, :2])
    astray = (classify_turns(corner, EASY).sector != bearing.sector[:, None]).sum(axis=1)
    to_eye = np.linalg.norm(eye - middle[a], axis=1)
    to_query = np.linalg.norm(middle[b] - middle[a], axis=1)
    near_limit = config.min_pair_distance_m if survey.geometry.scale == "metric" else 1e-9
    named = survey.named_in
    checks = (
        Check(SkipReason.NOT_VISIBLE_ENOUGH, named[a, image] & named[b, image]),
        Check(SkipReason.CATEGORY_NOT_UNIQUE, survey.names_apart(a, b)),
        Check(SkipReason.OBJECTS_TOO_CLOSE, np.minimum(to_eye, to_query) >= near_limit),
        Check(SkipReason.FOOTPRINT_ACROSS_SECTORS, astray <= config.max_corners_astray),
    )
    sigma = _sigma_deg(survey, angle, to_eye, to_query)
    clear = clear_ones(
        bearing.margin_deg, sigma, checks, config, (QuestionKind.PERSPECTIVE_TAKING, FLOOR_DEG)
    )

    def draft(i: int, draw: np.random.Generator) -> Draft:
        first, second, frame = int(a[i]), int(b[i]), keyframes[int(image[i])]
        return Draft(
            slots={"a": thing(survey.names[first]), "b": thing(survey.names[second])},
            answer=shuffled_choice(EASY.names, int(bearing.sector[i]), draw),
            objects=(first, second),
            frames=(frame,),
            evidence=(frame,),
        )

    return Candidates(
        margin=bearing.margin_deg,
        draft=draft,
        value=angle,
        sigma=sigma,
        strata=a * 2 + bearing.sector,
        checks=(*checks, even_answers(a, bearing.sector, clear, len(EASY.names))),
        skips=survey.pool_skips(
            QuestionKind.PERSPECTIVE_TAKING, lambda m: perm(m, 2) * len(places)
        ),
    )


def _sigma_deg(
    survey: Survey,
    angle: Float64[np.ndarray, " c"],
    to_eye: Float64[np.ndarray, " c"],
    to_query: Float64[np.ndarray, " c"],
) -> Float64[np.ndarray, " c"]:
    """Propagate the errors of two middles; the camera's place has none.

    The observer's error moves both directions, the query's only one.
    """
    eye, query = np.maximum(to_eye, 1e-9), np.maximum(to_query, 1e-9)
    variance = 1 / eye**2 + 2 / query**2 - 2 * np.cos(np.radians(angle)) / (eye * query)
    sigma: Float64[np.ndarray, " c"] = np.degrees(
        survey.geometry.sigma_m / 2**0.5 * np.sqrt(variance)
    )
    return sigma


QUESTION: Final = Question(
    kind=QuestionKind.PERSPECTIVE_TAKING,
    definition="floor_plane_turn_from_camera_deg",
    meaning=(
        "On which side an object is for someone at the middle of another object who looks at the "
        "camera of the given image: `value` is the angle in degrees, counter-clockwise seen from "
        "above, from the way to the camera to the way to the object's middle (below 180 is left); "
        "`margin` is the distance to 0 or 180, whichever is nearer"
    ),
    answer_type="choice",
    metric="accuracy",
    needs=frozenset({Need.POSES, Need.DEPTH}),
    floor=FLOOR_DEG,
    margin_unit="deg",
    invariances=Invariances(mirror={"left": "right", "right": "left"}),
    phrasing=PHRASING,
    source=(
        "perspective taking of SAT (Ray et al., 2024) and ViewSpatial-Bench (Li et al., 2025); "
        "unlike VSI-Bench's direction tasks the observer faces the camera of an image that is "
        "shown, so the answer cannot be had from the names of the three places"
    ),
    find=find,
)
