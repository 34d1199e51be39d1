"""Where the surfaces of a sequence are seen: places to point at, and what images share.

A mark is written in whole thousandths of an image's sides, so a place is the one that the written
numbers name, not the pixel they were made from. Only *sure* places are asked about (see
``qa_gen.surface_maps``): a mark that is drawn a pixel off still means the same thing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64, Shaped

from qa_gen.surface_maps import SurfaceMaps
from synth.cameras import Intrinsics, project
from synth.poses import Poses
from synth.scene import SceneGeometry

THOUSAND: Final = 1000  # a mark's coordinates run from 0 to this
SIDE: Final = 32  # places looked at along each side of an image, at most
COARSE: Final = 2  # every second of them says what two images share
MARK_GAP: Final = 30  # thousandths between two marks of one image, at least (Euclidean)
SAME_DEPTH: Final = 0.01  # a point that far (share of its depth) off a surface is on it


class Places(NamedTuple):
    """Marked places in keyframes, and the surface seen there.

    Attributes:
        keyframe: Position in ``geometry.keyframes``.
        mark: x and y in thousandths of the image's sides.
        instance: Instance id at the mark.
        ray: Camera-axes direction with z = 1 through the mark.
        depth: z-depth of the surface at the mark; 0 where unknown.
        low: Least known z-depth within a pixel of the mark's own.
        high: Greatest.
        sure: See ``SurfaceMaps.sure``.
        clear: Pixels around the mark's own, on all sides, that show the same instance, at most
            ``surface_maps.MOST_CLEAR``.
    """

    keyframe: Int64[np.ndarray, " n"]
    mark: Int64[np.ndarray, "n 2"]
    instance: Int64[np.ndarray, " n"]
    ray: Float64[np.ndarray, "n 3"]
    depth: Float64[np.ndarray, " n"]
    low: Float64[np.ndarray, " n"]
    high: Float64[np.ndarray, " n"]
    sure: Bool[np.ndarray, " n"]
    clear: Int64[np.ndarray, " n"]

    def take(self, indices: Shaped[np.ndarray, " m"]) -> "Places":
        """Return the places at ``indices``, or those where a mask is true."""
        return Places(*(column[indices] for column in self))

    @property
    def stretch(self) -> Float64[np.ndarray, " n"]:
        """Length of the ray to a place per unit of its z-depth."""
        length: Float64[np.ndarray, " n"] = np.linalg.norm(self.ray, axis=1)
        return length


class Landing(NamedTuple):
    """Where points of the world fall in one keyframe each, seen there or not."""

    uv: Float64[np.ndarray, "n 2"]  # pixels; meaningless where not inside
    depth: Float64[np.ndarray, " n"]  # z in that camera's axes
    inside: Bool[np.ndarray, " n"]  # before the camera and within the image


@dataclass(frozen=True, eq=False)
class Views:
    """Depth and instance maps of one sequence's keyframes, ready to be asked about places."""

    geometry: SceneGeometry

    @cached_property
    def maps(self) -> SurfaceMaps:
        """What each pixel shows."""
        return SurfaceMaps(self.geometry)

    @cached_property
    def cameras(self) -> tuple[Intrinsics, ...]:
        """Camera of each keyframe."""
        return tuple(self.geometry.intrinsics[frame] for frame in self.geometry.keyframes)

    @cached_property
    def c2w(self) -> Poses:
        """Pose of each keyframe.

        Raises:
            ValueError: There are no poses; the kind must declare ``Need.POSES``.
        """
        if self.geometry.c2w is None:
            raise ValueError(f"{self.geometry.sequence_id}: poses asked of geometry without them.")
        return self.geometry.c2w[list(self.geometry.keyframes)]

    @cached_property
    def places(self) -> Places:
        """The sure places of ``grid``."""
        return self.grid.take(self.grid.sure)

    @cached_property
    def grid(self) -> Places:
        """Places on one grid over every keyframe, sure or not: by keyframe, then row.

        Every keyframe has the same ``n_grid`` marks in the same order. Within a row they run from
        the side of the images where things are nearer, so the mirrored film has the mirrored
        places in the same order.
        """
        rows, columns = self._lattice
        depth = self.geometry.depth
        n, _, width = depth.shape
        lean = depth[:, rows][:, :, columns].astype(np.float64) @ (2 * columns + 1 - width)
        uv = np.empty((len(rows), len(columns), 2))
        uv[..., 0] = (columns if lean.sum() >= 0 else columns[::-1]) + 0.5
        uv[..., 1] = rows[:, None] + 0.5
        marks = self.marks(uv.reshape(-1, 2))
        return self.at(np.repeat(np.arange(n), len(marks)), np.tile(marks, (n, 1)))

    @property
    def n_grid(self) -> int:
        """Places of the grid in each keyframe."""
        rows, columns = self._lattice
        return len(rows) * len(columns)

    @cached_property
    def covisible(self) -> Float64[np.ndarray, "k k"]:
        """Share of what keyframe i shows (of its known pixels) that keyframe j shows, too.

        Seen again: it falls into image j, onto a surface that is there within a pixel. NaN where
        nothing is known.
        """
        n, *_ = self.geometry.depth.shape
        grid = self.grid.take(self._coarse & (self.grid.depth > 0))
        points = self.world(grid)
        shares = np.full((n, n), np.nan)
        for j in range(n):
            there = self.project(points, j)
            judged = ~there.inside | self._known_at(there, j)
            seen = there.inside & self._is_surface(there, j)
            total = np.bincount(grid.keyframe[judged], minlength=n)
            share = np.bincount(grid.keyframe[seen & judged], minlength=n) / np.maximum(total, 1)
            shares[:, j] = np.where(total > 0, share, np.nan)
        return shares

    def at(self, keyframe: Int64[np.ndarray, " n"], mark: Int64[np.ndarray, "n 2"]) -> Places:
        """Return what is seen at marks, sure or not."""
        _, height, width = self.geometry.depth.shape
        uv = mark * (np.array([width, height]) / THOUSAND)
        column = np.minimum(uv[:, 0].astype(np.int64), width - 1)
        row = np.minimum(uv[:, 1].astype(np.int64), height - 1)
        where = keyframe, row, column
        fx, fy, cx, cy = self._pinholes[keyframe].T
        ray = np.stack([(uv[:, 0] - cx) / fx, (uv[:, 1] - cy) / fy, np.ones(len(uv))], axis=1)
        sure = self.maps.sure[where]
        between = self.maps.depth_between(*where, uv) if sure.any() else np.zeros(len(uv))
        return Places(
            keyframe=keyframe,
            mark=mark,
            instance=self.geometry.instances[where].astype(np.int64),
            ray=ray,
            depth=np.where(sure, between, self.geometry.depth[where].astype(np.float64)),
            low=self.maps.low[where].astype(np.float64),
            high=self.maps.high[where].astype(np.float64),
            sure=sure,
            clear=self.maps.clear[where].astype(np.int64),
        )

    def marks(self, uv: Float64[np.ndarray, "n 2"]) -> Int64[np.ndarray, "n 2"]:
        """Return the thousandths nearest to pixel coordinates."""
        _, height, width = self.geometry.depth.shape
        return np.rint(uv * (THOUSAND / np.array([width, height]))).astype(np.int64)

    def world(self, places: Places) -> Float64[np.ndarray, "n 3"]:
        """Return the surface points at ``places``, in the world."""
        pose = self.c2w[places.keyframe]
        local = places.ray * places.depth[:, None]
        points: Float64[np.ndarray, "n 3"] = (
            np.einsum("nij,nj->ni", pose[:, :3, :3], local) + pose[:, :3, 3]
        )
        return points

    def project(self, points: Float64[np.ndarray, "n 3"], keyframe: int) -> Landing:
        """Return where world points fall in one keyframe."""
        found = project(points, self.c2w[keyframe], self.cameras[keyframe])
        return Landing(found.uv, found.depth, found.visible)

    def may_show(self, points: Float64[np.ndarray, "n 3"], keyframe: int) -> Bool[np.ndarray, " n"]:
        """Whether nothing is known to hide each point from a keyframe that looks its way."""
        there = self.project(points, keyframe)
        row, column = self._pixels(there)
        behind = there.depth > self.maps.high[keyframe, row, column] * (1 + SAME_DEPTH)
        shown: Bool[np.ndarray, " n"] = there.inside & ~(self._known_at(there, keyframe) & behind)
        return shown

    def _is_surface(self, there: Landing, keyframe: int) -> Bool[np.ndarray, " n"]:
        """Whether points lie on what is seen within a pixel of where they fall."""
        row, column = self._pixels(there)
        where = keyframe, row, column
        not_behind = there.depth <= self.maps.high[where] * (1 + SAME_DEPTH)
        on_it: Bool[np.ndarray, " n"] = not_behind & (
            there.depth >= self.maps.low[where] * (1 - SAME_DEPTH)
        )
        return on_it

    def _known_at(self, there: Landing, keyframe: int) -> Bool[np.ndarray, " n"]:
        row, column = self._pixels(there)
        known: Bool[np.ndarray, " n"] = there.inside & (
            self.geometry.depth[keyframe, row, column] > 0
        )
        return known

    def _pixels(self, there: Landing) -> tuple[Int64[np.ndarray, " n"], Int64[np.ndarray, " n"]]:
        column, row = np.where(there.inside[:, None], there.uv, 0.0).astype(np.int64).T
        return row, column

    @cached_property
    def _pinholes(self) -> Float64[np.ndarray, "k 4"]:
        return np.array([(c.fx, c.fy, c.cx, c.cy) for c in self.cameras]).reshape(-1, 4)

    @cached_property
    def _lattice(self) -> tuple[Int64[np.ndarray, " r"], Int64[np.ndarray, " c"]]:
        _, height, width = self.geometry.depth.shape
        return _symmetric(height), _symmetric(width)

    @cached_property
    def _coarse(self) -> Bool[np.ndarray, " g"]:
        """Which grid places are in every ``COARSE``-th row and column."""
        rows, columns = self._lattice
        chosen = (np.arange(len(rows)) % COARSE == 0)[:, None] & (
            np.minimum(np.arange(len(columns)), np.arange(len(columns))[::-1]) % COARSE == 0
        )
        return np.tile(chosen.ravel(), len(self.geometry.depth))


def _symmetric(side: int) -> Int64[np.ndarray, " s"]:
    """Return at most ``SIDE`` evenly spaced pixels that a mirror maps onto each other."""
    step = -(-side // SIDE)
    half = np.arange(step // 2, (side + 1) // 2, step)
    return np.unique(np.concatenate([half, side - 1 - half]))
