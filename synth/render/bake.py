"""Light of a room at every vertex of its mesh: direct light with soft shadows, two bounces.

Each vertex is sampled at a point pulled up to 3 cm towards its triangles, since corner vertices
sit inside baseboards or seams. Points that still lie inside a solid (they see its back faces)
take the light of their neighbours: otherwise furniture leaks darkness onto the floor around it.
Two passes of smoothing within each surface remove what noise is left.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, assert_never

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from synth.render.lights import AreaLight, Light, SphereLight
from synth.render.mesh import LIGHT_GROUPS, RoomMesh
from synth.render.tracer import Tracer

_AMBIENT: Final = 0.30  # light of rays that leave the room through no wall (none should)
_PULL_M: Final = 0.03
_OFFSET_M: Final = 0.003
_SOLID_SHARE: Final = 0.4  # a point that sees back faces along this share of its rays is inside
_RAYS_AT_ONCE: Final = 400_000
_N_GROUPS: Final = len(LIGHT_GROUPS)

Vectors = Float32[np.ndarray, "v 3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BakeQuality:
    """How finely light is sampled.

    Attributes:
        step_m: Grid of the light.
        light_side: Shadow rays to each light, squared.
        dome_side: Rays into the room from each vertex, squared.
        smoothings: Passes of smoothing of bounced light, the noisy part; direct light gets two.
    """

    step_m: float = 0.3
    light_side: int = 2
    dome_side: int = 4
    smoothings: int = 2


FINE: Final = BakeQuality(step_m=0.07, light_side=3, dome_side=6, smoothings=8)
_DIRECT_SMOOTHINGS: Final = 2


class BakedLight(NamedTuple):
    """Light arriving at the vertices.

    Attributes:
        irradiance: Over pi, from each group of lights.
        open_share: Share of the unshadowed direct light that arrives, 0 to 1: dims highlights.
    """

    irradiance: Float32[np.ndarray, "groups v 3"]
    open_share: Float32[np.ndarray, " v"]


def bake(
    mesh: RoomMesh,
    tracer: Tracer,
    lights: tuple[Light, ...],
    quality: BakeQuality,
    rng: np.random.Generator,
) -> BakedLight:
    """Sample the light of a room."""
    n_vertices = len(mesh.vertices)
    count = np.maximum(np.bincount(mesh.faces.ravel(), minlength=n_vertices), 1)[:, None]
    toward = _spread(mesh.corners.mean(axis=1), mesh.faces, n_vertices) / count
    offset = toward - mesh.vertices
    length = np.maximum(np.linalg.norm(offset, axis=1, keepdims=True), 1e-9)
    points = mesh.vertices + offset * np.minimum(0.5, _PULL_M / length) + mesh.normals * _OFFSET_M
    samples = _Samples(points.astype(np.float32), mesh.normals.astype(np.float32))
    direct = np.zeros((n_vertices, _N_GROUPS, 3), dtype=np.float32)
    reached, sent = np.zeros(n_vertices), np.full(n_vertices, 1e-9)
    for light in lights:
        arrives, unshadowed = _direct(light, samples, tracer, quality.light_side, rng)
        radiance = light.radiance.astype(np.float32)
        direct[:, LIGHT_GROUPS.index(light.group)] += arrives[:, None] * radiance
        brightness = float(radiance.mean())
        reached += arrives * brightness
        sent += unshadowed * brightness
    bounced, is_inside = _bounce(mesh, samples, tracer, direct, quality.dome_side, rng)
    columns = np.column_stack(
        [bounced.reshape(n_vertices, -1), direct.reshape(n_vertices, -1), reached / sent]
    )
    columns = _fill(columns, ~is_inside, mesh.faces)
    n_bounced = _N_GROUPS * 3
    for number in range(quality.smoothings):
        some = slice(0, None if number < _DIRECT_SMOOTHINGS else n_bounced)
        on_faces = columns[:, some][mesh.faces].mean(axis=1)
        around = _spread(on_faces, mesh.faces, n_vertices) / count
        columns[:, some] = 0.3 * columns[:, some] + 0.7 * around
    total = columns[:, :n_bounced] + columns[:, n_bounced:-1]
    light_at = total.reshape(n_vertices, _N_GROUPS, 3).transpose(1, 0, 2)
    return BakedLight(np.ascontiguousarray(light_at, np.float32), columns[:, -1].astype(np.float32))


class _Samples(NamedTuple):
    points: Vectors
    normals: Vectors


def _direct(
    light: Light,
    samples: _Samples,
    tracer: Tracer,
    n_side: int,
    rng: np.random.Generator,
) -> tuple[Float32[np.ndarray, " v"], Float32[np.ndarray, " v"]]:
    """Form factor of one light over pi at every vertex, with and without its shadows."""
    n_vertices = len(samples.points)
    n_rays = n_side * n_side
    cell = np.repeat(np.arange(n_rays), n_vertices)
    s = ((cell % n_side + rng.random(len(cell))) / n_side).astype(np.float32)
    t = ((cell // n_side + rng.random(len(cell))) / n_side).astype(np.float32)
    points = np.tile(samples.points, (n_rays, 1))
    to_light, strength = _toward(light, points, s, t)
    reach = np.sqrt(np.einsum("nc,nc->n", to_light, to_light))
    cosine = np.einsum("nc,nc->n", np.tile(samples.normals, (n_rays, 1)), to_light) / reach
    factor = np.where(cosine > 0, cosine * strength, 0.0).astype(np.float32)
    lit = np.flatnonzero(factor > 0)
    gap = light.radius_m if isinstance(light, SphereLight) else 0.05
    blocked = np.zeros(len(factor), dtype=np.bool_)
    blocked[lit] = tracer.blocked(
        points[lit], to_light[lit] / reach[lit, None], np.maximum(reach[lit] - gap, 1e-4)
    )
    unshadowed = factor.reshape(n_rays, n_vertices).mean(axis=0)
    factor[blocked] = 0.0
    return factor.reshape(n_rays, n_vertices).mean(axis=0), unshadowed


def _toward(
    light: Light,
    points: Float32[np.ndarray, "n 3"],
    s: Float32[np.ndarray, " n"],
    t: Float32[np.ndarray, " n"],
) -> tuple[Float32[np.ndarray, "n 3"], Float32[np.ndarray, " n"]]:
    """Vectors to points on a light, and its projected size over pi times distance squared."""
    match light:
        case AreaLight():
            edges = np.stack([light.u, light.v]).astype(np.float32)
            area_vector = np.cross(light.u, light.v).astype(np.float32)
            to_light = light.corner.astype(np.float32) + np.stack([s, t], axis=1) @ edges - points
            squared = np.einsum("nc,nc->n", to_light, to_light)
            facing = -(to_light @ area_vector) / np.sqrt(squared)
            return to_light, np.maximum(facing, 0.0) / (np.float32(np.pi) * squared)
        case SphereLight():
            z, angle = 2 * s - 1, 2 * np.float32(np.pi) * t
            flat = np.sqrt(1 - z * z)
            ball = np.stack([flat * np.cos(angle), flat * np.sin(angle), z], axis=1)
            radius = np.float32(light.radius_m)
            to_center = light.center.astype(np.float32) - points
            squared = np.einsum("nc,nc->n", to_center, to_center)
            return to_center + 0.7 * radius * ball, radius**2 / np.maximum(squared, radius**2)
        case _:
            assert_never(light)


def _bounce(
    mesh: RoomMesh,
    samples: _Samples,
    tracer: Tracer,
    direct: Float32[np.ndarray, "v g 3"],
    n_side: int,
    rng: np.random.Generator,
) -> tuple[Float32[np.ndarray, "v g 3"], Bool[np.ndarray, " v"]]:
    """Return the light after one and two diffuse bounces, and which points lie in solids.

    Both bounces reuse one set of cosine-distributed rays. Direct light is not in the result.
    """
    n_vertices, n_rays = len(samples.points), n_side * n_side
    face = np.empty((n_vertices, n_rays), dtype=np.int32)
    n_back = np.zeros(n_vertices)
    corners = mesh.corners
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward[~mesh.surfaces.is_solid[mesh.face_surface]] = 0.0
    outward = outward.astype(np.float32)
    at_once = max(1, _RAYS_AT_ONCE // n_rays)
    for first in range(0, n_vertices, at_once):
        chosen = slice(first, first + at_once)
        rays = _dome(samples.normals[chosen], n_side, rng)
        origins = np.repeat(samples.points[chosen], n_rays, axis=0)
        found = tracer.nearest(origins, rays.reshape(-1, 3)).face.reshape(rays.shape[:2])
        face[chosen] = found
        n_back[chosen] = (np.einsum("vrc,vrc->vr", outward[found], rays) > 0).sum(axis=1)
    albedo = mesh.surfaces.albedo[mesh.face_surface]
    bounced = np.zeros_like(direct)
    for _ in range(2):
        leaving = (direct + bounced)[mesh.faces].mean(axis=1) * albedo[:, None]
        # Rays that left the room through no wall have face -1: the last row.
        leaving = np.concatenate([leaving, np.full((1, _N_GROUPS, 3), _AMBIENT, np.float32)])
        bounced = np.zeros_like(direct)
        for ray in range(n_rays):
            bounced += leaving[face[:, ray]]
        bounced /= n_rays
    return bounced, n_back > _SOLID_SHARE * n_rays


def _dome(normals: Vectors, n_side: int, rng: np.random.Generator) -> Float32[np.ndarray, "v r 3"]:
    """Stratified cosine-distributed directions around each normal."""
    shape = (len(normals), n_side * n_side)
    cell = np.arange(n_side * n_side)
    u1 = ((cell % n_side + rng.random(shape)) / n_side).astype(np.float32)
    u2 = ((cell // n_side + rng.random(shape)) / n_side).astype(np.float32)
    helper = np.where(np.abs(normals[:, :1]) > 0.7, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    bitangent = np.cross(normals, helper.astype(np.float32))
    bitangent /= np.linalg.norm(bitangent, axis=1, keepdims=True)
    frames = np.stack([np.cross(bitangent, normals), bitangent, normals], axis=1)
    radius, angle = np.sqrt(u1), 2 * np.float32(np.pi) * u2
    local = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1 - u1)], axis=2)
    rays: Float32[np.ndarray, "v r 3"] = local @ frames
    return rays


def _fill(
    columns: Float64[np.ndarray, "v c"],
    known: Bool[np.ndarray, " v"],
    faces: Int64[np.ndarray, "f 3"],
) -> Float64[np.ndarray, "v c"]:
    """Give unknown vertices the mean of their known neighbours, three rings far."""
    for _ in range(3):
        if known.all():
            break
        of_face = known[faces].sum(axis=1)
        sums = np.where(known[faces][..., None], columns[faces], 0.0).sum(axis=1)
        near = _spread(np.column_stack([sums, of_face]), faces, len(known))
        found = ~known & (near[:, -1] > 0)
        columns[found] = near[found, :-1] / near[found, -1:]
        known = known | found
    return columns


def _spread(
    values: Float64[np.ndarray, "f c"], faces: Int64[np.ndarray, "f 3"], n_vertices: int
) -> Float64[np.ndarray, "v c"]:
    """Sum face values onto their vertices."""
    flat = np.repeat(values, 3, axis=0)
    index = faces.ravel()
    return np.stack(
        [np.bincount(index, weights=column, minlength=n_vertices) for column in flat.T], axis=1
    )
