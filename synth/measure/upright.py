"""Find the floor, and from it which way is up: worlds of estimated poses have no gravity."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

_TRIES: Final = 400
_REFINEMENTS: Final = 4
_MOST_TILT_DEG: Final = 40.0  # of the floor's normal from the mean of the cameras' up
_MOST_POINTS: Final = 5000
_INLIER_SHARE_OF_DEPTH: Final = 0.015
_MOST_BELOW: Final = 0.05  # share of the points that may lie under the floor
_LEAST_ON_FLOOR: Final = 0.06  # share of the points that must lie on it


class Floor(NamedTuple):
    """The floor plane and the world that stands on it."""

    world_to_upright: Float64[np.ndarray, "4 4"]  # rigid; +z up, floor at z = 0
    on_floor: float  # share of the points that lie on the plane
    roughness: float  # root mean square distance of those points from it


def find_floor(
    points: Float64[np.ndarray, "n 3"],
    c2w: Float64[np.ndarray, "k 4 4"],
    rng: np.random.Generator,
) -> Floor | None:
    """Fit the lowest large plane that is roughly level for the cameras.

    The upright world has its origin on the floor below the first camera, which looks along +y.

    Args:
        points: Points of the structure (no objects), any world.
        c2w: Camera poses in that world.
        rng: Draws the triples of points that planes are tried through.

    Returns:
        The floor, or ``None`` if no plane has enough points on it and few enough under it.
    """
    if len(points) < 50:
        return None
    if len(points) > _MOST_POINTS:
        points = points[np.linspace(0, len(points) - 1, _MOST_POINTS).astype(np.int64)]
    guess_up = -c2w[:, :3, 1].mean(axis=0)
    eyes = c2w[:, :3, 3]
    tolerance = _INLIER_SHARE_OF_DEPTH * float(
        np.median(np.linalg.norm(points - eyes.mean(axis=0), axis=1))
    )
    best = _best_plane(points, eyes, guess_up, tolerance, rng)
    if best is None or best.n_on < _LEAST_ON_FLOOR * len(points):
        return None
    up, offset = best.up, best.offset
    near = tolerance
    for _ in range(_REFINEMENTS):
        # Feet of walls lie within the first tolerance and would tilt the plane: narrow it.
        on = points[np.abs(points @ up - offset) < near]
        middle = np.median(on, axis=0)
        axes = np.linalg.svd(on - on.mean(axis=0), full_matrices=False)[2]
        up = axes[2] if axes[2] @ guess_up > 0 else -axes[2]
        height = on @ up
        offset = float(np.median(height))
        near = max(4.0 * float(np.median(np.abs(height - offset))), 0.01 * tolerance)
    middle = middle + (offset - middle @ up) * up
    roughness = float(np.sqrt(((height - offset) ** 2).mean()))
    return Floor(_stand_on(up, middle, c2w[0]), best.n_on / len(points), roughness)


class _Plane(NamedTuple):
    up: Float64[np.ndarray, "3"]
    offset: float
    n_on: int  # points within the tolerance


def _best_plane(
    points: Float64[np.ndarray, "n 3"],
    eyes: Float64[np.ndarray, "k 3"],
    guess_up: Float64[np.ndarray, "3"],
    tolerance: float,
    rng: np.random.Generator,
) -> _Plane | None:
    """Try planes through three points; keep the one most points lie on and few lie under."""
    best: _Plane | None = None
    for _ in range(_TRIES):
        plane = _plane_through(points[rng.integers(len(points), size=3)], guess_up)
        if plane is None:
            continue
        up, offset = plane
        height = points @ up - offset
        if (height < -3 * tolerance).mean() > _MOST_BELOW or (eyes @ up < offset).any():
            continue
        n_on = int((np.abs(height) < tolerance).sum())
        if best is None or n_on > best.n_on:
            best = _Plane(up, offset, n_on)
    return best


def _plane_through(
    three: Float64[np.ndarray, "3 3"], guess_up: Float64[np.ndarray, "3"]
) -> tuple[Float64[np.ndarray, "3"], float] | None:
    """Return normal (upwards) and offset of a plane; ``None`` if it is far from level."""
    normal = np.cross(three[1] - three[0], three[2] - three[0])
    length = float(np.linalg.norm(normal))
    if length < 1e-12:
        return None
    normal /= length
    cosine = float(normal @ guess_up) / float(np.linalg.norm(guess_up))
    if abs(cosine) < np.cos(np.deg2rad(_MOST_TILT_DEG)):
        return None
    normal = normal if cosine > 0 else -normal
    return normal, float(normal @ three[0])


def _stand_on(
    up: Float64[np.ndarray, "3"],
    on_floor: Float64[np.ndarray, "3"],
    first: Float64[np.ndarray, "4 4"],
) -> Float64[np.ndarray, "4 4"]:
    """Return the rigid map to a world with the floor at z = 0 below the first camera."""
    forward = first[:3, 2] - (first[:3, 2] @ up) * up
    if np.linalg.norm(forward) < 1e-6:  # it looks straight down: use the top of its picture
        forward = -(first[:3, 1] - (first[:3, 1] @ up) * up)
    y = forward / np.linalg.norm(forward)
    rotation = np.stack([np.cross(y, up), y, up])
    origin = first[:3, 3] - ((first[:3, 3] - on_floor) @ up) * up
    upright = np.eye(4)
    upright[:3, :3], upright[:3, 3] = rotation, -rotation @ origin
    return upright
