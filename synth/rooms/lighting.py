"""Light of a furnished room: panels or lamps under the ceiling, daylight, bulbs in lamps."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from synth.rooms.building_site import Site
from synth.rooms.dressing import light_ceiling, middle_of
from synth.rooms.room import Bulb, CeilingLight, Radiance

_PANEL: Final[Radiance] = (13.0, 11.5, 9.5)
# Radiance of a lamp's bulb by category; chosen by eye against the ceiling panel.
_BULBS: Final[Mapping[str, float]] = {
    "ceiling lamp": 420.0, "floor lamp": 200.0, "lamp": 110.0, "wall lamp": 90.0,
}  # fmt: skip
_WARM: Final = (1.0, 0.84, 0.62)
_DAY: Final[Radiance] = (7.5, 8.2, 9.2)
_NIGHT: Final[Radiance] = (0.05, 0.07, 0.14)


def draw_ceiling(site: Site, *, evening: bool) -> tuple[CeilingLight, ...]:
    """Hang lamps, or fit flat panels; large rooms get two of either."""
    rng = site.rng
    xs, ys = [p[0] for p in site.outline], [p[1] for p in site.outline]
    n = 2 if (max(xs) - min(xs)) * (max(ys) - min(ys)) > 24 else 1
    if site.allows("ceiling lamp") and rng.random() < 0.45:
        before = len(site.pieces)
        light_ceiling(site, n)
        if len(site.pieces) > before:
            return ()
    x, y = middle_of(site)
    side, tint = float(rng.uniform(0.45, 0.8)), rng.uniform(0.85, 1.15, 3)
    strength = float(rng.uniform(0.8, 1.3)) * (0.64 / side**2) ** 0.7 * (0.8 if evening else 1.0)
    r, g, b = (float(c * t * strength) for c, t in zip(_PANEL, tint, strict=True))
    spots = [(x, y)] if n == 1 else _two_spots(site, x, y)
    return tuple(CeilingLight(x_m=px, y_m=py, side_m=side, radiance=(r, g, b)) for px, py in spots)


def _two_spots(site: Site, x: float, y: float) -> list[tuple[float, float]]:
    """Two places along the room's longer side that lie under its own ceiling."""
    xs, ys = [p[0] for p in site.outline], [p[1] for p in site.outline]
    span_x, span_y = max(xs) - min(xs), max(ys) - min(ys)
    dx, dy = (span_x / 5, 0.0) if span_x > span_y else (0.0, span_y / 5)
    spots = [(x + dx, y + dy), (x - dx, y - dy)]
    return spots if all(site.covers(*spot, 0.5) for spot in spots) else [(x, y)]


def draw_daylight(rng: np.random.Generator, *, evening: bool) -> Radiance:
    """Draw how bright and how warm the sky is."""
    strength = float(rng.uniform(0.55, 1.35))
    warm = float(rng.uniform(-0.12, 0.12))
    r, g, b = _NIGHT if evening else _DAY
    return (r * strength * (1 + warm), g * strength, b * strength * (1 - warm))


def draw_bulbs(site: Site, *, evening: bool) -> tuple[Bulb, ...]:
    """Lamps that are switched on: all that hang, the others mostly in the evening."""
    bulbs = []
    for piece in site.pieces:
        spot = piece.model.light
        if spot is None or piece.kind.name not in _BULBS:
            continue
        if piece.kind.name != "ceiling lamp" and site.rng.random() > (0.9 if evening else 0.35):
            continue
        x, y = piece.box.world(spot.center[0], spot.center[1])
        power = _BULBS[piece.kind.name] * (0.05 / spot.radius_m) ** 2
        r, g, b = (power * c for c in _WARM)
        z = (piece.box.z_low + piece.box.z_high) / 2 + spot.center[2]
        bulbs.append(
            Bulb(x_m=x, y_m=y, z_m=z, radius_m=spot.radius_m, radiance=(r, g, b))
        )  # fmt: skip
    return tuple(bulbs)
