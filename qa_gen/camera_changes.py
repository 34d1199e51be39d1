"""How the camera changed between any two keyframes, and how far it was from things.

A change is said in the axes of the camera that took the first of the two images (OpenCV: x right,
y down, z forward). Where up is known, which is where there are metres, that camera also has level
axes, and what is said along the one must hold along the other: a camera that looks down and drives
on goes "up" along its own axes and forward for anybody who watches, and one that circles what it
looks down on pans about the vertical and mostly rolls about its own axes. So no answer contradicts
the names of camera moves (CONVENTIONS.md). Measured poses only: what a generator was asked for is
not in ``SceneGeometry``.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy.spatial.transform import Rotation

from qa_gen.question import Candidates, Draft
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.survey import Survey
from synth.camera_paths.primitives import level_axes
from synth.measure.motion_signals import MAX_PITCH_DEG, NOMINAL_DEPTH_M

_UP: Final = np.array([0.0, 0.0, 1.0])
MOST_KEYFRAMES: Final = 48  # of a longer clip that many are paired, spread evenly
LEAST_MOVED_M: Final = 0.1  # less can hardly be seen at 2 m
LEAST_MOVED_SHARE: Final = LEAST_MOVED_M / NOMINAL_DEPTH_M  # of the scene's depth, without metres
LEAST_TURNED_DEG: Final = 5.0
LEAST_CHANGE_SHARE: Final = 0.1  # of a distance, for a clear change of it
FARTHEST_M: Final = 10.0  # VSTI-Bench's; beyond, a clip of a room was measured wrongly
_SHARED_VIEW: Final = 0.75  # of the field of view that the viewing directions may be apart
_ALIKE_RATIO: Final = 1.5
_DEPTH_STRIDE: Final = 8  # pixels; a median over fewer is the same

# Positive and negative direction of each camera axis; answers are numbered in this order.
DIRECTIONS: Final = ("right", "left", "down", "up", "forward", "backward")
# A right-handed turn about right, down and forward, and its opposite. Right: the view rises; down:
# it goes to the right; forward: the right side sinks, clockwise for who stands behind the camera.
TURNS: Final = ("up", "down", "right", "left", "clockwise", "counterclockwise")


class CameraChanges(NamedTuple):
    """From one keyframe to a later one, for all pairs; the unit is the geometry's.

    Attributes:
        first: Position of the earlier image among the keyframes.
        second: Position of the later one.
        moved: Displacement in the first camera's axes.
        moved_level: The same along its level axes: right, down, heading.
        turned_deg: Rotation vector of the second camera in the first one's axes.
        turned_level_deg: The same as a sum of turns about the first one's level right axis (tilt),
            the vertical downwards (pan) and its optical axis (roll).
        distance: Length of ``moved``.
        angle_deg: Length of ``turned_deg``: the geodesic angle, 0 to 180.
        share_view: Whether the images show something in common: the viewing directions are at
            most 3/4 of the field of view apart, or some object is visible in both.
    """

    first: Int64[np.ndarray, " p"]
    second: Int64[np.ndarray, " p"]
    moved: Float64[np.ndarray, "p 3"]
    moved_level: Float64[np.ndarray, "p 3"]
    turned_deg: Float64[np.ndarray, "p 3"]
    turned_level_deg: Float64[np.ndarray, "p 3"]
    distance: Float64[np.ndarray, " p"]
    angle_deg: Float64[np.ndarray, " p"]
    share_view: Bool[np.ndarray, " p"]

    def frames(self, survey: Survey, i: int) -> tuple[int, int]:
        """Return the frame numbers of pair ``i``."""
        keyframes = survey.geometry.keyframes
        return keyframes[self.first[i]], keyframes[self.second[i]]


class Dominant(NamedTuple):
    """The axis direction nearest to each vector."""

    answer: Int64[np.ndarray, " p"]  # index into DIRECTIONS or TURNS
    margin_deg: Float64[np.ndarray, " p"]  # angle to the nearest other direction's sector


def spread_keyframes(survey: Survey, most: int = MOST_KEYFRAMES) -> Int64[np.ndarray, " k"]:
    """Return positions of at most ``most`` keyframes, spread evenly over all of them."""
    n = len(survey.geometry.keyframes)
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def keyframe_pairs(survey: Survey) -> tuple[Int64[np.ndarray, " p"], Int64[np.ndarray, " p"]]:
    """Return positions of all earlier and later images of two."""
    chosen = spread_keyframes(survey)
    first, second = np.triu_indices(len(chosen), k=1)
    return chosen[first], chosen[second]


def all_poses(survey: Survey) -> Float64[np.ndarray, "t 4 4"]:
    """Return the poses of all frames.

    Raises:
        ValueError: There are none; the kind must declare ``Need.POSES``.
    """
    if survey.geometry.c2w is None:
        raise ValueError(f"{survey.sequence_id}: poses asked of geometry that has none.")
    return survey.geometry.c2w


def camera_changes(survey: Survey) -> CameraChanges:
    """Compare the cameras of every two keyframes.

    Raises:
        ValueError: There are no poses; the kind must declare ``Need.POSES``.
    """
    first, second = keyframe_pairs(survey)
    poses = survey.keyframe_c2w
    before, after = poses[first], poses[second]
    to_first = np.swapaxes(before[:, :3, :3], 1, 2)
    moved = np.einsum("pij,pj->pi", to_first, after[:, :3, 3] - before[:, :3, 3])
    turned_deg = np.zeros((len(first), 3))
    if len(first):
        turned_deg = Rotation.from_matrix(to_first @ after[:, :3, :3]).as_rotvec(degrees=True)
    level = _level_axes(survey)[first]
    turning = level.copy()
    turning[:, :, 2] = [0.0, 0.0, 1.0]  # a roll is about the optical axis
    return CameraChanges(
        first=first,
        second=second,
        moved=moved,
        moved_level=np.einsum("pji,pj->pi", level, moved),
        turned_deg=turned_deg,
        turned_level_deg=np.linalg.solve(turning, turned_deg[:, :, None])[:, :, 0],
        distance=np.linalg.norm(moved, axis=1),
        angle_deg=np.linalg.norm(turned_deg, axis=1),
        share_view=_share_view(survey, first, second),
    )


def main_direction(changes: CameraChanges) -> Dominant:
    """Return where the camera went above all; a margin of 0 where its level axes say otherwise."""
    return _agreed(dominant(changes.moved), dominant(changes.moved_level))


def main_turn(changes: CameraChanges) -> Dominant:
    """Return how the camera turned above all; a margin of 0 where its level axes say otherwise.

    Beyond half a circle the shorter way round is the opposite turn, so that is a margin too.
    """
    both = _agreed(dominant(changes.turned_deg), dominant(changes.turned_level_deg))
    return Dominant(both.answer, np.minimum(both.margin_deg, 180.0 - changes.angle_deg))


def _agreed(own: Dominant, level: Dominant) -> Dominant:
    margin_deg = np.minimum(own.margin_deg, level.margin_deg)
    return Dominant(own.answer, np.where(own.answer == level.answer, margin_deg, 0.0))


def dominant(vectors: Float64[np.ndarray, "p 3"]) -> Dominant:
    """Return the largest component of each vector; a margin of 0 where there is none.

    A vector belongs to the axis direction it is nearest to. The sector of another one starts at
    the plane where two components are equally large, so the margin is at most 45 degrees.
    """
    size = np.abs(vectors)
    axis = size.argmax(axis=1)
    rows = np.arange(len(vectors))
    largest = size[rows, axis]
    second = np.partition(size, 1, axis=1)[:, 1]
    length = np.linalg.norm(vectors, axis=1)
    lead = (largest - second) / np.where(length > 0, length, 1.0)
    return Dominant(
        answer=2 * axis + (vectors[rows, axis] < 0),
        margin_deg=np.degrees(np.arcsin(lead / 2**0.5)),
    )


def scene_depth(survey: Survey) -> float:
    """Return the depth at which travel is compared with turning, in the geometry's unit.

    2 m where there are metres, as for the names of camera moves; else the median of the depth
    known on keyframes, or NaN if none is.
    """
    geometry = survey.geometry
    if geometry.scale == "metric":
        return NOMINAL_DEPTH_M
    thinned = (slice(None), slice(None, None, _DEPTH_STRIDE), slice(None, None, _DEPTH_STRIDE))
    depth = geometry.depth[thinned]
    known = depth[(depth > 0) & geometry.reliable[thinned]]
    return float(np.median(known)) if len(known) else float("nan")


def nothing_to_compare(kind: QuestionKind, survey: Survey, why: SkipReason) -> Candidates:
    """Return no candidates, and why there are none."""

    def draft(i: int, _: np.random.Generator) -> Draft:
        raise IndexError(f"{kind}: {survey.sequence_id} has no candidates, got number {i}.")

    none = np.zeros(0)
    return Candidates(
        margin=none,
        draft=draft,
        value=none,
        sigma=none,
        strata=np.zeros(0, dtype=np.int64),
        skips=[Skipped(kind, survey.sequence_id, why)],
    )


def too_few_images(survey: Survey, least: int = 2) -> SkipReason | None:
    """Return the reason if a clip has fewer keyframes than a question shows."""
    few = len(survey.geometry.keyframes) < least
    return SkipReason.TOO_FEW_IMAGES if few else None


def position_sigma(survey: Survey) -> float:
    """Return the standard deviation of the difference of two camera positions along any axis.

    Geometry says how sure boxes are, not poses. Both are estimated from the same depth and
    matches, so a box face's sigma stands for a camera position's too.
    """
    return survey.geometry.sigma_m * 2**0.5


def direction_sigma_deg(
    survey: Survey, distance: Float64[np.ndarray, " p"]
) -> Float64[np.ndarray, " p"]:
    """Return the standard deviation of the direction of a displacement, to first order."""
    sigma = position_sigma(survey)
    if sigma == 0:
        return np.zeros(len(distance))
    at_most_half_a_circle = np.maximum(distance, sigma / np.pi)
    return np.asarray(np.degrees(sigma / at_most_half_a_circle))


def turn_sigma_deg(survey: Survey, n: int) -> Float64[np.ndarray, " n"]:
    """Return 0 for exact poses; no geometry says how sure an estimated orientation is."""
    return np.full(n, 0.0 if survey.geometry.sigma_m == 0 else np.nan)


def camera_distances(survey: Survey) -> Float64[np.ndarray, "n k"]:
    """Return how far each nameable object's box is from the camera of each keyframe.

    From the camera's center to the nearest point of the oriented box, exact; 0 inside it.
    """
    boxes = survey.boxes.take(np.arange(len(survey.objects)))
    eyes = survey.keyframe_c2w[:, :3, 3]
    local = (eyes - boxes.center[:, None, :]) @ boxes.rotation
    outside = np.maximum(np.abs(local) - boxes.half[:, None, :], 0.0)
    return np.asarray(np.linalg.norm(outside, axis=2))


def magnitude_strata(values: Float64[np.ndarray, " c"]) -> Int64[np.ndarray, " c"]:
    """Number values so that those within a ratio of 1.5 count as alike when sampling."""
    steps = np.log(np.maximum(values, 1e-3)) / np.log(_ALIKE_RATIO)
    return np.asarray(np.floor(steps).astype(np.int64))


def _level_axes(survey: Survey) -> Float64[np.ndarray, "k 3 3"]:
    """Return each keyframe's level right, down and heading (columns) in its camera axes.

    The camera's own axes where up is not known, or the view is too steep to have a heading.
    """
    poses = survey.keyframe_c2w
    axes = np.repeat(np.eye(3)[None], len(poses), axis=0)
    if survey.geometry.scale != "metric":
        return axes
    steepest = np.sin(np.deg2rad(MAX_PITCH_DEG))
    for i, pose in enumerate(poses):
        if abs(pose[2, 2]) <= steepest:
            heading, right = level_axes(pose)
            axes[i] = pose[:3, :3].T @ np.stack([right, -_UP, heading], axis=1)
    return axes


def _share_view(
    survey: Survey, first: Int64[np.ndarray, " p"], second: Int64[np.ndarray, " p"]
) -> Bool[np.ndarray, " p"]:
    geometry = survey.geometry
    cameras = [geometry.intrinsics[frame] for frame in geometry.keyframes]
    narrower = [min(c.width / c.fx, c.height / c.fy) for c in cameras]
    fov = 2 * np.arctan(np.array(narrower, dtype=np.float64) / 2)
    ahead = survey.keyframe_c2w[:, :3, 2]
    cosine = (ahead[first] * ahead[second]).sum(axis=1)
    least_fov = np.minimum(fov[first], fov[second])
    seen = survey.visible
    in_both = (seen[:, first] & seen[:, second]).any(axis=0)
    overlap: Bool[np.ndarray, " p"] = in_both | (cosine >= np.cos(_SHARED_VIEW * least_fov))
    return overlap
