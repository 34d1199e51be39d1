"""Find camera paths through a furnished room: free of collisions, and with something to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.camera_paths.clearance import near_surfaces
from synth.camera_paths.overlap import low_overlaps
from synth.cameras import Intrinsics
from synth.free_space import FreeSpace
from synth.poses import Pose, look_at
from synth.render.renderer import RoomRenderer
from synth.rooms.room import Room
from synth.trajectories import (
    Move,
    MoveFamily,
    MoveStyle,
    Trajectory,
    family,
    make_trajectory,
)

# How far a clip travels: (least, most) metres, degrees or focal factor by family, for clips of
# any length. Chosen so that the last frame still overlaps the first and every move is visible.
AMOUNTS: Final[Mapping[MoveFamily, tuple[float, float]]] = {
    "static": (0.0, 0.0),
    "dolly": (0.8, 1.3),
    "truck": (0.8, 1.2),
    "pedestal": (0.55, 0.85),
    "pan": (26.0, 40.0),
    "tilt": (20.0, 30.0),
    "roll": (22.0, 38.0),
    "around": (48.0, 62.0),
    "zoom": (1.35, 1.9),
    "crane": (14.0, 26.0),
    "spiral": (48.0, 62.0),
    "dolly_zoom": (0.4, 0.7),
    "handheld": (1.2, 2.4),
}
_ARC_DEG: Final = (24.0, 38.0)
_TARGET_M: Final = (1.3, 2.1)  # how far away the point is that a camera circles
_TRIES: Final = 60
_EYE_TRIES: Final = 12
_CHECKED_FRAMES: Final = 5  # looked at coarsely, evenly spread
_COARSE_PX: Final = 16  # width of these looks
_LEAST_DEPTH_M: Final = 0.7  # the nearest fifth of what is seen lies beyond this
_NEAREST_M: Final = 0.2
_LEAST_OVERLAP: Final = 0.25  # of neighbouring checked frames
_UP: Final = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class PathWish:
    """What a path shall be.

    Attributes:
        move: What the camera does.
        intrinsics: Camera of the first frame.
        n_frames: Length of the clip, ``4n + 1``.
        fps: Frames per second.
        least_objects: Objects that must be seen along the way, or all if the room has fewer.
    """

    move: Move
    intrinsics: Intrinsics
    n_frames: int
    fps: float
    least_objects: int


def find_path(
    room: Room, renderer: RoomRenderer, wish: PathWish, rng: np.random.Generator
) -> Trajectory | None:
    """Look for a path; ``None`` after a fixed effort."""
    space = FreeSpace(room)
    least_objects = min(wish.least_objects, len(room.objects))
    for _ in range(_TRIES):
        start = _start_pose(room, space, wish.move, rng)
        path = None if start is None else _path_from(start, wish, rng)
        if path is None or not space.is_free_path(path.c2w):
            continue
        if _is_worth_filming(renderer, path, least_objects):
            return path
    return None


def _path_from(start: Pose, wish: PathWish, rng: np.random.Generator) -> Trajectory | None:
    is_arc = wish.move in (Move.ARC_LEFT, Move.ARC_RIGHT)
    low, high = _ARC_DEG if is_arc else AMOUNTS[family(wish.move)]
    return make_trajectory(
        wish.move,
        start,
        amount=float(rng.uniform(low, high)),
        n_frames=wish.n_frames,
        target_distance_m=float(rng.uniform(*_TARGET_M)),
        intrinsics=wish.intrinsics,
        fps=wish.fps,
        style=MoveStyle(seed=int(rng.integers(1 << 31))),
    )


def _start_pose(room: Room, space: FreeSpace, move: Move, rng: np.random.Generator) -> Pose | None:
    """A person's eye somewhere in the room, looking across it; ``None`` where nobody can stand."""
    low, high = room.extent_m[:, :2]
    size = high - low
    eyes = np.column_stack(
        [low + rng.uniform(0.08, 0.92, (_EYE_TRIES, 2)) * size, rng.uniform(1.1, 1.7, _EYE_TRIES)]
    )
    targets = np.column_stack(
        [low + rng.uniform(0.3, 0.7, (_EYE_TRIES, 2)) * size, rng.uniform(0.5, 1.1, _EYE_TRIES)]
    )
    share = float(rng.random())
    if move in (Move.PEDESTAL_UP, Move.CRANE_UP):
        eyes[:, 2] = 0.8 + 0.4 * share
    elif move in (Move.PEDESTAL_DOWN, Move.CRANE_DOWN):
        eyes[:, 2] = 1.5 + 0.5 * share
    elif move is Move.TILT_UP:
        targets[:, 2] = 0.4 * share
    elif move is Move.TILT_DOWN:
        targets[:, 2] = 1.3 + 0.5 * share
    far = np.linalg.norm((targets - eyes)[:, :2], axis=1) >= 0.8
    usable = far & space.is_inside(targets) & space.is_free(eyes)
    for k in np.flatnonzero(usable):
        if space.can_see(eyes[k], targets[k]):
            return look_at(eyes[k], targets[k], _UP)
    return None


def _is_worth_filming(renderer: RoomRenderer, path: Trajectory, least_objects: int) -> bool:
    """Look at some frames: not against a surface, enough objects, each shows the last one's."""
    assert path.intrinsics is not None  # paths found here are made with cameras
    frames = np.unique(np.linspace(0, len(path.c2w) - 1, _CHECKED_FRAMES).astype(np.int64))
    cameras = [coarse_camera(path.intrinsics[frame]) for frame in frames]
    c2w: Float64[np.ndarray, "k 4 4"] = path.c2w[frames]
    looks = [renderer.truth(pose, camera) for pose, camera in zip(c2w, cameras, strict=True)]
    depth = np.stack([look.depth for look in looks])
    seen = np.unique(np.stack([look.instances for look in looks]))
    return (
        int((seen > 0).sum()) >= least_objects
        and not near_surfaces(depth, near_m=_LEAST_DEPTH_M, quantile=0.2)
        and not near_surfaces(depth, near_m=_NEAREST_M, quantile=0.0)
        and not low_overlaps(c2w, cameras, depth, least_share=_LEAST_OVERLAP)
    )


def coarse_camera(intrinsics: Intrinsics) -> Intrinsics:
    """Return the same view in few pixels."""
    scale = _COARSE_PX / intrinsics.width
    height = max(1, round(intrinsics.height * scale))
    return Intrinsics(
        fx=intrinsics.fx * scale,
        fy=intrinsics.fy * height / intrinsics.height,
        cx=intrinsics.cx * scale,
        cy=intrinsics.cy * height / intrinsics.height,
        width=_COARSE_PX,
        height=height,
    )
