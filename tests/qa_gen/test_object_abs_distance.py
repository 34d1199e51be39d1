"""Distance questions of scenes with known distances."""

import numpy as np
import pytest
from box_scenes import box, scene
from vsi_asking import ask_all

from qa_gen.questions.vsi.object_abs_distance import QUESTION
from qa_gen.record import Quantity, SkipReason


def test_a_hand_computed_distance_with_everything_that_belongs_to_it():
    # Faces at x = 0.2 and x = 1.75: a gap of 1.55 m, asked in VSI-Bench's words.
    geometry = scene(
        box(3, "chair", (0, 0, 0.2), pixels=(50, 0, 0)),
        box(7, "sofa", (2.25, 0, 0.2), (1, 2, 1), pixels=(0, 19, 90)),
        sigma_m=0.01,
    )
    (qa,), lost = ask_all(QUESTION, geometry)
    assert not lost
    assert qa.question == (
        "Measuring from the closest point of each object, what is the distance between the chair "
        "and the sofa (in meters)?"
    )
    assert qa.qa_id.startswith("room-000001/pan_left/object_abs_distance/")
    assert (qa.sequence_id, qa.scene_id) == ("room-000001/pan_left", "room-000001")
    assert qa.value == pytest.approx(1.55)
    assert qa.answer == Quantity(round(qa.value, 1), "m", 1)
    assert qa.margin == qa.value
    assert (qa.margin_unit, qa.definition) == ("m", "obb_gap_min_m")
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)
    assert qa.evidence_frames == (0, 8)  # the sofa's 19 pixels of frame 4 are too few
    assert (qa.objects, qa.categories) == ((3, 7), ("chair", "sofa"))
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
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "chair", (3, 0, 0))),
            SkipReason.CATEGORY_NOT_UNIQUE,
        ),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (3, 0, 0), pixels=(19, 19, 19))),
            SkipReason.NOT_VISIBLE_ENOUGH,
        ),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (0.59, 0, 0))),
            SkipReason.MARGIN_TOO_SMALL,  # 0.19 m
        ),
        (
            scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (0.7, 0, 0)), sigma_m=0.1),
            SkipReason.UNCERTAIN,  # 0.3 m, three sigma are 0.42 m
        ),
    ],
)
def test_an_unclear_pair_is_skipped_with_its_reason(geometry, reason):
    asked, lost = ask_all(QUESTION, geometry, references="category")
    assert asked == []
    assert lost == {reason: 1}


def test_just_above_the_floor_a_pair_is_asked_about():
    geometry = scene(box(1, "chair", (0, 0, 0)), box(2, "sofa", (0.61, 0, 0)))
    (qa,), _ = ask_all(QUESTION, geometry)
    assert qa.answer.value == 0.2


def test_a_barely_visible_second_chair_still_makes_the_chair_ambiguous():
    geometry = scene(
        box(1, "chair", (0, 0, 0)),
        box(2, "sofa", (3, 0, 0)),
        box(3, "chair", (-3, 0, 0), pixels=(0, 1, 0)),
    )
    # three pairs of objects, and no category pair is left that means one thing
    asked, lost = ask_all(QUESTION, geometry, references="category")
    assert (asked, lost) == ([], {SkipReason.CATEGORY_NOT_UNIQUE: 3})


def test_a_second_chair_that_is_never_seen_does_not_matter():
    geometry = scene(
        box(1, "chair", (0, 0, 0)),
        box(2, "sofa", (3, 0, 0)),
        box(3, "chair", (-3, 0, 0), pixels=(0, 0, 0)),
    )
    (qa,), _ = ask_all(QUESTION, geometry)
    assert qa.objects == (1, 2)


def test_a_name_that_says_what_is_near_is_not_asked_about_with_it():
    geometry = scene(
        box(1, "chair", (0, 0, 0)), box(2, "sofa", (2, 0, 0)), box(3, "chair", (-3, 0, 0))
    )
    # Only "the chair nearest to the sofa" can be named, and not together with the sofa.
    asked, lost = ask_all(QUESTION, geometry)
    assert asked == []
    assert lost[SkipReason.NAME_TELLS] == 1


def test_over_the_cap_near_and_far_pairs_are_kept_alike():
    # Nine boxes in a row: many pairs are 0.6 m or so apart, few are far apart.
    row = [box(i + 1, f"thing {i}", (float(i), 0, 0)) for i in range(9)]
    qas, lost = ask_all(QUESTION, scene(*row), max_per_kind=6)
    assert lost == {SkipReason.OVER_CAP: 30}
    assert len(qas) == 6
    logs = np.floor(np.log([qa.value for qa in qas]) / np.log(1.5))
    assert len(set(logs)) >= 5
