"""A room ready to be filmed: its triangles and the light on them. Both members draw from it."""

from typing import Final, Literal

import numpy as np
from jaxtyping import Float32

from synth.render.bake import FINE, BakeQuality, bake
from synth.render.lights import Lighting, light_weights, room_lights
from synth.render.mesh import MeshBuilder
from synth.render.shapes import add_objects
from synth.render.shell import add_shell
from synth.render.tracer import Tracer
from synth.rooms.room import Room
from synth.scene import BACKGROUND_ID
from synth.seeding import rng_for

_EXPOSURE: Final = 1.9
_USUAL: Final = (0.055, 0.27)  # mean luminance of walls, floor and ceiling that needs no adaptation
_DARK: Final = 0.008
_ADAPTATION: Final = 0.85  # how far the camera makes up for more or less: 0 not at all, 1 wholly
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)  # Rec. 709
_FINE_FROM_PX: Final = 300

Detail = Literal["coarse", "fine"]


def detail_for(width: int, height: int) -> Detail:
    """Return the grid of light that serves frames of a size: fine ones show its cells."""
    return "fine" if max(width, height) > _FINE_FROM_PX else "coarse"


class BakedRoom:
    """A room with its light.

    Args:
        room: What to draw.
        detail: ``"coarse"`` serves frames up to 256 px, ``"fine"`` larger ones.
    """

    def __init__(self, room: Room, *, detail: Detail = "coarse") -> None:
        quality = FINE if detail == "fine" else BakeQuality()
        builder = MeshBuilder(quality.step_m)
        add_shell(builder, room)
        add_objects(builder, room.objects)
        self.mesh = builder.build()
        self.lights = room_lights(room)
        table = self.mesh.surfaces
        # Panes are no obstacle anyway: their light starts in front of them.
        is_shade = (table.glow > 0).any(axis=1) & (table.instance != BACKGROUND_ID)
        self.tracer = Tracer(self.mesh.corners, ~is_shade[self.mesh.face_surface])
        # Fixed, not the run's seed: the rays only sample the light, and the light of one room
        # must not differ between runs.
        rng = rng_for(0, room.scene_id, "bake")
        self._light = bake(self.mesh, self.tracer, self.lights, quality, rng)

    @property
    def open_share(self) -> Float32[np.ndarray, " v"]:
        """Share of the direct light that reaches each vertex."""
        return self._light.open_share

    def brightness(self, lighting: Lighting) -> float:
        """Return the mean luminance of walls, floor and ceiling, before exposure."""
        table, mesh = self.mesh.surfaces, self.mesh
        is_shell = (table.instance == BACKGROUND_ID) & (table.glow <= 0).all(axis=1)
        chosen = is_shell[mesh.face_surface]
        corners = mesh.corners[chosen]
        area = np.linalg.norm(
            np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
        )
        leaving = self._leaving(lighting)[mesh.faces[chosen]].mean(axis=1) @ _LUMINANCE
        return float(np.average(leaving, weights=area))

    def is_lit(self, lighting: Lighting) -> bool:
        """Whether a room can be filmed in a light: hallways may have no window, rooms no lamp."""
        return self.brightness(lighting) >= _DARK

    def exposure(self, lighting: Lighting) -> float:
        """Return the factor on linear light: fixed for usual rooms, adapted in bright or dark."""
        brightness = max(self.brightness(lighting), 1e-4)
        return float(_EXPOSURE * (np.clip(brightness, *_USUAL) / brightness) ** _ADAPTATION)

    def vertex_color(self, lighting: Lighting) -> Float32[np.ndarray, "v 3"]:
        """Return the exposed linear light that leaves every vertex, without patterns."""
        weights = light_weights(lighting).astype(np.float32)
        table = self.mesh.surfaces
        glow = table.glow * weights[table.lit_by]
        color = self._leaving(lighting) + glow[self.mesh.vertex_surface]
        return np.asarray(color * self.exposure(lighting), dtype=np.float32)

    def _leaving(self, lighting: Lighting) -> Float32[np.ndarray, "v 3"]:
        """Light that vertices reflect, before exposure."""
        weights = light_weights(lighting).astype(np.float32)
        light = np.einsum("gvc,gc->vc", self._light.irradiance, weights)
        return np.asarray(self.mesh.surfaces.albedo[self.mesh.vertex_surface] * light)
