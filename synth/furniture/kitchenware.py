"""Crockery, bottles and pots."""

from typing import Final

from synth.furniture.build import Kind, Model, Order

_MAKERS: Final = "typical manufacturers' range"


def _mug(o: Order) -> Model:
    """A cup with a handle on its right."""
    d = o.d
    cup = o.part((0.0, d), (0.0, d), (0.0, o.h - 0.003), o.look.main, "cylinder")
    rim = o.part((0.006, d - 0.006), (0.006, d - 0.006), (o.h - 0.003, o.h), o.look.second,
                 "cylinder")  # fmt: skip
    handle = o.part((d * 0.9, o.w), (d / 2 - 0.006, d / 2 + 0.006), (o.h * 0.25, o.h * 0.75),
                    o.look.main)  # fmt: skip
    return Model((cup, rim, handle))


def _bowl(o: Order) -> Model:
    foot = o.disc(o.w * 0.5, (0.0, o.h * 0.3), o.look.main)
    body = o.block((o.h * 0.3, o.h), o.look.main, "cylinder")
    return Model((foot, body))


def _fruit_bowl(o: Order) -> Model:
    """A bowl with five round fruits that rise above its rim."""
    rim = o.h * 0.55
    parts = [
        o.disc(o.w * 0.5, (0.0, rim * 0.3), o.look.main),
        o.block((rim * 0.3, rim), o.look.main, "cylinder"),
    ]
    r = o.w * 0.15
    for i, (x, y) in enumerate(((0.3, 0.35), (0.66, 0.3), (0.7, 0.66), (0.35, 0.7), (0.5, 0.5))):
        top = o.h if i == 4 else rim + r
        fruit = o.look.second if i % 2 else o.look.accent
        cx, cy = x * o.w, y * o.d
        parts.append(
            o.part((cx - r, cx + r), (cy - r, cy + r), (top - 2 * r, top), fruit, "sphere")
        )  # fmt: skip
    return Model(tuple(parts))


def _plate(o: Order) -> Model:
    return Model(
        (
            o.disc(o.w * 0.6, (0.0, o.h * 0.5), o.look.main),
            o.block((o.h * 0.5, o.h), o.look.main, "cylinder"),
        )
    )


def _bottle(o: Order) -> Model:
    body = o.block((0.0, o.h * 0.62), o.look.main, "cylinder")
    shoulder = o.part((0.0, o.w), (0.0, o.d), (o.h * 0.52, o.h * 0.76), o.look.main, "sphere")
    neck = o.disc(o.w * 0.38, (o.h * 0.6, o.h), o.look.main)
    label = o.disc(o.w * 0.999, (o.h * 0.2, o.h * 0.45), o.look.accent)
    return Model((body, shoulder, neck, label))


def _kettle(o: Order) -> Model:
    d = o.d
    body = o.part((0.0, d), (0.0, d), (0.0, o.h * 0.88), o.look.main, "cylinder")
    lid = o.part((d * 0.2, d * 0.8), (d * 0.2, d * 0.8), (o.h * 0.88, o.h), o.look.second, "sphere")
    grip = o.part((d * 0.96, o.w), (d / 2 - 0.012, d / 2 + 0.012), (o.h * 0.2, o.h * 0.85),
                  o.look.second)  # fmt: skip
    return Model((body, lid, grip))


def _pot(o: Order) -> Model:
    x = (0.04, o.w - 0.04)
    body = o.part(x, (0.0, o.d), (0.0, o.h * 0.82), o.look.main, "cylinder")
    lid = o.part(x, (0.0, o.d), (o.h * 0.82, o.h * 0.88), o.look.accent, "cylinder")
    knob = o.disc(0.04, (o.h * 0.88, o.h), o.look.second)
    y = (o.d / 2 - 0.03, o.d / 2 + 0.03)
    grips = [
        o.part(g, y, (o.h * 0.6, o.h * 0.68), o.look.second)
        for g in ((0.0, 0.05), (o.w - 0.05, o.w))
    ]
    return Model((body, lid, knob, *grips))


KINDS: Final = (
    Kind(
        name="mug", width_m=(0.11, 0.13), depth_m=(0.08, 0.095), height_m=(0.085, 0.11),
        source=_MAKERS, rests="top",
        coats=("accent", "dark", "accent"), build=_mug,
    ),
    Kind(
        name="bowl", width_m=(0.14, 0.26), depth_m=(0.14, 0.26), height_m=(0.06, 0.11),
        source=_MAKERS, rests="top",
        coats=("ceramic", "ceramic", "ceramic"), build=_bowl,
        upright=True,
    ),
    Kind(
        name="fruit bowl", width_m=(0.24, 0.34), depth_m=(0.24, 0.34), height_m=(0.16, 0.22),
        source=_MAKERS, rests="top",
        coats=("ceramic", "accent", "leaf"), build=_fruit_bowl,
        upright=True,
    ),
    Kind(
        name="plate", width_m=(0.2, 0.28), depth_m=(0.2, 0.28), height_m=(0.018, 0.028),
        source=_MAKERS, rests="top",
        coats=("ceramic", "ceramic", "ceramic"), build=_plate,
        upright=True,
    ),
    Kind(
        name="bottle", width_m=(0.06, 0.09), depth_m=(0.06, 0.09), height_m=(0.22, 0.33),
        source=_MAKERS + " (0.5-1 l)", rests="top",
        coats=("glass", "glass", "paper"), build=_bottle,
        upright=True,
    ),
    Kind(
        name="kettle", width_m=(0.2, 0.24), depth_m=(0.14, 0.17), height_m=(0.2, 0.26),
        source=_MAKERS, rests="top",
        coats=("steel", "dark", "dark"), build=_kettle,
    ),
    Kind(
        name="pot", width_m=(0.26, 0.36), depth_m=(0.18, 0.26), height_m=(0.14, 0.22),
        source=_MAKERS, rests="top",
        coats=("steel", "dark", "metal"), build=_pot,
    ),
)  # fmt: skip
