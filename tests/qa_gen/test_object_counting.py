"""Counts of what frames show, of one category (VSI-Bench) and of two (ReVSI)."""

import pytest
from box_scenes import box, scene
from vsi_asking import ask_all

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions.revsi.object_counting_multiple import QUESTION as TWO
from qa_gen.questions.vsi.object_counting import QUESTION as ONE
from qa_gen.record import Quantity, SkipReason, SpatialQA


def things(*counted):
    """``(category, number)`` in turn, side by side, all in view."""
    names = [name for name, number in counted for _ in range(number)]
    return [box(i, name, (i, 0, 0)) for i, name in enumerate(names, start=1)]


def test_three_chairs_and_two_lamps_are_counted_and_a_single_bed_is_not():
    asked, lost = ask_all(ONE, scene(*things(("chair", 3), ("bed", 1), ("lamp", 2))))
    assert not lost
    chairs, lamps = asked
    assert chairs.question == "How many chair(s) are in this room?"
    assert chairs.answer == Quantity(3.0, "count", 0)
    assert (chairs.objects, chairs.categories) == ((1, 2, 3), ("chair",) * 3)
    assert (chairs.value, chairs.margin, chairs.margin_unit, chairs.sigma) == (3, 1, "count", 0)
    assert (lamps.answer.value, lamps.objects) == (2.0, (5, 6))


def test_two_categories_are_counted_together():
    # 3 + 2; the bed stands alone and is in no pair.
    ((qa),), lost = ask_all(TWO, scene(*things(("chair", 3), ("bed", 1), ("lamp", 2))))
    assert not lost
    one, other = ("chair", "lamp") if qa.objects[0] == 1 else ("lamp", "chair")
    assert qa.question == f"How many {one}(s) and {other}(s) are in the scene in total?"
    assert qa.answer == Quantity(5.0, "count", 0)
    assert set(qa.objects) == {1, 2, 3, 5, 6}


@pytest.mark.parametrize(
    ("pixels", "count", "reason"),
    [
        ((0, 0, 0), 2, None),  # not in these frames: not counted
        ((0, 1, 0), None, SkipReason.NOT_VISIBLE_ENOUGH),  # one may see it or not
        ((19, 19, 19), None, SkipReason.NOT_VISIBLE_ENOUGH),
        ((0, 20, 0), 3, None),
    ],
)
def test_only_what_shows_clearly_is_counted(pixels, count, reason):
    room = scene(*things(("lamp", 2), ("chair", 2)), box(9, "chair", (9, 0, 0), pixels=pixels))
    for question, extra in ((ONE, 0), (TWO, 2)):
        asked, lost = ask_all(question, room)
        counts = [qa.answer.value for qa in asked if 3 in qa.objects]
        assert counts == ([] if count is None else [count + extra])
        assert lost == ({} if reason is None else {reason: 1})


def test_chairs_are_not_counted_beside_office_chairs():
    room = scene(*things(("chair", 2), ("office chair", 2), ("lamp", 2)))
    asked, lost = ask_all(ONE, room)
    assert [qa.categories[0] for qa in asked] == ["lamp", "office chair"]
    assert lost == {SkipReason.SEVERAL_ANSWERS: 1}
    asked, lost = ask_all(TWO, room)
    assert [set(qa.categories) for qa in asked] == [{"lamp", "office chair"}]
    assert lost == {SkipReason.SEVERAL_ANSWERS: 2}


@pytest.mark.parametrize("question", [ONE, TWO], ids=lambda q: q.kind)
def test_where_nothing_stands_twice_nothing_is_counted(question):
    for room in (scene(), scene(*things(("chair", 1), ("lamp", 1)))):
        assert ask_all(question, room) == ([], {SkipReason.TOO_FEW_OBJECTS: 1})


def test_counts_of_an_estimator_have_no_modelled_sigma():
    asked, _ = ask_all(ONE, scene(*things(("chair", 2)), sigma_m=0.1))
    assert [qa.sigma for qa in asked] == [None]


def test_a_cap_keeps_different_counts_rather_than_twos():
    room = scene(*things(*((f"thing {i}", 2) for i in range(8)), ("chair", 5), ("lamp", 3)))
    asked, lost = ask_all(ONE, room, max_per_kind=3)
    assert sorted(qa.answer.value for qa in asked) == [2, 3, 5]
    assert lost == {SkipReason.OVER_CAP: 7}


def test_the_count_follows_the_frames_that_are_given():
    views = [(50, 0, 0), (0, 50, 0), (0, 50, 50)]
    chairs = [box(i, "chair", (i, 0, 0), pixels=pixels) for i, pixels in enumerate(views, start=1)]
    config = LabelConfig(kinds=(ONE.kind,))
    for frames, count in ((None, 3), ((4, 8), 2), ((4,), 2)):
        records = label_sequence(scene(*chairs), config, 0, frames=frames)
        assert [r.answer.value for r in records if isinstance(r, SpatialQA)] == [count]
    records = label_sequence(scene(*chairs), config, 0, frames=(0,))
    assert not any(isinstance(r, SpatialQA) for r in records)
