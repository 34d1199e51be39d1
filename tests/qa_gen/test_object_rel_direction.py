"""Direction questions of scenes with known directions."""

from dataclasses import replace

import pytest
from box_scenes import box, scene
from vsi_asking import answers, ask_all

from qa_gen.questions.revsi import (
    object_rel_direction_backward_easy,
    object_rel_direction_backward_hard,
)
from qa_gen.questions.vsi import (
    object_rel_direction_easy,
    object_rel_direction_hard,
    object_rel_direction_medium,
)
from qa_gen.record import SkipReason

EASY = object_rel_direction_easy.QUESTION
MEDIUM = object_rel_direction_medium.QUESTION
HARD = object_rel_direction_hard.QUESTION
AWAY_EASY = object_rel_direction_backward_easy.QUESTION
AWAY_HARD = object_rel_direction_backward_hard.QUESTION
kinds = pytest.mark.parametrize(
    "question", [EASY, MEDIUM, HARD, AWAY_EASY, AWAY_HARD], ids=lambda q: q.kind
)


def corner_room(lamp=(-2.0, 1.0, 0.0), size=(0.2, 0.2, 0.2), **changes):
    """Standing at the bed and facing the desk (+y), the lamp is 63.43 degrees to the left."""
    return replace(
        scene(
            box(1, "bed", (0, 0, 0), (0.2, 0.2, 0.2)),
            box(2, "desk", (0, 2, 0), (0.2, 0.2, 0.2)),
            box(3, "lamp", lamp, size),
        ),
        **changes,
    )


# atan(2 / 1) = 63.435 degrees. With the back to the desk the observer looks along -y: the lamp is
# at 243.435, behind and on the right; 18.435 from 225, 26.565 from 270.
@pytest.mark.parametrize(
    ("question", "answer", "angle", "margin", "words"),
    [
        (
            EASY, "left", 63.435, 63.435,
            "If I am standing by the bed and facing the desk, is the lamp to the left or the "
            "right of the desk?",
        ),
        (
            MEDIUM, "left", 63.435, 63.435,
            "If I am standing by the bed and facing the desk, is the lamp to my left, right, or "
            "back?\nAn object is to my back if I would have to turn at least 135 degrees in order "
            "to face it.",
        ),
        (
            HARD, "front-left", 63.435, 26.565,
            "If I am standing by the bed and facing the desk, is the lamp to my front-left, "
            "front-right, back-left, or back-right?\nThe directions refer to the quadrants of a "
            "Cartesian plane (if I am standing at the origin and facing along the positive "
            "y-axis).",
        ),
        (
            AWAY_EASY, "right", 243.435, 18.435,
            "If I am standing by the bed and facing in the opposite direction of the desk, is the "
            "lamp to my left, right, or back?\nAn object is to my back if I would have to turn at "
            "least 135 degrees in order to face it.",
        ),
        (
            AWAY_HARD, "back-right", 243.435, 26.565,
            "If I am standing by the bed and facing in the opposite direction of the desk, is the "
            "lamp to my front-left, front-right, back-left, or back-right?",
        ),
    ],
)  # fmt: skip
def test_hand_computed_directions_in_the_benchmarks_words(question, answer, angle, margin, words):
    asked, _ = ask_all(question, corner_room())
    qa = next(qa for qa in asked if qa.objects == (1, 2, 3))
    assert qa.question == words
    assert qa.answer.text == answer
    assert qa.value == pytest.approx(angle, abs=1e-3)
    assert qa.margin == pytest.approx(margin, abs=1e-3)
    assert (qa.margin_unit, qa.sigma) == ("deg", 0.0)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        (EASY, {"left", "right"}),
        (MEDIUM, {"left", "right", "back"}),
        (HARD, {"front-left", "front-right", "back-left", "back-right"}),
        (AWAY_EASY, {"left", "right", "back"}),
        (AWAY_HARD, {"front-left", "front-right", "back-left", "back-right"}),
    ],
)
def test_all_directions_are_offered(question, options):
    asked, _ = ask_all(question, corner_room())
    assert asked
    assert all(set(qa.answer.options) == options for qa in asked)


def test_looking_back_from_the_lamp_the_desk_is_on_the_left():
    # From (-2, 1) the bed lies at atan2(-1, 2) = -26.565 degrees, the desk at +26.565.
    asked, _ = ask_all(HARD, corner_room())
    qa = next(qa for qa in asked if qa.objects == (3, 1, 2))
    assert qa.value == pytest.approx(53.130, abs=1e-3)
    assert qa.answer.text == "front-left"


@pytest.mark.parametrize(("y", "asked"), [(0.30, False), (0.40, True), (-0.30, False)])
def test_margins_hold_on_both_sides_of_a_boundary(y, asked):
    # Facing +y from the origin, a box at (-2, y) is 90 - atan(y / 2) degrees to the left:
    # 8.5, 11.3 and 8.5 degrees from the side.
    room = corner_room((-2, y, 0), (0.05, 0.05, 0.05))
    assert ((1, 2, 3) in answers(HARD, room)) == asked


def test_a_large_object_that_reaches_into_another_quadrant_is_skipped():
    _, small = ask_all(HARD, corner_room())
    _, wide = ask_all(HARD, corner_room(size=(6.0, 0.2, 0.2)))
    assert small[SkipReason.FOOTPRINT_ACROSS_SECTORS] == 0
    assert wide[SkipReason.FOOTPRINT_ACROSS_SECTORS] > 0


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (scene(*corner_room().objects[:2]), SkipReason.TOO_FEW_OBJECTS),
        (scene(), SkipReason.TOO_FEW_OBJECTS),
        (
            scene(*corner_room().objects[:2], box(3, "desk", (-1.5, 1.5, 0), (0.2, 0.2, 0.2))),
            SkipReason.CATEGORY_NOT_UNIQUE,
        ),
        (
            scene(*corner_room().objects[:2], box(3, "lamp", (-1.5, 1.5, 0), pixels=(1, 0, 0))),
            SkipReason.NOT_VISIBLE_ENOUGH,
        ),
        (corner_room((0.2, 0.2, 1)), SkipReason.OBJECTS_TOO_CLOSE),
        (corner_room((-4, 4, 1)), SkipReason.OBJECTS_TOO_FAR),
        (corner_room((-0.3, 4, 0)), SkipReason.MARGIN_TOO_SMALL),
        (corner_room(sigma_m=1.0), SkipReason.UNCERTAIN),
    ],
)
@kinds
def test_unclear_triples_are_skipped_with_their_reason(question, geometry, reason):
    _, lost = ask_all(question, geometry, references="category")
    assert lost[reason] > 0


def test_someone_is_not_asked_where_the_name_says_it():
    room = scene(
        box(1, "bed", (0, 0, 0)), box(2, "desk", (0, 2, 0)),
        box(3, "chair", (-1.5, 2, 0)), box(4, "chair", (-2, -2, 0)),
    )  # fmt: skip
    # One chair is "nearest to the bed"; all three-object questions with it name the bed, too.
    asked, lost = ask_all(EASY, room)
    assert asked == []
    assert lost[SkipReason.NAME_TELLS] > 0


def test_where_only_one_way_is_ever_right_from_a_place_it_is_not_asked_from_there():
    # From the bed in the corner, everything else is within 90 degrees: never behind.
    spread = [("desk", 2, 0.1), ("lamp", 1.6, 1.5), ("sofa", 0.1, 2), ("table", 0.9, 2.2)]
    things = [box(i, name, (x, y, 0), (0.1, 0.1, 0.1)) for i, (name, x, y) in enumerate(spread, 2)]
    asked, lost = ask_all(HARD, scene(box(1, "bed", (0, 0, 0), (0.1, 0.1, 0.1)), *things))
    assert lost[SkipReason.NO_COUNTER_EXAMPLE] > 0
    assert not any(qa.objects[0] == 1 for qa in asked)


def test_geometry_without_metres_is_asked_for_directions_whatever_its_size():
    thousandfold = scene(
        *(replace(o, center=o.center * 1000, size=o.size * 1000) for o in corner_room().objects),
        scale="relative",
    )
    here = answers(HARD, corner_room())
    assert here == answers(HARD, thousandfold) != {}


def test_two_objects_on_one_spot_of_the_floor_have_no_direction():
    asked, lost = ask_all(EASY, corner_room((0, 0, 1), scale="relative"))
    assert asked == []
    assert set(lost) == {SkipReason.OBJECTS_TOO_CLOSE}
