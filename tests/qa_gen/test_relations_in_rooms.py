"""Sides of things with a front, above and below in the world, and hours of the clock."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import box, moved, random_scene, scene, yaw
from one_kind import answers, ask_all
from shapely import Point, Polygon
from worlds import filmed_rooms

from qa_gen.questions.relations.clock_direction import QUESTION as CLOCK
from qa_gen.questions.relations.object_front_behind import QUESTION as FRONT_BEHIND
from qa_gen.questions.relations.object_left_right import QUESTION as LEFT_RIGHT
from qa_gen.questions.relations.world_above_below import QUESTION as ABOVE_BELOW
from qa_gen.record import SkipReason
from synth.furniture.fronts import FRONTS, TINY_FRONTS
from synth.furniture.table import FURNITURE
from synth.furniture.tiny import TINY_CATEGORIES


def fronted(thing, degrees):
    """The thing with its front towards an angle, counter-clockwise from the world's x."""
    angle = np.deg2rad(degrees)
    return replace(thing, facing=np.array([np.cos(angle), np.sin(angle), 0.0]))


def sofa_and_four(front_deg=-90.0, sigma_m=0.0):
    """A sofa at the origin, 2 m x 1 m, that looks against the world's y, and things around it."""
    return scene(
        fronted(box(1, "sofa", (0, 0, 0.4), (2, 1, 0.8)), front_deg),
        box(2, "lamp", (2.0, 0, 0.5)),
        box(3, "plant", (-2.5, 0, 0.5)),
        box(4, "table", (0, -1.5, 0.2)),
        box(5, "picture", (0, 1.0, 1.5)),
        sigma_m=sigma_m,
    )


def test_left_is_that_of_somebody_who_sits_on_the_sofa():
    # Looking against y, x is to the left. The lamp begins at x = 1.8, the sofa ends at 1.0: 0.8 m.
    qas, lost = ask_all(LEFT_RIGHT, sofa_and_four(sigma_m=0.01))
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 2): "left", (1, 3): "right"}
    lamp = next(qa for qa in qas if qa.objects == (1, 2))
    assert lamp.margin == pytest.approx(0.8)
    assert lamp.sigma == pytest.approx(0.01 * 2**0.5)
    assert lamp.question == (
        "Imagine being in the place of the sofa and looking out of its front. Is the lamp to your "
        "left or to your right?"
    )
    assert lost == {SkipReason.NO_FRONT: 16, SkipReason.EXTENTS_OVERLAP: 2}


def test_in_front_is_where_the_sofa_looks():
    # The table ends at y = -1.3, the sofa at -0.5: 0.8 m before it; the picture is 0.3 m behind.
    qas, lost = ask_all(FRONT_BEHIND, sofa_and_four())
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 4): "in front", (1, 5): "behind"}
    assert {qa.objects: qa.margin for qa in qas} == pytest.approx({(1, 4): 0.8, (1, 5): 0.3})
    assert lost == {SkipReason.NO_FRONT: 16, SkipReason.EXTENTS_OVERLAP: 2}


def test_a_sofa_turned_round_has_everything_on_the_other_side():
    geometry = sofa_and_four(front_deg=90.0)
    assert answers(LEFT_RIGHT, geometry) == {(1, 2): "right", (1, 3): "left"}
    assert answers(FRONT_BEHIND, geometry) == {(1, 4): "behind", (1, 5): "in front"}


def test_a_front_that_points_up_is_none():
    geometry = sofa_and_four()
    sofa, *others = geometry.objects
    lying = replace(sofa, facing=np.array([0.0, -0.6, 0.8]))
    for question in (LEFT_RIGHT, FRONT_BEHIND):
        qas, lost = ask_all(question, replace(geometry, objects=(lying, *others)))
        assert (qas, lost) == ([], {SkipReason.NO_FRONT: 20})


@pytest.mark.parametrize(("gap", "kept"), [(0.16, True), (0.14, False)])
def test_things_have_to_be_fifteen_centimetres_clear_of_the_anchor(gap, kept):
    geometry = scene(
        fronted(box(1, "sofa", (0, 0, 0.4), (2, 1, 0.8)), -90.0),
        box(2, "lamp", (1.2 + gap, 0, 0.5)),
        box(3, "plant", (-2.5, 0, 0.5)),
    )
    assert ((1, 2) in answers(LEFT_RIGHT, geometry)) == kept


def test_an_anchor_with_things_on_one_side_only_is_not_asked_about():
    geometry = scene(
        fronted(box(1, "wardrobe", (0, 0, 1.0), (1, 0.6, 2.0)), -90.0),
        box(2, "lamp", (0, -2.0, 0.5)),
        box(3, "plant", (0, -1.0, 0.5)),
    )
    qas, lost = ask_all(FRONT_BEHIND, geometry)
    assert qas == []
    assert sum(lost.values()) == 6
    assert lost[SkipReason.NO_FRONT] == 4


def test_above_and_below_worked_out_by_hand():
    # Middles at 1.6 and 1.15 m: 0.45 m; the shelf's bottom is at 1.5, the top of the vase at 1.3.
    geometry = scene(
        box(1, "shelf", (0, 0, 1.6), (1.0, 0.3, 0.2)),
        box(2, "vase", (0.3, 0, 1.15), (0.2, 0.2, 0.3)),
        box(3, "rug", (0, 3, 0.01), (1, 1, 0.02)),
        sigma_m=0.01,
    )
    qas, lost = ask_all(ABOVE_BELOW, geometry)
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 2): "above", (2, 1): "below"}
    assert qas[0].margin == pytest.approx(0.45)
    assert qas[0].sigma == pytest.approx(0.01)
    assert lost == {SkipReason.GUESSABLE: 4}


@pytest.mark.parametrize(
    ("center", "reason"),
    [
        ((0.3, 0, 1.35), None),  # touches the shelf from below
        ((0.3, 0, 1.38), SkipReason.EXTENTS_OVERLAP),  # reaches 3 cm into it
        ((0.61, 0, 1.15), SkipReason.NOT_ABOVE_EACH_OTHER),  # 1 cm beside it
        ((0.59, 0, 1.15), None),
    ],
)
def test_one_has_to_be_over_the_other(center, reason):
    # The shelf ends at x = 0.5 and begins at z = 1.5; half a vase is 0.1 m wide and 0.15 m high.
    geometry = scene(
        box(1, "shelf", (0, 0, 1.6), (1.0, 0.3, 0.2)),
        box(2, "vase", center, (0.2, 0.2, 0.3)),
        box(3, "rug", (0, 3, 0.01), (1, 1, 0.02)),
    )
    qas, lost = ask_all(ABOVE_BELOW, geometry)
    assert len(qas) == (2 if reason is None else 0)
    assert lost == {SkipReason.GUESSABLE: 4} | ({} if reason is None else {reason: 2})


@pytest.mark.parametrize(("thick", "kept"), [(0.11, True), (0.09, False)])
def test_middles_have_to_differ_in_height_by_ten_centimetres(thick, kept):
    # Two boards of the same thickness, one on the other: their middles differ by it.
    geometry = scene(
        box(1, "board", (0, 0, 1.0), (0.5, 0.5, thick)),
        box(2, "tray", (0, 0, 1.0 + thick), (0.5, 0.5, thick)),
        box(3, "rug", (0, 3, 0.01), (1, 1, 0.02)),
    )
    assert bool(answers(ABOVE_BELOW, geometry)) == kept


def at_turn(clockwise_deg, metres=2.0):
    """A room with somebody at the origin who faces y, and a lamp at an angle."""
    angle = np.deg2rad(clockwise_deg)
    place = (metres * np.sin(angle), metres * np.cos(angle), 0.2)
    small = (0.1, 0.1, 0.1)
    return scene(
        box(1, "chair", (0, 0, 0.2), small),
        box(2, "table", (0, 2.5, 0.2), small),
        box(3, "lamp", place, small),
    )


@pytest.mark.parametrize(
    ("clockwise_deg", "hour", "margin"),
    [(37, 1, 8), (9, 12, 6), (-9, 12, 6), (90, 3, 15), (-95, 9, 10), (176, 6, 11), (-145, 7, 10)],
)
def test_hours_are_the_nearest_ones(clockwise_deg, hour, margin):
    qas, _ = ask_all(CLOCK, at_turn(clockwise_deg))
    (qa,) = [qa for qa in qas if qa.objects == (1, 2, 3)]
    assert qa.answer.text == f"{hour} o'clock"
    assert qa.margin == pytest.approx(margin)
    assert qa.value == pytest.approx(clockwise_deg / 30 % 12)


@pytest.mark.parametrize(("clockwise_deg", "kept"), [(39.9, True), (40.1, False), (49.9, False)])
def test_an_hour_is_asked_about_up_to_five_degrees_from_its_end(clockwise_deg, kept):
    # The hour of 1 ends at 45 degrees.
    assert ((1, 2, 3) in answers(CLOCK, at_turn(clockwise_deg))) == kept


def test_options_of_a_clock_question_are_two_neighbours_and_the_hours_opposite_them():
    starts = set()
    for seed in range(4):
        for qa in ask_all(CLOCK, random_scene(seed))[0]:
            hours = sorted(int(option.split()[0]) for option in qa.answer.options)
            assert sorted((h + 5) % 12 + 1 for h in hours) == hours
            right = int(qa.answer.text.split()[0])
            starts.add(right % 12 + 1 in hours)
    assert starts == {True, False}  # the truth is the first of the two as well as the second


def test_directions_to_and_from_large_near_things_are_not_asked():
    chair, table, lamp = at_turn(30).objects
    wide = replace(lamp, size=np.array([3.0, 0.1, 0.1]))
    lost = ask_all(CLOCK, scene(chair, table, wide))[1]
    assert lost[SkipReason.FOOTPRINT_ACROSS_SECTORS] > 0
    far = ask_all(CLOCK, at_turn(30, metres=5.1))[1]
    assert far[SkipReason.OBJECTS_TOO_FAR] == 6
    near = ask_all(CLOCK, at_turn(30, metres=0.29))[1]
    assert near[SkipReason.OBJECTS_TOO_CLOSE] == 6
    relative = replace(at_turn(30, metres=0.29), scale="relative")
    assert answers(CLOCK, relative)[(1, 2, 3)] == "1 o'clock"


def test_sigma_of_a_clock_direction_is_that_of_the_turn():
    # At 90 degrees and equal distances d the turn is off by 2 / d times a middle's sigma.
    geometry = replace(at_turn(90, metres=2.5), sigma_m=0.02)
    (qa,) = [qa for qa in ask_all(CLOCK, geometry)[0] if qa.objects == (1, 2, 3)]
    assert qa.sigma == pytest.approx(np.degrees(0.02 / 2**0.5 * 2 / 2.5))


def test_relations_do_not_depend_on_where_the_room_lies():
    geometry = sofa_and_four()
    turned = moved(geometry, yaw(50.0), np.array([3.0, -2.0, 1.0]))
    sofa, *others = turned.objects
    sofa = replace(sofa, facing=yaw(50.0) @ geometry.objects[0].facing)
    turned = replace(turned, objects=(sofa, *others))
    for question in (LEFT_RIGHT, FRONT_BEHIND, ABOVE_BELOW, CLOCK):
        assert answers(question, turned) == answers(question, geometry)


def test_fronts_are_those_of_known_categories_and_point_away_from_walls():
    assert set(FURNITURE) >= FRONTS
    assert set(TINY_CATEGORIES) >= TINY_FRONTS
    n = 0
    for geometry in filmed_rooms():
        for thing in geometry.objects:
            assert (thing.facing is not None) == (thing.category in FRONTS)
            if thing.facing is not None:
                assert np.linalg.norm(thing.facing) == pytest.approx(1.0)
                np.testing.assert_array_equal(thing.facing, -thing.rotation[:, 1])
            if thing.category in ("wardrobe", "toilet", "picture"):  # their backs are at a wall
                behind = (thing.center - thing.facing * (thing.size[1] / 2 + 0.2))[:2]
                assert not inside(behind, geometry.room_polygon)
                n += 1
    assert n > 0


def inside(point, polygon):
    return Polygon(polygon).contains(Point(point))
