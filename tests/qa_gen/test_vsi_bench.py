"""VSI-Bench's questions are read from every shape in which they are downloaded."""

import json

import pyarrow
import pyarrow.parquet
import pytest
from annotations import write_json

from benchmarks.vsi_labels import DEFAULT_DATA, QUESTIONS
from qa_gen.answers import Choice, Quantity
from qa_gen.benchmarks.vsi_bench import read_questions
from qa_gen.record import QuestionKind

TEXTS = ["A. bed", "B. trash bin", "C. tv"]
CLOSEST = {
    "scene_name": "scene0277_02",
    "question_type": "object_rel_distance",
    "question": "Which?",
}
COUNT = {"scene_name": "41069025", "question_type": "object_counting", "question": "How many?"}
LETTERED = {"A": "A. bed", "B": "B. trash bin", "C": "C. tv", "D": None}
SHAPES = {
    "the official download": (
        {**CLOSEST, "options": TEXTS, "ground_truth": "B"},
        {**COUNT, "options": None, "ground_truth": "4"},
    ),
    "InternLM's packing": (
        {**CLOSEST, **LETTERED, "answer": "B"},
        {**COUNT, **dict.fromkeys("ABCD"), "answer": "4"},
    ),
    "VLMEvalKit's table": (
        {**CLOSEST, "candidates": str(TEXTS), "answer": "B"},
        {**COUNT, "candidates": None, "answer": 4},
    ),
    "the text of an option": (
        {**CLOSEST, "options": TEXTS, "ground_truth": "trash bin"},
        {**COUNT, "ground_truth": 4.0},
    ),
    "the option with its letter": (
        {**CLOSEST, "options": TEXTS, "ground_truth": "B. trash bin"},
        {**COUNT, "ground_truth": "4"},
    ),
}


def check(reading):
    assert reading.faults == ()
    closest, count = reading.questions
    assert closest.answer == Choice(("bed", "trash bin", "tv"), 1)
    assert (closest.kind, closest.scene_id) == (QuestionKind.OBJECT_REL_DISTANCE, "scene0277_02")
    assert (count.answer, count.scene_id) == (Quantity(4.0, "count", 0), "41069025")


@pytest.mark.parametrize("shape", SHAPES)
def test_all_shapes_say_the_same(shape, tmp_path):
    rows = SHAPES[shape]
    check(read_questions(write_json(tmp_path / "list.json", rows)))
    lines = tmp_path / "test.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    check(read_questions(lines))
    lines.write_text(json.dumps({"data": rows}))
    check(read_questions(lines))


def test_parquet_is_read(tmp_path):
    rows = [dict(row) for row in SHAPES["the official download"]]
    table = pyarrow.Table.from_pylist(rows)
    pyarrow.parquet.write_table(table, tmp_path / "test.parquet")
    check(read_questions(tmp_path / "test.parquet"))


BAD_ROWS = {
    "an unknown type": ({**COUNT, "question_type": "colour", "answer": "4"}, "question_type"),
    "no type": ({"scene_name": "s", "question": "?", "answer": "4"}, "question_type"),
    "no scene": (
        {"question_type": "object_counting", "question": "?", "answer": "4"},
        "scene_name",
    ),
    "no answer": (COUNT, "ground_truth"),
    "a word for a number": ({**COUNT, "answer": "four"}, "answer"),
    "a negative number": ({**COUNT, "answer": "-4"}, "answer"),
    "a letter too far": ({**CLOSEST, "options": TEXTS, "answer": "E"}, "answer"),
    "no options": ({**CLOSEST, "answer": "A"}, "options"),
    "options that repeat": ({**CLOSEST, "options": ["bed", "bed"], "answer": "A"}, "options"),
    "options that are no list": ({**CLOSEST, "candidates": "bed or tv", "answer": "A"}, "options"),
    "no row": ("row", "row"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_bad_rows_are_told_and_the_good_ones_go_through(case, tmp_path):
    row, field = BAD_ROWS[case]
    good = {**COUNT, "answer": "4"}
    reading = read_questions(write_json(tmp_path / "list.json", [good, row, good]))
    assert len(reading.questions) == 2
    (fault,) = reading.faults
    assert (fault.record, field in fault.field) == ("question 2", True)


@pytest.mark.parametrize("content", ["", "[]", "no json", "[1, 2"])
def test_files_without_questions_are_refused(content, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=f"reading questions: {path}"):
        read_questions(path)
    with pytest.raises(ValueError, match="reading questions"):
        read_questions(tmp_path / "nowhere.json")


@pytest.mark.skipif(not (DEFAULT_DATA / QUESTIONS).is_file(), reason="no VSI-Bench files")
def test_all_official_questions_are_read():
    reading = read_questions(DEFAULT_DATA / QUESTIONS)
    assert (len(reading.questions), reading.faults) == (2071, ())
