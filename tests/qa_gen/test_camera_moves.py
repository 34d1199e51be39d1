"""Questions about the camera's way and turns: worked examples, floors, refusals."""

import numpy as np
import pytest
from camera_films import ask, film, pose, table
from worlds import scaled

from qa_gen.answers import Quantity
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import QuestionKind, Skipped, SkipReason
from synth.poses import axis_angle

DIRECTION = QuestionKind.CAMERA_TRANSLATION_DIRECTION
ROTATION = QuestionKind.CAMERA_ROTATION_DIRECTION
ANGLE = QuestionKind.CAMERA_ROTATION_ANGLE
DISPLACEMENT = QuestionKind.CAMERA_DISPLACEMENT
PATH = QuestionKind.CAMERA_PATH_LENGTH
pair_kinds = pytest.mark.parametrize("kind", [DIRECTION, ROTATION, ANGLE, DISPLACEMENT])


def walk(**changes):
    """0.5 m to the right, then a pan by 20 degrees to the right, then back and 0.8 m forward."""
    return film(
        pose(2.0, 0.3), pose(2.5, 0.3), pose(2.5, 0.3, pan_deg=20), pose(2.5, 1.1), **changes
    )


def test_the_direction_of_a_worked_walk():
    qas, skipped = ask(walk(), DIRECTION)
    # 0 -> 3 is (0.5, 0, 0.8) in the first camera: forward, by arcsin(0.3 / sqrt 2 / 0.943398).
    # 2 -> 3 is 0.8 m at 20 degrees to the left of where camera 2 looks: forward, by 45 - 20.
    told = {frames: (qa.answer.text, round(qa.margin, 2)) for frames, qa in qas.items()}
    assert told == {
        (0, 1): ("right", 45.0),
        (0, 2): ("right", 45.0),
        (0, 3): ("forward", 12.99),
        (1, 3): ("forward", 45.0),
        (2, 3): ("forward", 25.0),
    }
    assert skipped == {SkipReason.CAMERA_CHANGE_TOO_SMALL: 1}  # 1 -> 2 only turns
    qa = qas[0, 3]
    assert qa.question == (
        "During the sequence between the first image and the second image, what was the primary "
        "consistent direction of the camera's movement relative to its orientation at the start?"
    )
    assert set(qa.answer.options) == {"left", "right", "up", "down", "forward", "backward"}
    assert (qa.evidence_frames, qa.objects, qa.value, qa.sigma) == ((0, 3), (), None, 0.0)
    assert (qa.margin_unit, qa.geometry_source) == ("deg", "oracle")


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ((2.4, 1.0, 1.2), "right"),
        ((1.6, 1.0, 1.2), "left"),
        ((2.0, 1.4, 1.2), "forward"),
        ((2.0, 0.6, 1.2), "backward"),
        ((2.0, 1.0, 1.6), "up"),
        ((2.0, 1.0, 0.8), "down"),
    ],
)
def test_every_direction_is_the_cameras_own(to, text):
    qas, _ = ask(film(pose(2.0, 1.0), pose(*to)), DIRECTION)
    assert qas[0, 1].answer.text == text
    qas, _ = ask(film(pose(2.0, 1.0, pan_deg=180), pose(*to, pan_deg=180)), DIRECTION)
    other = {"right": "left", "left": "right", "forward": "backward", "backward": "forward"}
    assert qas[0, 1].answer.text == other.get(text, text)


@pytest.mark.parametrize(
    ("turn", "text"),
    [
        ({"pan_deg": 12}, "pan to the right"),
        ({"pan_deg": -12}, "pan to the left"),
        ({"tilt_deg": 12}, "tilt up"),
        ({"tilt_deg": -12}, "tilt down"),
        ({"roll_deg": 12}, "roll clockwise"),
        ({"roll_deg": -12}, "roll counterclockwise"),
    ],
)
def test_every_turn_has_its_name(turn, text):
    qas, _ = ask(film(pose(2.0, 1.0), pose(2.0, 1.0, **turn)), ROTATION)
    assert qas[0, 1].answer.text.startswith(text + " (")
    assert qas[0, 1].margin == pytest.approx(45.0)
    assert qas[0, 1].question == (
        "How did the camera mainly rotate from the first image to the second image?"
    )
    qas, _ = ask(film(pose(2.0, 1.0), pose(2.0, 1.0, **turn)), ANGLE)
    assert qas[0, 1].answer == Quantity(12.0, "deg", 0)


def test_a_pan_stays_a_pan_when_the_camera_looks_down():
    # 60 degrees down, a turn about the vertical is mostly a roll about the camera's own axes.
    steep = film(pose(2, 1, tilt_deg=-60), pose(2, 1, tilt_deg=-60, pan_deg=30))
    qas, _ = ask(steep, ROTATION)
    assert qas[0, 1].answer.text == "pan to the right (turning about the vertical)"
    assert ask(film(pose(2, 1), pose(2, 1, pan_deg=30), scale="relative"), ROTATION) == (
        {},
        {SkipReason.SCALE_NOT_METRIC: 1},  # nor is it known what is vertical
    )


def test_a_direction_that_level_axes_contradict_is_not_asked():
    # Looking 60 degrees down and driving on, the camera goes "up" along its own axes.
    steep = (pose(2, 1, tilt_deg=-60), pose(2, 1.4, tilt_deg=-60))
    assert ask(film(*steep), DIRECTION) == ({}, {SkipReason.MARGIN_TOO_SMALL: 1})
    # sideways is the same along both
    aside = (pose(2, 1, tilt_deg=-60), pose(2.4, 1, tilt_deg=-60))
    assert ask(film(*aside), DIRECTION)[0][0, 1].answer.text == "right"
    # without metres up is not known, and the question is about the camera's own axes
    qas, _ = ask(film(*steep, scale="relative"), DIRECTION)
    assert qas[0, 1].answer.text == "up"


@pytest.mark.parametrize(("off_deg", "asked"), [(34.0, True), (36.0, False)])
def test_a_direction_keeps_away_from_the_next_one(off_deg, asked):
    off = np.deg2rad(off_deg)  # from forward to the right, the boundary being at 45
    qas, skipped = ask(
        film(pose(2.0, 1.0), pose(2 + 0.5 * np.sin(off), 1 + 0.5 * np.cos(off))), DIRECTION
    )
    assert bool(qas) == asked
    assert skipped == ({} if asked else {SkipReason.MARGIN_TOO_SMALL: 1})
    if asked:
        assert qas[0, 1].margin == pytest.approx(45 - off_deg)


@pytest.mark.parametrize(("metres", "asked"), [(0.099, False), (0.101, True)])
def test_a_camera_must_move_by_a_decimetre(metres, asked):
    geometry = film(pose(2.0, 1.0), pose(2.0 + metres, 1.0))
    assert ask(geometry, DIRECTION)[1] == ({} if asked else {SkipReason.CAMERA_CHANGE_TOO_SMALL: 1})
    assert ask(geometry, DISPLACEMENT)[1] == ({} if asked else {SkipReason.MARGIN_TOO_SMALL: 1})


def test_without_metres_travel_is_compared_with_the_depth():
    # The median depth of the far wall and floor is the yardstick; ten times as large, the same.
    small = film(pose(2.0, 1.0), pose(2.3, 1.0), scale="relative")
    for factor in (1.0, 10.0):
        assert set(ask(scaled(small, factor), DIRECTION)[0]) == {(0, 1)}
    hardly = film(pose(2.0, 1.0), pose(2.05, 1.0), scale="relative")
    assert ask(scaled(hardly, 10.0), DIRECTION)[1] == {SkipReason.CAMERA_CHANGE_TOO_SMALL: 1}
    blind = film(
        pose(2.0, 1.0), pose(2.3, 1.0), scale="relative", depth=np.zeros((2, 48, 48), np.float32)
    )
    assert ask(blind, DIRECTION) == ({}, {SkipReason.NO_DEPTH: 1})


@pytest.mark.parametrize(("degrees", "reason"), [(4.9, True), (5.1, False)])
def test_a_camera_must_turn_by_five_degrees(degrees, reason):
    geometry = film(pose(2, 1), pose(2, 1, pan_deg=degrees))
    assert ask(geometry, ROTATION)[1] == ({SkipReason.CAMERA_CHANGE_TOO_SMALL: 1} if reason else {})
    assert ask(geometry, ANGLE)[1] == ({SkipReason.MARGIN_TOO_SMALL: 1} if reason else {})


@pytest.mark.parametrize(
    ("degrees", "direction", "angle"), [(168, True, True), (172, False, True), (176, False, False)]
)
def test_beyond_half_a_circle_the_other_way_round_is_shorter(degrees, direction, angle):
    geometry = film(pose(2, 1), pose(2, 1, roll_deg=degrees))
    assert bool(ask(geometry, ROTATION)[0]) == direction
    qas, _ = ask(geometry, ANGLE)
    assert bool(qas) == angle
    if angle:
        assert qas[0, 1].value == pytest.approx(degrees)
        assert qas[0, 1].margin == pytest.approx(180 - degrees)


def test_a_mixed_turn_is_not_named():
    about = np.array([1.0, 1.0, 0.0]) / 2**0.5  # as much of a tilt as of a pan
    second = pose(2, 1)
    second[:3, :3] = second[:3, :3] @ axis_angle(about, np.deg2rad(20.0))
    geometry = film(pose(2, 1), second)
    assert ask(geometry, ROTATION) == ({}, {SkipReason.MARGIN_TOO_SMALL: 1})
    assert ask(geometry, ANGLE)[0][0, 1].value == pytest.approx(20.0)


@pytest.mark.parametrize(("degrees", "asked"), [(59.0, True), (61.0, False)])
def test_two_images_must_have_something_in_common(degrees, asked):
    # The field of view is 80 degrees; 3/4 of it is 60.
    geometry = film(pose(2, 1), pose(2.4, 1, pan_deg=degrees))
    for kind in (ROTATION, ANGLE, DISPLACEMENT, DIRECTION, QuestionKind.VIEW_CHANGE):
        qas, skipped = ask(geometry, kind)
        assert bool(qas) == asked
        assert skipped == ({} if asked else {SkipReason.VIEWS_SHARE_NOTHING: 1})


def test_an_object_seen_in_both_images_is_enough():
    # The table stands at 35 degrees to the right, then to the left.
    ends = (pose(2.0, 0.5, pan_deg=-35), pose(2.0, 0.5, pan_deg=35))
    assert ask(film(*ends), ROTATION)[1] == {SkipReason.VIEWS_SHARE_NOTHING: 1}
    qas, _ = ask(film(*ends, things=[table()]), ANGLE)
    assert qas[0, 1].answer == Quantity(70.0, "deg", 0)


def test_the_displacement_of_a_worked_walk():
    qas, skipped = ask(walk(sigma_m=0.1), DISPLACEMENT)
    assert qas[0, 1].question == (
        "Approximately how far (in meters) did the camera move between the first image and the "
        "second image?"
    )
    # sqrt(0.5^2 + 0.8^2) = 0.943398, whatever the turns in between
    assert qas[0, 3].answer == Quantity(0.94, "m", 2)
    assert qas[0, 3].value == pytest.approx(0.943398, abs=1e-6)
    assert qas[0, 3].margin == qas[0, 3].value
    assert qas[0, 3].sigma == pytest.approx(0.1 * 2**0.5)  # both positions
    # 3 sigma is 0.424: the step of 0.5 m is asked about, the turn on the spot is too short
    assert set(qas) == {(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)}
    assert skipped == {SkipReason.MARGIN_TOO_SMALL: 1}
    qas, skipped = ask(walk(sigma_m=0.15), DISPLACEMENT)  # 3 sigma is 0.636
    assert set(qas) == {(0, 3), (1, 3), (2, 3)}
    assert skipped == {SkipReason.MARGIN_TOO_SMALL: 1, SkipReason.UNCERTAIN: 2}


def test_the_path_of_a_worked_walk():
    qas, _ = ask(walk(), PATH)
    # 0.5 + 0 + 0.8 over the whole clip, which shows all images; two images show no path
    assert {frames: round(qa.value, 6) for frames, qa in qas.items()} == {
        (): 1.3,
        (0, 1, 2): 0.5,
        (1, 2, 3): 0.8,
    }
    assert qas[()].answer == Quantity(1.3, "m", 2)
    assert qas[()].evidence_frames == (0, 1, 2, 3)
    assert qas[()].question == (
        "How long is the path (in meters) that the camera travelled from the first frame to the "
        "last frame?"
    )


def test_a_path_counts_the_frames_between_the_images_that_are_shown():
    # Keyframes 0, 2 and 4 of a zigzag of 0.3 m steps; the corners lie on frames 1 and 3.
    eyes = [(2.0, 1.0), (2.3, 1.0), (2.3, 1.3), (2.6, 1.3), (2.6, 1.6)]
    every = film(*(pose(*eye) for eye in eyes))
    kept = [0, 2, 4]
    sparse = film(
        *(pose(*eye) for eye in eyes),
        keyframes=(0, 2, 4),
        depth=every.depth[kept].copy(),
        instances=every.instances[kept].copy(),
        reliable=every.reliable[kept].copy(),
    )
    qas, _ = ask(sparse, PATH)
    assert {frames: round(qa.value, 6) for frames, qa in qas.items()} == {(): 1.2}
    assert ask(sparse, DISPLACEMENT)[0][0, 4].value == pytest.approx(0.6 * 2**0.5)


def test_noise_of_positions_makes_a_path_uncertain():
    straight = [pose(2.0 + 0.5 * i, 1.0) for i in range(3)]
    bent = [pose(2.0, 1.0), pose(2.5, 1.0), pose(2.5, 1.5)]
    sigma = 0.02
    # Ends count fully: sqrt(2). A right angle changes the direction by sqrt(2): 2 more. Noise
    # lengthens each step by 2 sigma^2 / 0.5 m.
    excess = 2 * (2 * sigma**2 / 0.5)
    for poses, variance in ((straight, 2.0), (bent, 4.0)):
        qas, _ = ask(film(*poses, sigma_m=sigma), PATH)
        assert qas[()].sigma == pytest.approx(np.hypot(sigma * variance**0.5, excess))
    _, skipped = ask(film(*straight, sigma_m=0.25), PATH)
    assert skipped == {SkipReason.UNCERTAIN: 1}
    still = [pose(2.0, 1.0)] * 3
    assert ask(film(*still, sigma_m=sigma), PATH)[1] == {SkipReason.MARGIN_TOO_SMALL: 1}


def test_lengths_that_no_room_has_are_refused():
    assert SkipReason.CAMERA_MOVED_TOO_FAR in ask(scaled(walk(), 20.0), DISPLACEMENT)[1]
    assert SkipReason.CAMERA_MOVED_TOO_FAR in ask(scaled(walk(), 40.0), PATH)[1]
    assert SkipReason.CAMERA_MOVED_TOO_FAR not in ask(scaled(walk(), 10.0), DISPLACEMENT)[1]


def test_directions_are_as_sure_as_the_positions():
    qas, _ = ask(walk(sigma_m=0.02), DIRECTION)
    # sqrt(2) 0.02 m across 0.5 m; the orientation is not modelled
    assert qas[0, 1].sigma == pytest.approx(np.degrees(0.02 * 2**0.5 / 0.5))
    assert ask(walk(sigma_m=0.02), ROTATION)[0][1, 2].sigma is None
    assert ask(walk(sigma_m=0.02), ANGLE)[0][1, 2].sigma is None
    # 0 -> 3 has a margin of 13 degrees; 3 sigma across 0.943 m are 12.9 and 15.5 degrees
    assert (0, 3) in ask(walk(sigma_m=0.05), DIRECTION)[0]
    qas, skipped = ask(walk(sigma_m=0.06), DIRECTION)
    assert (0, 3) not in qas
    assert skipped[SkipReason.UNCERTAIN] == 1


@pair_kinds
def test_one_image_shows_no_change(kind):
    geometry = film(pose(2, 1), pose(2.4, 1, pan_deg=20))
    assert set(ask(geometry, kind)[0]) == {(0, 1)}
    given = label_sequence(geometry, LabelConfig(kinds=(kind,)), 0, frames=(1,))
    assert given == [Skipped(kind, geometry.sequence_id, SkipReason.TOO_FEW_IMAGES)]


@pytest.mark.parametrize("kind", [DIRECTION, ANGLE, QuestionKind.VIEW_CHANGE])
def test_without_poses_nothing_is_asked(kind):
    assert ask(film(pose(2, 1), pose(2.4, 1), c2w=None), kind) == ({}, {SkipReason.NO_POSES: 1})


def test_two_images_show_no_path():
    assert ask(film(pose(2, 1), pose(2.5, 1)), PATH) == ({}, {SkipReason.TOO_FEW_IMAGES: 1})
