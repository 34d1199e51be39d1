"""Questions of someone who stands somewhere, worked out by hand."""

import pytest
from asking import ask_kind, refused
from box_scenes import box, scene

from qa_gen.answers import FreeText
from qa_gen.record import QuestionKind

WHAT, IS = QuestionKind.SITUATED_WHAT, QuestionKind.SITUATED_IS
MANY, CAN = QuestionKind.SITUATED_HOW_MANY, QuestionKind.SITUATED_CAN
WHICH = QuestionKind.SITUATED_WHICH

SOFA = box(1, "sofa", (0, 0, 0.2))
TELEVISION = box(2, "television", (0, 3, 0.2))  # from the sofa: along +y
PLANT = box(3, "plant", (-2, 0, 0.2))  # 90 degrees to the left


def from_sofa(kind, *extra, **kwargs):
    """Questions of someone by the sofa who faces the television."""
    qas = ask_kind(kind, scene(SOFA, TELEVISION, PLANT, *extra, **kwargs))
    return [qa for qa in qas if qa.objects[:2] == (1, 2)]


def test_what_is_on_my_left():
    (qa,) = from_sofa(WHAT, sigma_m=0.01)
    assert qa.question == (
        "I am standing by the sofa facing the television. What is on my left, within 45 degrees to "
        "either side of that direction? Walls, doors and windows do not count."
    )
    assert qa.answer == FreeText(("plant", "the plant", "a plant"))
    assert qa.objects == (1, 2, 3)
    # The plant is in the middle of its quarter, the television 45 degrees outside of it.
    assert qa.margin == pytest.approx(45.0)
    assert qa.sigma == pytest.approx(0.01 * (1 / 3 + 1 / 2) * 57.29578)


def test_only_one_thing_may_be_there_and_nothing_near_the_border():
    second = box(4, "lamp", (-2, 1, 0.2))  # 63.4 degrees to the left
    assert not from_sofa(WHAT, second)
    assert refused(WHAT, scene(SOFA, TELEVISION, PLANT, second))["several_answers"] > 0
    border = box(4, "lamp", (-2, 2.2, 0.2))  # 42.3 degrees: 2.7 outside
    assert not from_sofa(WHAT, border)
    outside = box(4, "lamp", (-1.5, 3, 0.2))  # 26.6 degrees: 18.4 outside
    (qa,) = from_sofa(WHAT, outside)
    assert qa.margin == pytest.approx(18.43, abs=0.01)


def test_doors_and_windows_do_not_count():
    (qa,) = from_sofa(WHAT, box(4, "sliding door", (-2, 1, 0.2)))
    assert qa.objects == (1, 2, 3)


def test_something_too_small_to_be_named_counts_as_well():
    unnamed = box(4, "lamp", (-2, 1, 0.2), pixels=(1, 0, 0))
    assert not from_sofa(WHAT, unnamed)


def test_is_it_there():
    # The lamp is there to be faced from the television, which puts the plant on the right: sides
    # that are never right are not asked about.
    asked = [qa for qa in from_sofa(IS, box(4, "lamp", (2, 0, 0.2))) if qa.objects[2] == 3]
    qas = {qa.question.split("Is the plant ")[1].split(",")[0]: qa for qa in asked}
    answers = {side: qa.answer.accepted for side, qa in qas.items()}
    assert answers["on my left"] == ("yes",)
    assert qas["on my left"].margin == pytest.approx(45.0)
    assert answers["on my right"] == ("no",)  # 180 degrees off its middle, 135 from its border
    assert qas["on my right"].margin == pytest.approx(135.0)
    assert qas["on my right"].value == pytest.approx(180.0)


def test_how_many_chairs_are_on_my_left():
    chairs = [
        box(4, "chair", (-2, 1.5, 0.2)),  # 53.1 degrees to the left
        box(5, "chair", (-1, -2, 0.2)),  # 153.4 to the left: 26.6 from straight behind
        box(6, "chair", (2, 1, 0.2)),  # 63.4 to the right
    ]
    qas = from_sofa(MANY, *chairs)
    assert {qa.question.split(" on my ")[1][:4]: qa.answer.accepted for qa in qas} == {
        "left": ("two", "2"), "righ": ("one", "1"),
    }  # fmt: skip
    assert all(qa.margin == pytest.approx(26.565, abs=0.001) for qa in qas)
    assert all(qa.objects == (1, 2, 4, 5, 6) for qa in qas)
    assert "How many chairs are on my left" in qas[0].question
    ahead = box(7, "chair", (0.2, 2, 0.2))  # 5.7 degrees off the line of sight
    assert not from_sofa(MANY, *chairs, ahead)


def test_what_can_be_counted():
    two = [box(4, "chair", (-2, 1.5, 0.2)), box(5, "chair", (-1, -2, 0.2), pixels=(3, 0, 0))]
    assert not from_sofa(MANY, *two)  # a few pixels: one would count it, the next would not
    office = [box(4, "chair", (-2, 1.5, 0.2)), box(5, "chair", (2, 1.5, 0.2))]
    assert from_sofa(MANY, *office)
    assert not from_sofa(MANY, *office, box(6, "office chair", (2, -1, 0.2)))
    lost = refused(MANY, scene(SOFA, TELEVISION, *office, box(6, "office chair", (2, -1, 0.2))))
    assert lost["several_answers"] > 0


def test_what_is_within_reach():
    things = [
        box(1, "stool", (0, 0, 0.2)),
        box(2, "table", (0.7, 0, 0.35), (0.4, 0.4, 0.7)),  # 0.3 m from the stool
        box(3, "cabinet", (-2.4, 0, 0.5), (0.4, 0.4, 1.0)),  # 2 m from the stool
    ]
    qas = {qa.objects: qa for qa in ask_kind(CAN, scene(*things))}
    assert qas[1, 2].answer.accepted == ("yes",)
    assert (qas[1, 2].value, qas[1, 2].margin) == (pytest.approx(0.3), pytest.approx(0.7))
    assert qas[3, 2].answer.accepted == ("no",)
    assert qas[3, 2].value == pytest.approx(2.7)
    assert (1, 3) not in qas  # nothing is near the cabinet: "no" whatever one stands by
    between = [*things[:2], box(4, "desk", (1.9, 0, 0.35), (0.4, 0.4, 0.7))]
    assert refused(CAN, scene(*between))["margin_too_small"] > 0  # 0.8 m from the table
    high = [*things[:2], box(4, "clock", (0, 0.5, 2.2))]
    assert refused(CAN, scene(*high))["objects_too_far"] > 0


def test_which_way_to_turn():
    lamp = box(4, "lamp", (2, 0, 0.2))  # 90 degrees to the right
    desk = box(5, "desk", (0, -2, 0.2))  # straight behind
    qas = {qa.objects[2]: qa for qa in from_sofa(WHICH, lamp, desk)}
    assert {i: qa.answer.accepted[0] for i, qa in qas.items()} == {
        3: "left",
        4: "right",
        5: "around",
    }
    assert qas[3].value == pytest.approx(90.0)
    assert qas[3].margin == pytest.approx(45.0)  # to 135 degrees
    assert qas[5].margin == pytest.approx(45.0)
    assert "Which way should I turn to face the plant" in qas[3].question


def test_a_situation_needs_a_direction():
    # A book on the table is no place from which one faces the table.
    table = box(7, "table", (4, 0, 0.35), (1.2, 0.8, 0.7))
    book = box(8, "book", (4.3, 0, 0.72), (0.2, 0.2, 0.04))
    lamp = box(4, "lamp", (2, 0, 0.2))
    desk = box(5, "desk", (0, -2, 0.2))
    room = scene(SOFA, TELEVISION, PLANT, lamp, desk, table, book)
    asked = {qa.objects[:2] for qa in ask_kind(WHICH, room)}
    assert (1, 2) in asked
    assert not asked & {(7, 8), (8, 7)}
    assert refused(WHICH, room)["objects_too_close"] > 0
    assert refused(IS, scene(SOFA, TELEVISION))["too_few_objects"] > 0
