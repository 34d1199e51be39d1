"""Whether an object fits between two others."""

import numpy as np
import pytest
from asking import ask_kind, refused
from box_scenes import box, scene

from qa_gen.boxes import stack_boxes
from qa_gen.floor_plan import floor_plan
from qa_gen.record import QuestionKind

KIND = QuestionKind.FITS_BETWEEN


def room(gap=0.6, width=0.45, yaw_deg=30.0, extra=(), **kwargs):
    """A chair and a table ``gap`` apart along x; a chest far away, ``width`` at its narrowest."""
    return scene(
        box(1, "chair", (0, 0, 0.4), (0.4, 0.4, 0.8)),
        box(2, "table", (0.4 + gap, 0, 0.4), (0.4, 0.6, 0.8)),
        box(3, "chest", (0.5, 3, 0.4), (width, 0.9, 0.8), yaw_deg=yaw_deg),
        *extra,
        **kwargs,
    )


def about_the_chest(geometry):
    return [qa for qa in ask_kind(KIND, geometry) if qa.objects == (3, 1, 2)]


@pytest.mark.parametrize(("width", "answer"), [(0.45, "yes"), (0.8, "no")])
def test_the_narrow_side_decides(width, answer):
    # The gap is 0.6 m; a chest of 0.45 m x 0.9 m fits by 0.15 m however it stands now.
    (qa,) = about_the_chest(room(width=width, sigma_m=0.005))
    assert qa.answer.text == answer
    assert qa.value == pytest.approx(0.6 - width)
    assert qa.margin == pytest.approx(abs(0.6 - width))
    assert qa.sigma == pytest.approx(0.01)  # four faces of 0.005 each
    assert "gap between the chair and the table wide enough for the chest" in qa.question


@pytest.mark.parametrize(("gap", "n_asked"), [(0.54, 0), (0.56, 1)])
def test_the_margin_has_a_floor(gap, n_asked):
    assert len(about_the_chest(room(gap=gap))) == n_asked


def test_each_unclear_case_has_its_reason():
    between = box(4, "plant", (0.5, 0, 0.3), (0.2, 0.2, 0.6))
    assert not about_the_chest(room(extra=[between]))
    assert refused(KIND, room(extra=[between]))["way_blocked"] > 0
    rug = box(4, "rug", (0.5, 0, 0.01), (2, 2, 0.02))
    assert len(about_the_chest(room(extra=[rug]))) == 1
    on_table = box(4, "lamp", (1.0, 0, 1.0), (0.2, 0.2, 0.4))
    assert len(about_the_chest(room(extra=[on_table]))) == 1
    assert refused(KIND, room(gap=0.05))["objects_too_close"] > 0
    assert refused(KIND, room(gap=2.6))["objects_too_far"] > 0
    assert refused(KIND, room(sigma_m=0.03))["uncertain"] > 0  # 0.15 < 3 x 0.06


def test_least_widths_of_turned_and_leaning_boxes():
    rng = np.random.default_rng(0)
    things = [box(i, "box", (0, 0, 0), tuple(rng.uniform(0.2, 1.0, 3))) for i in range(1, 9)]
    boxes = stack_boxes(things)
    turned = np.linalg.qr(rng.normal(size=(8, 3, 3)))[0]
    boxes = boxes._replace(rotation=turned)
    # The width across a direction is the spread of the corners; the least over many directions.
    angles = np.linspace(0, np.pi, 20_000, endpoint=False)
    across = boxes.corners()[:, :, :2] @ np.stack([np.cos(angles), np.sin(angles)])
    widths = np.ptp(across, axis=1).min(axis=1)
    assert floor_plan(boxes).least_width == pytest.approx(widths, rel=1e-3)
