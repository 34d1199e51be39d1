"""Questions about the distance from the camera to things: worked examples, floors, refusals."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from box_rooms import thing
from camera_films import ask, film, pose, table
from worlds import filmed_rooms, scaled

from qa_gen.answers import Quantity
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import QuestionKind, SkipReason, SpatialQA

DISTANCE = QuestionKind.CAMERA_OBJECT_DISTANCE
CHANGE = QuestionKind.CAMERA_OBJECT_DISTANCE_CHANGE
CLOSER = QuestionKind.CLOSER_FRAME
object_kinds = pytest.mark.parametrize("kind", [DISTANCE, CHANGE, CLOSER])


def approach(**changes):
    """Three images of the table: from 1.8 m before it and 0.6 m above, then aside, then nearer."""
    return film(pose(2.0, 0.3), pose(2.4, 0.3), pose(2.4, 1.1), things=[table()], **changes)


def test_the_distance_to_the_nearest_point_of_a_box():
    qas, skipped = ask(approach(sigma_m=0.05), DISTANCE)
    # The nearest point lies on the upper front edge: sqrt(1.8^2 + 0.6^2) = 1.897367 m twice,
    # sqrt(1.0^2 + 0.6^2) = 1.166190 m from the third.
    assert {frames: round(qa.value, 6) for frames, qa in qas.items()} == {
        (0,): 1.897367,
        (1,): 1.897367,
        (2,): 1.16619,
    }
    qa = qas[(0,)]
    assert qa.question == (
        "What is the approximate distance (in meters) between the camera (or the person filming) "
        "and the nearest point of the table in this image?"
    )
    assert qa.answer == Quantity(1.9, "m", 1)
    assert (qa.margin, qa.margin_unit, qa.objects) == (qa.value, "m", (1,))
    assert qa.sigma == pytest.approx(0.05 * 2**0.5)
    assert (qa.frames, qa.evidence_frames) == ((0,), (0,))
    assert skipped == {}


def test_a_turned_box_is_not_its_axis_aligned_hull():
    # A cube of sqrt(2) m turned by 45 degrees has its edges 1 m from its middle; from 3 m away
    # along x + y the nearest face is 3 - sqrt(2) / 2 m away.
    side = (2**0.5,) * 3
    cube = thing(1, "table", (2.0, 2.5, 2**0.5 / 2), side, 45.0)
    eye = np.array([2.0, 2.5]) - 3 / 2**0.5
    qas, _ = ask(film(pose(*eye, 0.7, pan_deg=45), pose(2.0, 0.2, 0.7), things=[cube]), DISTANCE)
    assert qas[(0,)].value == pytest.approx(3 - 2**0.5 / 2)
    assert qas[(1,)].value == pytest.approx(2.3 - 1.0)  # to an upright edge


@pytest.mark.parametrize(("metres", "asked"), [(0.29, False), (0.31, True)])
def test_a_camera_at_a_thing_is_not_asked_about(metres, asked):
    tall = thing(1, "cabinet", (2.0, 2.5, 1.0), (1.0, 1.0, 2.0))
    qas, skipped = ask(film(pose(2.0, 2.0 - metres), pose(2.0, 0.5), things=[tall]), DISTANCE)
    assert set(qas) == ({(0,), (1,)} if asked else {(1,)})
    assert skipped == ({} if asked else {SkipReason.MARGIN_TOO_SMALL: 1})


def test_things_beyond_ten_metres_are_not_asked_about():
    # six times as large: 11.4 m, 11.4 m and 7.0 m
    qas, skipped = ask(scaled(approach(), 6.0), DISTANCE)
    assert set(qas) == {(2,)}
    assert skipped == {SkipReason.OBJECTS_TOO_FAR: 2}


def test_a_thing_must_be_seen_in_the_image():
    turned = film(pose(2, 0.3), pose(2, 0.3, pan_deg=180), pose(2, 0.9), things=[table()])
    qas, skipped = ask(turned, DISTANCE)
    assert set(qas) == {(0,), (2,)}
    assert skipped == {SkipReason.NOT_VISIBLE_ENOUGH: 1}
    qas, skipped = ask(turned, CHANGE)
    assert set(qas) == {(0, 2)}
    assert skipped == {SkipReason.NOT_VISIBLE_ENOUGH: 2}
    assert ask(turned, CLOSER) == ({}, {SkipReason.NOT_VISIBLE_ENOUGH: 1})


def test_nearer_and_farther():
    qas, skipped = ask(approach(sigma_m=0.05), CHANGE)
    # 1.166190 - 1.897367 = -0.731177 m from the first and from the second image
    assert {frames: qa.answer.text for frames, qa in qas.items()} == {
        (0, 2): "nearer",
        (1, 2): "nearer",
    }
    assert qas[0, 2].value == pytest.approx(-0.731177, abs=1e-6)
    assert qas[0, 2].margin == pytest.approx(0.731177, abs=1e-6)
    assert qas[0, 2].sigma == pytest.approx(0.1)  # two positions and two faces
    assert qas[0, 2].question == (
        "Compared with the first image, is the camera in the second image nearer to or farther "
        "from the closest point of the table?"
    )
    assert skipped == {SkipReason.MARGIN_TOO_SMALL: 1}  # a step aside is no change
    back = film(pose(2.4, 1.1), pose(2.0, 0.3), things=[table()])
    assert ask(back, CHANGE)[0][0, 1].answer.text == "farther"
    _, skipped = ask(approach(sigma_m=0.13), CHANGE)  # 3 sigma are 0.78 m
    assert skipped[SkipReason.UNCERTAIN] == 2


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (1.0, 0.86, False),  # 0.14 m
        (1.0, 0.84, True),
        (1.8, 1.64, False),  # 0.16 m, less than a tenth of 1.64
        (1.8, 1.63, True),
    ],
)
def test_a_change_must_be_clear_in_metres_and_as_a_share(before, after, asked):
    tall = thing(1, "cabinet", (2.0, 2.5, 1.0), (1.0, 1.0, 2.0))  # front at y = 2
    poses = [pose(2.0, 2.0 - before), pose(2.0, 2.0 - after)]
    for kind, given in ((CHANGE, poses), (CLOSER, [pose(2.0, 0.1), *poses])):
        qas, skipped = ask(film(*given, things=[tall]), kind)
        kept = [frames for frames in qas if kind == CLOSER or frames == (0, 1)]
        assert bool(kept) == asked
        assert skipped == ({} if asked else {SkipReason.MARGIN_TOO_SMALL: 1})


def test_the_closest_of_three_images():
    seen = set()
    for seed in range(12):
        config = LabelConfig(kinds=(CLOSER,), phrasing="canonical")
        (qa,) = label_sequence(approach(sigma_m=0.05), config, seed)
        assert qa.frames[("first image", "second image", "third image").index(qa.answer.text)] == 2
        assert set(qa.answer.options) == {"first image", "second image", "third image"}
        assert qa.margin == pytest.approx(0.731177, abs=1e-6)
        assert qa.sigma == pytest.approx(0.1)
        assert qa.question == (
            "In which of these images is the camera closest to the nearest point of the table?"
        )
        seen.add(qa.frames)
    assert len(seen) > 3  # images come in any order
    two = film(pose(2.0, 0.3), pose(2.4, 1.1), things=[table()])
    assert ask(two, CLOSER) == ({}, {SkipReason.TOO_FEW_IMAGES: 1})


def test_the_order_of_images_does_not_tell_the_closest():
    config = LabelConfig(kinds=(CLOSER,), max_per_kind=120)
    right = Counter()
    for seed, geometry in enumerate(filmed_rooms()):
        for qa in label_sequence(geometry, config, seed):
            if isinstance(qa, SpatialQA):
                right[qa.answer.text] += 1
    assert sum(right.values()) > 150
    assert max(right.values()) / sum(right.values()) < 0.42


@object_kinds
def test_metres_poses_and_things_are_needed(kind):
    geometry = approach()
    assert ask(replace(geometry, scale="relative"), kind)[1] == {SkipReason.SCALE_NOT_METRIC: 1}
    assert ask(replace(geometry, c2w=None), kind)[1] == {SkipReason.NO_POSES: 1}
    assert ask(film(pose(2.0, 0.3), pose(2.4, 0.3), pose(2.4, 1.1)), kind)[1] == {
        SkipReason.TOO_FEW_OBJECTS: 1
    }


@object_kinds
def test_a_name_that_means_two_things_is_not_used(kind):
    both = film(
        *(pose(2.0, 0.3), pose(2.4, 0.3), pose(2.4, 1.1)),
        things=[table(), thing(2, "table", (4.0, 3.0, 0.3), (0.6, 0.6, 0.6))],
    )
    qas, skipped = ask(both, kind, references="category")
    assert qas == {}
    assert skipped == {SkipReason.CATEGORY_NOT_UNIQUE: 2 * (1 if kind == CLOSER else 3)}
