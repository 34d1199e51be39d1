"""``vega3d audit`` reads every form a dataset has, and fails above the limit."""

import json

import pytest
from example_records import example_clips, example_questions, package_examples
from guessable import closest, relabelled

from flows.tools.audit_dataset import TOOL, AuditOptions, read_dataset
from qa_gen.record import QuestionKind, Skipped, SkipReason
from qa_gen.storage import write_records

SKIP = Skipped(QuestionKind.OBJECT_REL_DISTANCE, "room-0", SkipReason.OVER_CAP, 3)


def test_a_guessable_dataset_does_not_pass(tmp_path):
    write_records([*closest(200, 2.0), SKIP], tmp_path / "questions.jsonl")
    page = tmp_path / "out" / "audit.md"
    result = TOOL.run(AuditOptions(dataset=tmp_path, report=page))
    assert result.exit_code == 1
    assert result.content["passed"] is False
    assert result.content["failure"].startswith("object_rel_distance (guessed 0.")
    assert "not passed (limit 0.03 above chance): object_rel_distance" in result.text
    kind = json.loads(json.dumps(result.content))["kinds"]["object_rel_distance"]
    assert kind["n"] == 200
    assert kind["constant"] > 0.4
    assert page.read_text().startswith("# Blind audit")


def test_the_limit_is_the_callers(tmp_path):
    write_records(closest(200, 2.0), tmp_path / "questions.jsonl")
    assert TOOL.run(AuditOptions(dataset=tmp_path, limit=0.7)).exit_code == 0


def test_a_dataset_that_cannot_be_guessed_passes(tmp_path):
    write_records(relabelled(closest(60, 0.0)), tmp_path / "some.jsonl")
    write_records(relabelled(closest(90, 0.0))[60:], tmp_path / "more.jsonl")
    result = TOOL.run(AuditOptions(dataset=tmp_path))
    assert (result.exit_code, result.content["failure"]) == (0, "")
    assert result.content["kinds"]["object_rel_distance"]["n"] == 90
    assert result.text.endswith("passed")


def test_one_file_and_a_packaged_dataset_are_read(tmp_path):
    questions = example_questions(example_clips())
    write_records(questions, tmp_path / "shard.jsonl")
    package_examples(tmp_path / "dataset")
    wanted = {qa.qa_id for qa in questions}
    assert {qa.qa_id for qa in read_dataset(tmp_path / "shard.jsonl")} == wanted
    assert {qa.qa_id for qa in read_dataset(tmp_path / "dataset")} == wanted


def test_what_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"there is no .*nowhere"):
        read_dataset(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"neither questions .* nor a packaged dataset"):
        read_dataset(tmp_path)
    write_records([SKIP], tmp_path / "questions.jsonl")
    with pytest.raises(ValueError, match="holds no questions, only notes"):
        read_dataset(tmp_path)
    with pytest.raises(ValueError, match="--limit must be > 0"):
        TOOL.run(AuditOptions(dataset=tmp_path, limit=0.0))
