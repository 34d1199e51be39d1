"""Draw rooms: light baked once a room, rays by Embree, exact depth and instance ids.

Rooms are static, so soft light, shadows and two bounces are computed once per mesh vertex; a
frame is then albedo times interpolated irradiance. Pictures average ``samples`` x ``samples``
rays a pixel; truth (depth, ids) is the ray through the pixel's center, its z recomputed in
float64 from the plane that was hit.
"""

from typing import Final, NamedTuple

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from jaxtyping import Bool, Float32, Float64, Int64, UInt8, UInt16

from synth.cameras import Intrinsics, pixel_rays
from synth.meshing import AreaLight, room_mesh
from synth.poses import Pose
from synth.rooms import Room
from synth.seeding import rng_for

_EXPOSURE: Final = 1.9
_WHITE: Final = 3.0  # linear value that becomes white (extended Reinhard)
_AMBIENT: Final = 0.30  # light of rays that leave the room through no wall (none should)
_PLANK_M: Final = 0.30
_TILE_M: Final = 0.60


class RenderedFrame(NamedTuple):
    """One frame and its truth."""

    rgb: UInt8[np.ndarray, "h w 3"]
    depth: Float32[np.ndarray, "h w"]  # z-depth at pixel centers, metres; 0 where nothing was hit
    instances: UInt16[np.ndarray, "h w"]


class _Hits(NamedTuple):
    face: Int64[np.ndarray, " n"]  # -1 where nothing was hit
    u: Float64[np.ndarray, " n"]  # weight of the face's second vertex
    v: Float64[np.ndarray, " n"]  # weight of the third


class BakedRoom:
    """A room ready to be filmed.

    Args:
        room: What to draw.
        step_m: Grid of the baked light; 0.3 serves frames up to 256 px, 0.07 larger ones.
    """

    def __init__(self, room: Room, *, step_m: float = 0.3) -> None:
        self._mesh = room_mesh(room, step_m=step_m)
        mesh = self._mesh
        corners = mesh.vertices[mesh.faces]
        self._scene = EmbreeScene()
        # Embree reads the triangles through this object, so it must live as long as the scene.
        self._triangles = TriangleMesh(self._scene, np.ascontiguousarray(corners, np.float32))
        self._face_normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self._face_offset = (self._face_normal * corners[:, 0]).sum(axis=1)
        # Fixed, not the run's seed: the rays only sample the light, and the light of one room must
        # not differ between runs.
        rng = rng_for(0, room.scene_id, "bake")
        self._irradiance = self._bake(rng)[mesh.faces]
        self._board_tone = rng.uniform(0.90, 1.06, size=64)

    def render(self, c2w: Pose, intrinsics: Intrinsics, *, samples: int = 2) -> RenderedFrame:
        """Draw one frame with its exact z-depth and instance ids."""
        height, width = intrinsics.height, intrinsics.width
        depth, instances = self.truth(c2w, intrinsics)
        directions = pixel_rays(intrinsics, samples=samples).reshape(-1, 3) @ c2w[:3, :3].T
        origins = np.broadcast_to(c2w[:3, 3], directions.shape)
        hits = self._trace(origins, directions)
        color = self._shade(hits).reshape(height, samples, width, samples, 3).mean(axis=(1, 3))
        return RenderedFrame(rgb=_tone(color), depth=depth, instances=instances)

    def truth(
        self, c2w: Pose, intrinsics: Intrinsics
    ) -> tuple[Float32[np.ndarray, "h w"], UInt16[np.ndarray, "h w"]]:
        """Return z-depth (metres, 0 where nothing was hit) and instance ids at pixel centers."""
        shape = (intrinsics.height, intrinsics.width)
        directions = pixel_rays(intrinsics).reshape(-1, 3) @ c2w[:3, :3].T
        face = self._trace(np.broadcast_to(c2w[:3, 3], directions.shape), directions).face
        normal = self._face_normal[face]
        distance = self._face_offset[face] - normal @ c2w[:3, 3]
        # Directions have camera z = 1, so the ray parameter is the z-depth.
        depth = np.where(face >= 0, distance / (normal * directions).sum(axis=1), 0.0)
        instances = np.where(face >= 0, self._mesh.instance[face], 0).astype(np.uint16)
        return depth.astype(np.float32).reshape(shape), instances.reshape(shape)

    def _trace(
        self, origins: Float64[np.ndarray, "n 3"], directions: Float64[np.ndarray, "n 3"]
    ) -> _Hits:
        found = self._scene.run(
            np.ascontiguousarray(origins, np.float32),
            np.ascontiguousarray(directions, np.float32),
            query="INTERSECT",
            output=1,
        )
        return _Hits(
            face=found["primID"].astype(np.int64),
            u=found["u"].astype(np.float64),
            v=found["v"].astype(np.float64),
        )

    def _occluded(
        self,
        origins: Float64[np.ndarray, "n 3"],
        directions: Float64[np.ndarray, "n 3"],
        reach: Float64[np.ndarray, " n"],
    ) -> Bool[np.ndarray, " n"]:
        blocked: Bool[np.ndarray, " n"] = (
            self._scene.run(
                np.ascontiguousarray(origins, np.float32),
                np.ascontiguousarray(directions, np.float32),
                query="OCCLUDED",
                dists=np.ascontiguousarray(reach, np.float32),
            )
            >= 0
        )
        return blocked

    def _shade(self, hits: _Hits) -> Float64[np.ndarray, "n 3"]:
        mesh, face = self._mesh, hits.face
        weights = np.stack([1 - hits.u - hits.v, hits.u, hits.v], axis=1)
        light = np.einsum("nk,nkc->nc", weights, self._irradiance[face])
        albedo = mesh.albedo[face]
        on_floor = mesh.is_floor[face]
        if mesh.floor_pattern != "plain" and on_floor.any():
            corners = mesh.vertices[mesh.faces[face[on_floor]]]
            where = np.einsum("nk,nkc->nc", weights[on_floor], corners)
            albedo[on_floor] *= self._floor_tone(where)[:, None]
        color: Float64[np.ndarray, "n 3"] = albedo * light + mesh.glow[face]
        color[face < 0] = 0.0
        return color

    def _floor_tone(self, points: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, " n"]:
        if self._mesh.floor_pattern == "planks":
            board = np.floor(points[:, 1] / _PLANK_M).astype(np.int64)
            return self._board_tone[board % len(self._board_tone)]
        odd = (np.floor(points[:, 0] / _TILE_M) + np.floor(points[:, 1] / _TILE_M)) % 2
        return 1.0 - 0.14 * odd

    def _bake(self, rng: np.random.Generator) -> Float64[np.ndarray, "v 3"]:
        """Irradiance over pi at every vertex: direct light, two bounces, smoothed twice."""
        mesh = self._mesh
        n_vertices = len(mesh.vertices)
        count = np.bincount(mesh.faces.ravel(), minlength=n_vertices)[:, None]
        toward = _spread(mesh.vertices[mesh.faces].mean(axis=1), mesh.faces, n_vertices) / count
        offset = toward - mesh.vertices
        length = np.linalg.norm(offset, axis=1, keepdims=True)
        # Corner vertices may sit inside baseboards or seams: pull samples up to 3 cm inward.
        points = mesh.vertices + offset * np.minimum(0.5, 0.03 / np.maximum(length, 1e-9))
        points = points + mesh.normals * 0.003
        direct = np.zeros((n_vertices, 3))
        for light in mesh.lights:
            direct += self._direct(light, points, rng)[:, None] * light.radiance
        light_at = self._bounce(points, direct, rng)
        for _ in range(2):
            around = _spread(light_at[mesh.faces].mean(axis=1), mesh.faces, n_vertices) / count
            light_at = 0.3 * light_at + 0.7 * around
        return light_at

    def _direct(
        self, light: AreaLight, points: Float64[np.ndarray, "v 3"], rng: np.random.Generator
    ) -> Float64[np.ndarray, " v"]:
        """Form factor of one area light over pi, 2 x 2 stratified shadow rays."""
        area_vector = np.cross(light.u, light.v)
        area = float(np.linalg.norm(area_vector))
        facing = area_vector / area
        total = np.zeros(len(points))
        for cell in range(4):
            s = (cell % 2 + rng.random(len(points))) / 2
            t = (cell // 2 + rng.random(len(points))) / 2
            to_light = light.corner + s[:, None] * light.u + t[:, None] * light.v - points
            reach = np.linalg.norm(to_light, axis=1)
            toward = to_light / reach[:, None]
            cosine = (self._mesh.normals * toward).sum(axis=1)
            cosine_light = -(toward @ facing)
            lit = (cosine > 0) & (cosine_light > 0)
            lit[lit] = ~self._occluded(points[lit], toward[lit], reach[lit] - 0.05)
            total[lit] += (cosine * cosine_light / reach**2)[lit]
        return total * area / np.pi / 4

    def _bounce(
        self,
        points: Float64[np.ndarray, "v 3"],
        direct: Float64[np.ndarray, "v 3"],
        rng: np.random.Generator,
    ) -> Float64[np.ndarray, "v 3"]:
        """Add two diffuse bounces over one set of 4 x 4 cosine-distributed rays."""
        mesh, n_side = self._mesh, 4
        n_rays = n_side * n_side
        cell = np.arange(n_rays)
        u1 = (cell % n_side + rng.random((len(points), n_rays))) / n_side
        u2 = (cell // n_side + rng.random((len(points), n_rays))) / n_side
        tangent, bitangent = _tangents(mesh.normals)
        radius, angle = np.sqrt(u1), 2 * np.pi * u2
        rays = (
            tangent[:, None] * (radius * np.cos(angle))[..., None]
            + bitangent[:, None] * (radius * np.sin(angle))[..., None]
            + mesh.normals[:, None] * np.sqrt(1 - u1)[..., None]
        )
        face = self._trace(np.repeat(points, n_rays, axis=0), rays.reshape(-1, 3)).face
        face = face.reshape(len(points), n_rays)
        light_at = direct
        for _ in range(2):
            leaving = mesh.albedo * light_at[mesh.faces].mean(axis=1)
            arriving = np.where((face >= 0)[..., None], leaving[face], _AMBIENT)
            light_at = direct + arriving.mean(axis=1)
        return light_at


def _spread(
    values: Float64[np.ndarray, "f 3"], faces: Int64[np.ndarray, "f 3"], n_vertices: int
) -> Float64[np.ndarray, "v 3"]:
    """Sum face values onto their vertices."""
    flat = np.repeat(values, 3, axis=0)
    index = faces.ravel()
    return np.stack(
        [np.bincount(index, weights=flat[:, c], minlength=n_vertices) for c in range(3)], axis=1
    )


def _tangents(
    normals: Float64[np.ndarray, "v 3"],
) -> tuple[Float64[np.ndarray, "v 3"], Float64[np.ndarray, "v 3"]]:
    """Two unit axes at right angles to each normal."""
    helper = np.where(np.abs(normals[:, :1]) > 0.7, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    bitangent = np.cross(normals, helper)
    bitangent /= np.linalg.norm(bitangent, axis=1, keepdims=True)
    return np.cross(bitangent, normals), bitangent


def _tone(color: Float64[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h w 3"]:
    """Linear light to 8-bit sRGB by extended Reinhard."""
    c = color * _EXPOSURE
    c = c * (1 + c / _WHITE**2) / (1 + c)
    srgb = np.where(c <= 0.0031308, 12.92 * c, 1.055 * np.maximum(c, 1e-6) ** (1 / 2.4) - 0.055)
    return (np.clip(srgb, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)
