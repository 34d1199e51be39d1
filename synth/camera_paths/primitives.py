"""The primitives as pose maths: how far along at each frame in, one pose per frame out.

Translations run along the *level* camera axes (heading and world up), so a pitched camera still
trucks horizontally; a dolly-zoom alone runs along the optical axis, because it keeps the target's
image. What circles (orbit, arc, crane, spiral) keeps its target in the image center. Foreign names
differ (VideoX-Fun's "Pan_Left" is a truck): map them by pose maths, never by name.

Amounts are signed: positive is forward, right, up, clockwise as the person behind the camera sees
it. They are arrays over frames, so any easing or pause works.
"""

from typing import Final

import numpy as np
from jaxtyping import Float64
from scipy.spatial.transform import Rotation

from synth.cameras import Intrinsics
from synth.poses import Pose

_UP: Final = np.array([0.0, 0.0, 1.0])
_VERTICAL_DEG: Final = 90.0
_ROUNDING_DEG: Final = 1e-9
_STEEPEST_DEG: Final = 89.0  # a camera that looks straight down has no heading left

Amounts = Float64[np.ndarray, " t"]
Path = Float64[np.ndarray, "t 4 4"]


def level_axes(c2w: Pose) -> tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]:
    """Return the camera's horizontal heading and its horizontal right axis.

    Raises:
        ValueError: The optical axis is vertical, so there is no heading.
    """
    forward = c2w[:3, 2] * [1.0, 1.0, 0.0]
    norm = float(np.linalg.norm(forward))
    if norm < 1e-6:
        raise ValueError(
            "the camera looks straight up or down, so it has no heading to move along; tilt it."
        )
    heading = forward / norm
    return heading, np.array([heading[1], -heading[0], 0.0])


def static(start: Pose, n_frames: int) -> Path:
    """Stay."""
    return np.repeat(start[None], n_frames, axis=0)


def dolly(start: Pose, forward_m: Amounts) -> Path:
    """Drive along the level heading."""
    return _slide(start, forward_m, level_axes(start)[0])


def truck(start: Pose, right_m: Amounts) -> Path:
    """Slide along the level right axis."""
    return _slide(start, right_m, level_axes(start)[1])


def pedestal(start: Pose, up_m: Amounts) -> Path:
    """Rise along world z."""
    return _slide(start, up_m, _UP)


def pan(start: Pose, right_deg: Amounts) -> Path:
    """Turn in place about world up; to the right is clockwise seen from above."""
    return _turn(start, -right_deg, _UP, start[:3, 3])


def tilt(start: Pose, up_deg: Amounts) -> Path:
    """Turn in place about the camera's level right axis.

    Raises:
        ValueError: The camera would tilt past straight up or down, and hang upside down.
    """
    pitch_deg = float(np.rad2deg(np.arcsin(np.clip(start[2, 2], -1.0, 1.0))))
    if np.abs(pitch_deg + up_deg).max() > _VERTICAL_DEG + _ROUNDING_DEG:
        raise ValueError(
            f"a tilt must not pass the vertical: from a pitch of {pitch_deg:.1f} degrees it can go "
            f"between {-_VERTICAL_DEG - pitch_deg:.1f} and {_VERTICAL_DEG - pitch_deg:.1f} degrees "
            f"up, got {up_deg.min():.1f} to {up_deg.max():.1f}."
        )
    return _turn(start, up_deg, level_axes(start)[1], start[:3, 3])


def roll(start: Pose, clockwise_deg: Amounts) -> Path:
    """Turn in place about the optical axis."""
    return _turn(start, clockwise_deg, start[:3, 2], start[:3, 3])


def circle(start: Pose, right_deg: Amounts, target_distance_m: float) -> Path:
    """Circle a target on the optical axis at constant height: an arc or an orbit.

    Moving to the camera's right circles the target counter-clockwise seen from above.
    """
    return _turn(start, right_deg, _UP, _target(start, target_distance_m))


def crane(start: Pose, up_deg: Amounts, target_distance_m: float) -> Path:
    """Swing up over a target on the optical axis, by degrees of elevation about it.

    Raises:
        ValueError: The camera would swing over the top and look straight down, or up.
    """
    pitch_deg = float(np.rad2deg(np.arcsin(np.clip(start[2, 2], -1.0, 1.0))))
    steepest = pitch_deg - up_deg
    if np.abs(steepest).max() > _STEEPEST_DEG:
        raise ValueError(
            f"a crane about a target must not pass over it: from a pitch of {pitch_deg:.1f} "
            f"degrees it can go between {pitch_deg - _STEEPEST_DEG:.1f} and "
            f"{pitch_deg + _STEEPEST_DEG:.1f} degrees up, got {up_deg.min():.1f} to "
            f"{up_deg.max():.1f}."
        )
    return _turn(start, -up_deg, level_axes(start)[1], _target(start, target_distance_m))


def spiral(
    start: Pose, right_deg: Amounts, radius_factors: Amounts, target_distance_m: float
) -> Path:
    """Circle a target while the distance to it grows or shrinks by the given factors.

    Raises:
        ValueError: A factor is not positive.
    """
    if (radius_factors <= 0).any():
        raise ValueError(
            f"a spiral's radius factors must be > 0, got {radius_factors.min():g}; the target "
            "itself cannot be reached."
        )
    path = circle(start, right_deg, target_distance_m)
    target = _target(start, target_distance_m)
    path[:, :3, 3] = target + radius_factors[:, None] * (path[:, :3, 3] - target)
    return path


def push(start: Pose, forward_m: Amounts) -> Path:
    """Travel along the optical axis: the path of a dolly-zoom."""
    return _slide(start, forward_m, start[:3, 2])


def zoom(intrinsics: Intrinsics, factors: Amounts) -> tuple[Intrinsics, ...]:
    """Multiply both focal lengths frame by frame; the principal point stays.

    Raises:
        ValueError: A factor is not positive.
    """
    return tuple(
        Intrinsics(
            fx=intrinsics.fx * float(factor),
            fy=intrinsics.fy * float(factor),
            cx=intrinsics.cx,
            cy=intrinsics.cy,
            width=intrinsics.width,
            height=intrinsics.height,
        )
        for factor in factors
    )


def zoom_factor(fov_from_deg: float, fov_to_deg: float) -> float:
    """Return the focal factor that takes one field of view to another (same axis).

    Raises:
        ValueError: A field of view is not between 0 and 180 degrees.
    """
    if not (0 < fov_from_deg < 180 and 0 < fov_to_deg < 180):
        raise ValueError(
            f"a field of view lies between 0 and 180 degrees, got {fov_from_deg} and {fov_to_deg}."
        )
    half = np.tan(np.deg2rad([fov_from_deg, fov_to_deg]) / 2)
    return float(half[0] / half[1])


def dolly_zoom_factors(forward_m: Amounts, target_distance_m: float) -> Amounts:
    """Return the focal factors that keep the image size of a target ahead.

    Image size is focal length over depth, and the depth shrinks by what is travelled.

    Raises:
        ValueError: The camera would reach the target.
    """
    if (forward_m >= target_distance_m).any():
        raise ValueError(
            f"a dolly-zoom of {forward_m.max():g} m passes its target {target_distance_m:g} m "
            "ahead; travel less or put the target further away."
        )
    return np.asarray(1.0 - forward_m / target_distance_m)


def _target(start: Pose, target_distance_m: float) -> Float64[np.ndarray, "3"]:
    if target_distance_m <= 0:
        raise ValueError(
            "circling needs a target ahead of the camera: target_distance_m must be > 0, got "
            f"{target_distance_m}."
        )
    return np.asarray(start[:3, 3] + target_distance_m * start[:3, 2])


def _slide(start: Pose, metres: Amounts, direction: Float64[np.ndarray, "3"]) -> Path:
    path = static(start, len(metres))
    path[:, :3, 3] += metres[:, None] * direction
    return path


def _turn(
    start: Pose,
    degrees: Amounts,
    axis: Float64[np.ndarray, "3"],
    center: Float64[np.ndarray, "3"],
) -> Path:
    """Turn the whole camera about an axis through ``center``, right-handed."""
    turns = Rotation.from_rotvec(np.deg2rad(degrees)[:, None] * axis).as_matrix()
    path = static(start, len(degrees))
    path[:, :3, :3] = turns @ start[:3, :3]
    path[:, :3, 3] = center + turns @ (start[:3, 3] - center)
    return path
