"""The member for large pictures: OpenGL over EGL, by moderngl; truth still comes from Embree.

It draws the same vertex colors, patterns and highlights as ``synth.render.shading`` (the shaders
repeat its formulas), smoothed by four samples a pixel. Needs a GL driver; a software one will do.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int32, UInt8

from synth.cameras import Intrinsics
from synth.poses import Pose, invert
from synth.render.baked_room import BakedRoom
from synth.render.embree import EmbreeRenderer
from synth.render.gl_context import current_context
from synth.render.gl_shaders import MAX_LIGHTS
from synth.render.lights import Lighting
from synth.render.patterns import SIDE_TEXELS
from synth.render.renderer import FrameTruth, RenderedFrame
from synth.render.shading import GlossLight, gloss_lights
from synth.render.tone import encode_half

if TYPE_CHECKING:
    import moderngl

_NEAR_M: Final = 0.02
_FLOATS: Final = {"middle": 3, "axes": 9, "radiance": 3, "spread": 1}  # a light, in the shaders


class _Drawable(NamedTuple):
    """A room in one light, on the GL side."""

    color: "moderngl.Buffer"
    picture: "moderngl.VertexArray"
    uniforms: Mapping[str, bytes]
    n_lights: int


class GlRenderer:
    """Draws a baked room by OpenGL.

    Args:
        baked: The room and its light.

    Raises:
        RendererMissingError: moderngl or a GL driver is not installed.
    """

    def __init__(self, baked: BakedRoom) -> None:
        self._baked = baked
        self._embree = EmbreeRenderer(baked)
        self._context = current_context()
        mesh, table = baked.mesh, baked.mesh.surfaces
        of_vertex = mesh.vertex_surface
        corners = mesh.vertices.astype(np.float32)
        look = np.column_stack(
            [
                table.pattern,
                table.contrast,
                SIDE_TEXELS / table.picture_m,
                table.gloss,
            ]
        )[of_vertex]
        look[:, 3] *= baked.open_share
        columns = (corners, mesh.normals, mesh.uv, look)
        gl = self._context.gl
        self._surface = gl.buffer(np.column_stack(columns).astype(np.float32).tobytes())
        self._ids = gl.buffer(table.instance[of_vertex].astype(np.int32).tobytes())
        self._faces = gl.buffer(mesh.faces.astype(np.int32).tobytes())
        self._id_map = gl.vertex_array(
            self._context.ids,
            [(self._surface, "3f 36x", "position"), (self._ids, "1i", "instance")],
            self._faces,
        )
        self._drawables: dict[Lighting, _Drawable] = {}
        low, high = corners.min(axis=0), corners.max(axis=0)
        self._far_m = float(np.linalg.norm(high - low)) + 1.0

    def render(
        self, c2w: Pose, intrinsics: Intrinsics, lighting: Lighting = "as_furnished"
    ) -> RenderedFrame:
        """Draw one frame; its z-depth and instance ids are Embree's."""
        if lighting not in self._drawables:
            self._drawables[lighting] = self._drawable(lighting)
        drawable, program = self._drawables[lighting], self._context.picture
        for name, value in drawable.uniforms.items():
            program[name].write(value)
        program["n_lights"].value = drawable.n_lights
        program["eye"].write(c2w[:3, 3].astype(np.float32).tobytes())
        program["forward"].write(c2w[:3, 2].astype(np.float32).tobytes())
        program["focal_px"].value = intrinsics.fx
        program["clip_from_world"].write(self._clip_from_world(c2w, intrinsics))
        half = self._context.draw_picture(drawable.picture, intrinsics.width, intrinsics.height)
        rgb: UInt8[np.ndarray, "h w 3"] = encode_half(half)
        return RenderedFrame(rgb, *self.truth(c2w, intrinsics))

    def truth(self, c2w: Pose, intrinsics: Intrinsics) -> FrameTruth:
        """Return z-depth and instance ids at pixel centers."""
        return self._embree.truth(c2w, intrinsics)

    def drawn_instances(self, c2w: Pose, intrinsics: Intrinsics) -> Int32[np.ndarray, "h w"]:
        """Return instance ids as OpenGL sees them, to hold against the truth."""
        self._context.ids["clip_from_world"].write(self._clip_from_world(c2w, intrinsics))
        return self._context.draw_ids(self._id_map, intrinsics.width, intrinsics.height)

    def close(self) -> None:
        """Give the buffers back to the driver; the renderer draws no more after that."""
        for drawable in self._drawables.values():
            drawable.picture.release()
            drawable.color.release()
        for held in (self._id_map, self._surface, self._ids, self._faces):
            held.release()
        self._drawables.clear()

    def _drawable(self, lighting: Lighting) -> _Drawable:
        gl = self._context.gl
        color = gl.buffer(self._baked.vertex_color(lighting).tobytes())
        picture = gl.vertex_array(
            self._context.picture,
            [
                (self._surface, "3f 3f 2f 4f", "position", "normal", "uv", "look"),
                (color, "3f", "color"),
            ],
            self._faces,
        )
        lights = gloss_lights(self._baked, lighting)[:MAX_LIGHTS]
        uniforms = {f"light_{name}": _packed(lights, name) for name in _FLOATS}
        return _Drawable(color, picture, uniforms, len(lights))

    def _clip_from_world(self, c2w: Pose, intrinsics: Intrinsics) -> bytes:
        """Pinhole to clip space; y stays down, so that row 0 is read first."""
        k, near, far = intrinsics, _NEAR_M, self._far_m
        clip_from_camera: Float64[np.ndarray, "4 4"] = np.array(
            [
                [2 * k.fx / k.width, 0.0, 2 * k.cx / k.width - 1, 0.0],
                [0.0, 2 * k.fy / k.height, 2 * k.cy / k.height - 1, 0.0],
                [0.0, 0.0, (far + near) / (far - near), -2 * far * near / (far - near)],
                [0.0, 0.0, 1.0, 0.0],
            ]
        )
        return bytes((clip_from_camera @ invert(c2w)).T.astype(np.float32).tobytes())


def _packed(lights: tuple[GlossLight, ...], name: str) -> bytes:
    """One uniform array of all lights, filled up with zeros."""
    values = np.array([getattr(light, name) for light in lights], dtype=np.float32)
    return bytes(values.tobytes().ljust(MAX_LIGHTS * _FLOATS[name] * 4, b"\0"))
