"""Where a camera can be in a furnished room: inside any outline, off walls, floor and furniture."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float64

from synth.camera_paths.clearance import box_distances, collisions
from synth.rooms.room import Room

WALL_DISTANCE_M: Final = 0.30
OBJECT_DISTANCE_M: Final = 0.35
_SIGHT_POINTS: Final = 8


class FreeSpace:
    """The air of a room."""

    def __init__(self, room: Room) -> None:
        self._height_m = room.height_m
        self._starts = room.outline
        self._sides = np.roll(room.outline, -1, axis=0) - room.outline
        self._centers = np.array([o.center for o in room.objects]).reshape(-1, 3)
        self._sizes = np.array([o.size for o in room.objects]).reshape(-1, 3)
        self._rotations = np.array([o.rotation for o in room.objects]).reshape(-1, 3, 3)

    def is_inside(self, points: Float64[np.ndarray, "n d"]) -> Bool[np.ndarray, " n"]:
        """Whether points lie within the outline seen from above (crossing number)."""
        x, y = points[:, None, 0], points[:, None, 1]
        ends = self._starts + self._sides
        crosses = (self._starts[:, 1] > y) != (ends[:, 1] > y)
        rise = np.where(self._sides[:, 1] == 0.0, 1.0, self._sides[:, 1])
        at_x = self._starts[:, 0] + (y - self._starts[:, 1]) / rise * self._sides[:, 0]
        return np.asarray((crosses & (x < at_x)).sum(axis=1) % 2 == 1)

    def wall_distances(self, points: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, " n"]:
        """Return the distance of each point to the nearest wall, seen from above."""
        to_point = points[:, None, :2] - self._starts
        along = (to_point * self._sides).sum(axis=2) / (self._sides**2).sum(axis=1)
        nearest = np.clip(along, 0.0, 1.0)[..., None] * self._sides
        return np.asarray(np.linalg.norm(to_point - nearest, axis=2).min(axis=1))

    def is_free(self, points: Float64[np.ndarray, "n 3"]) -> Bool[np.ndarray, " n"]:
        """Whether points keep their distance from everything."""
        z = points[:, 2]
        free = self.is_inside(points) & (self.wall_distances(points) >= WALL_DISTANCE_M)
        free &= (z >= WALL_DISTANCE_M) & (z <= self._height_m - WALL_DISTANCE_M)
        if len(self._centers):
            gaps = box_distances(points, self._centers, self._sizes, self._rotations)
            free &= gaps.min(axis=1) >= OBJECT_DISTANCE_M
        return np.asarray(free)

    def is_free_path(self, c2w: Float64[np.ndarray, "t 4 4"]) -> bool:
        """Whether a camera can travel a path, also between its frames."""
        if not self.is_free(c2w[:, :3, 3]).all():
            return False
        hit = collisions(
            c2w,
            self._centers,
            self._sizes,
            self._rotations,
            clearance_m=OBJECT_DISTANCE_M / 2,  # frames keep twice that, so this is the way between
        )
        return not hit

    def can_see(self, eye: Float64[np.ndarray, "3"], target: Float64[np.ndarray, "3"]) -> bool:
        """Whether no wall stands between two points."""
        shares = np.linspace(0.0, 1.0, _SIGHT_POINTS)[:, None]
        return bool(self.is_inside(eye + shares * (target - eye)).all())
