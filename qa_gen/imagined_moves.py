"""Moves that a question supposes, from where an image was taken."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.camera_changes import spread_keyframes
from qa_gen.survey import Survey

MOST_IMAGES: Final = 12
_LEAST_LEVEL: Final = 0.3  # of the viewing direction; a camera that looks down has no heading


class Seen(NamedTuple):
    """Every named object in every image that may be used, flattened."""

    thing: Int64[np.ndarray, " c"]
    image: Int64[np.ndarray, " c"]  # position in ``geometry.keyframes``
    named: Bool[np.ndarray, " c"]  # shown well, and so is what its name mentions
    level: Bool[np.ndarray, " c"]  # the camera has a heading
    eye: Float64[np.ndarray, "c 3"]
    heading_deg: Float64[np.ndarray, " c"]  # from the world's x axis, counter-clockwise


def seen_objects(survey: Survey) -> Seen:
    """List them, image by image."""
    places = spread_keyframes(survey, MOST_IMAGES)
    n = len(survey.objects)
    thing = np.tile(np.arange(n), len(places))
    image = np.repeat(places, n)
    poses = survey.keyframe_c2w[image]
    ahead = poses[:, :2, 2]
    return Seen(
        thing=thing,
        image=image,
        named=survey.named_in[thing, image],
        level=np.linalg.norm(ahead, axis=1) >= _LEAST_LEVEL,
        eye=poses[:, :3, 3],
        heading_deg=np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0])),
    )


def turn_words(turn_deg: float) -> str:
    """Say a turn about the vertical: positive is counter-clockwise, to the left."""
    return f"turn {'left' if turn_deg > 0 else 'right'} by {abs(turn_deg):.0f} degrees"
