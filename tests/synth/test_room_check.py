"""The checker finds what is put wrong on purpose: a check that finds nothing proves nothing."""

from dataclasses import replace

import numpy as np
import pytest

from synth.poses import axis_angle
from synth.rooms.check import check_room
from synth.rooms.room import (
    FLOOR,
    Material,
    ObjectMesh,
    Opening,
    Part,
    Room,
    RoomObject,
    Support,
)

WHITE = Material(color="white", srgb=(0.9, 0.9, 0.9))
ON_FLOOR = Support("on_floor", FLOOR)


def box(number, center, size, *supports, parts=None, yaw=0.0, category="box"):
    solid = Part(center=np.zeros(3), size=np.array(size, dtype=float), material=WHITE)
    return RoomObject(
        instance_id=number, category=category, color="white",
        center=np.array(center, dtype=float), size=np.array(size, dtype=float),
        rotation=axis_angle(np.array([0.0, 0.0, 1.0]), yaw),
        parts=parts or (solid,), supports=supports or (ON_FLOOR,),
    )  # fmt: skip


def room(*objects, openings=()):
    return Room(
        scene_id="r", kind="office", outline=np.array([[0.0, 0], [4, 0], [4, 4], [0, 4]]),
        height_m=2.5, walls=(WHITE,) * 4, floor=WHITE, ceiling=WHITE, openings=openings,
        daylight=(7.0, 8.0, 9.0), ceiling_lights=(), bulbs=(), objects=objects, left_out=(),
    )  # fmt: skip


def table(number=1):
    """1 m x 1 m x 0.7 m: a plate of 5 cm on one middle leg."""
    plate = Part(center=np.array([0, 0, 0.325]), size=np.array([1, 1, 0.05]), material=WHITE)
    leg = Part(center=np.array([0, 0, -0.025]), size=np.array([0.1, 0.1, 0.65]), material=WHITE)
    return box(number, [2, 2, 0.35], [1, 1, 0.7], parts=(plate, leg))


def opening(kind, wall=0, along=2.0, sill=0.0):
    return Opening(
        kind=kind, wall=wall, along_m=along, width_m=1.0, height_m=1.2 if sill else 2.0,
        sill_m=sill, material=WHITE,
    )  # fmt: skip


def kinds(made):
    return {fault.kind for fault in check_room(made)}


def test_a_sound_room_has_no_faults():
    cup = box(2, [2.2, 2.2, 0.75], [0.1, 0.1, 0.1], Support("on", 1))
    stool = box(3, [2.0, 1.6, 0.2], [0.4, 0.4, 0.4], ON_FLOOR, Support("under", 1),
                Support("facing", 1), yaw=np.pi)  # fmt: skip
    picture = box(4, [2, 0.01, 1.5], [0.5, 0.02, 0.4], Support("on_wall", 0), yaw=np.pi)
    lamp = box(5, [2, 2, 2.4], [0.3, 0.3, 0.2], Support("on_ceiling", FLOOR))
    cupboard = box(6, [3.7, 3, 0.5], [1, 0.5, 1], ON_FLOOR, Support("against_wall", 1),
                   yaw=-np.pi / 2)  # fmt: skip
    window = opening("window", wall=2, sill=0.9)
    assert check_room(room(table(), cup, stool, picture, lamp, cupboard, openings=(window,))) == ()


@pytest.mark.parametrize("z", [0.76, 0.74])
def test_a_cup_a_centimetre_above_or_in_its_table_floats(z):
    cup = box(2, [2.2, 2.2, z], [0.1, 0.1, 0.1], Support("on", 1))
    assert "floating" in kinds(room(table(), cup))


def test_a_cup_whose_middle_is_beside_the_table_floats():
    cup = box(2, [2.52, 2.2, 0.75], [0.1, 0.1, 0.1], Support("on", 1))
    assert "floating" in kinds(room(table(), cup))


def test_the_top_of_the_box_is_not_a_support_where_no_part_reaches_it():
    back = Part(center=np.array([0, 0.45, 0.0]), size=np.array([1, 0.1, 1.0]), material=WHITE)
    seat = Part(center=np.array([0, 0, -0.3]), size=np.array([1, 1, 0.4]), material=WHITE)
    sofa = box(1, [2, 2, 0.5], [1, 1, 1], parts=(back, seat))
    on_the_box = box(2, [2, 1.8, 1.05], [0.1, 0.1, 0.1], Support("on", 1))
    on_the_seat = box(2, [2, 1.8, 0.45], [0.1, 0.1, 0.1], Support("on", 1))
    assert "floating" in kinds(room(sofa, on_the_box))
    assert kinds(room(sofa, on_the_seat)) == set()


def test_a_box_above_the_floor_floats():
    assert kinds(room(box(1, [2, 2, 0.6], [1, 1, 1]))) == {"floating"}


def test_overlapping_boxes_intersect_even_when_only_their_corners_do():
    first = box(1, [2, 2, 0.5], [1, 1, 1])
    turned = box(2, [3.15, 2, 0.5], [1, 1, 1], yaw=np.pi / 4)
    apart = box(2, [3.25, 2, 0.5], [1, 1, 1], yaw=np.pi / 4)
    assert kinds(room(first, turned)) == {"intersecting"}
    assert kinds(room(first, apart)) == set()


def test_being_under_a_table_excuses_its_box_but_not_its_leg():
    beside_leg = box(2, [2.3, 2, 0.2], [0.3, 0.3, 0.4], ON_FLOOR, Support("under", 1))
    in_leg = box(2, [2.1, 2, 0.2], [0.3, 0.3, 0.4], ON_FLOOR, Support("under", 1))
    undeclared = box(2, [2.3, 2, 0.2], [0.3, 0.3, 0.4])
    assert kinds(room(table(), beside_leg)) == set()
    assert kinds(room(table(), in_leg)) == {"intersecting"}
    assert kinds(room(table(), undeclared)) == {"intersecting"}


def test_leaving_the_outline_or_the_ceiling_is_a_fault():
    assert kinds(room(box(1, [3.8, 2, 0.5], [1, 1, 1]))) == {"outside"}
    assert kinds(room(box(1, [2, 2, 1.5], [1, 1, 3]))) == {"outside"}


def test_the_notch_of_an_l_shaped_room_is_outside():
    outline = np.array([[0.0, 0], [4, 0], [4, 2], [2, 2], [2, 4], [0, 4]])
    made = replace(room(box(1, [3, 3, 0.5], [1, 1, 1])), outline=outline, walls=(WHITE,) * 6)
    assert kinds(made) == {"outside"}


def test_doors_and_windows_must_be_free():
    low, high = box(1, [2, 0.3, 0.4], [1, 0.5, 0.8]), box(1, [2, 0.3, 0.6], [1, 0.5, 1.2])
    assert kinds(room(low, openings=(opening("door"),))) == {"blocks_opening"}
    assert kinds(room(low, openings=(opening("window", sill=0.9),))) == set()
    assert kinds(room(high, openings=(opening("window", sill=0.9),))) == {"blocks_opening"}


def test_openings_must_fit_their_wall_and_not_overlap():
    assert kinds(room(openings=(opening("door", along=0.3),))) == {"bad_opening"}
    both = (opening("door", along=1.5), opening("window", along=2.4, sill=0.9))
    assert kinds(room(openings=both)) == {"bad_opening"}


def test_a_chair_must_face_its_table():
    away = box(2, [2, 0.5, 0.4], [0.5, 0.5, 0.8], ON_FLOOR, Support("facing", 1), yaw=0.0)
    towards = box(2, [2, 0.5, 0.4], [0.5, 0.5, 0.8], ON_FLOOR, Support("facing", 1), yaw=np.pi)
    assert kinds(room(table(), away)) == {"not_facing"}
    assert kinds(room(table(), towards)) == set()


def test_a_back_must_stand_at_its_wall_and_a_picture_hang_on_it():
    far = box(1, [2, 3.5, 0.5], [1, 0.5, 1], ON_FLOOR, Support("against_wall", 2))
    turned = box(1, [2, 3.7, 0.5], [1, 0.5, 1], ON_FLOOR, Support("against_wall", 2), yaw=np.pi)
    off = box(1, [2, 3.9, 1.5], [0.5, 0.02, 0.4], Support("on_wall", 2))
    assert kinds(room(far)) == {"back_off_wall"}
    assert kinds(room(turned)) == {"back_off_wall"}
    assert kinds(room(off)) == {"off_wall"}


def test_a_lamp_below_the_ceiling_hangs_in_the_air():
    assert kinds(room(box(1, [2, 2, 2.3], [0.3, 0.3, 0.2], Support("on_ceiling", FLOOR)))) == {
        "off_ceiling"
    }


def test_unknown_carriers_walls_and_relations_are_faults():
    for support in (Support("on", 7), Support("on_wall", 9), Support("beside", 0)):
        assert kinds(room(box(1, [2, 2, 0.5], [1, 1, 1], support))) == {"bad_support"}
    assert "bad_support" in kinds(room(table(1), replace(table(1), center=np.array([1, 3, 0.35]))))


def test_a_box_that_is_not_tight_or_an_object_without_shape_is_a_fault():
    loose = replace(box(1, [2, 2, 0.5], [1, 1, 1]), size=np.array([1.2, 1, 1]))
    nothing = replace(box(1, [2, 2, 0.5], [1, 1, 1]), parts=())
    tilted = replace(
        box(1, [2, 2, 0.5], [1, 1, 1]), rotation=axis_angle(np.array([1.0, 0, 0]), 0.1)
    )  # fmt: skip
    for made in (loose, nothing, tilted):
        assert "bad_box" in kinds(room(made))


def test_an_outline_that_runs_clockwise_or_crosses_itself_is_a_fault():
    clockwise = np.array([[0.0, 0], [0, 4], [4, 4], [4, 0]])
    crossed = np.array([[0.0, 0], [4, 4], [4, 0], [0, 4]])
    assert "bad_outline" in kinds(replace(room(), outline=clockwise))
    assert "bad_outline" in kinds(replace(room(), outline=crossed))


def test_things_may_stand_on_the_level_top_of_a_mesh():
    square = np.array([[-0.5, -0.5, 0.35], [0.5, -0.5, 0.35], [0.5, 0.5, 0.35], [-0.5, 0.5, 0.35]])
    low = square * [1, 1, -1]
    mesh = ObjectMesh(
        vertices=np.concatenate([square, low]),
        faces=np.array([[0, 1, 2], [0, 2, 3], [4, 6, 5], [4, 7, 6]]),
        face_srgb=np.full((4, 3), 0.5, dtype=np.float32),
    )
    carrier = replace(table(), parts=(), mesh=mesh)
    cup = box(2, [2.2, 2.2, 0.75], [0.1, 0.1, 0.1], Support("on", 1))
    beside = box(2, [2.2, 2.2, 0.85], [0.1, 0.1, 0.1], Support("on", 1))
    assert kinds(room(carrier, cup)) == set()
    assert kinds(room(carrier, beside)) == {"floating"}
