"""Questions about points that two images have in common."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from box_rooms import four_things, thing
from looking import ahead, asked, lost, pixel, seen_ahead, sideways
from worlds import drawn_room, filmed_rooms

from qa_gen.exchangeable import exchangeable_sets, side_by_side
from qa_gen.record import QuestionKind, SkipReason
from synth.cameras import project

POINT = QuestionKind.POINT_CORRESPONDENCE
OBJECT = QuestionKind.OBJECT_CORRESPONDENCE


@pytest.fixture(scope="module")
def around_the_room():
    return drawn_room(four_things())


def seen_at(geometry, mark):
    """Instance and world point of the surface at a mark, by the ray through the pixel's center."""
    k, row, column = pixel(geometry, mark)
    camera, pose = geometry.intrinsics[mark.frame], geometry.c2w[mark.frame]
    z = float(geometry.depth[k, row, column])
    x, y = (column + 0.5 - camera.cx) / camera.fx, (row + 0.5 - camera.cy) / camera.fy
    return geometry.instances[k, row, column], pose[:3, :3] @ [x * z, y * z, z] + pose[:3, 3]


# --- point_correspondence


def test_a_hand_computed_match():
    # A point of the wall moves left by 0.5 / 3.5 f = 8.17 pixels, 85.1 thousandths, a step.
    geometry = sideways()
    step = 0.5 / 3.5 * 48 / np.tan(np.deg2rad(40)) / 96 * 1000
    checked = 0
    for qa in asked(POINT, geometry, max_per_kind=200):
        source, *options = qa.marks
        if min(seen_at(geometry, mark)[1][1] for mark in qa.marks) < 3.999:
            continue  # not on the wall
        steps = qa.frames[1] - qa.frames[0]
        right = options[qa.answer.correct]
        assert (right.x, right.y) == (pytest.approx(source.x - steps * step, abs=1.0), source.y)
        # The others are where other numbers of steps would lead: n steps are n * 0.5 m off.
        off = sorted(abs(mark.x - right.x) / step for mark in options if mark is not right)
        if abs(np.array(off) - np.round(off)).max() > 0.03:
            continue  # elsewhere these coordinates were on a side wall
        assert qa.margin == pytest.approx(round(off[0]) * 0.5 / 3.5, abs=0.003)
        checked += 1
    assert checked > 20


def test_the_matching_point_is_the_same_place_and_the_others_are_not(around_the_room):
    total = 0
    for geometry in (around_the_room, *filmed_rooms()):
        for qa in asked(POINT, geometry):
            source, *options = qa.marks
            assert (source.frame, options[0].frame) == qa.frames
            instance, place = seen_at(geometry, source)
            right = options[qa.answer.correct]
            landing = project(
                place[None], geometry.c2w[right.frame], geometry.intrinsics[right.frame]
            )
            assert landing.visible[0]
            shift = landing.uv[0] * 1000 / 96 - [right.x, right.y]
            assert abs(shift).max() < 2.0  # of pixel centers against marks
            assert seen_at(geometry, right)[0] == instance
            for mark in options:
                there = seen_at(geometry, mark)[1]
                if mark is right:
                    assert np.linalg.norm(there - place) < 0.04 * landing.depth[0]
                else:
                    away = np.linalg.norm(there - place) / landing.depth[0]
                    assert away > qa.margin - 0.05
                    assert np.hypot(mark.x - right.x, mark.y - right.y) >= 30
            assert qa.margin >= 0.05
            total += 1
    assert total > 150


def reads(qa):
    """What a question says, whatever the order of its points."""
    source, *options = qa.marks
    return (source.x, source.y, *sorted((mark.x, mark.y) for mark in options))


@pytest.mark.parametrize("kind", [POINT, OBJECT])
def test_questions_that_read_alike_have_every_answer_equally_often(kind):
    answers = defaultdict(Counter)
    for geometry in filmed_rooms(3):
        for qa in asked(kind, geometry, max_per_kind=100_000):
            right = qa.marks[1 + qa.answer.correct]
            answers[qa.sequence_id, *reads(qa)][right.x, right.y] += 1
    assert len(answers) > 30
    for text, counts in answers.items():
        assert dict(counts) == dict.fromkeys(text[3:], 1)


def test_matches_are_refused_where_they_are_unclear(around_the_room):
    first = around_the_room
    still = seen_ahead(("box", 0.0, 1.5, 0.0, 1.0), n=3)
    (reason,) = lost(POINT, still)
    assert (asked(POINT, still), reason) == ([], SkipReason.NO_DISTRACTORS)
    strict = asked(POINT, first, floors=((POINT, 0.1),), max_per_kind=200)
    assert strict
    assert min(qa.margin for qa in strict) >= 0.1
    unsure = asked(POINT, replace(first, sigma_m=0.03), max_per_kind=200)
    assert unsure
    for qa in unsure:
        assert qa.margin >= 3 * qa.sigma
        z = project(
            seen_at(first, qa.marks[0])[1][None], first.c2w[qa.frames[1]], first.intrinsics[0]
        ).depth[0]
        assert qa.sigma == pytest.approx(0.03 * 2**0.5 / z, rel=0.02)
    blind = replace(first, reliable=np.zeros_like(first.reliable))
    assert lost(POINT, blind) == {SkipReason.VIEWS_SHARE_NOTHING: 1}
    assert lost(OBJECT, blind) == {SkipReason.VIEWS_SHARE_NOTHING: 1}


# --- object_correspondence


def test_a_point_on_the_same_object_is_right_and_the_others_are_elsewhere(around_the_room):
    total = 0
    for geometry in (around_the_room, *filmed_rooms(3)):
        for qa in asked(OBJECT, geometry):
            marked = {}
            for mark in qa.marks:
                k, row, column = pixel(geometry, mark)
                r = int(qa.margin)
                around = geometry.instances[
                    k, max(row - r, 0) : row + r + 1, max(column - r, 0) : column + r + 1
                ]
                assert len(np.unique(around)) == 1
                marked[mark.label] = int(around[0, 0])
            assert marked["P"] > 0
            same = [name for name in "ABCD" if marked[name] == marked["P"]]
            assert same == [qa.answer.text[-1]]
            total += 1
    assert total > 100


def two_lamps_and_two_boxes():
    """Four cubes in a row, 1 m apart, seen from six places."""
    things = [
        thing(i + 1, name, (1.0 + i, 2.0, 1.3), (0.6, 0.6, 0.6))
        for i, name in enumerate(("lamp", "box", "lamp", "box"))
    ]
    return drawn_room(things, ahead(*[(x, 0.5, 1.3) for x in (1.0, 1.6, 2.2, 2.8, 3.4, 4.0)]))


def test_a_hand_computed_object_seen_again():
    geometry = two_lamps_and_two_boxes()
    found = asked(OBJECT, geometry, max_per_kind=1000, floors=((OBJECT, 2.0),))
    assert found
    for qa in found:
        assert qa.margin >= 2
        source, right = qa.marks[0], qa.marks[1 + qa.answer.correct]
        k, row, column = pixel(geometry, source)
        cube = geometry.objects[int(geometry.instances[k, row, column]) - 1]
        eye = geometry.c2w[qa.frames[1]][0, 3]
        focal = 48 / np.tan(np.deg2rad(40)) / 96 * 1000
        nearest, farthest = 1.2, 1.8  # its front and back face
        low, high = cube.center[0] - 0.3 - eye, cube.center[0] + 0.3 - eye
        reach = [500 + focal * x / z for x in (low, high) for z in (nearest, farthest)]
        assert min(reach) <= right.x <= max(reach)


def test_objects_of_one_image_and_a_still_camera_are_refused():
    still = seen_ahead(("box", -0.6, 1.5, 0.0, 0.5), ("lamp", 0.6, 1.5, 0.0, 0.5), n=3)
    assert lost(OBJECT, still) == {SkipReason.VIEWS_SHARE_NOTHING: 1}
    geometry = two_lamps_and_two_boxes()
    alone = replace(geometry, sigma_m=0.02)
    assert {qa.sigma for qa in asked(OBJECT, alone)} == {None}
    assert {qa.sigma for qa in asked(OBJECT, geometry)} == {0.0}
    assert lost(OBJECT, geometry)[SkipReason.NO_DISTRACTORS] > 0


def test_sets_are_found_where_all_go_with_each_other():
    # Items 0..3 and 4..6 read alike; in the first group all go together, in the second too few.
    group = np.array([5, 5, 5, 5, 9, 9, 9])
    groups = side_by_side(group, 10, np.random.default_rng(0))
    assert [sorted(m[r].tolist()) for m, r in zip(*groups, strict=True)] == [
        [0, 1, 2, 3],
        [4, 5, 6],
    ]
    wrong = np.ones((2, 4, 4), np.bool_) & ~np.eye(4, dtype=np.bool_)
    rank = np.zeros((2, 4, 4))
    found = exchangeable_sets(groups, wrong, rank)
    assert sorted(found[:, 0].tolist()) == [0, 1, 2, 3]
    assert {tuple(sorted(row)) for row in found.tolist()} == {(0, 1, 2, 3)}
    one_way = wrong.copy()
    one_way[0, 1, 2] = False  # item 2 is not surely wrong where item 1 is right
    assert exchangeable_sets(groups, one_way, rank).shape == (0, 4)
    assert side_by_side(group, 2, np.random.default_rng(0)).member.shape == (2, 2)
