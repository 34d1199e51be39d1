from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.furniture.build import Kind, Look, Order, surface_on
from synth.furniture.table import FURNITURE
from synth.furniture.tiny import TINY_CATEGORIES
from synth.rooms.room import Material

PLAIN = Material(color="white", srgb=(0.9, 0.9, 0.9))
LOOK = Look(PLAIN, PLAIN, PLAIN)


def built(kind, seed):
    rng = np.random.default_rng(seed)
    w, d, h = kind.draw_size(rng)
    return np.array([w, d, h]), kind.build(Order(w=w, d=d, h=h, look=LOOK, rng=rng))


def test_there_are_at_least_35_categories_and_each_says_where_its_sizes_are_from():
    assert len(FURNITURE) >= 35
    assert all(len(kind.source) > 8 for kind in FURNITURE.values())
    assert all(name == kind.name for name, kind in FURNITURE.items())


@pytest.mark.parametrize("name", FURNITURE)
def test_the_smallest_and_largest_of_a_kind_fill_their_boxes_too(name):
    kind = FURNITURE[name]
    for w, d, h in product(kind.width_m, kind.depth_m, kind.height_m):
        if kind.upright and w != d and kind.width_m == kind.depth_m:
            continue
        for seed in range(3):
            rng = np.random.default_rng(seed)
            parts = kind.build(Order(w=w, d=d, h=h, look=LOOK, rng=rng)).parts
            low = np.min([p.center - p.size / 2 for p in parts], axis=0)
            high = np.max([p.center + p.size / 2 for p in parts], axis=0)
            np.testing.assert_allclose([low, high], np.outer([-0.5, 0.5], [w, d, h]), atol=1e-9)
            assert all((p.size > 0).all() for p in parts)


@pytest.mark.parametrize("name", FURNITURE)
@settings(max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_parts_touch_all_six_faces_of_the_box_and_never_leave_it(name, seed):
    size, model = built(FURNITURE[name], seed)
    low = np.min([p.center - p.size / 2 for p in model.parts], axis=0)
    high = np.max([p.center + p.size / 2 for p in model.parts], axis=0)
    np.testing.assert_allclose(low, -size / 2, atol=1e-9)
    np.testing.assert_allclose(high, size / 2, atol=1e-9)
    assert all((p.size > 0).all() for p in model.parts)


@pytest.mark.parametrize("name", FURNITURE)
@settings(max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_every_surface_lies_on_a_part_and_nothing_stands_in_the_air_above_it(name, seed):
    _, model = built(FURNITURE[name], seed)
    for surface in model.surfaces:
        (x, y), (half_x, half_y) = surface.center, surface.half
        assert half_x > 0
        assert half_y > 0
        if surface.kind == "under":
            continue
        tops = [p for p in model.parts if abs(p.center[2] + p.size[2] / 2 - surface.z) < 1e-9]
        for dx in (-half_x, 0.0, half_x):
            over = [
                p
                for p in tops
                if abs(x + dx - p.center[0]) <= p.size[0] / 2 + 1e-9
                and abs(y - p.center[1]) <= p.size[1] / 2 + 1e-9
            ]
            assert over, f"{name}: no part below its surface at {surface}"
        clear = min(surface.clear_m, 0.01)
        for part in model.parts:
            inside = (
                abs(part.center[0] - x) < half_x + part.size[0] / 2 - 1e-9
                and abs(part.center[1] - y) < half_y + part.size[1] / 2 - 1e-9
                and part.center[2] - part.size[2] / 2 < surface.z + clear
                and part.center[2] + part.size[2] / 2 > surface.z + 1e-9
            )
            assert not inside, f"{name}: a part stands in the space above {surface}"


def test_what_a_kind_carries_or_holds_is_in_the_table_and_rests_on_tops():
    for kind in FURNITURE.values():
        for name in (*kind.carries, *kind.holds):
            assert FURNITURE[name].rests == "top", f"{kind.name} carries {name}"


def test_seats_and_tables_have_standard_heights():
    # DIN EN 12521: dining tables 0.72-0.76 m. A chair's seat is drawn at 0.46 m.
    _, chair = built(FURNITURE["chair"], 0)
    height = FURNITURE["chair"].draw_size(np.random.default_rng(0))[2]
    assert chair.surfaces[0].z + height / 2 == pytest.approx(0.46)
    assert FURNITURE["table"].height_m == (0.73, 0.76)


def test_a_part_counts_from_the_front_left_bottom_corner_while_building():
    order = Order(w=2.0, d=1.0, h=0.5, look=LOOK, rng=np.random.default_rng(0))
    part = order.part((0.0, 0.5), (0.25, 0.75), (0.4, 0.5), PLAIN)
    np.testing.assert_allclose(part.center, [-0.75, 0.0, 0.2])
    np.testing.assert_allclose(part.size, [0.5, 0.5, 0.1])
    top = surface_on(part, rim_m=0.05)
    assert top.half == pytest.approx((0.2, 0.2))
    assert top.z == pytest.approx(0.25)


def test_a_round_top_offers_the_square_inside_it():
    order = Order(w=1.0, d=1.0, h=0.7, look=LOOK, rng=np.random.default_rng(0))
    top = surface_on(order.block((0.6, 0.7), PLAIN, "cylinder"))
    assert top.half == pytest.approx((0.5**0.5 / 2, 0.5**0.5 / 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width_m": (0.0, 1.0)}, "positive metres"),
        ({"height_m": (2.0, 1.0)}, "positive metres"),
        ({"rests": "wall"}, "bottom_m"),
        ({"bottom_m": (0.5, 1.0)}, "bottom_m"),
    ],
)
def test_a_kind_with_impossible_numbers_is_refused(change, message):
    table = FURNITURE["table"]
    fields = {name: getattr(table, name) for name in table.__slots__} | change
    with pytest.raises(ValueError, match=message):
        Kind(**fields)


@pytest.mark.parametrize("category", TINY_CATEGORIES)
def test_the_boxes_of_a_tiny_category_fill_its_box_exactly(category):
    spec = TINY_CATEGORIES[category]
    size = np.array([spec.width_m[0], spec.depth_m[1], spec.height_m[0]])
    parts = spec.parts(size)
    low = np.min([p.center - p.size / 2 for p in parts], axis=0)
    high = np.max([p.center + p.size / 2 for p in parts], axis=0)
    np.testing.assert_allclose(low, -size / 2, atol=1e-9)
    np.testing.assert_allclose(high, size / 2, atol=1e-9)
    assert all((p.size > 0).all() for p in parts)
