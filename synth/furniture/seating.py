"""Chairs, sofas, stools and benches."""

from typing import Final

from synth.furniture.build import Kind, Model, Order, surface_on

_EN_SEAT: Final = "DIN EN 12520 / DIN EN 1729 (domestic seating, seat height 0.42-0.50 m)"
_MAKERS: Final = "typical manufacturers' range"
_CUSHIONS: Final = ("cushion",)


def _chair(o: Order) -> Model:
    """Four legs, a seat at about 0.46 m, and slats or a closed back."""
    look, seat_z = o.look, 0.46
    seat = o.block((seat_z - 0.045, seat_z), look.second)
    back_y = (o.d - 0.035, o.d)
    parts = [seat, *o.legs(seat_z - 0.045, 0.035, look.main)]
    if o.rng.random() < 0.5:
        parts.append(o.part((0.0, o.w), back_y, (seat_z, o.h), look.main))
    else:
        rails = ((0.0, 0.035), (o.w - 0.035, o.w))
        parts += [o.part(x, back_y, (seat_z, o.h), look.main) for x in rails]
        n_slats = int(o.rng.integers(1, 4))
        pitch = (o.h - seat_z - 0.08) / n_slats
        parts += [
            o.part((0.035, o.w - 0.035), back_y, (top - min(0.09, pitch * 0.7), top), look.main)
            for top in (o.h - pitch * i for i in range(n_slats))
        ]
    sitting = o.area((0.03, o.w - 0.03), (0.02, o.d - 0.04), seat_z)
    return Model(tuple(parts), (sitting,))


def _armchair(o: Order) -> Model:
    look, arm, back, foot = o.look, 0.14, 0.18, 0.10
    seat = o.part((arm, o.w - arm), (0.02, o.d - back), (0.26, 0.44), look.main)
    parts = [
        o.block((foot, 0.26), look.main),
        seat,
        o.part((0.0, o.w), (o.d - back, o.d), (0.26, o.h), look.main),
        o.part((0.0, arm), (0.0, o.d - back), (0.26, 0.62), look.main),
        o.part((o.w - arm, o.w), (0.0, o.d - back), (0.26, 0.62), look.main),
        *o.legs(foot, 0.05, look.accent),
    ]
    return Model(tuple(parts), (surface_on(seat, rim_m=0.02),))


def _sofa(o: Order) -> Model:
    """Two or three seat cushions between arms, back cushions of the same pitch."""
    look, arm, back, foot = o.look, 0.16, 0.20, 0.09
    n_seats = 2 if o.w < 1.75 else 3
    pitch = (o.w - 2 * arm) / n_seats
    parts = [
        o.block((foot, 0.25), look.main),
        o.part((0.0, o.w), (o.d - back, o.d), (0.25, o.h - 0.08), look.main),
        o.part((0.0, arm), (0.0, o.d - back), (0.25, 0.60), look.main),
        o.part((o.w - arm, o.w), (0.0, o.d - back), (0.25, 0.60), look.main),
        *o.legs(foot, 0.05, look.accent),
    ]
    seats = []
    for i in range(n_seats):
        x = (arm + i * pitch + 0.006, arm + (i + 1) * pitch - 0.006)
        seats.append(o.part(x, (0.01, o.d - back), (0.25, 0.44), look.main))
        parts.append(o.part(x, (o.d - back - 0.10, o.d - 0.02), (0.44, o.h), look.main))
    room_y = (o.d - back - 0.10) - 0.01
    surfaces = tuple(
        surface_on(seat, rim_m=0.02)._replace(
            center=(float(seat.center[0]), 0.01 + room_y / 2 - o.d / 2),
            half=(float(seat.size[0]) / 2 - 0.02, room_y / 2 - 0.02),
        )
        for seat in seats
    )
    return Model((*parts, *seats), surfaces)


def _corner_sofa(o: Order) -> Model:
    """A sofa with a chaise longue on its left: the low part reaches to the front."""
    look, arm, back, foot, chaise = o.look, 0.16, 0.20, 0.08, 0.90
    seat_d = 0.92  # of the sofa proper, back included
    front = o.d - seat_d
    parts = [
        o.part((0.0, o.w), (front, o.d), (foot, 0.25), look.main),
        o.part((0.0, chaise), (0.0, front), (foot, 0.25), look.main),
        o.part((0.0, o.w), (o.d - back, o.d), (0.25, o.h), look.main),
        o.part((o.w - arm, o.w), (front, o.d - back), (0.25, 0.58), look.main),
        o.part((0.0, arm), (front, o.d - back), (0.25, 0.58), look.main),
        o.part((0.0, 0.05), (0.0, 0.05), (0.0, foot), look.accent),
        o.part((o.w - 0.05, o.w), (o.d - 0.05, o.d), (0.0, foot), look.accent),
        o.part((0.0, 0.05), (o.d - 0.05, o.d), (0.0, foot), look.accent),
        o.part((o.w - 0.05, o.w), (front, front + 0.05), (0.0, foot), look.accent),
    ]
    middle = (chaise + o.w - arm) / 2
    lounge = o.part((arm, chaise - 0.006), (front, o.d - back), (0.25, 0.42), look.main)
    ends = ((chaise + 0.006, middle - 0.006), (middle + 0.006, o.w - arm))
    seats = [o.part(x, (front, o.d - back), (0.25, 0.42), look.main) for x in ends]
    foot_end = o.part((0.0, chaise - 0.006), (0.0, front), (0.25, 0.42), look.main)
    tops = tuple(surface_on(seat, rim_m=0.03) for seat in (lounge, *seats))
    return Model((*parts, lounge, *seats, foot_end), tops)


def _stool(o: Order) -> Model:
    seat = o.block((o.h - 0.04, o.h), o.look.second, "cylinder")
    reach, thick = o.w * 0.146, 0.03  # legs end inside the round seat
    inner = o.w - reach - thick
    legs = [
        o.part((x, x + thick), (y, y + thick), (0.0, o.h - 0.04), o.look.main)
        for x in (reach, inner)
        for y in (reach, inner)
    ]
    return Model((seat, *legs), (surface_on(seat, rim_m=0.01),))


def _bar_stool(o: Order) -> Model:
    seat_h = o.h - 0.16
    seat = o.block((seat_h - 0.05, seat_h), o.look.second)
    parts = (
        seat,
        o.part((0.0, o.w), (o.d - 0.03, o.d), (seat_h, o.h), o.look.second),
        o.disc(0.06, (0.03, seat_h - 0.05), o.look.main),
        o.disc(min(o.w, o.d) * 0.9, (0.0, 0.03), o.look.main),
        o.disc(0.26, (0.24, 0.26), o.look.main),
    )
    return Model(parts)


def _bench(o: Order) -> Model:
    seat = o.block((o.h - 0.05, o.h), o.look.main)
    ends = [
        o.part(x, (0.03, o.d - 0.03), (0.0, o.h - 0.05), o.look.main)
        for x in ((0.08, 0.13), (o.w - 0.13, o.w - 0.08))
    ]
    return Model((seat, *ends), (surface_on(seat, rim_m=0.03),))


def _office_chair(o: Order) -> Model:
    """A five-star foot drawn as a cross, a gas spring, a padded seat, arms and a high back."""
    look, seat_z, arm = o.look, 0.48, 0.05
    x, y = o.w / 2, o.d / 2
    parts = [
        o.part((0.02, o.w - 0.02), (y - 0.03, y + 0.03), (0.03, 0.08), look.accent),
        o.part((x - 0.03, x + 0.03), (0.02, o.d - 0.02), (0.03, 0.08), look.accent),
        o.disc(0.07, (0.08, seat_z - 0.09), look.accent),
        o.part((arm, o.w - arm), (0.0, o.d - 0.10), (seat_z - 0.09, seat_z), look.main),
        o.part((arm + 0.02, o.w - arm - 0.02), (o.d - 0.07, o.d), (seat_z, o.h), look.main),
        o.part(
            (x - 0.04, x + 0.04), (o.d - 0.12, o.d - 0.02), (seat_z - 0.05, seat_z), look.accent
        ),
    ]
    for lo in (0.0, o.w - arm):
        parts.append(o.part((lo, lo + arm), (0.10, o.d - 0.16), (0.64, 0.67), look.accent))
        parts.append(
            o.part((lo, lo + arm), (y - 0.03, y + 0.03), (seat_z - 0.06, 0.64), look.accent)
        )
    wheels = ((0.02, y), (o.w - 0.02, y), (x, 0.02), (x, o.d - 0.02))
    for cx, cy in wheels:
        lo_x, lo_y = min(max(cx - 0.025, 0.0), o.w - 0.05), min(max(cy - 0.025, 0.0), o.d - 0.05)
        parts.append(o.part((lo_x, lo_x + 0.05), (lo_y, lo_y + 0.05), (0.0, 0.03), look.accent))
    return Model(tuple(parts))


def _ottoman(o: Order) -> Model:
    top = o.block((0.04, o.h), o.look.main, "cylinder" if o.rng.random() < 0.5 else "box")
    return Model((top, o.disc(o.w * 0.7, (0.0, 0.04), o.look.accent)), (surface_on(top),))


def _bean_bag(o: Order) -> Model:
    """A heap: a wide low ellipsoid and a smaller one towards the back."""
    low = o.part((0.0, o.w), (0.0, o.d), (0.0, o.h * 0.72), o.look.main, "sphere")
    high = o.part(
        (o.w * 0.15, o.w * 0.85), (o.d * 0.35, o.d * 0.98), (o.h * 0.15, o.h), o.look.main, "sphere"
    )
    return Model((low, high))


KINDS: Final = (
    Kind(
        name="corner sofa", width_m=(2.30, 2.80), depth_m=(1.45, 1.75), height_m=(0.72, 0.90),
        source=_MAKERS, rests="floor", coats=("fabric", "fabric", "wood"), build=_corner_sofa,
        front_m=0.45, carries=_CUSHIONS,
    ),
    Kind(
        name="sofa", width_m=(1.50, 2.30), depth_m=(0.82, 1.00), height_m=(0.75, 0.92),
        source="Sweet Home 3D catalogue, sofas; " + _EN_SEAT, rests="floor",
        coats=("fabric", "fabric", "wood"), build=_sofa, front_m=0.45, carries=_CUSHIONS,
    ),
    Kind(
        name="armchair", width_m=(0.72, 0.98), depth_m=(0.75, 0.95), height_m=(0.75, 1.00),
        source="Sweet Home 3D catalogue, armchairs; " + _EN_SEAT, rests="floor",
        coats=("fabric", "fabric", "wood"), build=_armchair, front_m=0.35, carries=_CUSHIONS,
    ),
    Kind(
        name="chair", width_m=(0.40, 0.50), depth_m=(0.42, 0.54), height_m=(0.80, 1.00),
        source=_EN_SEAT, rests="floor", coats=("wood", "fabric", "wood"), build=_chair,
    ),
    Kind(
        name="office chair", width_m=(0.58, 0.68), depth_m=(0.58, 0.68), height_m=(0.92, 1.20),
        source="DIN EN 1335-1 (seat 0.40-0.51 m)", rests="floor",
        coats=("leather", "dark", "dark"), build=_office_chair,
    ),
    Kind(
        name="stool", width_m=(0.32, 0.42), depth_m=(0.32, 0.42), height_m=(0.42, 0.50),
        source=_EN_SEAT, rests="floor", coats=("wood", "paint", "wood"), build=_stool,
        upright=True,
    ),
    Kind(
        name="bar stool", width_m=(0.36, 0.44), depth_m=(0.36, 0.44), height_m=(0.80, 0.96),
        source=_MAKERS + ", seats 0.63-0.80 m", rests="floor",
        coats=("steel", "leather", "steel"), build=_bar_stool, upright=True,
    ),
    Kind(
        name="bench", width_m=(0.90, 1.40), depth_m=(0.32, 0.42), height_m=(0.42, 0.48),
        source=_EN_SEAT, rests="floor", coats=("wood", "wood", "wood"), build=_bench,
        front_m=0.4, carries=("cushion", "pair of shoes", "backpack"),
    ),
    Kind(
        name="ottoman", width_m=(0.42, 0.62), depth_m=(0.42, 0.62), height_m=(0.36, 0.45),
        source=_MAKERS, rests="floor", coats=("fabric", "fabric", "dark"), build=_ottoman,
        upright=True, carries=("book",),
    ),
    Kind(
        name="bean bag", width_m=(0.70, 0.95), depth_m=(0.70, 0.95), height_m=(0.60, 0.85),
        source=_MAKERS, rests="floor", coats=("accent", "accent", "accent"), build=_bean_bag,
    ),
)  # fmt: skip
