"""Depth questions of rooms whose depths are known."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from box_rooms import four_things
from looking import asked, lost, pixel, seen_ahead
from worlds import drawn_room, filmed_rooms

from qa_gen.record import QuestionKind, SkipReason

POINTS = QuestionKind.POINT_DEPTH_ORDER
DEPTH = QuestionKind.POINT_DEPTH
ORDER = QuestionKind.OBJECT_DEPTH_ORDER
NTH = QuestionKind.NTH_CLOSEST_OBJECT

# Cubes side by side before the wall (which is 3.5 m ahead): their front faces are 1, 1.5, 2 and
# 3 m ahead, so each is 50, 33 and 50 % farther than the one before.
CUBES = (
    ("box", -0.45, 1.0, 0.0, 0.2),
    ("lamp", -0.1, 1.5, 0.0, 0.2),
    ("chair", 0.35, 2.0, 0.0, 0.2),
    ("plant", 1.2, 3.0, 0.0, 0.2),
)


def by_hand(geometry, mark):
    """z-depths within a pixel of a mark, and the length of its ray per z."""
    k, row, column = pixel(geometry, mark)
    around = geometry.depth[k, row - 1 : row + 2, column - 1 : column + 2].astype(np.float64)
    camera = geometry.intrinsics[mark.frame]
    x = (mark.x * camera.width / 1000 - camera.cx) / camera.fx
    y = (mark.y * camera.height / 1000 - camera.cy) / camera.fy
    return around, np.sqrt(x * x + y * y + 1)


# --- point_depth


def test_a_hand_computed_depth():
    # The wall is 3.5 m ahead, the box's face 1.5 m; both are parallel to the image.
    geometry = seen_ahead(("box", 0.0, 1.5, 0.0, 1.0))
    found = asked(DEPTH, geometry, max_per_kind=4000)
    on_wall = {qa.value for qa in found if 330 < qa.marks[0].y < 400 and 120 < qa.marks[0].x < 200}
    on_face = {
        qa.value
        for qa in found
        if abs(qa.marks[0].x - 500) < 100 and abs(qa.marks[0].y - 500) < 100
    }
    np.testing.assert_allclose(list(on_wall), 3.5, rtol=1e-6)
    np.testing.assert_allclose(list(on_face), 1.5, rtol=1e-6)
    assert len(on_wall) > 0 < len(on_face)
    (qa,) = [qa for qa in found if qa.marks[0].x == 484 and qa.marks[0].y == 484][:1]
    assert qa.question.startswith(
        "What is the depth of point A at (x=484, y=484) in this image, measured along the camera's "
        "viewing direction (in meters)?"
    )
    assert (qa.answer.value, qa.answer.unit, qa.answer.decimals) == (1.5, "m", 2)
    assert qa.frames == qa.evidence_frames == (qa.marks[0].frame,)
    assert qa.margin == pytest.approx(1.5)
    assert (qa.sigma, qa.objects) == (0.0, ())


def test_a_pixel_more_or_less_does_not_change_a_depth():
    for geometry in filmed_rooms():
        for qa in asked(DEPTH, geometry, max_per_kind=60):
            around, _ = by_hand(geometry, qa.marks[0])
            assert around.min() == pytest.approx(qa.margin)
            assert abs(around - qa.value).max() <= 0.05 * qa.value + 1e-9
            assert qa.value == pytest.approx(around[1, 1], rel=0.01)


def test_depths_are_refused_where_they_are_unclear():
    geometry = seen_ahead(("box", 0.0, 1.5, 0.0, 1.0))
    assert lost(DEPTH, geometry)[SkipReason.POINT_AMBIGUOUS] > 100  # edges of the box
    far = replace(geometry, depth=geometry.depth * np.float32(10))  # the wall is at 35 m
    assert lost(DEPTH, far)[SkipReason.OBJECTS_TOO_FAR] > 100
    assert {qa.value < 20 for qa in asked(DEPTH, far)} == {True}
    near = replace(geometry, depth=geometry.depth * np.float32(0.199))  # the box at 0.2985 m
    assert lost(DEPTH, near)[SkipReason.MARGIN_TOO_SMALL] > 10
    assert min(qa.margin for qa in asked(DEPTH, near, max_per_kind=4000)) >= 0.3
    unsure = replace(geometry, sigma_m=0.6)  # 1.5 m is less than three of them
    assert lost(DEPTH, unsure)[SkipReason.UNCERTAIN] > 10
    assert min(qa.value for qa in asked(DEPTH, unsure, max_per_kind=4000)) >= 1.8


# --- point_depth_order


@pytest.fixture(scope="module")
def around_the_room():
    return drawn_room(four_things())


def test_the_nearest_point_is_nearest_however_one_measures(around_the_room):
    found = asked(POINTS, around_the_room, max_per_kind=120)
    assert len(found) == 120
    for geometry, qas in [(around_the_room, found)] + [
        (g, asked(POINTS, g)) for g in filmed_rooms()
    ]:
        for qa in qas:
            depths = [by_hand(geometry, mark) for mark in qa.marks]
            right = qa.answer.correct
            others = [d for i, d in enumerate(depths) if i != right]
            near, stretch = depths[right]
            leads = [min(z.min() for z, _ in others) / near.max() - 1]
            leads += [min(z.min() * s for z, s in others) / (near.max() * stretch) - 1]
            assert min(leads) == pytest.approx(qa.margin)
            assert qa.margin >= 0.1


def test_a_hand_computed_point_order():
    # In one image the box hides the wall where the other image shows the wall, and the other way
    # round: 1.5 m against 3.5 m along z. A mark a pixels off the middle is sqrt(1 + a^2 / f^2)
    # times as far along the ray.
    left = seen_ahead(("box", -0.6, 1.5, 0.0, 1.0))
    right = seen_ahead(("box", 0.6, 1.5, 0.0, 1.0))
    geometry = replace(
        left,
        depth=np.stack([left.depth[0], right.depth[0]]),
        instances=np.stack([left.instances[0], right.instances[0]]),
    )
    focal = 48 / np.tan(np.deg2rad(40))
    checked = 0
    for qa in asked(POINTS, geometry, max_per_kind=300):
        if len(qa.marks) != 2:
            continue
        near, far = qa.marks[qa.answer.correct], qa.marks[1 - qa.answer.correct]
        centred = [np.hypot(m.x - 500, m.y - 500) * 96 / 1000 / focal for m in (near, far)]
        if by_hand(geometry, far)[0].max() != pytest.approx(3.5, rel=1e-6):
            continue
        along_ray = 3.5 / 1.5 * np.sqrt((1 + centred[1] ** 2) / (1 + centred[0] ** 2))
        assert qa.margin == pytest.approx(min(3.5 / 1.5, along_ray) - 1, rel=1e-4)
        assert (near.x < 500) == (qa.frames == (0,))
        checked += 1
    assert checked > 20


def test_a_set_of_coordinates_is_asked_about_with_every_answer_alike():
    answers = defaultdict(Counter)
    for seed in range(8):
        for geometry in filmed_rooms(3):
            for qa in asked(POINTS, geometry, seed, max_per_kind=2000):
                key = (qa.sequence_id, seed, *sorted((m.x, m.y) for m in qa.marks))
                mark = qa.marks[qa.answer.correct]
                answers[key][mark.x, mark.y] += 1
    assert len(answers) > 500
    assert {len(key) - 2 for key in answers} == {2, 3}
    assert all(len(each) == len(key) - 2 for key, each in answers.items())


def test_point_orders_are_refused_where_they_are_unclear(around_the_room):
    first = around_the_room
    still = seen_ahead(("box", 0.0, 1.5, 0.0, 1.0), n=3)
    assert asked(POINTS, still) == []
    assert lost(POINTS, still)[SkipReason.NO_COUNTER_EXAMPLE] > 100
    assert lost(POINTS, first)[SkipReason.MARGIN_TOO_SMALL] > 100
    assert lost(POINTS, first)[SkipReason.POINT_AMBIGUOUS] > 100
    strict = asked(POINTS, first, floors=((POINTS, 0.2),), max_per_kind=500)
    assert strict
    assert min(qa.margin for qa in strict) >= 0.2
    unsure = asked(POINTS, replace(first, sigma_m=0.05), max_per_kind=500)
    assert all(qa.margin >= 3 * qa.sigma > 0 for qa in unsure)
    one = replace(
        first,
        keyframes=(0,),
        depth=first.depth[:1],
        instances=first.instances[:1],
        reliable=first.reliable[:1],
        objects=tuple(replace(o, visible_pixels=o.visible_pixels[:1]) for o in first.objects),
    )
    assert lost(POINTS, one) == {SkipReason.TOO_FEW_IMAGES: 1}
    unreliable = replace(first, reliable=np.zeros_like(first.reliable))
    assert lost(POINTS, unreliable) == {SkipReason.POINT_AMBIGUOUS: 1}


# --- object_depth_order and nth_closest_object


def test_a_hand_computed_order_of_objects():
    geometry = seen_ahead(*CUBES)
    found = {frozenset(qa.answer.items): qa for qa in asked(ORDER, geometry)}
    assert len(found) == 5  # four sets of three, one of four
    qa = found[frozenset(("box", "lamp", "chair", "plant"))]
    assert qa.answer.items == ("box", "lamp", "chair", "plant")
    listed = qa.question.rpartition(": ")[2].rstrip(".").split(", ")
    assert sorted(listed) == ["box", "chair", "lamp", "plant"]
    names = {o.instance_id: o.category for o in geometry.objects}
    assert [names[i] for i in qa.objects] == listed
    # 2 m against 1.5 m: 33 % along z. Along the ray: the lamp's nearest tenth ends at less.
    assert 0.25 < qa.margin <= 2 / 1.5 - 1 + 1e-6
    assert qa.frames == qa.evidence_frames == (0,)
    assert found[frozenset(("box", "chair", "plant"))].margin == pytest.approx(0.5, abs=0.1)


def test_hand_computed_places_in_the_order():
    geometry = seen_ahead(*CUBES)
    found = {
        qa.question.split(" is the ")[1].split(" the camera")[0]: qa for qa in asked(NTH, geometry)
    }
    assert {place: qa.answer.text for place, qa in found.items()} == {
        "closest to": "box",
        "second closest to": "lamp",
        "third closest to": "chair",
        "farthest from": "plant",
    }
    assert found["closest to"].margin == pytest.approx(0.5, abs=0.1)
    assert found["second closest to"].margin < 0.34  # its neighbours on both sides
    assert found["third closest to"].margin < 0.34


def nearest_by_hand(geometry, instance, frame):
    k = geometry.keyframes.index(frame)
    z = np.sort(geometry.depth[k][geometry.instances[k] == instance])
    return z[0], z[int(np.ceil(len(z) / 10)) - 1]


def test_orders_of_rendered_rooms_hold_for_the_nearest_pixel_and_the_nearest_tenth():
    n = 0
    for geometry in filmed_rooms():
        ids = {}
        for qa in asked(ORDER, geometry, max_per_kind=30):
            ids = dict(
                zip(
                    qa.question.rpartition(": ")[2].rstrip(".").split(", "), qa.objects, strict=True
                )
            )
            depths = [
                nearest_by_hand(geometry, ids[name], qa.frames[0]) for name in qa.answer.items
            ]
            for (least, tenth), (next_least, _) in pairwise(depths):
                assert least <= tenth
                assert next_least / tenth - 1 >= qa.margin - 1e-6
                assert qa.margin >= 0.1
            n += 1
    assert n > 50


def test_places_in_rendered_rooms_fit_the_orders():
    n = 0
    for geometry in filmed_rooms():
        for qa in asked(NTH, geometry, max_per_kind=40):
            listed = qa.question.split("(")[1].split(")")[0].split(", ")
            ids = dict(zip(listed, qa.objects, strict=True))
            depths = {
                name: nearest_by_hand(geometry, ids[name], qa.frames[0])[1] for name in listed
            }
            place = [p in qa.question for p in (" the closest", "second", "third", "farthest")]
            assert sorted(listed, key=depths.get)[place.index(True)] == qa.answer.text
            n += 1
    assert n > 50


def test_objects_of_like_depth_are_not_put_in_order():
    cubes = [*CUBES[:2], ("chair", 0.35, 1.6, 0.0, 0.2), CUBES[3]]  # 6.7 % behind the lamp
    geometry = seen_ahead(*cubes)
    assert {qa.answer.items for qa in asked(ORDER, geometry)} == {
        ("box", "lamp", "plant"), ("box", "chair", "plant"),
    }  # fmt: skip
    assert lost(ORDER, geometry)[SkipReason.MARGIN_TOO_SMALL] == 3
    places = [qa.answer.text for qa in asked(NTH, geometry)]
    assert sorted(places) == ["box", "plant"]
    assert lost(NTH, geometry)[SkipReason.MARGIN_TOO_SMALL] == 2
    closer = asked(ORDER, geometry, floors=((ORDER, 0.01),))
    assert len(closer) == 5


def test_objects_of_unsure_depth_are_not_put_in_order():
    # 1 m and 1.5 m with 0.05 m each: 0.05 / 1 * sqrt(1 + 1.5^2) = 0.09 of a ratio of 1.5.
    geometry = seen_ahead(*CUBES, sigma_m=0.05)
    sigma = {qa.answer.items: qa.sigma for qa in asked(ORDER, geometry, sigma_factor=1.0)}
    assert sigma["box", "lamp", "chair"] == pytest.approx(0.09, abs=0.005)
    assert lost(ORDER, replace(geometry, sigma_m=0.2))[SkipReason.UNCERTAIN] > 0
    assert lost(NTH, replace(geometry, sigma_m=0.2))[SkipReason.UNCERTAIN] > 0


def test_objects_of_different_images_are_not_put_in_order():
    geometry = seen_ahead(*CUBES)
    apart = replace(geometry, objects=tuple(
        replace(o, visible_pixels=np.array(p, np.int32))
        for o, p in zip(geometry.objects, [(50, 50), (50, 0), (0, 50), (50, 50)], strict=True)
    ))  # fmt: skip
    assert {frozenset(qa.answer.items) for qa in asked(ORDER, apart)} == {
        frozenset(("box", "lamp", "plant")), frozenset(("box", "chair", "plant")),
    }  # fmt: skip
    assert lost(ORDER, apart)[SkipReason.NOT_VISIBLE_ENOUGH] == 3
    assert lost(NTH, apart) == {SkipReason.NOT_VISIBLE_ENOUGH: 4}
    assert lost(NTH, seen_ahead(*CUBES[:3])) == {SkipReason.TOO_FEW_OBJECTS: 1}
    assert lost(ORDER, seen_ahead(*CUBES[:2])) == {SkipReason.TOO_FEW_OBJECTS: 1}
