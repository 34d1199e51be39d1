"""Color of what rays hit: baked light, patterns and highlights.

All tables are per face, so that one lookup serves a pixel; patterns and highlights are computed
for the pixels that have them only. Arrays run channel first: numpy is several times faster on
long rows than on rows of three. The GL member's shaders say the same (``gl_shaders``).
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float32, Int64

from synth.render.baked_room import BakedRoom
from synth.render.lights import AreaLight, Light, Lighting, light_weights
from synth.render.mesh import LIGHT_GROUPS
from synth.render.patterns import MIP_LEVELS, SIDE_TEXELS, pattern_atlas
from synth.render.tracer import Hits

SHININESS: Final = 64  # exponent of the highlight's edge
_SQUARINGS: Final = 5  # of a squared cosine: 2 * 2**5 = SHININESS
FACING_REFLECTANCE: Final = 0.06  # of a glossy surface seen straight on (Schlick)


Channels = Float32[np.ndarray, "c n"]
Row = Float32[np.ndarray, " n"]


class GlossLight(NamedTuple):
    """A light as highlights see it: a rectangle, or a ball.

    Attributes:
        axes: Rows are the direction a rectangle shines along and its half edges; zero for a ball.
        spread: 0 for a rectangle; for a ball its squared radius over the solid angle of the
            highlight's edge: small bulbs have dim highlights.
    """

    middle: Float32[np.ndarray, "3"]
    axes: Float32[np.ndarray, "3 3"]
    radiance: Float32[np.ndarray, "3"]
    spread: float = 0.0


def gloss_lights(baked: BakedRoom, lighting: Lighting) -> tuple[GlossLight, ...]:
    """Return the lights whose mirror image glossy surfaces show, exposed."""
    weights, exposure = light_weights(lighting), baked.exposure(lighting)
    found = []
    for light in baked.lights:
        radiance = light.radiance * weights[LIGHT_GROUPS.index(light.group)] * exposure
        if radiance.max() > 0:
            found.append(_gloss_light(light, radiance.astype(np.float32)))
    return tuple(found)


def _gloss_light(light: Light, radiance: Float32[np.ndarray, "3"]) -> GlossLight:
    if not isinstance(light, AreaLight):
        spread = light.radius_m**2 * (SHININESS + 2) / 2
        zero = np.zeros((3, 3), dtype=np.float32)
        return GlossLight(light.center.astype(np.float32), zero, radiance, spread)
    u, v = light.u / 2, light.v / 2
    facing = np.cross(u, v)
    axes = np.stack([facing / np.linalg.norm(facing), u, v]).astype(np.float32)
    return GlossLight((light.corner + u + v).astype(np.float32), axes, radiance)


class _Textures(NamedTuple):
    uv: Float32[np.ndarray, "6 f"]  # a ramp, in pictures of the pattern
    layer: Int64[np.ndarray, " f"]
    contrast: Float32[np.ndarray, " f"]
    texels_per_m: Float32[np.ndarray, " f"]


class _Gloss(NamedTuple):
    normal: Float32[np.ndarray, "9 f"]  # a ramp of unit normals
    weight: Float32[np.ndarray, "3 f"]  # a ramp of gloss times open share


class View(NamedTuple):
    """A camera as shading sees it; made by ``Shader.view``."""

    eye: Float32[np.ndarray, "3"]
    focal_px: float
    plane_m: Float32[np.ndarray, " f"]  # distance of the eye from the plane of each face


class Shader:
    """Colors of one room in one light."""

    def __init__(self, baked: BakedRoom, lighting: Lighting) -> None:
        mesh, table = baked.mesh, baked.mesh.surfaces
        self._color = _ramp(baked.vertex_color(lighting)[mesh.faces])
        gloss = table.gloss[mesh.face_surface]
        self._is_glossy = gloss > 0
        self._lights = gloss_lights(baked, lighting)
        normals = mesh.normals.astype(np.float32)[mesh.faces]
        self._is_curved = np.ptp(normals, axis=1).max(axis=1) > 0
        weight = gloss[:, None] * baked.open_share[mesh.faces]
        self._gloss = _Gloss(_ramp(normals), _ramp(weight[..., None]))
        layer = table.pattern[mesh.face_surface].astype(np.int64)
        self._is_patterned = layer > 0
        self._textures = _Textures(
            _ramp(mesh.uv.astype(np.float32)[mesh.faces]),
            layer,
            table.contrast[mesh.face_surface],
            (SIDE_TEXELS / table.picture_m)[mesh.face_surface],
        )
        corners = mesh.corners
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        self._planes = normal.astype(np.float32)
        self._offsets = np.einsum("fc,fc->f", normal, corners[:, 0]).astype(np.float32)

    def view(self, eye: Float32[np.ndarray, "3"], focal_px: float) -> View:
        """Prepare for a camera at ``eye``."""
        distance = np.maximum(np.abs(self._offsets - self._planes @ eye), np.float32(1e-4))
        return View(eye, focal_px, distance)

    def shade(
        self, hits: Hits, directions: Float32[np.ndarray, "n 3"], view: View
    ) -> Float32[np.ndarray, "3 n"]:
        """Return the exposed linear light along rays; black where nothing was hit."""
        color = _at(self._color, hits)
        patterned = np.flatnonzero(self._is_patterned.take(hits.face, mode="wrap"))
        if len(patterned):
            color[:, patterned] *= self._pattern(_take(hits, patterned), view)
        glossy = np.flatnonzero(self._is_glossy.take(hits.face, mode="wrap"))
        if len(glossy) and self._lights:
            rays = np.ascontiguousarray(directions.take(glossy, axis=0).T)
            color[:, glossy] += self._highlight(_take(hits, glossy), rays, view)
        missed = hits.face < 0
        if missed.any():
            color[:, missed] = 0.0
        return color

    def _pattern(self, hits: Hits, view: View) -> Float32[np.ndarray, "3 n"]:
        """Return the pattern's factor: nearest texel on the level of the pixel's footprint."""
        textures, face = self._textures, hits.face
        texels = hits.distance * textures.texels_per_m.take(face)
        texels *= np.float32(1 / view.focal_px)
        nearest = np.rint(pattern_level(texels, hits.distance / view.plane_m.take(face)))
        nearest = nearest.astype(np.int64)
        side = SIDE_TEXELS >> nearest
        u, v = _at(textures.uv, hits)
        x = np.floor(u * side).astype(np.int64) & (side - 1)
        y = np.floor(v * side).astype(np.int64) & (side - 1)
        atlas = pattern_atlas()
        row = atlas.start.take(nearest) + (textures.layer.take(face) * side + y) * side + x
        factor = atlas.texels.take(row, axis=1)
        factor -= np.float32(1.0)
        factor *= textures.contrast.take(face)
        factor += np.float32(1.0)
        return np.asarray(np.maximum(factor, np.float32(0.0), out=factor))

    def _highlight(
        self, hits: Hits, rays: Float32[np.ndarray, "3 n"], view: View
    ) -> Float32[np.ndarray, "3 n"]:
        """Return the mirror images of the lights, with soft edges."""
        normal = self._gloss.normal[:3].take(hits.face, axis=1)
        curved = np.flatnonzero(self._is_curved.take(hits.face))
        if len(curved):
            bent = _at(self._gloss.normal, _take(hits, curved))
            normal[:, curved] = bent / np.sqrt(_dot(bent, bent))
        points = rays * hits.distance
        points += view.eye[:, None]
        squared = _dot(rays, rays)
        facing = _dot(rays, normal)
        normal *= -2 * facing
        normal += rays  # the mirrored ray, as long as the ray
        total = np.zeros_like(rays)
        for light in self._lights:
            lobe = _lobe(light, points, normal, squared)
            for channel, radiance in enumerate(light.radiance):
                total[channel] += lobe * radiance
        grazing = 1 - np.minimum(np.abs(facing) / np.sqrt(squared), np.float32(1.0))
        fresnel = grazing * grazing
        fresnel *= fresnel * grazing
        fresnel *= np.float32(1 - FACING_REFLECTANCE)
        fresnel += np.float32(FACING_REFLECTANCE)
        total *= fresnel * _at(self._gloss.weight, hits)
        return np.asarray(total)


def pattern_level(texels: Row, slant: Row) -> Row:
    """Return the mip level of a pixel.

    Args:
        texels: Width of the pixel on a surface that faces it.
        slant: How often longer it is on the real surface; half of that (as a power) is blurred.
    """
    level = np.log2(np.maximum(texels * texels * slant, np.float32(1.0)))
    level *= np.float32(0.5)
    return np.asarray(np.minimum(level, np.float32(MIP_LEVELS - 1)))


def _lobe(
    light: GlossLight,
    points: Float32[np.ndarray, "3 n"],
    mirrored: Float32[np.ndarray, "3 n"],
    squared: Row,
) -> Row:
    """How much of a light a mirrored ray sees: 1 inside its image, falling off around it.

    Args:
        light: Seen in the mirror.
        points: Where the rays start.
        mirrored: Their directions.
        squared: The squares of their lengths.
    """
    to_middle = light.middle[:, None] - points
    cosine, away = _dot(to_middle, mirrored), _dot(to_middle, to_middle)
    if light.spread:
        seen = np.minimum(np.float32(light.spread) / away, np.float32(1.0))
        return np.asarray(_sharpened(cosine, away * squared) * seen)
    on_middle, on_mirrored = light.axes @ to_middle, light.axes @ mirrored
    reach = on_middle[0] / np.minimum(on_mirrored[0], np.float32(-1e-4))
    for k in (1, 2):  # along both edges
        length = light.axes[k] @ light.axes[k]
        share = reach * on_mirrored[k]
        share -= on_middle[k]
        share *= 1 / length
        np.maximum(share, np.float32(-1.0), out=share)
        np.minimum(share, np.float32(1.0), out=share)
        # From the middle of the light to the point of it that the ray comes nearest to.
        cosine += share * on_mirrored[k]
        away += share * (2 * on_middle[k] + share * length)
    cosine[on_mirrored[0] > 0] = 0.0
    return _sharpened(cosine, away * squared)


def _sharpened(cosine: Row, scale: Row) -> Row:
    """Return (cosine / sqrt(scale)) to the power of the shininess, 0 behind."""
    np.maximum(cosine, np.float32(0.0), out=cosine)
    lobe = cosine * cosine
    lobe /= scale
    for _ in range(_SQUARINGS):
        lobe *= lobe
    return np.asarray(lobe)


def _dot(first: Float32[np.ndarray, "3 n"], second: Float32[np.ndarray, "3 n"]) -> Row:
    total = first[0] * second[0]
    total += first[1] * second[1]
    total += first[2] * second[2]
    return np.asarray(total)


def _ramp(corners: Float32[np.ndarray, "f 3 c"]) -> Float32[np.ndarray, "c3 f"]:
    """Turn corner values into value and slopes: one column per face."""
    first = corners[:, 0]
    rows = np.concatenate([first, corners[:, 1] - first, corners[:, 2] - first], axis=1)
    return np.ascontiguousarray(rows.T)


def _at(ramp: Float32[np.ndarray, "c3 f"], hits: Hits) -> Channels:
    """Interpolate corner values on the faces that were hit."""
    columns = ramp.take(hits.face, axis=1, mode="wrap")
    n = len(ramp) // 3
    value, along_u, along_v = columns[:n], columns[n : 2 * n], columns[2 * n :]
    along_u *= hits.u
    along_v *= hits.v
    value += along_u
    value += along_v
    return np.asarray(value)


def _take(hits: Hits, chosen: Int64[np.ndarray, " m"]) -> Hits:
    return Hits(*(column.take(chosen) for column in hits))
