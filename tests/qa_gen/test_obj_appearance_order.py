"""Orders of first appearance that are known from pixel counts, or from where a camera turns."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from box_scenes import box, scene
from turning_films import turning_film
from vsi_asking import ask_all

from qa_gen.questions.vsi.obj_appearance_order import QUESTION
from qa_gen.record import SkipReason

FRAMES = (0, 3, 6, 9, 12)
ONCE_SEEN = {
    "bed": (50, 50, 0, 0, 0),
    "chair": (0, 50, 50, 0, 0),
    "desk": (0, 0, 0, 0, 50),
    "lamp": (0, 0, 50, 0, 50),
}  # from frame 0, 3, 12 and 6 on


def film(*things, frames=FRAMES):
    """Geometry of keyframes whose pixel counts are the boxes' own."""
    shape = (len(frames), 1, 1)
    return replace(
        scene(*things),
        keyframes=frames,
        intrinsics=scene().intrinsics,
        depth=np.ones(shape, np.float32),
        instances=np.zeros(shape, np.uint16),
        reliable=np.ones(shape, np.bool_),
    )


def seen(**changes):
    """The four things above, with other pixel counts or further things."""
    return film(
        *(
            box(i, name.rstrip("2"), (i, 0, 0), pixels=pixels)
            for i, (name, pixels) in enumerate((ONCE_SEEN | changes).items(), start=1)
        )
    )


def test_a_hand_computed_order_in_vsi_benchs_words():
    (qa,), lost = ask_all(QUESTION, seen())
    assert not lost
    named = qa.question.removeprefix(
        "What will be the first-time appearance order of the following categories in the video: "
    )
    assert sorted(named.removesuffix("?").split(", ")) == ["bed", "chair", "desk", "lamp"]
    assert qa.answer.text == "bed, chair, lamp, desk"
    assert len(qa.answer.options) == 4
    assert all(sorted(o.split(", ")) == sorted(ONCE_SEEN) for o in qa.answer.options)
    assert (qa.margin, qa.margin_unit) == (3.0, "count")  # frames 0, 3, 6 and 12
    assert (qa.value, qa.sigma) == (None, 0.0)
    assert ", ".join(qa.categories) == named.removesuffix("?")
    assert named.removesuffix("?") in qa.answer.options  # as in all of VSI-Bench's


def test_a_category_appears_with_its_first_instance():
    (qa,), _ = ask_all(QUESTION, seen(desk2=(0, 0, 0, 50, 0)))
    assert qa.answer.text == "bed, chair, lamp, desk"
    assert qa.margin == 3.0
    assert 5 in qa.objects  # the second desk comes first, in frame 9


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lamp": (0, 50, 0, 0, 0)}, SkipReason.MARGIN_TOO_SMALL),  # with the chair
        ({"desk": (0, 0, 0, 19, 50), "lamp": (0, 0, 50, 0, 0)}, None),
        ({"desk": (0, 19, 0, 0, 50)}, SkipReason.NOT_VISIBLE_ENOUGH),  # before the lamp, faintly
        ({"desk": (0, 0, 0, 0, 19)}, SkipReason.TOO_FEW_OBJECTS),  # three are seen clearly
        ({"office lamp": (0, 1, 0, 0, 0), "chair": (0, 0, 50, 0, 0), "lamp": (0, 0, 0, 50, 0)},
         SkipReason.NOT_VISIBLE_ENOUGH),  # an office lamp shows before the chair
    ],
)  # fmt: skip
def test_only_orders_that_nobody_can_see_otherwise_are_asked(changes, reason):
    asked, lost = ask_all(QUESTION, seen(**changes))
    if reason is None:
        assert [qa.answer.text for qa in asked] == ["bed, chair, lamp, desk"]
    else:
        assert asked == []
        assert set(lost) == {reason}


def test_without_keyframes_nothing_is_known_of_appearances():
    asked, lost = ask_all(QUESTION, replace(seen(), depth=np.zeros((5, 1, 1), np.float32)))
    assert (asked, lost) == ([], {SkipReason.NO_DEPTH: 1})


def test_any_of_the_options_may_be_right():
    places, listed, shared = Counter(), Counter(), Counter()
    names = [f"thing {i}" for i in range(9)]
    frames = tuple(range(9))
    things = [
        box(i + 1, name, (i, 0, 0), pixels=tuple(50 * (frame >= i) for frame in frames))
        for i, name in enumerate(names)
    ]
    asked, _ = ask_all(QUESTION, film(*things, frames=frames))
    assert len(asked) == 126  # 4 of 9
    for qa in asked:
        orders = [option.split(", ") for option in qa.answer.options]
        alike = [sum(a == b for o in orders for a, b in zip(o, p, strict=True)) for p in orders]
        places[qa.answer.letter] += 1
        listed[", ".join(qa.categories) == qa.answer.text] += 1
        shared[alike[qa.answer.correct] == max(alike)] += 1
    assert all(15 <= places[letter] <= 50 for letter in "ABCD")  # 31.5 expected, sigma 4.9
    assert 15 <= listed[True] <= 50
    assert shared[True] <= 75  # taking the option most like the others is not the way


def test_a_camera_that_turns_meets_things_one_after_the_other():
    (qa,), _ = ask_all(QUESTION, turning_film())
    assert qa.answer.text == "bed, chair, desk, lamp"
