"""The prompt is VSI-Bench's, and every answer we write can be read back."""

import pytest
from box_scenes import measured, random_scene
from hypothesis import given
from hypothesis import strategies as st
from worlds import telling_rooms

from qa_gen.answers import Box, FreeText, Order
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.prompting import answer_text, parse, render
from qa_gen.record import Choice, Quantity, QuestionKind, SpatialQA
from qa_gen.scoring import score
from synth.trajectories import Move

SIDES = Choice(("left", "right", "back"), correct=1)
METRES = Quantity(2.0, "m", 1)


def questions(seed=0):
    geometry = random_scene(seed, motion=measured(Move.ARC_LEFT))
    records = label_sequence(geometry, LabelConfig(), seed)
    return [record for record in records if isinstance(record, SpatialQA)]


def test_a_distance_prompt_is_vsi_benchs_word_for_word():
    qa = next(qa for qa in questions() if qa.kind is QuestionKind.OBJECT_ABS_DISTANCE)
    assert render(qa) == (
        f"These are frames of a video.\n{qa.question}\n"
        "Please answer the question using a single word or phrase."
    )


def test_a_choice_prompt_is_vsi_benchs_word_for_word():
    qa = next(qa for qa in questions() if qa.kind is QuestionKind.OBJECT_REL_DIRECTION_EASY)
    first, second = qa.answer.options
    assert render(qa) == (
        f"These are frames of a video.\n{qa.question}\nOptions:\nA. {first}\nB. {second}\n"
        "Answer with the option's letter from the given choices directly."
    )


def test_every_answer_of_every_kind_reads_back_and_scores_one():
    config = LabelConfig(max_per_kind=3)
    records = [r for room in telling_rooms() for r in label_sequence(room, config, 0)]
    asked = [r for r in records if isinstance(r, SpatialQA)]
    assert {qa.kind for qa in asked} == set(QuestionKind)
    for qa in asked:
        reply = answer_text(qa.answer)
        assert parse(reply, qa.answer) == _content(qa.answer)
        assert score(reply, qa.answer) == pytest.approx(1.0, abs=1e-9)
        assert render(qa).startswith(f"These are frames of a video.\n{qa.question}\n")
        if isinstance(qa.answer, Choice | Quantity):
            assert score(reply, qa.answer, variant="paper", reading="vsi") == 1.0


def _content(answer):
    match answer:
        case Choice():
            return answer.correct
        case Quantity():
            return answer.value
        case FreeText():
            return answer.accepted[0]
        case Order():
            return answer.items
        case Box():
            return answer.values


@given(st.integers(1, 99_999))
def test_every_length_reads_back(tenths):
    answer = Quantity(round(tenths / 10, 1), "m", 1)
    assert parse(answer_text(answer), answer) == answer.value


@pytest.mark.parametrize(
    ("reply", "answer", "expected"),
    [
        ("B", SIDES, 1),
        (" b.", SIDES, 1),
        ("(B)", SIDES, 1),
        ("(B) right", SIDES, 1),
        ("B. right", SIDES, 1),
        ("C: back", SIDES, 2),
        ("right", SIDES, 1),
        ("Right.", SIDES, 1),
        ("A chair is on the left", SIDES, None),
        ("Because", SIDES, None),
        ("D", SIDES, None),
        ("", SIDES, None),
        ("2.0", METRES, 2.0),
        ("about 1.5 metres", METRES, 1.5),
        ("1,200", METRES, 1200.0),
        ("2-3", METRES, 2.0),
        (".5", METRES, 0.5),
        ("-1.5", METRES, -1.5),
        ("2.", METRES, 2.0),
        ("three", METRES, None),
        ("", METRES, None),
    ],
)
def test_replies_are_read_as_documented(reply, answer, expected):
    assert parse(reply, answer) == expected
