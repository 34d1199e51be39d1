"""Nearest-object questions of scenes with known distances."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import box, random_scene, scene

from qa_gen.boxes import gap_matrix, stack_boxes
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import QuestionKind, Skipped, SkipReason, SpatialQA

KIND = QuestionKind.OBJECT_REL_DISTANCE
CONFIG = LabelConfig(kinds=(KIND,), max_per_kind=10_000)


def row(*positions, scale="metric", sigma_m=0.0):
    # Cubes of 0.4 m, so gaps are distances of the middles minus 0.4.
    names = ("bed", "chair", "desk", "lamp", "sofa", "table")
    things = [box(i + 1, names[i], (x, 0, 0)) for i, x in enumerate(positions)]
    return scene(*things, scale=scale, sigma_m=sigma_m)


def test_a_hand_computed_nearest_object_with_everything_that_belongs_to_it():
    # Gaps from the bed: chair 1.1, desk 0.6 behind it, lamp 2.6, sofa 3.6. Lead: 0.5.
    records = label_sequence(row(0, 1.5, -1, 3, 4, sigma_m=0.01), CONFIG, seed=0)
    qa = next(r for r in records if isinstance(r, SpatialQA) and r.objects[0] == 1)
    options = ", ".join(qa.answer.options)
    assert qa.question == (
        "Measuring from the closest point of each object, which of these objects "
        f"({options}) is the closest to the bed?"
    )
    assert sorted(qa.answer.options) == ["chair", "desk", "lamp", "sofa"]
    assert qa.answer.text == "desk"
    assert qa.qa_id == "room-000001/pan_left/object_rel_distance/1-2-3-4-5"
    assert sorted(qa.objects) == [1, 2, 3, 4, 5]
    assert qa.objects[1 + qa.answer.correct] == 3
    assert qa.value == pytest.approx(0.6)
    assert qa.margin == pytest.approx(0.5)
    assert qa.sigma == pytest.approx(0.02)


def test_every_five_objects_are_asked_or_counted_and_the_answer_is_the_argmin():
    geometry = random_scene(3, n_objects=7)
    gaps = gap_matrix(stack_boxes(geometry.objects))
    records = label_sequence(geometry, CONFIG, seed=0)
    qas = [r for r in records if isinstance(r, SpatialQA)]
    for qa in qas:
        primary, *options = (i - 1 for i in qa.objects)
        assert qa.answer.correct == np.argmin(gaps[primary, options])
    skipped = sum(r.count for r in records if isinstance(r, Skipped))
    assert len({qa.qa_id for qa in qas}) == len(qas)
    assert len(qas) + skipped == 7 * 15  # a primary, and four of the other six


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (row(0, 1.5, -1, 3), SkipReason.TOO_FEW_OBJECTS),
        (row(0, 1.5, -1, 3, 4, scale="relative"), SkipReason.SCALE_NOT_METRIC),
        (row(0, 1.5, -1.4, 3, 4), SkipReason.MARGIN_TOO_SMALL),
        (row(0, 1.5, -1, 3, 4, sigma_m=0.1), SkipReason.UNCERTAIN),
    ],
)
def test_unclear_choices_are_skipped_with_their_reason(geometry, reason):
    records = label_sequence(geometry, CONFIG, seed=0)
    assert reason in {r.reason for r in records if isinstance(r, Skipped)}
    assert not any(isinstance(r, SpatialQA) and r.objects[0] == 1 for r in records)


def test_an_exact_tie_is_never_asked():
    config = replace(CONFIG, min_lead_m=0.15)
    records = label_sequence(row(0, 1.5, -1.5, 3, 4), config, seed=0)
    assert not any(isinstance(r, SpatialQA) and r.objects[0] == 1 for r in records)
