"""So many questions a kind over many scenes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.vsi_labels import crowded_room
from qa_gen.config import LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.many_scenes import count_by_kind, count_by_reason, label_scenes
from qa_gen.record import QuestionKind, SkipReason, SpatialQA

DISTANCE = QuestionKind.OBJECT_ABS_DISTANCE
CLOSEST = QuestionKind.OBJECT_REL_DISTANCE
CONFIG = LabelConfig(kinds=(DISTANCE, CLOSEST))
ROOMS = [crowded_room(n) for n in (3, 4, 6, 8, 10, 14)]


def per_scene(labeled, kind):
    return Counter(qa.scene_id for qa in labeled.questions if qa.kind is kind)


def test_every_kind_gets_its_number_and_scenes_with_more_fill_up_what_others_lack():
    labeled = label_scenes(ROOMS, CONFIG, 0, per_kind=60)
    assert count_by_kind(labeled.questions) == {str(DISTANCE): 60, str(CLOSEST): 60}
    distances = per_scene(labeled, DISTANCE)
    assert set(distances) == {room.scene_id for room in ROOMS}
    assert distances["crowded3"] <= 3  # all its pairs
    assert max(distances.values()) > 10  # an even share


def test_where_there_are_fewer_all_are_asked():
    small = ROOMS[:2]
    labeled = label_scenes(small, LabelConfig(kinds=(DISTANCE,)), 0, per_kind=500)
    whole = LabelConfig(kinds=(DISTANCE,), max_per_kind=10**6)
    every = [r for room in small for r in label_sequence(room, whole, 0)]
    assert {qa.objects for qa in labeled.questions} == {
        r.objects for r in every if isinstance(r, SpatialQA)
    }
    assert SkipReason.OVER_CAP not in {skip.reason for skip in labeled.skipped}


def test_nothing_is_lost_on_the_way():
    """Asked or skipped: the same candidates, whatever the number."""
    totals = []
    for per_kind in (1, 25, 10**5):
        labeled = label_scenes(ROOMS, CONFIG, 0, per_kind=per_kind)
        skipped = sum(count_by_reason(labeled.skipped).values())
        totals.append(len(labeled.questions) + skipped)
    assert len(set(totals)) == 1


def test_answers_are_taken_evenly():
    labeled = label_scenes(ROOMS, LabelConfig(kinds=(DISTANCE,)), 0, per_kind=30)
    bins = Counter(int(np.log(qa.value) / np.log(1.25)) for qa in labeled.questions)
    whole = LabelConfig(kinds=(DISTANCE,), max_per_kind=10**6)
    every = [r for room in ROOMS for r in label_sequence(room, whole, 0)]
    of_all = Counter(int(np.log(r.value) / np.log(1.25)) for r in every if isinstance(r, SpatialQA))
    assert max(bins.values()) / 30 < max(of_all.values()) / sum(of_all.values())


def test_the_seed_decides_and_the_number_of_workers_does_not():
    alone = label_scenes(ROOMS, CONFIG, 3, per_kind=40)
    with ThreadPoolExecutor(3) as pool:
        shared = label_scenes(ROOMS, CONFIG, 3, per_kind=40, each=pool.map)
    assert shared == alone
    other = label_scenes(ROOMS, CONFIG, 4, per_kind=40)
    assert [qa.qa_id for qa in other.questions] != [qa.qa_id for qa in alone.questions]


def test_no_number_below_one_is_taken():
    with pytest.raises(ValueError, match="per_kind must be >= 1, got 0"):
        label_scenes(ROOMS, CONFIG, 0, per_kind=0)
