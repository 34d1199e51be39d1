"""What the one place where questions are made does alike for every kind."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from box_scenes import random_scene, scene
from worlds import telling_rooms

from qa_gen.answers import Quantity
from qa_gen.config import Cap, Floor
from qa_gen.generate import LabelConfig, ask, label_sequence, skip_sequence, with_id
from qa_gen.question import Draft, Need
from qa_gen.questions import QUESTIONS
from qa_gen.record import QuestionKind, Skipped, SkipReason, SpatialQA
from qa_gen.survey import survey_sequence
from synth.moves import Move

kinds = pytest.mark.parametrize("kind", list(QuestionKind))
DISTANCE = QuestionKind.OBJECT_ABS_DISTANCE


def questions(records):
    return [r for r in records if isinstance(r, SpatialQA)]


def skipped(records):
    counts = Counter()
    for record in records:
        if isinstance(record, Skipped):
            counts[record.reason] += record.count
    return counts


def test_the_same_call_gives_the_same_records_and_another_seed_others():
    geometry = telling_rooms()[0]
    first = label_sequence(geometry, LabelConfig(max_per_kind=2), 1)
    assert label_sequence(geometry, LabelConfig(max_per_kind=2), 1) == first
    assert label_sequence(geometry, LabelConfig(max_per_kind=2), 2) != first


def ids_of(which):
    records = label_sequence(telling_rooms()[which], LabelConfig(max_per_kind=2), 0)
    return [qa.qa_id for qa in questions(records)]


@pytest.mark.slow
def test_ids_are_the_same_in_another_process():
    here = [ids_of(which) for which in range(2)]
    with ProcessPoolExecutor(2) as workers:
        assert list(workers.map(ids_of, range(2))) == here


def test_kinds_do_not_disturb_each_other():
    geometry = telling_rooms()[1]
    together = label_sequence(geometry, LabelConfig(max_per_kind=2), 1)
    for kind in QuestionKind:
        alone = label_sequence(geometry, LabelConfig(max_per_kind=2, kinds=(kind,)), 1)
        assert alone == [record for record in together if record.kind is kind]


def test_ids_are_of_the_content():
    qas = questions(label_sequence(telling_rooms()[0], LabelConfig(max_per_kind=3), 0))
    assert len({qa.qa_id for qa in qas}) == len(qas)
    for qa in qas:
        assert with_id(qa).qa_id == qa.qa_id
        assert qa.qa_id.startswith(f"{qa.sequence_id}/{qa.kind}/")
        assert with_id(replace(qa, margin=qa.margin + 1e-9)).qa_id != qa.qa_id
        assert with_id(replace(qa, question=qa.question + " ")).qa_id != qa.qa_id


def test_the_cap_holds_and_what_is_over_it_is_counted():
    geometry = random_scene(1, n_objects=10)
    config = LabelConfig(kinds=(DISTANCE,), max_per_kind=10_000)
    everything = questions(label_sequence(geometry, config, 0))
    capped = label_sequence(geometry, replace(config, max_per_kind=3), 0)
    assert len(questions(capped)) == 3
    assert skipped(capped)[SkipReason.OVER_CAP] == len(everything) - 3
    own = label_sequence(geometry, replace(config, caps=(Cap(DISTANCE, 5),)), 0)
    assert len(questions(own)) == 5


@kinds
def test_margins_clear_the_floor_and_k_sigma_on_estimated_geometry(kind):
    config = LabelConfig(kinds=(kind,), max_per_kind=50, sigma_factor=2.0)
    for geometry in telling_rooms()[:2]:
        for qa in questions(label_sequence(replace(geometry, sigma_m=0.02), config, 0)):
            assert qa.margin >= QUESTIONS[kind].floor
            assert qa.sigma is None or qa.margin >= 2.0 * qa.sigma


def test_a_floor_of_the_configuration_replaces_the_kinds_own():
    geometry = random_scene(1, n_objects=10)
    config = LabelConfig(kinds=(DISTANCE,), max_per_kind=1000)
    longest = max(qa.margin for qa in questions(label_sequence(geometry, config, 0)))
    strict = replace(config, floors=(Floor(DISTANCE, longest),))
    assert [qa.margin for qa in questions(label_sequence(geometry, strict, 0))] == [longest]


def test_uncertain_labels_are_not_asked():
    geometry = replace(random_scene(1, n_objects=10), sigma_m=0.3)  # gaps are off by 0.42 m
    config = LabelConfig(kinds=(DISTANCE,), max_per_kind=1000, sigma_factor=3.0)
    records = label_sequence(geometry, config, 0)
    assert skipped(records)[SkipReason.UNCERTAIN] > 0
    assert min(qa.margin for qa in questions(records)) >= 3 * 0.3 * 2**0.5


NO_MAPS = np.zeros((0, 96, 96))
UNFILMED = {
    "keyframes": (),
    "depth": NO_MAPS.astype(np.float32),
    "instances": NO_MAPS.astype(np.uint16),
    "reliable": NO_MAPS.astype(np.bool_),
    "objects": (),
}
LACKING = {
    Need.METRIC: (SkipReason.SCALE_NOT_METRIC, {"scale": "relative"}),
    Need.POSES: (SkipReason.NO_POSES, {"c2w": None}),
    Need.DEPTH: (SkipReason.NO_DEPTH, {"depth": np.zeros((9, 96, 96), np.float32)}),
    Need.FLOOR_AREA: (SkipReason.NO_FLOOR_AREA, {"room_polygon": None}),
    Need.FLOOR_OUTLINE: (SkipReason.NO_FLOOR_OUTLINE, {"room_polygon": None}),
    Need.FILMED: (SkipReason.NOT_FILMED, UNFILMED),
}


@kinds
def test_what_the_geometry_lacks_is_said_and_nothing_is_guessed(kind):
    for need in QUESTIONS[kind].needs:
        reason, changes = LACKING[need]
        geometry = replace(telling_rooms()[0], **changes)
        records = label_sequence(geometry, LabelConfig(kinds=(kind,)), 0)
        assert [(r.kind, r.reason) for r in records] == [(kind, reason)]


@kinds
def test_kinds_that_need_no_metres_do_without(kind):
    if Need.METRIC in QUESTIONS[kind].needs:
        pytest.skip("it needs metres")
    config = LabelConfig(kinds=(kind,), max_per_kind=2, references="category")
    plain = [replace(g, scale="relative") for g in telling_rooms()]
    assert any(questions(label_sequence(g, config, 0)) for g in plain)


def test_an_empty_clip_gives_a_reason_for_every_kind():
    records = label_sequence(scene(scale="relative"), LabelConfig(), 0)
    assert {r.kind for r in records} == set(QuestionKind)
    assert all(isinstance(r, Skipped) for r in records)
    (too_few,) = label_sequence(scene(), LabelConfig(kinds=(DISTANCE,)), 0)
    assert too_few.reason is SkipReason.TOO_FEW_OBJECTS


def test_an_answer_that_cannot_be_read_back_is_a_fault_of_its_kind():
    survey = survey_sequence(random_scene(1), LabelConfig())
    honest = QUESTIONS[DISTANCE]

    def careless(*arguments):
        found = honest.find(*arguments)

        def draft(i, rng):
            good = found.draft(i, rng)
            return Draft(good.slots, Quantity(1.26, "m", 1), good.objects)

        return replace(found, draft=draft)

    with pytest.raises(ValueError, match=r"is written '1.3', which reads as 1.3"):
        ask(replace(honest, find=careless), survey, LabelConfig(), np.random.default_rng(0))


def test_wordings_are_drawn_and_the_canonical_one_can_be_had_alone():
    geometry = random_scene(1, n_objects=10)
    config = LabelConfig(kinds=(DISTANCE,), max_per_kind=1000, floors=(Floor(DISTANCE, 0.0),))
    varied = questions(label_sequence(geometry, config, 1))
    assert len({qa.template for qa in varied}) == len(QUESTIONS[DISTANCE].phrasing)
    plain = questions(label_sequence(geometry, replace(config, phrasing="canonical"), 0))
    assert {qa.template for qa in plain} == {"canonical"}
    assert [qa.value for qa in plain] == [qa.value for qa in varied]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kinds": (DISTANCE,) * 2}, "kinds repeats"),
        ({"floors": ((DISTANCE, 1.0),) * 2}, "floors repeats"),
        ({"caps": ((DISTANCE, 1),) * 2}, "caps repeats"),
        ({"floors": ((DISTANCE, -1.0),)}, "floors must be >= 0"),
        ({"floors": ((DISTANCE, float("nan")),)}, "floors must be >= 0"),
        ({"caps": ((DISTANCE, 0),)}, "caps >= 1"),
        ({"max_per_kind": 0}, "max_per_kind must be >= 1"),
        ({"min_visible_pixels": 0}, "min_visible_pixels must be >= 1"),
        ({"sigma_factor": -1.0}, "sigma_factor must be >= 0"),
        ({"max_pair_distance_m": 0.1}, "min_pair_distance_m < max_pair_distance_m"),
        ({"min_motion_confidence": 0.4}, "min_motion_confidence must lie in"),
        (
            {"moves": (Move.ARC_LEFT, Move.ORBIT_LEFT, Move.STATIC, Move.PAN_LEFT)},
            "4 clearly different moves",
        ),
    ],
)
def test_a_config_that_cannot_work_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        LabelConfig(**changes)


def test_nothing_is_asked_of_a_refused_clip_and_every_kind_counts_it():
    config = LabelConfig()
    skips = skip_sequence("wan-t2v-000001/path-0", config)
    assert [skip.kind for skip in skips] == list(config.kinds)
    assert {skip.reason for skip in skips} == {SkipReason.CLIP_REJECTED}
    assert {skip.sequence_id for skip in skips} == {"wan-t2v-000001/path-0"}
