"""What stands on what, in rooms of boxes."""

from dataclasses import replace

import numpy as np
import pytest
from asking import ask_kind, refused
from box_scenes import box, scene
from worlds import filmed_rooms

from qa_gen.generate import LabelConfig
from qa_gen.record import QuestionKind
from qa_gen.resting import resting
from qa_gen.survey import survey_sequence

KIND = QuestionKind.SUPPORT

TABLE = box(1, "table", (0, 0, 0.35), (1.2, 0.8, 0.7))  # its top is at 0.7
LAMP = box(2, "lamp", (0.3, 0, 0.9), (0.2, 0.2, 0.4))  # its underside, too
CHAIR = box(3, "chair", (2, 0, 0.45), (0.4, 0.4, 0.9))
CABINET = box(4, "cabinet", (-2, 0, 0.5), (0.8, 0.4, 1.0))
ROOM = (TABLE, LAMP, CHAIR, CABINET)


def test_a_lamp_stands_on_the_table():
    # Lift off the table 0; off the floor 0.7; off the chair max(1.8 - 0.3, 0.9 - 0.7) = 1.5;
    # off the cabinet max(0.3 + 1.6, 1.0 - 0.7) = 1.9. The next after the table is the floor.
    (qa,) = ask_kind(KIND, scene(*ROOM, sigma_m=0.01))
    assert qa.question == "What is the lamp standing or lying on?"
    assert qa.answer.text == "the table"
    assert sorted(qa.answer.options) == ["the cabinet", "the chair", "the floor", "the table"]
    assert qa.objects == (2, 1)
    assert qa.value is None
    assert qa.margin == pytest.approx(0.7)
    assert qa.sigma == pytest.approx(0.01 * 6**0.5)


def test_the_floor_is_right_in_one_of_four_questions():
    things = [
        *ROOM,
        box(5, "book", (-0.3, 0, 0.75), (0.2, 0.2, 0.1)),
        box(6, "vase", (0, 0.3, 0.85), (0.1, 0.1, 0.3)),
        box(7, "basket", (3, 2, 0.2), (0.3, 0.3, 0.4)),
        box(8, "toy", (3, -2, 0.1), (0.2, 0.2, 0.2)),
    ]
    answers = [qa.answer.text for qa in ask_kind(KIND, scene(*things))]
    assert sorted(answers) == ["the floor", "the table", "the table", "the table"]
    # the table, the chair and the cabinet are too large to ask about, the toy is one too many
    assert refused(KIND, scene(*things))["answer_too_frequent"] == 4


@pytest.mark.parametrize(("thickness", "n_asked"), [(0.05, 0), (0.15, 1)])
def test_a_cup_on_a_thin_tray_is_not_asked_about(thickness, n_asked):
    # Off the tray the cup's lift is 0, off the table as much as the tray is thick.
    tray = box(5, "tray", (-0.3, 0, 0.7 + thickness / 2), (0.4, 0.3, thickness))
    cup = box(6, "cup", (-0.3, 0, 0.75 + thickness), (0.1, 0.1, 0.1))
    qas = ask_kind(KIND, scene(*ROOM, tray, cup))
    assert sum(qa.objects[0] == 6 for qa in qas) == n_asked


def test_each_unclear_case_has_its_reason():
    hovering = replace(LAMP, center=LAMP.center + np.array([0, 0, 0.03]))
    assert refused(KIND, scene(TABLE, hovering, CHAIR, CABINET))["objects_too_far"] == 1
    book = box(5, "book", (-2, 0, 0.1), (0.1, 0.1, 0.2))  # at the bottom of the cabinet
    assert refused(KIND, scene(*ROOM, book))["inside_another"] == 1
    other = box(5, "table", (0, 3, 0.35), (1.2, 0.8, 0.7))
    assert not ask_kind(KIND, scene(*ROOM, other), references="category")
    assert refused(KIND, scene(*ROOM, other), references="category")["category_not_unique"] >= 1
    assert refused(KIND, scene(TABLE, LAMP, CHAIR))["too_few_objects"] == 3
    # 3 x sqrt(6) x 0.1 = 0.73 > 0.7
    assert refused(KIND, scene(*ROOM, sigma_m=0.1))["uncertain"] == 1


def test_wrong_options_are_farther_than_the_right_one_by_the_floor():
    asked = 0
    for geometry in filmed_rooms(3):
        survey = survey_sequence(geometry, LabelConfig(kinds=()))
        lift = resting(survey.boxes, 0.0)
        for qa in ask_kind(KIND, geometry):
            row = [o.instance_id for o in survey.things].index(qa.objects[0])
            by_name = dict(zip(survey.names, lift.lift[row], strict=False))
            by_name["floor"] = lift.floor_lift[row]
            off = {text: by_name[text.removeprefix("the ")] for text in qa.answer.options}
            least = off.pop(qa.answer.text)
            assert least <= 0.02
            assert all(other >= least + 0.10 for other in off.values())
            asked += 1
    assert asked > 0
