"""Ask how long the way was that the camera took."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.answers import Quantity, Unit
from qa_gen.camera_changes import (
    LEAST_MOVED_M,
    all_poses,
    keyframe_pairs,
    magnitude_strata,
    nothing_to_compare,
    too_few_images,
)
from qa_gen.config import LabelConfig
from qa_gen.phrasing import Phrasing
from qa_gen.question import Candidates, Check, Draft, Invariances, Need, Question
from qa_gen.record import QuestionKind, SkipReason
from qa_gen.survey import Survey

KIND: Final = QuestionKind.CAMERA_PATH_LENGTH
DECIMALS: Final = 2
LEAST_IMAGES: Final = 3  # two show where a path ends, not how it goes
_EXCESS_OF_NOTHING: Final = 4 / np.pi**0.5  # mean length of a 3D error of sqrt(2) sigma an axis
LONGEST_M: Final = 50.0  # through a flat; more was measured wrongly

PHRASING: Final = Phrasing(
    canonical=(
        "How long is the path (in {unit:m}) that the camera travelled from the first frame to the "
        "last frame?"
    ),
    others=(
        "What distance in {unit:m} did the camera cover along its way from the first frame to the "
        "last frame?",
        "How many {unit:m} did the camera travel in total between the first and the last frame, "
        "every turn of its way included?",
        "Estimate the length of the camera's trajectory over these frames, in {unit:m}.",
        "If the camera had left a thread along its way from the first to the last frame, how long "
        "would the thread be in {unit:m}?",
        "Adding up all of its movement from the first frame to the last frame, how far did the "
        "camera go (in {unit:m})?",
        "In {unit:m}, what is the total length of the camera's route over all frames?",
        "Along its actual path, not in a straight line, how many {unit:m} did the camera move "
        "between the first frame and the last frame?",
        "Give the length in {unit:m} of the path that the camera followed while these frames were "
        "taken.",
    ),
    unit=Unit.METERS,
)


class _Ways(NamedTuple):
    """Sums over the steps between frames, so that any stretch is a difference of two.

    Attributes:
        length: Travelled up to each frame.
        bends: Sum, over the frames up to each one, of the squared change of direction there.
        excess: By how much noise is expected to have lengthened the way up to each frame.
    """

    length: Float64[np.ndarray, " t"]
    bends: Float64[np.ndarray, " t"]
    excess: Float64[np.ndarray, " t"]
    sigma_m: float

    def sigma(
        self, start: Int64[np.ndarray, " c"], end: Int64[np.ndarray, " c"]
    ) -> Float64[np.ndarray, " c"]:
        """Return the error of the way between frames: its standard deviation with its excess.

        First order: an error of an end counts fully, one of a frame on the way by the change of
        direction there. Noise also lengthens each step; that is no spread, but just as wrong.
        """
        bends = self.bends[end - 1] - self.bends[start]
        spread = self.sigma_m * np.sqrt(2.0 + bends)
        return np.asarray(np.hypot(spread, self.excess[end] - self.excess[start]))


def find(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Candidates:
    """Enumerate every run of at least three keyframes."""
    del config, rng
    lacking = too_few_images(survey, LEAST_IMAGES)
    if lacking is not None:
        return nothing_to_compare(KIND, survey, lacking)
    keyframes = np.array(survey.geometry.keyframes)
    first, last = keyframe_pairs(survey)
    long_enough = last - first >= LEAST_IMAGES - 1
    first, last = first[long_enough], last[long_enough]
    eyes = all_poses(survey)[:, :3, 3]
    ways = _ways(eyes, survey.geometry.sigma_m)
    start, end = keyframes[first], keyframes[last]
    length = ways.length[end] - ways.length[start]

    def draft(i: int, _: np.random.Generator) -> Draft:
        shown = survey.geometry.keyframes[first[i] : last[i] + 1]
        whole = shown[0] == 0 and shown[-1] == len(eyes) - 1
        return Draft(
            slots={},
            answer=Quantity(round(float(length[i]), DECIMALS), Unit.METERS, DECIMALS),
            frames=() if whole else shown,
            evidence=shown,
        )

    return Candidates(
        margin=length,
        draft=draft,
        value=length,
        sigma=ways.sigma(start, end),
        strata=magnitude_strata(length),
        checks=(Check(SkipReason.CAMERA_MOVED_TOO_FAR, length <= LONGEST_M),),
    )


def _ways(eyes: Float64[np.ndarray, "t 3"], sigma_m: float) -> _Ways:
    steps = np.diff(eyes, axis=0)
    length = np.linalg.norm(steps, axis=1)
    direction = steps / np.where(length > 0, length, 1.0)[:, None]
    bend = (np.diff(direction, axis=0) ** 2).sum(axis=1)
    # Two axes across a step are off by sqrt(2) sigma each; a step of nothing by a whole error.
    excess = np.full(len(length), _EXCESS_OF_NOTHING * sigma_m)
    moved = length > 0
    excess[moved] = np.minimum(excess[moved], 2 * sigma_m**2 / length[moved])
    return _Ways(
        length=np.concatenate([[0.0], np.cumsum(length)]),
        bends=np.concatenate([[0.0], np.cumsum(bend)]),
        excess=np.concatenate([[0.0], np.cumsum(excess)]),
        sigma_m=sigma_m,
    )


QUESTION: Final = Question(
    kind=KIND,
    definition="camera_path_length_m",
    meaning=(
        "Length in metres of the polyline through the camera's centers of all measured frames "
        "from the first to the last frame shown, at most 50; `margin` is the length itself, "
        "since less than the floor is not asked about; `sigma` includes the length that noise "
        "of the positions adds"
    ),
    answer_type="quantity",
    metric="MRA",
    needs=frozenset({Need.POSES, Need.METRIC}),
    floor=LEAST_MOVED_M,
    margin_unit="m",
    invariances=Invariances(scale_power=1),
    phrasing=PHRASING,
    source=(
        "STI-Bench (Li et al. 2025), displacement and path length, theirs of objects and vehicles; "
        "ours of the camera, over the whole clip or a stretch of it"
    ),
    find=find,
)
