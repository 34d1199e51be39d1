"""Screens, computers and other devices."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on

_MAKERS: Final = "typical manufacturers' range"


def _television(o: Order) -> Model:
    """A thin panel on two feet; the picture is off."""
    y = o.d / 2
    panel = o.part((0.0, o.w), (y - 0.02, y + 0.02), (0.06, o.h), o.look.main)
    glass = o.part((0.012, o.w - 0.012), (y - 0.024, y - 0.02), (0.075, o.h - 0.012), o.look.second)
    feet = [
        o.part((x - 0.015, x + 0.015), (0.0, o.d), (0.0, 0.06), o.look.accent)
        for x in (o.w * 0.2, o.w * 0.8)
    ]
    return Model((panel, glass, *feet))


def _monitor(o: Order) -> Model:
    x, y = o.w / 2, o.d / 2
    parts = (
        o.part((x - 0.12, x + 0.12), (0.0, o.d), (0.0, 0.015), o.look.accent),
        o.part((x - 0.025, x + 0.025), (y + 0.02, y + 0.05), (0.015, o.h * 0.6), o.look.accent),
        o.part((0.0, o.w), (y - 0.02, y + 0.02), (o.h * 0.22, o.h), o.look.main),
        o.part((0.01, o.w - 0.01), (y - 0.024, y - 0.02), (o.h * 0.24, o.h - 0.01), o.look.second),
    )
    return Model(parts)


def _laptop(o: Order) -> Model:
    """Open at a right angle: keyboard below, screen at the back."""
    parts = (
        o.part((0.0, o.w), (0.0, o.d), (0.0, 0.018), o.look.main),
        o.part((0.02, o.w - 0.02), (o.d * 0.35, o.d * 0.9), (0.018, 0.021), o.look.accent),
        o.part((0.0, o.w), (o.d - 0.012, o.d), (0.018, o.h), o.look.main),
        o.part((0.01, o.w - 0.01), (o.d - 0.016, o.d - 0.012), (0.03, o.h - 0.01), o.look.second),
    )
    return Model(parts)


def _keyboard(o: Order) -> Model:
    plate = o.block((0.0, o.h * 0.6), o.look.main)
    keys = o.part((0.01, o.w - 0.01), (0.01, o.d - 0.01), (o.h * 0.6, o.h), o.look.second)
    return Model((plate, keys))


def _computer(o: Order) -> Model:
    body = o.part((0.0, o.w), (0.01, o.d), (0.0, o.h), o.look.main)
    front = o.part((0.01, o.w - 0.01), (0.0, 0.01), (0.02, o.h - 0.02), o.look.second)
    return Model((body, front), (surface_on(body, rim_m=0.01),))


def _printer(o: Order) -> Model:
    parts = (
        o.part((0.0, o.w), (0.08, o.d), (0.0, o.h - 0.03), o.look.main),
        o.part((0.04, o.w - 0.04), (0.10, o.d - 0.04), (o.h - 0.03, o.h), o.look.second),
        o.part((o.w * 0.15, o.w * 0.85), (0.0, 0.08), (o.h * 0.3, o.h * 0.36), o.look.accent),
    )
    return Model(parts)


def _speaker(o: Order) -> Model:
    """A box with two round cones, flat ellipsoids on its front."""
    x = o.w / 2
    parts = [o.part((0.0, o.w), (0.01, o.d), (0.0, o.h), o.look.main)]
    for z, r in ((0.3, 0.36), (0.74, 0.22)):
        radius = r * o.w
        parts.append(
            o.part((x - radius, x + radius), (0.0, 0.02), (z * o.h - radius, z * o.h + radius),
                   o.look.second, "sphere")
        )  # fmt: skip
    return Model(tuple(parts), (surface_on(parts[0], rim_m=0.01),))


def _remote(o: Order) -> Model:
    body = o.block((0.0, o.h * 0.8), o.look.main)
    keys = o.part((o.w * 0.2, o.w * 0.8), (o.d * 0.2, o.d * 0.9), (o.h * 0.8, o.h), o.look.second)
    return Model((body, keys))


KINDS: Final = (
    Kind(
        name="television", width_m=(0.90, 1.45), depth_m=(0.20, 0.28), height_m=(0.58, 0.89),
        source="16:9 panels of 40-65 inches (0.89-1.44 m wide) plus foot", rests="top",
        coats=("dark", "screen", "dark"), build=_television,
    ),
    Kind(
        name="monitor", width_m=(0.49, 0.72), depth_m=(0.17, 0.24), height_m=(0.38, 0.52),
        source="16:9 panels of 22-32 inches (0.49-0.71 m wide) plus foot", rests="top",
        coats=("dark", "screen", "metal"), build=_monitor,
    ),
    Kind(
        name="laptop", width_m=(0.30, 0.38), depth_m=(0.21, 0.26), height_m=(0.20, 0.25),
        source=_MAKERS + ", 13-17 inches", rests="top", coats=("metal", "screen", "dark"),
        build=_laptop,
    ),
    Kind(
        name="keyboard", width_m=(0.36, 0.45), depth_m=(0.12, 0.15), height_m=(0.018, 0.03),
        source="ISO/IEC 9995 layout at 19 mm a key", rests="top",
        coats=("dark", "plastic", "dark"), build=_keyboard,
    ),
    Kind(
        name="computer", width_m=(0.17, 0.22), depth_m=(0.38, 0.46), height_m=(0.36, 0.46),
        source=_MAKERS + ", ATX towers", rests="floor", coats=("dark", "plastic", "dark"),
        build=_computer,
    ),
    Kind(
        name="printer", width_m=(0.38, 0.48), depth_m=(0.34, 0.42), height_m=(0.16, 0.30),
        source=_MAKERS + " (A4)", rests="top", coats=("plastic", "dark", "paper"), build=_printer,
    ),
    Kind(
        name="speaker", width_m=(0.13, 0.20), depth_m=(0.16, 0.24), height_m=(0.24, 0.36),
        source=_MAKERS, rests="top", coats=("wood", "dark", "dark"), build=_speaker,
    ),
    Kind(
        name="remote control", width_m=(0.045, 0.055), depth_m=(0.15, 0.19),
        height_m=(0.018, 0.025), source=_MAKERS, rests="top", coats=("dark", "plastic", "dark"),
        build=_remote,
    ),
)  # fmt: skip
