"""Files of replies: on every line a question's type, its right answer and what a model said.

A line is a JSON object with

- ``question_type`` (or ``kind``): one of VSI-Bench's ten, or a kind of this project;
- ``prediction`` (or ``pred_response``, ``reply``, ``response``): what the model said, as it said
  it; ``null`` is an empty reply;
- ``ground_truth`` (or ``answer``): a letter, a number, a text or a list of accepted texts (rows
  of our published ``qa`` tables have these under ``accepted``), names in order, or the numbers of
  a box, whichever the type asks for;
- ``options`` (or ``candidates``, or fields ``A``, ``B``, ...): the texts of a choice, with or
  without their letters. They may be left out; a choice is then among the letters A to J.

lmms-eval's sample logs, which have all this under ``vsibench_score`` or ``vsibench_overall``, are
read as they are. Other fields do not matter. Any question with options is scored as a choice.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from qa_gen.answers import Answer, Quantity
from qa_gen.benchmarks.json_records import Record, read_json_records
from qa_gen.question import AnswerType
from qa_gen.questions import QUESTIONS
from qa_gen.record import SpatialQA
from qa_gen.scoring.ground_truth import answer_of, options_of
from qa_gen.scoring.overall import VSI_ANSWERS
from qa_gen.storage import read_records

TYPE_FIELDS: Final = ("question_type", "kind")
REPLY_FIELDS: Final = ("prediction", "pred_response", "reply", "response")
TRUTH_FIELDS: Final = ("ground_truth", "answer")
_NESTED: Final = ("vsibench_score", "vsibench_overall")
_ANSWER_TYPES: Final[Mapping[str, AnswerType]] = {
    **{kind.value: question.answer_type for kind, question in QUESTIONS.items()},
    **VSI_ANSWERS,
}


class Prediction(NamedTuple):
    """One question with its right answer and a model's reply."""

    question_type: str
    answer: Answer
    reply: str


def read_predictions(path: Path) -> list[Prediction]:
    """Read a file whose lines hold both answer and reply.

    Raises:
        ValueError: It cannot be read, or a line lacks a field or has one without sense; the
            message names file, line, field and cure.
    """
    return [_prediction(_unnested(record)) for record in read_json_records(path)]


def join_predictions(path: Path, questions: Path) -> list[Prediction]:
    """Read replies ``{"qa_id", "reply"}`` to the questions of a file of ours, in that one's order.

    Args:
        path: The replies; the reply's field may have any of its names.
        questions: As ``qa_gen.storage.write_records`` writes them; skips in it do not matter.

    Raises:
        ValueError: As ``read_predictions``; or a reply is to no question of the file or to one
            that has a reply already; or a question has none, or a right answer that cannot be
            scored.
    """
    asked = {qa.qa_id: qa for qa in _read_questions(questions)}
    replies: dict[str, str] = {}
    for record in read_json_records(path):
        qa_id = record.text("qa_id")
        if qa_id not in asked:
            raise record.where.fault("qa_id", qa_id, f"{questions} has no such question")
        if qa_id in replies:
            raise record.where.fault("qa_id", qa_id, "it stands twice; keep one reply")
        replies[qa_id] = _reply(record)
    missing = [qa_id for qa_id in asked if qa_id not in replies]
    if missing:
        raise ValueError(
            f"{path}: {len(missing)} of {len(asked)} questions of {questions} have no reply, e.g. "
            f'{missing[0]}; where the model said nothing, write the reply ""'
        )
    return [Prediction(qa.kind.value, qa.answer, replies[qa.qa_id]) for qa in asked.values()]


def _read_questions(path: Path) -> list[SpatialQA]:
    try:
        records = read_records(path)
    except OSError as error:
        raise ValueError(f"{path}: it cannot be read ({error.strerror}); check the path") from None
    asked = [record for record in records if isinstance(record, SpatialQA)]
    if not asked:
        raise ValueError(f"{path}: it holds no question; name a file of the label stage")
    for qa in asked:
        if isinstance(qa.answer, Quantity) and not qa.answer.value > 0:
            raise ValueError(
                f"{path}: {qa.qa_id}: the right answer is {qa.answer.value}, and relative accuracy "
                "needs one above 0; leave the question out"
            )
    return asked


def _unnested(record: Record) -> Record:
    for name in _NESTED:
        if isinstance(record.fields.get(name), Mapping):
            return record.child(name)
    return record


def _prediction(record: Record) -> Prediction:
    type_field = _field(record, TYPE_FIELDS, "what is asked, e.g. object_counting")
    truth_field = _field(record, TRUTH_FIELDS, "the right answer")
    question_type = record.text(type_field)
    answer_type = _answer_type(record, type_field, question_type)
    answer = answer_of(record, truth_field, answer_type)
    return Prediction(question_type, answer, _reply(record))


def _answer_type(record: Record, field: str, question_type: str) -> AnswerType:
    if question_type not in _ANSWER_TYPES:
        cure = f"write one of VSI-Bench's ({', '.join(VSI_ANSWERS)}) or a kind of this project"
        raise record.where.fault(field, question_type, cure)
    return _ANSWER_TYPES[question_type] if options_of(record) is None else "choice"


def _reply(record: Record) -> str:
    name = _field(record, REPLY_FIELDS, "what the model said")
    value: Any = record.fields[name]
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise record.where.fault(name, value, "write what the model said as a text")
    return str(value)


def _field(record: Record, names: Sequence[str], what: str) -> str:
    """Return the first of ``names`` that the record has."""
    for name in names:
        if name in record.fields:
            return name
    cure = f"the field is missing: add {what} (it may also be called {', '.join(names[1:])})"
    raise record.where.fault(names[0], None, cure)
