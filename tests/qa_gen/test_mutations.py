"""A test of the tests: each convention is broken on purpose, and a worked example must notice.

The mutations are mistakes that published generators have made (see the sources of the kinds):
labels of VLM-3R took -R^T t of a camera-to-world pose for its center, VQASynth multiplied
distances by ten and called widths heights, SIMS-V measures between axis-aligned boxes, VSI-Bench's
hard directions look at one boundary only. Add a line when a convention is added.
"""

import numpy as np
import pytest
from box_rooms import thing
from box_scenes import box, scene
from worlds import drawn_room

from qa_gen import boxes, directions, prompting, survey, turns
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import QuestionKind, SpatialQA
from synth.poses import look_at

UP = np.array([0.0, 0.0, 1.0])


def asked(kind, geometry):
    config = LabelConfig(kinds=(kind,), max_per_kind=1000, phrasing="canonical")
    return [r for r in label_sequence(geometry, config, 0) if isinstance(r, SpatialQA)]


def side_step():
    """Two cameras look along +y, so +x is to their right; a sofa is 2 m ahead of the first.

    The first stands at (2, 0.5), the second 0.6 m to its right. The sofa's near face is at
    y = 2.5, a lamp stands to its right.
    """
    eyes = [np.array([x, 0.5, 1.2]) for x in (2.0, 2.6)]
    poses = np.stack([look_at(eye, eye + np.array([0.0, 1.0, -0.2]), UP) for eye in eyes])
    things = [
        thing(1, "sofa", (2.0, 3.0, 0.6), (0.8, 1.0, 1.2)),
        thing(2, "lamp", (3.4, 3.0, 0.6), (0.3, 0.3, 1.2)),
    ]
    return drawn_room(things, poses)


def the_camera_went_right():
    (qa,) = asked(QuestionKind.CAMERA_TRANSLATION_DIRECTION, side_step())
    assert qa.answer.text == "right"


def the_camera_went_60_cm():
    (qa,) = asked(QuestionKind.CAMERA_DISPLACEMENT, side_step())
    assert qa.value == pytest.approx(0.6)


def the_sofa_is_2_m_from_the_first_camera():
    qas = asked(QuestionKind.CAMERA_OBJECT_DISTANCE, side_step())
    (qa,) = [q for q in qas if q.objects == (1,) and q.frames == (0,)]
    assert qa.value == pytest.approx(2.0)  # from y = 0.5 to y = 2.5; its top is above the eye


def the_lamp_is_right_of_the_sofa():
    qas = asked(QuestionKind.EGO_LEFT_RIGHT, side_step())
    told = {(q.objects, q.frames): q.answer.text for q in qas}
    assert told[(2, 1), (0,)] == "right"
    assert told[(1, 2), (0,)] == "left"


def turned_boxes_are_1_m_apart():
    """Cubes of sqrt(2) m, turned by 45 degrees: corners at +-1 m, so corner to corner 1 m.

    Their axis-aligned boxes are as wide as the corners are far, so along x nothing changes; the
    third is diagonal to the first: face to face sqrt(2) * 2 - sqrt(2) = 1.414 m, while the
    axis-aligned boxes touch at a corner.
    """
    side = (2**0.5,) * 3
    room = scene(
        box(1, "sofa", (0, 0, 0), side, yaw_deg=45),
        box(2, "table", (3, 0, 0), side, yaw_deg=45),
        box(3, "bed", (2, 2, 0), side, yaw_deg=45),
    )
    gaps = {qa.objects: qa.value for qa in asked(QuestionKind.OBJECT_ABS_DISTANCE, room)}
    assert gaps[1, 2] == pytest.approx(1.0)
    assert gaps[1, 3] == pytest.approx(2**0.5)
    (qa,) = [q for q in asked(QuestionKind.OBJECT_ABS_DISTANCE, room) if q.objects == (1, 2)]
    assert qa.question.endswith("(in meters)?")
    assert prompting.answer_text(qa.answer) == "1.0"


def bearings_near_a_boundary_are_not_asked():
    """From the bed to the sofa is +x; the lamp is at 91 degrees, the plant at 120, both left."""
    degrees = {"lamp": 91.0, "plant": 120.0}
    far = 2.0
    spots = [
        (name, (far * np.cos(np.radians(a)), far * np.sin(np.radians(a)), 0))
        for name, a in degrees.items()
    ]
    room = scene(
        box(1, "bed", (0, 0, 0)),
        box(2, "sofa", (far, 0, 0)),
        *(box(i, name, spot) for i, (name, spot) in enumerate(spots, start=3)),
    )
    told = {q.objects: q for q in asked(QuestionKind.OBJECT_REL_DIRECTION_HARD, room)}
    assert (1, 2, 3) not in told
    assert told[1, 2, 4].answer.text == "back-left"
    assert told[1, 2, 4].margin == pytest.approx(30.0)


def a_lamp_is_as_high_as_it_is():
    room = scene(box(1, "lamp", (0, 0, 0.9), (0.3, 0.4, 1.8)))
    (qa,) = asked(QuestionKind.OBJECT_HEIGHT, room)
    assert qa.value == pytest.approx(180.0)
    assert qa.answer.unit == "cm"


TRUTHS = (
    the_camera_went_right, the_camera_went_60_cm, the_sofa_is_2_m_from_the_first_camera,
    the_lamp_is_right_of_the_sofa, turned_boxes_are_1_m_apart,
    bearings_near_a_boundary_are_not_asked, a_lamp_is_as_high_as_it_is,
)  # fmt: skip


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.__name__)
def test_the_worked_examples_hold(truth):
    truth()


def poses_through(change):
    """Let every kind see the keyframes' poses through ``change``."""

    def apply(patch):
        right = survey.Survey.keyframe_c2w.func
        patch.setattr(survey.Survey, "keyframe_c2w", property(lambda self: change(right(self))))

    return apply


def with_centers(c2w, centers):
    changed = c2w.copy()
    changed[:, :3, 3] = centers
    return changed


def boxes_through(change):
    """Let every kind see the boxes through ``change``."""
    return lambda patch: patch.setattr(
        survey, "stack_boxes", lambda things: change(boxes.stack_boxes(things))
    )


def axis_aligned(them):
    corners = them.corners()
    low, high = corners.min(axis=1), corners.max(axis=1)
    eye = np.broadcast_to(np.eye(3), them.rotation.shape)
    return boxes.Boxes((low + high) / 2, (high - low) / 2, eye)


def one_sided(patch):
    honest = directions.classify_turns

    def classify(angle_deg, sectors):
        bearing = honest(angle_deg, sectors)
        starts = np.array([*sectors.starts_deg, 360.0])
        return bearing._replace(margin_deg=starts[bearing.sector + 1] - angle_deg)

    for module in (directions, turns):
        patch.setattr(module, "classify_turns", classify)


MUTATIONS = {
    "cameras have y up and z back": poses_through(lambda p: p @ np.diag([1.0, -1, -1, 1])),
    "w2c is taken for c2w": poses_through(np.linalg.inv),
    "the center of c2w is -R^T t": poses_through(
        lambda p: with_centers(p, -np.einsum("tij,ti->tj", p[:, :3, :3], p[:, :3, 3]))
    ),
    "camera x points left": poses_through(lambda p: p @ np.diag([-1.0, 1, 1, 1])),
    "boxes are in centimetres": boxes_through(
        lambda b: boxes.Boxes(b.center * 100, b.half * 100, b.rotation)
    ),
    "distances are ten times too long": lambda patch: patch.setattr(
        survey, "gap_matrix", lambda them: 10 * boxes.gap_matrix(them)
    ),
    "boxes are taken as axis-aligned": boxes_through(axis_aligned),
    "full extents are taken for half ones": boxes_through(lambda b: b._replace(half=b.half * 2)),
    "rows are taken for columns of a rotation": boxes_through(
        lambda b: b._replace(rotation=np.swapaxes(b.rotation, 1, 2) @ b.rotation.mT[:1])
    ),
    "distances are between middles": lambda patch: patch.setattr(
        survey,
        "gap_matrix",
        lambda them: np.linalg.norm(them.center[:, None] - them.center[None], axis=2),
    ),
    "the margin looks at one boundary": one_sided,
    "height is the first extent": boxes_through(
        lambda b: b._replace(half=np.roll(b.half, -1, axis=1))
    ),
    "the floor is y = 0": boxes_through(
        lambda b: b._replace(center=b.center[:, [0, 2, 1]], half=b.half[:, [0, 2, 1]])
    ),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_convention_is_noticed(mutation, monkeypatch):
    MUTATIONS[mutation](monkeypatch)
    noticed = []
    for truth in TRUTHS:
        try:
            truth()
        except (AssertionError, ValueError, KeyError) as error:
            noticed.append((truth.__name__, type(error).__name__))
    assert noticed, f"no worked example notices that {mutation}"
