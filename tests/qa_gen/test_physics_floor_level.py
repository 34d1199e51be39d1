"""How high the floor is."""

import numpy as np
import pytest
from box_rooms import thing
from box_scenes import box, scene
from worlds import drawn_room, moved

from qa_gen.floor_level import floor_level
from qa_gen.generate import LabelConfig
from qa_gen.survey import survey_sequence
from synth.poses import look_at


def level(geometry):
    return floor_level(survey_sequence(geometry, LabelConfig(kinds=())))


def test_two_undersides_agree():
    assert level(scene(box(1, "sofa", (0, 0, 0.2)), box(2, "bed", (2, 0, 0.21)))) == pytest.approx(
        0
    )
    assert level(scene(box(1, "sofa", (0, 0, 0.2)), box(2, "clock", (2, 0, 1.5)))) is None
    assert level(scene()) is None


def test_filmed_structure_tells_the_floor():
    shelf = [thing(1, "shelf", (2.5, 3.8, 1.5), (1.0, 0.3, 0.3))]
    up = np.array([0.0, 0.0, 1.0])
    eyes = [np.array([x, 1.0, 1.5]) for x in (2.0, 3.0)]
    poses = np.stack([look_at(eye, np.array([2.5, 3.8, 1.0]), up) for eye in eyes])
    room = drawn_room(shelf, poses)
    assert level(room) == pytest.approx(0.0, abs=1e-6)  # the floor is in view
    raised = moved(room, np.eye(3), np.array([0.0, 0.0, 2.0]))
    assert level(raised) == pytest.approx(2.0, abs=1e-6)
    with_bin = drawn_room([*shelf, thing(2, "bin", (2.5, 2.5, 0.2), (0.3, 0.3, 0.4))], poses)
    assert level(with_bin) == pytest.approx(0.0, abs=1e-6)
