"""Longest edges of known boxes."""

import pytest
from box_scenes import box, scene
from vsi_asking import ask_all

from qa_gen.questions.vsi.object_size_estimation import QUESTION
from qa_gen.record import Quantity, SkipReason


def test_a_hand_computed_size_with_everything_that_belongs_to_it():
    # Turned about up, a box of 0.8 x 2.056 x 0.45 m stays 2.056 m long: 206 cm.
    room = scene(box(4, "bed", (1, 2, 0), (0.8, 2.056, 0.45), yaw_deg=33), sigma_m=0.01)
    (qa,), lost = ask_all(QUESTION, room)
    assert not lost
    assert qa.question == (
        "What is the length of the longest dimension (length, width, or height) of the bed, "
        "measured in centimeters?"
    )
    assert qa.answer == Quantity(206.0, "cm", 0)
    assert qa.value == pytest.approx(205.6)
    assert (qa.margin, qa.margin_unit) == (pytest.approx(2.056), "m")
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)  # a face at either end
    assert (qa.objects, qa.definition) == ((4,), "obb_longest_edge_cm")


@pytest.mark.parametrize(
    ("longest", "reason"),
    [
        (0.09, SkipReason.MARGIN_TOO_SMALL),
        (0.11, None),
        (9.9, None),
        (10.1, SkipReason.VALUE_IMPLAUSIBLE),
    ],
)
def test_sizes_are_those_of_furniture(longest, reason):
    asked, lost = ask_all(QUESTION, scene(box(1, "bed", (0, 0, 0), (0.05, longest, 0.02))))
    assert len(asked) == (reason is None)
    assert lost == ({} if reason is None else {reason: 1})


@pytest.mark.parametrize(
    ("room", "reason"),
    [
        (scene(), SkipReason.TOO_FEW_OBJECTS),
        (scene(box(1, "bed", (0, 0, 0)), scale="relative"), SkipReason.SCALE_NOT_METRIC),
        (scene(box(1, "bed", (0, 0, 0), pixels=(19, 0, 0))), SkipReason.NOT_VISIBLE_ENOUGH),
        (scene(box(1, "bed", (0, 0, 0)), sigma_m=0.2), SkipReason.UNCERTAIN),
        (scene(*(box(i, "bed", (i, 0, 0)) for i in (1, 2))), SkipReason.CATEGORY_NOT_UNIQUE),
    ],
)
def test_what_cannot_be_known_is_skipped(room, reason):
    asked, lost = ask_all(QUESTION, room)
    assert asked == []
    assert set(lost) == {reason}


def test_nothing_is_called_by_its_size():
    room = scene(box(1, "bed", (0, 0, 0), (1, 2, 0.5)), box(2, "bed", (4, 0, 0), (1, 1.2, 0.5)))
    asked, lost = ask_all(QUESTION, room)
    assert (asked, lost) == ([], {SkipReason.NAME_TELLS: 2})
