"""Left and right, above and below, in front and behind, as one image's camera has them."""

from dataclasses import replace

import numpy as np
import pytest
from box_rooms import thing
from one_kind import answers, ask_all
from worlds import drawn_room, filmed_rooms

from qa_gen.config import LabelConfig
from qa_gen.extent_order import picture_places
from qa_gen.questions.relations.ego_above_below import QUESTION as ABOVE_BELOW
from qa_gen.questions.relations.ego_front_behind import QUESTION as FRONT_BEHIND
from qa_gen.questions.relations.ego_left_right import QUESTION as LEFT_RIGHT
from qa_gen.record import SkipReason
from qa_gen.survey import survey_sequence
from synth.poses import look_at

UP = np.array([0.0, 0.0, 1.0])
EGO = (LEFT_RIGHT, ABOVE_BELOW, FRONT_BEHIND)
CUBE = (0.4, 0.4, 0.4)


def seen_from(eye, target, things, n=2):
    """A film of ``n`` equal frames."""
    pose = look_at(np.array(eye, float), np.array(target, float), UP)
    return drawn_room(things, np.stack([pose] * n))


def looking_along_y(things, **changes):
    """The camera stands at (2.5, 0.3, 1.0) and looks along the world's y: its right is x."""
    return replace(seen_from((2.5, 0.3, 1.0), (2.5, 3.0, 1.0), things), **changes)


def looking_down(things):
    """From (2.5, 0.5, 2.0) at 45 degrees down: its down is -(0, 1, 1) / sqrt 2."""
    return seen_from((2.5, 0.5, 2.0), (2.5, 1.5, 1.0), things)


def test_left_and_right_worked_out_by_hand():
    # Along x the chair reaches from 1.3 to 1.7 and the lamp from 2.8 to 3.2: a gap of 1.1 m.
    things = [thing(1, "chair", (1.5, 2.5, 0.8), CUBE), thing(2, "lamp", (3.0, 3.0, 1.0), CUBE)]
    qas, _ = ask_all(LEFT_RIGHT, looking_along_y(things, sigma_m=0.01))
    assert {(qa.objects, qa.frames): qa.answer.text for qa in qas} == {
        ((1, 2), (0,)): "left",
        ((2, 1), (0,)): "right",
        ((1, 2), (1,)): "left",
        ((2, 1), (1,)): "right",
    }
    first = next(qa for qa in qas if qa.objects == (1, 2))
    assert first.margin == pytest.approx(1.1)
    assert first.sigma == pytest.approx(0.01 * 2**0.5)
    assert first.evidence_frames == first.frames
    assert first.question == (
        "As seen by the camera that took this image, is the chair to the left or to the right of "
        "the lamp?"
    )


def test_above_and_below_go_by_the_tilted_camera():
    # Down the image is -(y + z) / sqrt 2: the near cube is at -1.7 / sqrt 2, the far one at
    # -3.2 / sqrt 2, 1.061 m apart; each reaches 0.4 / sqrt 2 = 0.283 m both ways: a gap of 0.495.
    things = [thing(1, "near", (2.2, 1.5, 0.2), CUBE), thing(2, "far", (2.8, 3.0, 0.2), CUBE)]
    qas, _ = ask_all(ABOVE_BELOW, looking_down(things))
    assert {qa.objects: qa.answer.text for qa in qas} == {(2, 1): "above", (1, 2): "below"}
    assert qas[0].margin == pytest.approx(1.5 / 2**0.5 - 0.8 / 2**0.5)


def test_in_front_and_behind_go_by_the_viewing_direction():
    # Ahead is (y - z) / sqrt 2: 1.3 / sqrt 2 and 2.8 / sqrt 2, and the same gap of 0.495 m.
    things = [thing(1, "near", (2.2, 1.5, 0.2), CUBE), thing(2, "far", (2.8, 3.0, 0.2), CUBE)]
    qas, _ = ask_all(FRONT_BEHIND, looking_down(things))
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 2): "in front", (2, 1): "behind"}
    assert qas[0].margin == pytest.approx(1.5 / 2**0.5 - 0.8 / 2**0.5)


@pytest.mark.parametrize(
    ("gap", "reason"),
    [(0.16, None), (0.14, SkipReason.MARGIN_TOO_SMALL), (-0.01, SkipReason.EXTENTS_OVERLAP)],
)
def test_the_boxes_have_to_be_fifteen_centimetres_clear_of_each_other(gap, reason):
    things = [
        thing(1, "chair", (2.1, 2.5, 0.8), CUBE),
        thing(2, "lamp", (2.1 + 0.4 + gap, 2.5, 1.0), CUBE),
    ]
    qas, lost = ask_all(LEFT_RIGHT, looking_along_y(things))
    assert bool(qas) == (reason is None)
    assert lost == ({} if reason is None else {reason: 4})


def test_what_lies_left_in_space_but_right_in_the_image_is_not_asked():
    # x of 0.5 at 1 m appears farther right than x of 1.0 at 3 m.
    things = [
        thing(1, "chair", (2.5 + 0.5, 1.3, 1.0), (0.2, 0.2, 0.2)),
        thing(2, "lamp", (2.5 + 1.0, 3.3, 1.0), (0.2, 0.2, 0.2)),
    ]
    qas, lost = ask_all(LEFT_RIGHT, looking_along_y(things), min_visible_pixels=1)
    assert (qas, lost) == ([], {SkipReason.PICTURE_DISAGREES: 4})


def test_what_is_nearer_in_depth_but_farther_away_is_not_asked():
    # The chair is 2.0 m ahead and 1.5 m aside (2.5 m away), the lamp 2.35 m straight ahead.
    small = (0.1, 0.1, 0.1)
    things = [thing(1, "chair", (4.0, 2.3, 1.0), small), thing(2, "lamp", (2.5, 2.65, 1.0), small)]
    qas, lost = ask_all(FRONT_BEHIND, looking_along_y(things), min_visible_pixels=1)
    assert (qas, lost) == ([], {SkipReason.PICTURE_DISAGREES: 4})


def test_a_lamp_above_a_rug_is_too_easy():
    things = [
        thing(1, "rug", (2.5, 2.5, 0.01), (1.0, 1.0, 0.02)),
        thing(2, "lamp", (2.5, 2.5, 1.8), CUBE),
    ]
    qas, lost = ask_all(ABOVE_BELOW, looking_along_y(things))
    assert (qas, lost) == ([], {SkipReason.GUESSABLE: 4})


def test_two_things_that_no_image_shows_together_are_not_compared():
    things = [thing(1, "chair", (1.0, 2.5, 0.8), CUBE), thing(2, "lamp", (4.0, 2.5, 1.0), CUBE)]
    eye = np.array([2.5, 0.5, 1.0])
    poses = [look_at(eye, np.array([x, 3.0, 1.0]), UP) for x in (-3.0, 8.0)]
    geometry = drawn_room(things, np.stack(poses))
    for question in EGO:
        assert ask_all(question, geometry) == ([], {SkipReason.NOT_VISIBLE_ENOUGH: 1})


def test_unsure_boxes_are_not_asked_about():
    # A gap of 0.2 m; 3 sigma are 3 * 1.414 * 0.05 = 0.21 m.
    things = [thing(1, "chair", (2.0, 2.5, 0.8), CUBE), thing(2, "lamp", (2.6, 2.5, 1.0), CUBE)]
    assert ask_all(LEFT_RIGHT, looking_along_y(things))[0]
    qas, lost = ask_all(LEFT_RIGHT, looking_along_y(things, sigma_m=0.05))
    assert (qas, lost) == ([], {SkipReason.UNCERTAIN: 4})


def test_a_name_that_leans_on_the_other_thing_or_on_one_out_of_sight_is_not_used():
    things = [
        thing(1, "door", (1.0, 3.5, 1.0), CUBE),
        thing(2, "chair", (1.8, 3.5, 0.8), CUBE),
        thing(3, "chair", (3.4, 3.5, 0.8), CUBE),
        thing(4, "lamp", (2.6, 3.5, 1.0), CUBE),
    ]
    named = answers(LEFT_RIGHT, looking_along_y(things))
    assert (2, 4) in named  # the chair nearest to the door and the lamp
    assert (2, 1) not in named
    assert (1, 2) not in named


@pytest.mark.parametrize("question", EGO)
def test_answers_are_even_and_true_of_the_image_in_furnished_rooms(question):
    low = {"left", "above", "in front"}
    n_low = n_all = 0
    for geometry in filmed_rooms():
        qas, _ = ask_all(question, geometry, max_per_kind=12)
        survey = survey_sequence(geometry, LabelConfig())
        places = picture_places(survey)
        place = {o.instance_id: i for i, o in enumerate(survey.things)}
        for qa in qas:
            n_all += 1
            n_low += qa.answer.text in low
            a, b = (places[geometry.keyframes.index(qa.frames[0]), place[k]] for k in qa.objects)
            if question is not FRONT_BEHIND:
                column = 0 if question is LEFT_RIGHT else 1
                assert (a[column] < b[column]) == (qa.answer.text in low)
    assert n_all >= 10
    assert 0.25 < n_low / n_all < 0.75
