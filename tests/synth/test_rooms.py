from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.furniture import CATEGORIES
from synth.rooms import CLEARANCE_M, RoomConfig, boxes_intersect, footprint, make_room

seeds = st.integers(0, 10_000)


@given(seeds)
def test_no_two_objects_come_closer_than_the_clearance(seed):
    room = make_room("room-x", seed, RoomConfig())
    for first, second in combinations(room.objects, 2):
        if first.instance_id == second.supported_by:
            continue
        assert not boxes_intersect(first, second, margin_m=CLEARANCE_M - 1e-9)


@given(seeds)
def test_every_object_rests_on_the_floor_or_on_top_of_its_support(seed):
    room = make_room("room-x", seed, RoomConfig())
    by_id = {thing.instance_id: thing for thing in room.objects}
    for thing in room.objects:
        bottom = thing.center[2] - thing.size[2] / 2
        if thing.supported_by is None:
            assert bottom == pytest.approx(0.0, abs=1e-12)
        else:
            support = by_id[thing.supported_by]
            assert bottom == pytest.approx(support.center[2] + support.size[2] / 2)
            local = (footprint(thing) - support.center[:2]) @ support.rotation[:2, :2]
            assert (np.abs(local) <= support.size[:2] / 2 + 1e-9).all()


@given(seeds)
def test_objects_stay_inside_the_room_and_in_their_metric_size_range(seed):
    room = make_room("room-x", seed, RoomConfig())
    for thing in room.objects:
        spec = CATEGORIES[thing.category]
        for extent, low_high in zip(
            thing.size, (spec.width_m, spec.depth_m, spec.height_m), strict=True
        ):
            assert low_high[0] <= extent <= low_high[1]
        assert (footprint(thing) >= 0).all()
        assert (footprint(thing) <= room.size_m[:2]).all()
        assert thing.center[2] + thing.size[2] / 2 < room.size_m[2]


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_parts_of_a_shape_fill_its_box_exactly(category):
    spec = CATEGORIES[category]
    size = np.array([spec.width_m[0], spec.depth_m[1], spec.height_m[0]])
    parts = spec.parts(size)
    low = np.min([p.center - p.size / 2 for p in parts], axis=0)
    high = np.max([p.center + p.size / 2 for p in parts], axis=0)
    np.testing.assert_allclose(low, -size / 2, atol=1e-9)
    np.testing.assert_allclose(high, size / 2, atol=1e-9)
    assert all((p.size > 0).all() for p in parts)


def test_the_same_seed_makes_the_same_room_and_another_seed_another():
    first, again = make_room("r", 1, RoomConfig()), make_room("r", 1, RoomConfig())
    other = make_room("r", 2, RoomConfig())
    assert [o.category for o in first.objects] == [o.category for o in again.objects]
    np.testing.assert_array_equal(first.size_m, again.size_m)
    assert not np.array_equal(first.size_m, other.size_m)


def test_overlap_of_turned_boxes_is_decided_by_their_corners_not_their_bounds():
    room = make_room("r", 1, RoomConfig())
    thing = room.objects[0]
    assert boxes_intersect(thing, thing, margin_m=0.0)


def test_a_room_smaller_than_three_metres_is_refused():
    with pytest.raises(ValueError, match=r"3\.0 or more metres"):
        RoomConfig(side_m=(2.0, 4.0))
