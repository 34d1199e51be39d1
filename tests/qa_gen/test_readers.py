"""SQA3D, ScanQA and ScanRefer are read as their downloads have them."""

import copy
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from qa_gen.benchmarks.scanqa import ScanQaQuestion, read_scanqa
from qa_gen.benchmarks.scanrefer import Referral, read_scanrefer
from qa_gen.benchmarks.sqa3d import question_group, read_sqa3d, sqa3d_files
from qa_gen.scoring import first_word_prior

SQA3D = Path(__file__).resolve().parents[3] / "shared" / "data" / "sqa3d"
needs_sqa3d = pytest.mark.skipif(not SQA3D.is_dir(), reason="no ../shared/data/sqa3d")

QUESTION = {
    "scene_id": "scene0001_00",
    "situation": "I am standing by the bed.",
    "alternative_situation": ["The bed is beside me."],
    "question": "What is on my left?",
    "question_id": 7,
}
ANNOTATION = {
    "scene_id": "scene0001_00",
    "question_type": "N/A",
    "answer_type": "other",
    "question_id": 7,
    "answers": [{"answer": "lamp", "answer_confidence": "yes", "answer_id": 1}],
    "rotation": {"_x": 0, "_y": 0, "_z": 0.6, "_w": 0.8},
    "position": {"x": 0.5, "y": -1.25, "z": 0},
}
SCANQA = {
    "answers": ["brown", "dark brown"],
    "object_ids": [8],
    "object_names": ["cabinet"],
    "question": "What color is the cabinet?",
    "question_id": "val-scene0011-0",
    "scene_id": "scene0011_00",
}
SCANREFER = {
    "scene_id": "scene0011_00",
    "object_id": "39",
    "object_name": "kitchen_cabinet",
    "ann_id": "0",
    "description": "this is a brown cabinet. it is left of the door.",
    "token": ["this", "is", "a", "brown", "cabinet", "."],
}


def files_of(tmp_path, questions, annotations):
    pair = (
        tmp_path / "v1_balanced_questions_val_scannetv2.json",
        tmp_path / "v1_balanced_sqa_annotations_val_scannetv2.json",
    )
    pair[0].write_text(json.dumps({"info": {}, "questions": questions}))
    pair[1].write_text(json.dumps({"info": {}, "annotations": annotations}))
    return pair


def changed(record, path, value):
    """A copy with one field changed, or deleted for ``...``; ``path`` may go into objects."""
    record = copy.deepcopy(record)
    *outer, last = path.split(".")
    inner = record
    for name in outer:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return record


def test_a_situated_question_has_its_place(tmp_path):
    files_of(tmp_path, [QUESTION], [ANNOTATION])
    (read,) = read_sqa3d(*sqa3d_files(tmp_path, "val"))
    assert (read.question_id, read.scene_id) == (7, "scene0001_00")
    assert (read.situation, read.alternatives) == (
        "I am standing by the bed.",
        ("The bed is beside me.",),
    )
    assert (read.question, read.answers, read.group) == ("What is on my left?", ("lamp",), "What")
    assert (read.position_m, read.quaternion_xyzw) == ((0.5, -1.25, 0.0), (0.0, 0.0, 0.6, 0.8))
    # cos of the half angle is 0.8: the turn is counter-clockwise by 73.74 degrees, with cosine
    # 0.28 and sine 0.96, away from -x.
    assert np.allclose(read.facing, [-0.28, -0.96, 0.0])


BAD_SQA3D = {
    "no situation": (QUESTION, "situation", ..., r"question 1: situation is None; .*missing"),
    "a blank question": (QUESTION, "question", " ", "question 1: question is ' '; write a text"),
    "an id of its own": (QUESTION, "question_id", 8, r"question 1: question_id is 8; .*has none"),
    "an id that is a text": (QUESTION, "question_id", "x", "write a whole number"),
    "another scene": (ANNOTATION, "scene_id", "scene0002_00", "its question says 'scene0001_00'"),
    "no answers": (ANNOTATION, "answers", [], "it holds no annotation 1: answer"),
    "an answer without text": (ANNOTATION, "answers", [{}], "answer 1: answer is None"),
    "no position": (ANNOTATION, "position", None, "annotation 1: position is None; write an obj"),
    "a height of nothing": (ANNOTATION, "position.z", None, "position: z is None; write a finite"),
    "an infinite x": (ANNOTATION, "position.x", float("nan"), "position: x is nan"),
    "no unit quaternion": (ANNOTATION, "rotation._w", 0.9, "write a unit quaternion about z"),
    "a tilted quaternion": (
        ANNOTATION,
        "rotation",
        {"_x": 0.6, "_y": 0, "_z": 0, "_w": 0.8},
        "rotation is .*about z",
    ),
}


@pytest.mark.parametrize(("record", "field", "value", "message"), BAD_SQA3D.values(), ids=BAD_SQA3D)
def test_a_bad_sqa3d_record_is_named(tmp_path, record, field, value, message):
    bad = changed(record, field, value)
    questions = [bad if record is QUESTION else QUESTION]
    annotations = [bad if record is ANNOTATION else ANNOTATION]
    with pytest.raises(ValueError, match=rf"scannetv2.json: .*{message}"):
        read_sqa3d(*files_of(tmp_path, questions, annotations))


def test_sqa3d_ids_are_unique_and_splits_are_found_or_named(tmp_path):
    with pytest.raises(ValueError, match="question 2: question_id is 7; question 1 has it too"):
        read_sqa3d(*files_of(tmp_path, [QUESTION, QUESTION], [ANNOTATION]))
    with pytest.raises(ValueError, match="no SQA3D train split"):
        sqa3d_files(tmp_path, "train")
    path = tmp_path / "list.json"
    path.write_text("[]")
    with pytest.raises(ValueError, match="write one JSON object"):
        read_sqa3d(path, path)


@pytest.mark.parametrize(
    ("question", "group"),
    [
        (" what is it", "What"),
        ("What's up", "What"),
        ("Island?", "Is"),
        ("HOW many", "How"),
        ("Cannot I", "Can"),
        ("Which one", "Which"),
        ("If I turn", "Others"),
        ("", "Others"),
    ],
)
def test_questions_are_grouped_by_their_first_letters(question, group):
    assert question_group(question) == group


@needs_sqa3d
def test_the_official_test_split_is_read_whole_and_its_first_words_give_23_per_cent_away():
    questions = read_sqa3d(*sqa3d_files(SQA3D, "test"))
    assert len(questions) == 3519
    # The counts of the paper's table of results.
    assert Counter(question.group for question in questions) == {
        "What": 1147,
        "Is": 652,
        "How": 465,
        "Can": 338,
        "Which": 351,
        "Others": 566,
    }
    assert all(question.position_m[2] == 0 for question in questions)
    # The commonest answer to each first word, measured on SQA3D test: 23.3 % EM.
    known = [(question.question, question.answers) for question in questions]
    assert first_word_prior(known, known) == pytest.approx(0.233, abs=0.0005)


def test_scanqa_with_and_without_what_is_withheld(tmp_path):
    path = tmp_path / "ScanQA_v1.0_val.json"
    withheld = {name: SCANQA[name] for name in ("question", "scene_id")}
    path.write_text(json.dumps([SCANQA, {**withheld, "question_id": "test-scene0011-1"}]))
    first, second = read_scanqa(path)
    assert first == ScanQaQuestion(
        question_id="val-scene0011-0",
        scene_id="scene0011_00",
        question="What color is the cabinet?",
        answers=("brown", "dark brown"),
        object_ids=(8,),
        object_names=("cabinet",),
    )
    assert (second.answers, second.object_ids, second.object_names) == ((), (), ())


def test_scanrefer(tmp_path):
    path = tmp_path / "ScanRefer_filtered_val.json"
    path.write_text(json.dumps([SCANREFER, changed(SCANREFER, "ann_id", "1")]))
    first, second = read_scanrefer(path)
    assert first == Referral(
        scene_id="scene0011_00",
        object_id=39,
        object_name="kitchen_cabinet",
        ann_id=0,
        description="this is a brown cabinet. it is left of the door.",
        tokens=("this", "is", "a", "brown", "cabinet", "."),
    )
    assert second.ann_id == 1


BAD_RECORDS = {
    "no question": (read_scanqa, SCANQA, "question", ..., "question is None; .*missing"),
    "answers that are a text": (read_scanqa, SCANQA, "answers", "brown", "write a list"),
    "a blank answer": (read_scanqa, SCANQA, "answers", [" "], "leave blank answers out"),
    "answers that are numbers": (read_scanqa, SCANQA, "answers", [1], "write a list of texts"),
    "ids that are texts": (read_scanqa, SCANQA, "object_ids", ["8"], "list of whole numbers"),
    "an id twice": (read_scanqa, SCANQA, "scene_id", "scene0012_00", "ids must be unique"),
    "no object": (read_scanrefer, SCANREFER, "object_id", "", "write a whole number"),
    "true for an id": (read_scanrefer, SCANREFER, "ann_id", True, "write a whole number"),
    "no description": (read_scanrefer, SCANREFER, "description", "", "write a text"),
    "a description twice": (read_scanrefer, SCANREFER, "token", [], "stand twice; keep one"),
}


@pytest.mark.parametrize(
    ("read", "record", "field", "value", "message"), BAD_RECORDS.values(), ids=BAD_RECORDS
)
def test_a_bad_record_is_named(tmp_path, read, record, field, value, message):
    path = tmp_path / "file.json"
    path.write_text(json.dumps([record, changed(record, field, value)]))
    with pytest.raises(ValueError, match=rf"file.json: record 2: .*{message}"):
        read(path)
