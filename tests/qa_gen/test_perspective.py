"""Imagined viewpoints and moves, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from asking import ask_kind, refused
from box_rooms import thing
from worlds import drawn_room, filmed_rooms

from qa_gen.record import QuestionKind
from synth.poses import look_at

UP = np.array([0.0, 0.0, 1.0])


def three_in_a_row(sigma_m=0.0, **changes):
    """The camera stands at (2, 0.5, 1.2) and looks along +y; a second one does 0.6 m beside it.

    A sofa is straight ahead at (2, 3), a lamp at (3.4, 3) on the right, a plant at (0.6, 3) on the
    left; all middles are 0.6 m high.
    """
    eyes = [np.array([x, 0.5, 1.2]) for x in (2.0, 2.6)]
    poses = np.stack([look_at(eye, eye + np.array([0.0, 1.0, -0.2]), UP) for eye in eyes])
    things = [
        thing(1, "sofa", (2.0, 3.0, 0.6), (0.4, 0.4, 1.2)),
        thing(2, "lamp", (3.4, 3.0, 0.6), (0.3, 0.3, 1.2)),
        thing(3, "plant", (0.6, 3.0, 0.6), (0.3, 0.3, 1.2)),
    ]
    return drawn_room(things, poses, sigma_m=sigma_m, **changes)


def first_image(kind, **changes):
    return [qa for qa in ask_kind(kind, three_in_a_row(**changes)) if qa.frames == (0,)]


def test_who_looks_back_at_the_camera_has_left_and_right_exchanged():
    qas = first_image(QuestionKind.PERSPECTIVE_TAKING, sigma_m=0.01)
    sides = {qa.objects: (qa.answer.text, qa.value, qa.margin) for qa in qas}
    # From the sofa the camera is toward -y; the lamp, toward +x, is then 90 degrees to the left.
    assert sides[1, 2] == ("left", pytest.approx(90.0), pytest.approx(90.0))
    assert sides[1, 3] == ("right", pytest.approx(270.0), pytest.approx(90.0))
    # From the lamp the camera is 29.25 degrees beyond -y toward -x, so the sofa is 60.75 off it.
    turn = np.degrees(np.arctan2(2.5, 1.4))
    assert (2, 1) not in sides  # everything is right of the lamp: its name would give it away
    assert 360 - turn == pytest.approx(299.25, abs=0.01)
    (qa,) = [q for q in qas if q.objects == (1, 2)]
    # 1/2.5^2 + 2/1.4^2 with sigma / sqrt(2) for a middle; cos 90 = 0
    assert qa.sigma == pytest.approx(np.degrees(0.01 / 2**0.5 * (1 / 2.5**2 + 2 / 1.4**2) ** 0.5))
    assert qa.question == (
        "If I stood where the sofa is and looked toward the camera that took this image, would "
        "the lamp be on my left or on my right?"
    )


def test_turning_moves_what_is_in_view_to_the_side_or_back():
    qas = first_image(QuestionKind.ACTION_CONSEQUENCE, sigma_m=0.01)
    found = {(qa.objects, _move(qa)): qa for qa in qas}
    # The lamp is 29.25 degrees right of ahead (-29.25), the plant as far left.
    off = np.degrees(np.arctan2(1.4, 2.5))
    assert off == pytest.approx(29.25, abs=0.01)
    lamp = found[(2,), "turn right by 60 degrees"]
    assert lamp.answer.text == "ahead"  # -29.25 + 60 = 30.75: 14.25 from the boundary at 45
    assert set(lamp.answer.options) == {"ahead", "left"}
    assert lamp.value == pytest.approx(60 - off)
    assert lamp.margin == pytest.approx(45 - (60 - off))
    assert lamp.sigma == pytest.approx(np.degrees(0.01 / 2**0.5 / np.hypot(1.4, 2.5)))
    plant = found[(3,), "turn right by 60 degrees"]
    assert plant.answer.text == "left"  # 29.25 + 60 = 89.25
    assert found[(3,), "turn left by 135 degrees"].answer.text == "right"  # -105.75
    assert found[(2,), "turn left by 135 degrees"].answer.text == "behind"  # -164.25
    # Straight ahead and turned by 45 degrees is on the boundary.
    assert ((1,), "turn left by 45 degrees") not in found


def _move(qa):
    return qa.question.split(", I ")[1].split(" on the spot")[0]


def test_walking_makes_things_nearer_or_farther():
    qas = first_image(QuestionKind.ACTION_DISTANCE_CHANGE)
    words = "turn right by 90 degrees and then walk 1.0 meters straight ahead"
    found = {qa.objects[0]: qa for qa in qas if words in qa.question}
    # From (2, 0.5, 1.2) to (3, 0.5, 1.2). Squared distances to the lamp at (3.4, 3, 0.6):
    # 1.96 + 6.25 + 0.36 = 8.57, then 0.16 + 6.25 + 0.36 = 6.77; to the plant at (0.6, 3, 0.6):
    # 8.57, then 5.76 + 6.25 + 0.36 = 12.37.
    assert found[2].answer.text == "nearer"
    assert found[2].value == pytest.approx(6.77**0.5 - 8.57**0.5)
    assert found[3].answer.text == "farther"
    assert found[3].margin == pytest.approx(12.37**0.5 - 8.57**0.5)
    # The sofa: 6.61 to 7.61, 0.188 m, is below the floor of 0.2 m.
    assert 1 not in found


def test_each_unclear_case_has_its_reason():
    kinds = (QuestionKind.ACTION_CONSEQUENCE, QuestionKind.ACTION_DISTANCE_CHANGE)
    for kind in (QuestionKind.PERSPECTIVE_TAKING, *kinds):
        assert refused(kind, replace(three_in_a_row(), c2w=None)) == {"no_poses": 1}
        assert refused(kind, three_in_a_row(sigma_m=2.0))["uncertain"] > 0
        assert refused(kind, three_in_a_row(), floors=((kind, 180.0),))["margin_too_small"] > 0
    relative = three_in_a_row(scale="relative")
    assert refused(kinds[1], relative) == {"scale_not_metric": 1}
    assert ask_kind(kinds[0], relative)
    assert (
        refused(QuestionKind.PERSPECTIVE_TAKING, three_in_a_row(), min_pair_distance_m=2.0)[
            "objects_too_close"
        ]
        == 8
    )  # 4 of the 6 pairs are 1.4 m apart, in both images


def test_a_camera_that_looks_down_has_no_heading():
    eyes = [np.array([x, 2.0, 2.5]) for x in (2.0, 2.3)]
    poses = np.stack([look_at(eye, eye + np.array([0.0, 0.1, -1.0]), UP) for eye in eyes])
    geometry = replace(three_in_a_row(), c2w=poses)
    assert not ask_kind(QuestionKind.ACTION_CONSEQUENCE, geometry)


def test_answers_are_even_in_rendered_rooms():
    for kind in (
        QuestionKind.PERSPECTIVE_TAKING,
        QuestionKind.ACTION_CONSEQUENCE,
        QuestionKind.ACTION_DISTANCE_CHANGE,
    ):
        texts = [
            qa.answer.text
            for geometry in filmed_rooms(2)
            for qa in ask_kind(kind, geometry, max_per_kind=100)
        ]
        counts = [texts.count(text) for text in set(texts)]
        assert max(counts) <= 1.2 * min(counts)
