"""Nearest and farthest of four, in scenes with known distances."""

import numpy as np
import pytest
from box_scenes import box, random_scene, scene
from vsi_asking import answers, ask_all

from qa_gen.boxes import gap_matrix, stack_boxes
from qa_gen.questions.revsi.object_rel_distance_farthest import QUESTION as FARTHEST
from qa_gen.questions.vsi.object_rel_distance import QUESTION as NEAREST
from qa_gen.record import SkipReason

NAMES = ("bed", "chair", "desk", "lamp", "sofa", "table")


def row(*positions, names=NAMES, **changes):
    """Cubes of 0.4 m along x, so gaps are distances of the middles minus 0.4."""
    things = [box(i + 1, names[i], (x, 0, 0)) for i, x in enumerate(positions)]
    return scene(*things, **changes)


def from_the_bed(asked):
    return [qa for qa in asked if qa.objects[0] == 1]


def test_a_hand_computed_nearest_object_with_everything_that_belongs_to_it():
    # Gaps from the bed: chair 1.1, desk 0.6 behind it, lamp 2.6, sofa 3.6. Lead: 0.5.
    asked, _ = ask_all(NEAREST, row(0, 1.5, -1, 3, 4, sigma_m=0.01))
    (qa,) = from_the_bed(asked)
    assert qa.question == (
        "Measuring from the closest point of each object, which of these objects "
        f"({', '.join(qa.answer.options)}) is the closest to the bed?"
    )
    assert set(qa.answer.options) == {"chair", "desk", "lamp", "sofa"}
    assert qa.answer.text == "desk"
    assert sorted(qa.objects) == [1, 2, 3, 4, 5]
    assert qa.objects[1 + qa.answer.correct] == 3
    assert qa.categories == ("bed", *qa.answer.options)
    assert qa.value == pytest.approx(0.6)
    assert qa.margin == pytest.approx(0.5)
    assert (qa.margin_unit, qa.sigma) == ("m", pytest.approx(0.02))


def test_a_hand_computed_farthest_object():
    # As above: the sofa is 3.6 m away, the lamp 2.6.
    asked, _ = ask_all(FARTHEST, row(0, 1.5, -1, 3, 4, sigma_m=0.01))
    (qa,) = from_the_bed(asked)
    assert qa.question == (
        "Measuring from the closest point of each object, which of these objects "
        f"({', '.join(qa.answer.options)}) is the farthest from the bed?"
    )
    assert qa.answer.text == "sofa"
    assert qa.value == pytest.approx(3.6)
    assert qa.margin == pytest.approx(1.0)


def test_a_category_is_as_far_as_its_nearest_instance():
    # Chairs at 0.8 and 5.6 m from the bed, desk at 1.3: the near chair answers for both.
    room = scene(
        *row(0, 1.2, -1.7, 3, 4).objects,
        box(6, "chair", (6, 0, 0)),
    )
    asked, _ = ask_all(NEAREST, room, references="category")
    (qa,) = from_the_bed(asked)
    assert qa.answer.text == "chair"
    assert qa.objects[1 + qa.answer.correct] == 2
    assert (qa.value, qa.margin) == (pytest.approx(0.8), pytest.approx(0.5))
    assert not any(2 in qa.objects[:1] or 6 in qa.objects[:1] for qa in asked)  # "the chair"?


def test_every_object_and_four_options_are_asked_or_counted():
    geometry = random_scene(3, n_objects=7)
    gaps = gap_matrix(stack_boxes(geometry.objects))
    for question, best in ((NEAREST, np.argmin), (FARTHEST, np.argmax)):
        asked, lost = ask_all(question, geometry)
        for qa in asked:
            primary, *options = (i - 1 for i in qa.objects)
            assert qa.answer.correct == best(gaps[primary, options])
        assert len({(qa.objects[0], frozenset(qa.objects[1:])) for qa in asked}) == len(asked)
        assert len(asked) + lost.total() == 7 * 15  # a primary, and four of the other six


@pytest.mark.parametrize(
    ("desk", "asked"),
    [(-0.54, False), (-0.56, True), (-1.34, True), (-1.36, False), (-1.64, False), (-1.66, True)],
)
def test_the_nearest_must_be_clear_of_the_object_and_of_the_next(desk, asked):
    # The desk is |x| - 0.4 from the bed: at least 0.15 m; the chair is 1.1 m away, so the desk at
    # up to 0.95 m or from 1.25 m on leaves a lead of 0.15 m.
    questions, _ = ask_all(NEAREST, row(0, 1.5, desk, 3, 4))
    assert bool(from_the_bed(questions)) == asked


@pytest.mark.parametrize(
    ("lamp", "asked"), [(3.69, True), (3.71, False), (4.29, False), (4.31, True)]
)
def test_the_farthest_leads_by_30_cm(lamp, asked):
    questions, _ = ask_all(FARTHEST, row(0, 1.5, -1, lamp, 4))
    assert bool(from_the_bed(questions)) == asked


@pytest.mark.parametrize("question", [NEAREST, FARTHEST], ids=lambda q: q.kind)
@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (row(0, 1.5, -1, 3), SkipReason.TOO_FEW_OBJECTS),
        (scene(), SkipReason.TOO_FEW_OBJECTS),
        (row(0, 1.5, -1, 3, 4, scale="relative"), SkipReason.SCALE_NOT_METRIC),
        (row(0, 1.5, -1.4, 3, 3.1), SkipReason.MARGIN_TOO_SMALL),
        (row(0, 1.5, -1, 3, 4, sigma_m=0.2), SkipReason.UNCERTAIN),
        (row(0, 1.5, -1, 3, 4, 9, names=(*NAMES[:5], "bed")), SkipReason.CATEGORY_NOT_UNIQUE),
    ],
)
def test_unclear_choices_are_skipped_with_their_reason(question, geometry, reason):
    asked, lost = ask_all(question, geometry, references="category")
    assert lost[reason] > 0
    assert not from_the_bed(asked)


@pytest.mark.parametrize("question", [NEAREST, FARTHEST], ids=lambda q: q.kind)
def test_an_exact_tie_is_never_asked(question):
    assert not any(ids[0] == 1 for ids in answers(question, row(0, 1.5, -1.5, 3, -3)))


def test_a_nearest_chair_that_hardly_shows_makes_the_answer_unsure():
    for pixels, reason in (((0, 5, 0), SkipReason.NOT_VISIBLE_ENOUGH), ((0, 0, 0), None)):
        room = scene(
            *row(0, 3.5, -1.7, 3, 4).objects,
            box(6, "chair", (1, 0, 0), pixels=pixels),
        )
        asked, lost = ask_all(NEAREST, room, references="category")
        if reason is None:  # never seen: as if it were not there
            assert [qa.answer.text for qa in from_the_bed(asked)] == ["desk"]
        else:
            assert lost[reason] > 0
            assert not from_the_bed(asked)


def test_an_office_chair_nearer_than_any_chair_makes_the_chair_unsure():
    names = ("bed", "chair", "desk", "lamp", "office chair", "sofa")
    asked, lost = ask_all(NEAREST, row(0, 2.6, -1.3, 4, 1, 5, names=names))
    assert lost[SkipReason.SEVERAL_ANSWERS] > 0
    assert from_the_bed(asked)
    assert not any("chair" in qa.answer.options for qa in from_the_bed(asked))


def test_what_an_object_is_named_by_is_not_offered_with_it():
    # The desks can be told apart only as the one nearest to the bed.
    names = ("bed", "chair", "desk", "lamp", "sofa", "desk", "table")
    room = row(0, 3, 1, -2, 6.5, 8, 10, names=names)
    for question in (NEAREST, FARTHEST):
        asked, _ = ask_all(question, room)
        about = [qa for qa in asked if "the desk nearest to the bed?" in qa.question]
        assert about or question is FARTHEST
        assert not any("bed" in qa.answer.options for qa in about)


def test_options_of_which_always_the_same_is_right_are_not_offered():
    # The bed and the table are both nearest to the chair, whatever else is offered with it.
    asked, lost = ask_all(NEAREST, row(0, 1, 20, 22, 24, 2, names=NAMES))
    assert lost[SkipReason.NO_COUNTER_EXAMPLE] > 0
    assert not any(set(qa.answer.options) == {"chair", "desk", "lamp", "sofa"} for qa in asked)
