"""What lights a room: windows, ceiling panels and bulbs, and how their light is mixed.

Light adds up, so it is baked once for each group; turning lamps off or drawing on a darker sky
is then a weighted sum.
"""

from dataclasses import replace
from typing import Final, Literal, NamedTuple, assert_never

import numpy as np
from jaxtyping import Float64

from synth.render.mesh import LIGHT_GROUPS, LightGroup
from synth.render.shell import flat_on_wall, opening_rectangle, wall_frame
from synth.rooms.room import Room

Lighting = Literal["as_furnished", "daylight", "evening"]
_WINDOW_OFF_M: Final = 0.03  # light starts this far in front of the wall
_CEILING_OFF_M: Final = 0.01
_DUSK: Final = np.array([0.05, 0.06, 0.09])  # of the daylight that is left in the evening


class AreaLight(NamedTuple):
    """A rectangle that sends light along ``u x v``; metres, linear RGB."""

    group: LightGroup
    corner: Float64[np.ndarray, "3"]
    u: Float64[np.ndarray, "3"]
    v: Float64[np.ndarray, "3"]
    radiance: Float64[np.ndarray, "3"]


class SphereLight(NamedTuple):
    """A ball that sends light everywhere."""

    group: LightGroup
    center: Float64[np.ndarray, "3"]
    radius_m: float
    radiance: Float64[np.ndarray, "3"]


Light = AreaLight | SphereLight


def room_lights(room: Room) -> tuple[Light, ...]:
    """Return every window, ceiling panel and bulb of a room as a light."""
    lights: list[Light] = []
    for opening in room.openings:
        if opening.kind == "window":
            quad = flat_on_wall(
                wall_frame(room, opening.wall), opening_rectangle(room, opening), _WINDOW_OFF_M
            )
            lights.append(
                AreaLight("daylight", quad.corner[0], quad.u[0], quad.v[0], np.array(room.daylight))
            )
    for panel in room.ceiling_lights:
        side, height = panel.side_m, room.height_m - _CEILING_OFF_M
        corner = np.array([panel.x_m - side / 2, panel.y_m - side / 2, height])
        u, v = np.array([0.0, side, 0.0]), np.array([side, 0.0, 0.0])
        lights.append(AreaLight("ceiling", corner, u, v, np.array(panel.radiance)))
    for bulb in room.bulbs:
        center = np.array([bulb.x_m, bulb.y_m, bulb.z_m])
        lights.append(SphereLight("lamps", center, bulb.radius_m, np.array(bulb.radiance)))
    return tuple(lights)


def relit(room: Room, lighting: Lighting) -> Room:
    """Return a room with only the lights that are on, as its description should have it."""
    daylight, ceiling, lamps = light_weights(lighting)
    red, green, blue = (float(w * d) for w, d in zip(daylight, room.daylight, strict=True))
    return replace(
        room,
        daylight=(red, green, blue),
        ceiling_lights=room.ceiling_lights if ceiling.any() else (),
        bulbs=room.bulbs if lamps.any() else (),
    )


def light_weights(lighting: Lighting) -> Float64[np.ndarray, "groups 3"]:
    """Return the RGB factor on each group of ``LIGHT_GROUPS``."""
    weights = np.ones((len(LIGHT_GROUPS), 3))
    match lighting:
        case "as_furnished":
            pass
        case "daylight":
            weights[LIGHT_GROUPS.index("ceiling")] = 0.0
            weights[LIGHT_GROUPS.index("lamps")] = 0.0
        case "evening":
            weights[LIGHT_GROUPS.index("daylight")] = _DUSK
        case _:
            assert_never(lighting)
    return weights
