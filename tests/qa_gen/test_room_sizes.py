"""Floor areas of known outlines, asked in VSI-Bench's way and in ReVSI's two."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import scene
from vsi_asking import ask_all
from worlds import drawn_room

from qa_gen.questions.revsi.room_size_estimation_multiple import QUESTION as MULTIPLE
from qa_gen.questions.revsi.room_size_estimation_single import QUESTION as SINGLE
from qa_gen.questions.vsi.room_size_estimation import QUESTION as ROOM
from qa_gen.record import Quantity, SkipReason
from synth.poses import look_at

# An L: 4 m x 3 m without a corner of 2 m x 1 m.
L_SHAPE = np.array([[0, 0], [4, 0], [4, 2], [2, 2], [2, 3], [0, 3]], dtype=np.float64)
UP = np.array([0.0, 0.0, 1.0])


def outlined(outline=L_SHAPE, **changes):
    return replace(scene(), room_polygon=outline, **changes)


def filmed_from(*eyes):
    """A drawn room of 5 m x 4 m, seen from each of the places."""
    poses = [look_at(np.array([*eye, 1.4]), np.array([2.4, 2.2, 0.4]), UP) for eye in eyes]
    return drawn_room(poses=np.stack(poses), side=16)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            ROOM,
            "What is the size of this room (in square meters)? \n"
            "If multiple rooms are shown, estimate the size of the combined space.",
        ),
        (
            MULTIPLE,
            "What is the size of the scene (in square meters)? If multiple rooms are shown, "
            "estimate the size of the combined space.",
        ),
    ],
)
def test_an_l_shaped_floor_of_10_square_metres(question, words):
    (qa,), lost = ask_all(question, outlined(sigma_m=0.01))
    assert not lost
    assert qa.question == words
    assert qa.answer == Quantity(10.0, "m2", 1)
    assert (qa.margin, qa.margin_unit) == (pytest.approx(10.0), "m2")
    # Walls of 4, 2, 2, 1, 2 and 3 m, each moving the area by its length: sqrt(38) m x 0.01 m.
    assert qa.sigma == pytest.approx(0.01 * 38**0.5)
    assert (qa.objects, qa.evidence_frames) == ((), (0, 4, 8))


@pytest.mark.parametrize("question", [ROOM, MULTIPLE], ids=lambda q: q.kind)
def test_an_area_measured_without_an_outline_is_rounded_to_a_decimal(question):
    (qa,), _ = ask_all(question, outlined(None, floor_area_m2=35.8577, sigma_m=0.01))
    assert qa.answer == Quantity(35.9, "m2", 1)
    assert qa.value == 35.8577
    assert qa.sigma == pytest.approx(0.01 * 2 * 35.8577**0.5)  # as if it were a square


def test_the_main_room_is_the_one_all_cameras_are_in():
    (qa,), lost = ask_all(SINGLE, filmed_from((1.0, 0.5), (4.0, 0.5)))
    assert not lost
    assert qa.question == (
        "What is the size of the main room (in square meters)? If multiple rooms are shown, "
        "estimate only the size of the dominant room in which the video is primarily recorded."
    )
    assert qa.answer == Quantity(20.0, "m2", 1)
    asked, lost = ask_all(SINGLE, filmed_from((1.0, 0.5), (1.0, -0.2)))
    assert (asked, lost) == ([], {SkipReason.FILMED_FROM_OUTSIDE: 1})


def test_the_main_room_is_its_outline_even_where_all_rooms_together_were_measured():
    flat = replace(filmed_from((1.0, 0.5), (4.0, 0.5)), floor_area_m2=70.0)
    assert [qa.answer.value for qa in ask_all(SINGLE, flat)[0]] == [20.0]
    assert [qa.answer.value for qa in ask_all(MULTIPLE, flat)[0]] == [70.0]


@pytest.mark.parametrize(
    ("question", "room", "reason"),
    [
        (ROOM, scene(), SkipReason.NO_FLOOR_AREA),
        (MULTIPLE, scene(), SkipReason.NO_FLOOR_AREA),
        (ROOM, outlined(scale="relative"), SkipReason.SCALE_NOT_METRIC),
        (ROOM, outlined(L_SHAPE * 0.3), SkipReason.MARGIN_TOO_SMALL),  # 0.9 m2
        (ROOM, outlined(L_SHAPE * 7.1), SkipReason.VALUE_IMPLAUSIBLE),  # 504 m2
        (ROOM, outlined(sigma_m=0.6), SkipReason.UNCERTAIN),  # 3 x 3.7 m2
        (SINGLE, outlined(), SkipReason.NO_POSES),
        (
            SINGLE,
            replace(filmed_from((1.0, 0.5), (4.0, 0.5)), room_polygon=None),
            SkipReason.NO_FLOOR_OUTLINE,
        ),
    ],
)
def test_what_cannot_be_known_or_is_no_room_is_skipped(question, room, reason):
    assert ask_all(question, room) == ([], {reason: 1})


@pytest.mark.parametrize("scale", [0.32, 7.0])  # 1.02 m2 and 490 m2
def test_small_and_large_rooms_are_asked_about(scale):
    asked, _ = ask_all(ROOM, outlined(L_SHAPE * scale))
    assert len(asked) == 1
