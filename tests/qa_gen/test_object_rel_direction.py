"""Direction questions of scenes with known directions."""

from dataclasses import replace

import pytest
from box_scenes import box, scene

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions.object_rel_direction import LEVELS
from qa_gen.record import QuestionKind, Skipped, SkipReason, SpatialQA

EASY, MEDIUM, HARD = LEVELS
CONFIG = LabelConfig(kinds=(EASY, MEDIUM, HARD), max_per_kind=1000)


def corner_room(**changes):
    # Standing at the bed (origin) and facing the desk (+y), the lamp is 45 degrees to the left.
    return replace(
        scene(
            box(1, "bed", (0, 0, 0), (0.2, 0.2, 0.2)),
            box(2, "desk", (0, 2, 0), (0.2, 0.2, 0.2)),
            box(3, "lamp", (-1.5, 1.5, 0), (0.2, 0.2, 0.2)),
        ),
        **changes,
    )


def ask(geometry, kind, config=CONFIG):
    return label_sequence(geometry, replace(config, kinds=(kind,)), seed=0)


def question_about(records, ids):
    return next(r for r in records if isinstance(r, SpatialQA) and r.objects == ids)


@pytest.mark.parametrize(
    ("kind", "answer", "margin", "question"),
    [
        (
            EASY,
            "left",
            45.0,
            "If I am standing by the bed and facing the desk, is the lamp to the left or the "
            "right of the desk?",
        ),
        (
            MEDIUM,
            "left",
            45.0,
            "If I am standing by the bed and facing the desk, is the lamp to my left, right, or "
            "back?\nAn object is to my back if I would have to turn at least 135 degrees in order "
            "to face it.",
        ),
        (
            HARD,
            "front-left",
            45.0,
            "If I am standing by the bed and facing the desk, is the lamp to my front-left, "
            "front-right, back-left, or back-right?\nThe directions refer to the quadrants of a "
            "Cartesian plane (if I am standing at the origin and facing along the positive "
            "y-axis).",
        ),
    ],
)
def test_hand_computed_directions_in_vsi_benchs_words(kind, answer, margin, question):
    qa = question_about(ask(corner_room(), kind), (1, 2, 3))
    assert qa.question == question
    assert qa.answer.text == answer
    assert sorted(qa.answer.options) == sorted(LEVELS[kind].sectors.names)
    assert qa.value == pytest.approx(45.0)
    assert qa.margin == pytest.approx(margin)
    assert (qa.margin_unit, qa.sigma) == ("deg", 0.0)


def test_looking_back_from_the_lamp_the_desk_is_on_the_left():
    # From (-1.5, 1.5) the bed lies at -45 degrees, the desk at +18.4: 63.4 to the left.
    qa = question_about(ask(corner_room(), HARD), (3, 1, 2))
    assert qa.value == pytest.approx(63.435, abs=1e-3)
    assert qa.answer.text == "front-left"


@pytest.mark.parametrize(("y", "asked"), [(0.30, False), (0.40, True), (-0.30, False)])
def test_margins_hold_on_both_sides_of_a_boundary(y, asked):
    # Facing +y from the origin, a box at (-2, y) is 90 - atan(y / 2) degrees to the left.
    tiny = (0.05, 0.05, 0.05)
    geometry = scene(
        box(1, "bed", (0, 0, 0), tiny),
        box(2, "desk", (0, 2, 0), tiny),
        box(3, "lamp", (-2, y, 0), tiny),
    )
    about = [r.objects for r in ask(geometry, HARD) if isinstance(r, SpatialQA)]
    assert ((1, 2, 3) in about) == asked


def reasons(records):
    return {r.reason for r in records if isinstance(r, Skipped)}


def test_a_large_object_that_reaches_into_another_quadrant_is_skipped():
    small = ask(corner_room(), HARD)
    wide = scene(*corner_room().objects[:2], box(3, "lamp", (-1.5, 1.5, 0), (6.0, 0.2, 0.2)))
    assert SkipReason.FOOTPRINT_ACROSS_SECTORS not in reasons(small)
    assert SkipReason.FOOTPRINT_ACROSS_SECTORS in reasons(ask(wide, HARD))


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (scene(*corner_room().objects[:2]), SkipReason.TOO_FEW_OBJECTS),
        (
            scene(*corner_room().objects[:2], box(3, "desk", (-1.5, 1.5, 0))),
            SkipReason.CATEGORY_NOT_UNIQUE,
        ),
        (
            scene(*corner_room().objects[:2], box(3, "lamp", (-1.5, 1.5, 0), pixels=(1, 0, 0))),
            SkipReason.NOT_VISIBLE_ENOUGH,
        ),
        (
            scene(*corner_room().objects[:2], box(3, "lamp", (0.2, 0.2, 1))),
            SkipReason.OBJECTS_TOO_CLOSE,
        ),
        (
            scene(*corner_room().objects[:2], box(3, "lamp", (-4, 4, 1))),
            SkipReason.OBJECTS_TOO_FAR,
        ),
        (scene(*corner_room().objects[:2], box(3, "lamp", (0, 4, 0))), "margin_too_small"),
        (corner_room(sigma_m=0.5), SkipReason.UNCERTAIN),
    ],
)
@pytest.mark.parametrize("kind", [EASY, MEDIUM, HARD])
def test_unclear_triples_are_skipped_with_their_reason(kind, geometry, reason):
    assert SkipReason(reason) in reasons(ask(geometry, kind))


def test_geometry_without_metres_is_asked_for_directions_whatever_its_size():
    thousandfold = scene(
        *(replace(o, center=o.center * 1000, size=o.size * 1000) for o in corner_room().objects),
        scale="relative",
    )
    here, there = (
        {r.objects: r.answer.text for r in ask(g, HARD) if isinstance(r, SpatialQA)}
        for g in (corner_room(), thousandfold)
    )
    assert here == there


def test_two_objects_on_one_spot_of_the_floor_have_no_direction():
    geometry = scene(*corner_room().objects[:2], box(3, "lamp", (0, 0, 1)), scale="relative")
    assert reasons(ask(geometry, QuestionKind.OBJECT_REL_DIRECTION_EASY)) == {
        SkipReason.OBJECTS_TOO_CLOSE
    }
