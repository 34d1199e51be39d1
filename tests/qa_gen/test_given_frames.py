"""Labels for the frames that a model is given, and for no others."""

import numpy as np
import pytest
from box_scenes import box, scene

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.given_frames import only_frames
from qa_gen.record import QuestionKind, SpatialQA

KIND = QuestionKind.OBJECT_ABS_DISTANCE
# The sofa leaves the view after frame 0, the lamp comes into it at frame 8.
ROOM = scene(
    box(1, "sofa", (0, 0, 0), pixels=(90, 0, 0)),
    box(2, "table", (2, 0, 0), pixels=(90, 90, 90)),
    box(3, "lamp", (4, 0, 0), pixels=(0, 0, 90)),
)


def asked(frames):
    records = label_sequence(ROOM, LabelConfig(kinds=(KIND,)), 0, frames=frames)
    return [r for r in records if isinstance(r, SpatialQA)]


def test_only_what_the_frames_show_is_asked_about():
    assert {qa.categories for qa in asked(None)} == {
        ("sofa", "table"), ("sofa", "lamp"), ("table", "lamp"),
    }  # fmt: skip
    assert {qa.categories for qa in asked((0, 4))} == {("sofa", "table")}
    assert {qa.categories for qa in asked((8,))} == {("table", "lamp")}
    assert asked((4,)) == []


def test_questions_name_the_frames_they_are_for():
    (qa,) = asked((0, 4))
    assert qa.frames == (0, 4)
    assert set(qa.evidence_frames) <= {0, 4}
    (whole,) = [q for q in asked(None) if q.categories == ("sofa", "table")]
    assert whole.frames == ()
    assert whole.qa_id != qa.qa_id


def test_maps_and_counts_are_cut_together():
    seen = only_frames(ROOM, (4, 8))
    assert seen.keyframes == (4, 8)
    assert len(seen.depth) == len(seen.instances) == len(seen.reliable) == 2
    assert [o.category for o in seen.objects] == ["table", "lamp"]
    assert [o.visible_pixels.tolist() for o in seen.objects] == [[90, 90], [0, 90]]
    assert np.array_equal(only_frames(ROOM, (0, 4, 8)).depth, ROOM.depth)


@pytest.mark.parametrize("frames", [(), (3,), (4, 0), (0, 0)])
def test_frames_that_are_no_ascending_keyframes_are_refused(frames):
    with pytest.raises(ValueError, match="ascending keyframes out of"):
        label_sequence(ROOM, LabelConfig(kinds=(KIND,)), 0, frames=frames)
