"""The default member: rays by Embree, colors by numpy; needs no driver and runs anywhere."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32

from synth.cameras import Intrinsics, pixel_rays
from synth.poses import Pose
from synth.render.baked_room import BakedRoom
from synth.render.lights import Lighting
from synth.render.renderer import SAMPLES, FrameTruth, RenderedFrame
from synth.render.shading import Shader
from synth.render.tone import compress, encode
from synth.render.tracer import Hits


class _Centers(NamedTuple):
    """The rays through the centers of all pixels, and what they hit."""

    directions: Float32[np.ndarray, "n 3"]
    hits: Hits
    truth: FrameTruth


class EmbreeRenderer:
    """Draws a baked room.

    Args:
        baked: The room and its light.
        everywhere: Smooth every pixel, not only those where surfaces meet.
    """

    def __init__(self, baked: BakedRoom, *, everywhere: bool = False) -> None:
        self.baked = baked
        self._everywhere = everywhere
        mesh, corners = baked.mesh, baked.mesh.corners
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        offset = np.einsum("fc,fc->f", normal, corners[:, 0])
        self._planes = np.ascontiguousarray(np.column_stack([normal, offset]).T)
        self._instance = mesh.surfaces.instance[mesh.face_surface]
        self._shaders: dict[Lighting, Shader] = {}

    def render(
        self, c2w: Pose, intrinsics: Intrinsics, lighting: Lighting = "as_furnished"
    ) -> RenderedFrame:
        """Draw one frame with its exact z-depth and instance ids."""
        if lighting not in self._shaders:
            self._shaders[lighting] = Shader(self.baked, lighting)
        shader = self._shaders[lighting]
        centers = self._centers(c2w, intrinsics)
        view = shader.view(c2w[:3, 3].astype(np.float32), intrinsics.fx)
        meets_edge = self._meets_edge(centers.hits, intrinsics)
        inner, outer = np.flatnonzero(~meets_edge), np.flatnonzero(meets_edge)
        offsets = _offsets(intrinsics) @ c2w[:3, :3].T.astype(np.float32)
        around = (centers.directions.take(outer, axis=0)[:, None] + offsets).reshape(-1, 3)
        hits = Hits(
            *(
                np.concatenate([center.take(inner), more])
                for center, more in zip(centers.hits, self._trace(c2w, around), strict=True)
            )
        )
        rays = np.concatenate([centers.directions.take(inner, axis=0), around])
        light = compress(shader.shade(hits, rays, view))
        color = np.empty((3, len(meets_edge)), dtype=np.float32)
        smoothed = light[:, len(inner) :].reshape(3, -1, SAMPLES**2).mean(axis=2)
        for channel in range(3):  # assigning to a row is faster than to a column of the whole
            color[channel][inner] = light[channel, : len(inner)]
            color[channel][outer] = smoothed[channel]
        shape = (intrinsics.height, intrinsics.width, 3)
        rgb = np.ascontiguousarray(encode(color).T).reshape(shape)
        return RenderedFrame(rgb, *centers.truth)

    def truth(self, c2w: Pose, intrinsics: Intrinsics) -> FrameTruth:
        """Return z-depth and instance ids at pixel centers."""
        return self._centers(c2w, intrinsics).truth

    def close(self) -> None:
        """Nothing to give back; Python frees it all."""

    def smoothed_pixels(self, c2w: Pose, intrinsics: Intrinsics) -> Bool[np.ndarray, "h w"]:
        """Return which pixels of a frame are averages of several rays."""
        hits = self._centers(c2w, intrinsics).hits
        shape = (intrinsics.height, intrinsics.width)
        return np.asarray(self._meets_edge(hits, intrinsics).reshape(shape))

    def _trace(self, c2w: Pose, directions: Float32[np.ndarray, "n 3"]) -> Hits:
        eye = np.broadcast_to(c2w[:3, 3].astype(np.float32), directions.shape)
        return self.baked.tracer.nearest(eye, directions)

    def _centers(self, c2w: Pose, intrinsics: Intrinsics) -> _Centers:
        exact = _center_rays(intrinsics) @ c2w[:3, :3].T
        directions = exact.astype(np.float32)
        hits = self._trace(c2w, directions)
        x, y, z, offset = self._planes.take(hits.face, axis=1, mode="wrap")
        eye_x, eye_y, eye_z = c2w[:3, 3]
        distance = offset - x * eye_x - y * eye_y - z * eye_z
        # Directions have camera z = 1, so the ray parameter is the z-depth.
        slope = x * exact[:, 0] + y * exact[:, 1] + z * exact[:, 2]
        depth = (distance / slope).astype(np.float32)
        instances = self._instance.take(hits.face, mode="wrap")
        missed = hits.face < 0
        if missed.any():
            depth[missed], instances[missed] = 0.0, 0
        shape = (intrinsics.height, intrinsics.width)
        truth = FrameTruth(depth.reshape(shape), instances.reshape(shape))
        return _Centers(directions, hits, truth)

    def _meets_edge(self, hits: Hits, intrinsics: Intrinsics) -> Bool[np.ndarray, " n"]:
        """Pixels with a neighbour on another smooth piece of surface."""
        shape = (intrinsics.height, intrinsics.width)
        if self._everywhere:
            return np.ones(len(hits.face), dtype=np.bool_)
        patch: Int32[np.ndarray, "h w"] = self.baked.mesh.patch.take(hits.face, mode="wrap")
        patch = patch.reshape(shape)
        edges = np.zeros(shape, dtype=np.bool_)
        across, down = patch[:, 1:] != patch[:, :-1], patch[1:] != patch[:-1]
        edges[:, 1:] |= across
        edges[:, :-1] |= across
        edges[1:] |= down
        edges[:-1] |= down
        return edges.ravel()


@lru_cache(maxsize=4)
def _center_rays(intrinsics: Intrinsics) -> Float64[np.ndarray, "n 3"]:
    return pixel_rays(intrinsics).reshape(-1, 3)


@lru_cache(maxsize=16)
def _offsets(intrinsics: Intrinsics) -> Float32[np.ndarray, "s 3"]:
    """From a pixel's center to its sub-samples, in camera axes at z = 1."""
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5
    x, y = np.meshgrid(steps / intrinsics.fx, steps / intrinsics.fy)
    return np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3).astype(np.float32)
