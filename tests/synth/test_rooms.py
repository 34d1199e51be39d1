from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.furniture.table import FURNITURE
from synth.rooms.check import check_room
from synth.rooms.config import ROOM_KINDS, TINY_ROOMS, RoomConfig, Scatter
from synth.rooms.furnish import make_room
from synth.rooms.shapes import LEAST_SIDE_M, SHAPES, area_m2, make_outline

seeds = st.integers(0, 100_000)


@settings(max_examples=100)
@given(seed=seeds)
def test_no_room_has_a_fault(seed):
    assert check_room(make_room("room-x", seed, RoomConfig())) == ()


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_every_kind_of_room_holds_what_it_is_for(kind):
    needed = {
        "living room": {"sofa", "corner sofa"}, "bedroom": {"bed"}, "kitchen": {"stove"},
        "kids room": {"single bed", "bunk bed", "crib"}, "dining room": {"table", "round table"},
        "office": {"desk"}, "study": {"desk"}, "bathroom": {"toilet"},
        "hallway": {"shoe rack", "console table", "bench", "coat rack", "wardrobe"},
        "studio": {"bed", "single bed"},
    }[kind]  # fmt: skip
    config = RoomConfig(kinds=(kind,))
    rooms = [make_room(f"room-{n}", 1, config) for n in range(5)]
    held = [needed & {thing.category for thing in room.objects} for room in rooms]
    assert {room.kind for room in rooms} == {kind}
    assert sum(bool(names) for names in held) >= 4


def test_furniture_is_of_many_categories_and_some_stand_there_several_times():
    rooms = [make_room(f"room-{n}", 0, RoomConfig()) for n in range(40)]
    counts = [Counter(thing.category for thing in room.objects) for room in rooms]
    assert len(set().union(*counts)) >= 70
    assert sum(max(c.values()) > 1 for c in counts) >= 33
    relations = {s.relation for room in rooms for thing in room.objects for s in thing.supports}
    assert relations == {
        "on_floor", "on", "inside", "under", "beside", "facing", "against_wall", "on_wall",
        "on_ceiling",
    }  # fmt: skip


def test_seats_at_tables_face_them_and_large_pieces_stand_with_their_backs_to_walls():
    rooms = [make_room(f"room-{n}", 5, RoomConfig()) for n in range(20)]
    seats = [
        thing for room in rooms for thing in room.objects
        if thing.category == "chair" and len(room.objects) > 3
    ]  # fmt: skip
    facing = [any(s.relation == "facing" for s in chair.supports) for chair in seats]
    assert np.mean(facing) > 0.8
    for room in rooms:
        for thing in room.objects:
            if thing.category in ("wardrobe", "refrigerator", "bookshelf", "sofa", "toilet"):
                assert any(s.relation == "against_wall" for s in thing.supports)


def test_procedural_pieces_keep_to_their_metric_size_range():
    # Fitted units, rugs under tables and televisions on small boards are made to measure.
    made_to_measure = {"rug", "television", "kitchen counter", "kitchen sink", "stove"}
    for n in range(15):
        for thing in make_room(f"room-{n}", 2, RoomConfig()).objects:
            kind = FURNITURE[thing.category]
            if thing.category in made_to_measure:
                continue
            ranges = (kind.width_m, kind.depth_m, kind.height_m)
            for extent, (low, high) in zip(thing.size, ranges, strict=True):
                assert low - 1e-9 <= extent <= high + 1e-9, thing.category


def test_the_same_arguments_make_the_same_room_and_another_seed_another():
    first, again = (make_room("r", 1, RoomConfig()) for _ in range(2))
    other = make_room("r", 2, RoomConfig())
    assert [t.category for t in first.objects] == [t.category for t in again.objects]
    assert first.openings == again.openings
    assert first.walls == again.walls
    for one, two in zip(first.objects, again.objects, strict=True):
        np.testing.assert_array_equal(one.center, two.center)
        assert [p.material for p in one.parts] == [p.material for p in two.parts]
    assert first.outline.shape != other.outline.shape or not np.allclose(
        first.outline, other.outline
    )


def test_only_the_wanted_categories_are_used():
    config = RoomConfig(kinds=("study",), categories=("desk", "chair", "bookshelf"))
    found = {t.category for n in range(5) for t in make_room(f"s-{n}", 0, config).objects}
    assert found <= {"desk", "chair", "bookshelf"}
    assert "desk" in found


@pytest.mark.parametrize("shape", SHAPES)
@given(seed=st.integers(0, 1000), extra=st.tuples(st.floats(0, 3), st.floats(0, 3)))
def test_outlines_are_simple_counter_clockwise_and_start_at_the_origin(shape, seed, extra):
    least = max(2.2, LEAST_SIDE_M[shape])
    outline = make_outline(
        shape, least + extra[0], least + extra[1], np.random.default_rng(seed)
    )  # fmt: skip
    assert 0 < area_m2(outline) <= (least + extra[0]) * (least + extra[1]) + 1e-9
    np.testing.assert_allclose(outline.min(axis=0), 0.0, atol=1e-12)
    edges = np.roll(outline, -1, axis=0) - outline
    assert (np.linalg.norm(edges, axis=1) > 0.25).all()


def test_the_area_of_a_two_by_three_rectangle_is_six():
    outline = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 3.0], [0.0, 3.0]])
    assert area_m2(outline) == pytest.approx(6.0)
    assert area_m2(outline[::-1].copy()) == pytest.approx(-6.0)


def test_a_shape_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"needs sides of at least 4\.2 m"):
        make_outline("t", 3.0, 5.0, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side_m": (1.0, 4.0)}, r"1\.8 or more metres"),
        ({"height_m": (2.0, 2.5)}, r"2\.3 or more metres"),
        ({"density": 1.5}, "density must be between 0 and 1"),
        ({"clutter": -0.1}, "clutter must be between 0 and 1"),
        ({"kinds": ()}, "at least one kind"),
        ({"categories": ("throne",)}, "unknown furniture"),
        ({"scatter": Scatter()}, "scatter makes rectangular rooms"),
    ],
)
def test_a_config_that_makes_no_sense_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(RoomConfig(), **change)


def test_a_tiny_room_smaller_than_three_metres_is_refused():
    with pytest.raises(ValueError, match=r"3\.0 or more metres"):
        replace(TINY_ROOMS, side_m=(2.0, 4.0))


def test_scattering_fewer_than_one_object_is_refused():
    with pytest.raises(ValueError, match="fewest >= 1"):
        Scatter(n_floor_objects=(0, 3))
