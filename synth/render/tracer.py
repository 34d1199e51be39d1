"""Rays against the triangles of a room, by Embree."""

from typing import NamedTuple

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from jaxtyping import Bool, Float, Float32, Float64, Int32


class Hits(NamedTuple):
    """What rays hit first."""

    face: Int32[np.ndarray, " n"]  # -1 where nothing was hit
    u: Float32[np.ndarray, " n"]  # weight of the face's second vertex
    v: Float32[np.ndarray, " n"]  # weight of the third
    distance: Float32[np.ndarray, " n"]  # in lengths of the ray's direction


class Tracer:
    """Triangles made ready for rays.

    Args:
        corners: The vertices of each face, metres.
        casts_shadow: Faces that stop light on its way from a lamp. Lampshades do not: the bulb
            is inside.
    """

    def __init__(
        self, corners: Float64[np.ndarray, "f 3 3"], casts_shadow: Bool[np.ndarray, " f"]
    ) -> None:
        self._all = _Triangles(corners)
        self._shading = self._all if casts_shadow.all() else _Triangles(corners[casts_shadow])

    def nearest(
        self, origins: Float[np.ndarray, "n 3"], directions: Float[np.ndarray, "n 3"]
    ) -> Hits:
        """Find the first face along each ray."""
        found = self._all.scene.run(
            np.ascontiguousarray(origins, np.float32),
            np.ascontiguousarray(directions, np.float32),
            query="INTERSECT",
            output=1,
        )
        return Hits(found["primID"], found["u"], found["v"], found["tfar"])

    def blocked(
        self,
        origins: Float[np.ndarray, "n 3"],
        directions: Float[np.ndarray, "n 3"],
        reach: Float[np.ndarray, " n"],
    ) -> Bool[np.ndarray, " n"]:
        """Whether something that casts shadows lies within ``reach`` of each origin."""
        found = self._shading.scene.run(
            np.ascontiguousarray(origins, np.float32),
            np.ascontiguousarray(directions, np.float32),
            query="OCCLUDED",
            dists=np.ascontiguousarray(reach, np.float32),
        )
        blocked: Bool[np.ndarray, " n"] = found >= 0
        return blocked


class _Triangles:
    def __init__(self, corners: Float64[np.ndarray, "f 3 3"]) -> None:
        self.scene = EmbreeScene()
        # Embree reads the triangles through this object, so it must live as long as the scene.
        self._kept = TriangleMesh(self.scene, np.ascontiguousarray(corners, np.float32))
