"""Records survive the disk bit for bit, and broken files say where."""

import pytest
from asked import side_question
from box_scenes import measured, random_scene

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.storage import read_records, write_records
from synth.trajectories import Move


def records():
    return label_sequence(random_scene(0, motion=measured(Move.ROLL_CW)), LabelConfig(), 0)


def test_records_read_back_equal(tmp_path):
    assert read_records(write_records(records(), tmp_path / "qa.jsonl")) == records()


def test_equal_records_give_equal_bytes(tmp_path):
    first = write_records(records(), tmp_path / "first.jsonl")
    second = write_records(records(), tmp_path / "second.jsonl")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(tmp_path.iterdir()) == [first, second]  # nothing half-written is left


def test_no_records_are_an_empty_file(tmp_path):
    assert read_records(write_records([], tmp_path / "qa.jsonl")) == []


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"type": "Guess", "kind": "camera_motion"}', '{"type": "Skipped"}']
)
def test_a_broken_line_is_named(tmp_path, line):
    path = write_records([side_question(0, "left")], tmp_path / "qa.jsonl")
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ValueError, match=r"qa\.jsonl line 2 is not a record"):
        read_records(path)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_records(tmp_path / "none.jsonl")
