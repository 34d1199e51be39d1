"""ScanQA (Azuma et al., 2022): free-text questions about ScanNet scenes.

The download has ``ScanQA_v1.0_{train,val,test_w_obj,test_wo_obj}.json``, JSON lists. Answers of
the test splits are withheld; ``test_wo_obj`` withholds the objects too. Terms: CC-BY-NC-SA-3.0.

Source: https://github.com/ATR-DBI/ScanQA, docs/dataset.md.
"""

from dataclasses import dataclass
from pathlib import Path

from qa_gen.benchmarks.json_records import Record, read_json_records


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanQaQuestion:
    """One question about a scene.

    Attributes:
        question_id: Unique in the benchmark: ``"val-scene0011-0"``.
        scene_id: ScanNet's: ``"scene0011_00"``.
        question: As asked.
        answers: Accepted ones; empty where the benchmark withholds them.
        object_ids: ScanNet's ids (``objectId`` of the scan's aggregation file) of the objects the
            question is about; empty where withheld.
        object_names: ScanNet's labels of some of them, each once.
    """

    question_id: str
    scene_id: str
    question: str
    answers: tuple[str, ...]
    object_ids: tuple[int, ...]
    object_names: tuple[str, ...]


def read_scanqa(path: Path) -> list[ScanQaQuestion]:
    """Read a split, in the file's order.

    Raises:
        ValueError: The file cannot be read, a field is missing or has no sense, or an id stands
            twice; the message names file, record and field.
    """
    found: dict[str, ScanQaQuestion] = {}
    for record in read_json_records(path):
        question = _question(record)
        if question.question_id in found:
            raise record.where.fault("question_id", question.question_id, "ids must be unique")
        found[question.question_id] = question
    return list(found.values())


def _question(record: Record) -> ScanQaQuestion:
    answers = record.texts("answers") if "answers" in record.fields else ()
    if not all(answer.strip() for answer in answers):
        raise record.where.fault("answers", list(answers), "leave blank answers out")
    has_objects = "object_ids" in record.fields
    return ScanQaQuestion(
        question_id=record.text("question_id"),
        scene_id=record.text("scene_id"),
        question=record.text("question"),
        answers=answers,
        object_ids=record.integers("object_ids") if has_objects else (),
        object_names=record.texts("object_names") if "object_names" in record.fields else (),
    )
