"""Whether two objects touch."""

import pytest
from asking import ask_kind, refused
from box_scenes import box, scene

from qa_gen.record import QuestionKind

KIND = QuestionKind.CONTACT

TABLE = box(1, "table", (0, 0, 0.35), (1.2, 0.8, 0.7))
CABINET = box(2, "cabinet", (2, 0, 0.5), (0.8, 0.4, 1.0))
LAMP = box(3, "lamp", (0, 0, 0.9), (0.2, 0.2, 0.4))  # on the table
BOOK = box(4, "book", (2, 0, 1.05), (0.2, 0.2, 0.1))  # on the cabinet


def test_touching_and_not_touching_by_hand():
    qas = {qa.objects: qa for qa in ask_kind(KIND, scene(TABLE, CABINET, LAMP, BOOK, sigma_m=0.01))}
    # Table and cabinet carry nothing of each other, lamp and book carry nothing: not asked.
    assert qas.keys() == {(1, 3), (1, 4), (2, 3), (2, 4)}
    assert {pair: qa.answer.text for pair, qa in qas.items()} == {
        (1, 3): "yes", (1, 4): "no", (2, 3): "no", (2, 4): "yes",
    }  # fmt: skip
    # From the table's edge at (0.6, 0.7) to the book's at (1.9, 1.0): hypot(1.3, 0.3).
    apart = (1.3**2 + 0.3**2) ** 0.5
    assert qas[1, 4].value == pytest.approx(apart)
    assert qas[1, 4].margin == pytest.approx(apart - 0.05)
    assert qas[1, 4].sigma == pytest.approx(0.01 * 2**0.5)
    assert qas[1, 3].margin == pytest.approx(0.05)
    assert qas[1, 3].question == "Are the table and the lamp touching each other?"


@pytest.mark.parametrize(("gap", "answers"), [(0.08, []), (0.1, ["no"])])
def test_a_gap_of_a_few_centimetres_is_not_asked_about(gap, answers):
    # A cabinet as high as the table beside it; the book on it is ``gap`` from the table.
    low = box(2, "cabinet", (0.6 + gap + 0.4, 0, 0.34), (0.8, 0.4, 0.68))
    book = box(4, "book", (0.6 + gap + 0.1, 0, 0.73), (0.2, 0.2, 0.1))
    geometry = scene(TABLE, low, LAMP, book)
    found = [qa.answer.text for qa in ask_kind(KIND, geometry) if qa.objects == (1, 4)]
    assert found == answers
    if not answers:
        assert refused(KIND, geometry)["margin_too_small"] >= 1


def test_boxes_that_overlap_say_nothing_about_contact():
    # A chair under the table: its box reaches into the table's, it need not touch it.
    chair = box(5, "chair", (0, 0.5, 0.45), (0.4, 0.4, 0.9))
    geometry = scene(TABLE, CABINET, LAMP, BOOK, chair)
    assert (1, 5) not in {qa.objects for qa in ask_kind(KIND, geometry)}
    assert refused(KIND, geometry)["inside_another"] == 1


def test_far_and_uncounterable_pairs_have_their_reasons():
    far = box(5, "plant", (9, 0, 0.5))
    assert refused(KIND, scene(TABLE, CABINET, LAMP, BOOK, far))["objects_too_far"] == 4
    assert refused(KIND, scene(TABLE, CABINET))["no_counter_example"] == 1
    assert refused(KIND, scene(TABLE, CABINET, scale="relative")) == {"scale_not_metric": 1}
