"""What holds for every kind of question: declared symmetries, determinism, caps."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import measured, mirrored, moved, random_scene, scaled, scene, shuffled, yaw
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_gen.generate import LabelConfig, label_sequence, skip_sequence
from qa_gen.questions import QUESTIONS
from qa_gen.questions.camera_motion import MOVE_TEXT
from qa_gen.record import Quantity, QuestionKind, Skipped, SkipReason, SpatialQA
from synth.trajectories import Move, mirror

seeds = st.integers(0, 10_000)
moves = st.sampled_from(list(Move))
few = settings(max_examples=12)  # each is a whole room, and there are six kinds
kinds = pytest.mark.parametrize("kind", list(QuestionKind))

# What a mirror does to the answer of each kind; kinds that are not listed must not change.
SWAPPED = {"left": "right", "front-left": "front-right", "back-left": "back-right"}
MIRRORED_DIRECTION = {**SWAPPED, **{v: k for k, v in SWAPPED.items()}, "back": "back"}
FLIPS = {
    QuestionKind.OBJECT_REL_DIRECTION_EASY: MIRRORED_DIRECTION,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM: MIRRORED_DIRECTION,
    QuestionKind.OBJECT_REL_DIRECTION_HARD: MIRRORED_DIRECTION,
    QuestionKind.CAMERA_MOTION: {MOVE_TEXT[m]: MOVE_TEXT[mirror(m)] for m in Move},
}
# How a kind's length answers grow with the room; all other answers must not change.
SCALES = {QuestionKind.OBJECT_ABS_DISTANCE}


def config_for(kind, factor=1.0, **changes):
    base = LabelConfig()
    lengths = ("min_gap_m", "min_lead_m", "min_pair_distance_m", "max_pair_distance_m")
    limits = {name: getattr(base, name) * factor for name in lengths}
    return LabelConfig(kinds=(kind,), max_per_kind=12, **limits, **changes)


def answers(geometry, config, seed=0):
    """What was asked, and what is right: option text or length."""
    return {
        r.qa_id: r.value if isinstance(r.answer, Quantity) else r.answer.text
        for r in label_sequence(geometry, config, seed)
        if isinstance(r, SpatialQA)
    }


def room(seed, move):
    return random_scene(seed, motion=measured(move))


def test_every_kind_can_be_asked():
    assert set(QUESTIONS) == set(QuestionKind)


@kinds
def test_a_furnished_room_is_asked_about(kind):
    asked = [answers(room(seed, Move.PAN_LEFT), config_for(kind)) for seed in range(5)]
    assert sum(len(a) for a in asked) >= 5


@kinds
@few
@given(seed=seeds, move=moves, heading=st.floats(0, 360), shift=st.tuples(*[st.floats(-9, 9)] * 3))
def test_answers_do_not_depend_on_the_world_frame(kind, seed, move, heading, shift):
    before = answers(room(seed, move), config_for(kind))
    turned = moved(room(seed, move), yaw(heading), np.array(shift))
    after = answers(turned, config_for(kind))
    assert after == (pytest.approx(before) if kind in SCALES else before)


@kinds
@few
@given(seed=seeds, move=moves)
def test_records_do_not_depend_on_the_order_of_objects(kind, seed, move):
    geometry = room(seed, move)
    config = config_for(kind)
    assert label_sequence(shuffled(geometry), config, 5) == label_sequence(geometry, config, 5)


@kinds
@few
@given(seed=seeds, move=moves)
def test_a_mirror_flips_what_is_declared_and_nothing_else(kind, seed, move):
    before = answers(room(seed, move), config_for(kind))
    after = answers(mirrored(room(seed, move)), config_for(kind))
    if kind is QuestionKind.OBJECT_ABS_DISTANCE:
        assert after == pytest.approx(before)
    else:
        flip = FLIPS.get(kind, {})
        assert after == {name: flip.get(text, text) for name, text in before.items()}


@kinds
@few
@given(seed=seeds, move=moves)
def test_lengths_grow_with_the_room_and_nothing_else_does(kind, seed, move):
    before = answers(room(seed, move), config_for(kind))
    after = answers(scaled(room(seed, move), 2.0), config_for(kind, factor=2.0))
    if kind in SCALES:
        assert after == pytest.approx({name: 2 * length for name, length in before.items()})
    else:
        assert after == before


@kinds
@few
@given(seed=seeds, move=moves)
def test_the_margin_keeps_the_floor_and_k_sigma(kind, seed, move):
    config = config_for(kind, sigma_factor=2.0)
    floors = {
        QuestionKind.OBJECT_ABS_DISTANCE: config.min_gap_m,
        QuestionKind.OBJECT_REL_DISTANCE: config.min_lead_m,
        QuestionKind.CAMERA_MOTION: 0.8,
    }
    geometry = replace(room(seed, move), sigma_m=0.05)
    for record in label_sequence(geometry, config, 0):
        if isinstance(record, SpatialQA):
            assert record.margin >= floors.get(kind, config.min_turn_margin_deg)
            assert record.margin >= 2.0 * (record.sigma or 0.0)


@few
@given(seed=seeds)
def test_the_same_call_gives_the_same_records_and_another_seed_other_options(seed):
    geometry = room(seed, Move.TILT_UP)
    first = label_sequence(geometry, LabelConfig(), 1)
    assert label_sequence(geometry, LabelConfig(), 1) == first
    assert label_sequence(geometry, LabelConfig(), 2) != first


def test_kinds_do_not_disturb_each_other():
    geometry = room(4, Move.TILT_UP)
    together = label_sequence(geometry, LabelConfig(), 1)
    for kind in QuestionKind:
        alone = label_sequence(geometry, LabelConfig(kinds=(kind,)), 1)
        assert alone == [record for record in together if record.kind is kind]


def test_the_cap_holds_and_what_is_over_it_is_counted():
    geometry = random_scene(1, n_objects=10, motion=measured(Move.PAN_LEFT))
    everything = label_sequence(geometry, LabelConfig(max_per_kind=10_000), 0)
    capped = label_sequence(geometry, LabelConfig(max_per_kind=3), 0)
    for kind in QuestionKind:
        n_all = sum(isinstance(r, SpatialQA) and r.kind is kind for r in everything)
        n_kept = sum(isinstance(r, SpatialQA) and r.kind is kind for r in capped)
        over = sum(
            r.count
            for r in capped
            if isinstance(r, Skipped) and r.kind is kind and r.reason is SkipReason.OVER_CAP
        )
        assert n_kept == min(3, n_all)
        assert over == n_all - n_kept


def test_a_capped_direction_kind_asks_its_answers_alike():
    geometry = random_scene(2, n_objects=10)
    config = config_for(QuestionKind.OBJECT_REL_DIRECTION_HARD)
    texts = list(answers(geometry, config).values())
    assert {t: texts.count(t) for t in set(texts)} == dict.fromkeys(
        ("front-left", "front-right", "back-left", "back-right"), 3
    )


def test_a_generated_clip_without_objects_or_poses_says_so_for_every_kind():
    records = label_sequence(scene(scale="relative"), LabelConfig(), 0)
    assert [(r.kind, r.reason) for r in records] == [
        (kind, SkipReason.CAMERA_MOTION_UNKNOWN)
        if kind is QuestionKind.CAMERA_MOTION
        else (kind, SkipReason.TOO_FEW_OBJECTS)
        for kind in QuestionKind
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kinds": (QuestionKind.CAMERA_MOTION,) * 2}, "kinds repeats"),
        ({"max_per_kind": 0}, "max_per_kind must be >= 1"),
        ({"min_visible_pixels": 0}, "min_visible_pixels must be >= 1"),
        ({"min_gap_m": 0.0}, "min_gap_m must be >= 0.05"),
        ({"sigma_factor": -1.0}, "sigma_factor must be >= 0"),
        ({"min_motion_margin_deg": -1.0}, "min_motion_margin_deg must be >= 0"),
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
