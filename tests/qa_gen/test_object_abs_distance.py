"""Distance questions of scenes with known distances."""

import numpy as np
import pytest
from box_scenes import box, scene

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import Quantity, QuestionKind, Skipped, SkipReason

KIND = QuestionKind.OBJECT_ABS_DISTANCE
CONFIG = LabelConfig(kinds=(KIND,), min_visible_pixels=20)


def test_a_hand_computed_distance_with_everything_that_belongs_to_it():
    # Faces at x = 0.2 and x = 1.75: a gap of 1.55 m, asked in VSI-Bench's words.
    geometry = scene(
        box(3, "chair", (0, 0, 0.2), pixels=(50, 0, 0)),
        box(7, "sofa", (2.25, 0, 0.2), (1, 2, 1), pixels=(0, 19, 90)),
        sigma_m=0.01,
    )
    (qa,) = label_sequence(geometry, CONFIG, seed=0)
    assert qa.question == (
        "Measuring from the closest point of each object, what is the distance between the chair "
        "and the sofa (in meters)?"
    )
    assert qa.qa_id == "room-000001/pan_left/object_abs_distance/3-7"
    assert (qa.sequence_id, qa.scene_id) == ("room-000001/pan_left", "room-000001")
    assert qa.value == pytest.approx(1.55)
    assert qa.answer == Quantity(round(qa.value, 1), "m", 1)
    assert qa.margin == qa.value
    assert (qa.margin_unit, qa.definition) == ("m", "obb_gap_min_m")
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)
    assert qa.evidence_frames == (0, 8)  # the sofa's 19 pixels of frame 4 are too few
    assert qa.objects == (3, 7)
    assert qa.geometry_source == "oracle"


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (scene(box(1, "chair", (0, 0, 0))), SkipReason.TOO_FEW_OBJECTS),
        (scene(), SkipReason.TOO_FEW_OBJECTS),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (3, 0, 0)), scale="relative"),
            SkipReason.SCALE_NOT_METRIC,
        ),
        (scene(box(1, "chair", (0, 0, 0)), box(2, "chair", (3, 0, 0))), "category_not_unique"),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (3, 0, 0), pixels=(19, 19, 19))),
            SkipReason.NOT_VISIBLE_ENOUGH,
        ),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (0.59, 0, 0))),
            SkipReason.OBJECTS_TOO_CLOSE,
        ),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (0.7, 0, 0)), sigma_m=0.1),
            SkipReason.UNCERTAIN,
        ),
    ],
)
def test_an_unclear_pair_is_skipped_with_its_reason(geometry, reason):
    assert label_sequence(geometry, CONFIG, seed=0) == [
        Skipped(KIND, geometry.sequence_id, SkipReason(reason))
    ]


def test_a_barely_visible_second_chair_still_makes_the_chair_ambiguous():
    geometry = scene(
        box(1, "chair", (0, 0, 0)),
        box(2, "sofa", (3, 0, 0)),
        box(3, "chair", (-3, 0, 0), pixels=(0, 1, 0)),
    )
    # three pairs of objects, and no category pair is left that means one thing
    assert label_sequence(geometry, CONFIG, seed=0) == [
        Skipped(KIND, geometry.sequence_id, SkipReason.CATEGORY_NOT_UNIQUE, 3)
    ]


def test_a_second_chair_that_is_never_seen_does_not_matter():
    geometry = scene(
        box(1, "chair", (0, 0, 0)),
        box(2, "sofa", (3, 0, 0)),
        box(3, "chair", (-3, 0, 0), pixels=(0, 0, 0)),
    )
    (qa,) = label_sequence(geometry, CONFIG, seed=0)
    assert qa.objects == (1, 2)


def test_over_the_cap_near_and_far_pairs_are_kept_alike():
    # Nine boxes in a row: many pairs are 0.6 m or so apart, few are far apart.
    row = [box(i + 1, f"thing {i}", (float(i), 0, 0)) for i in range(9)]
    config = LabelConfig(kinds=(KIND,), max_per_kind=6)
    *qas, skipped = label_sequence(scene(*row), config, seed=0)
    assert skipped == Skipped(KIND, "room-000001/pan_left", SkipReason.OVER_CAP, 30)
    assert len(qas) == 6
    logs = np.floor(np.log([qa.value for qa in qas]) / np.log(1.5))
    assert len(set(logs)) >= 5
