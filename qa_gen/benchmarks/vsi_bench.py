"""VSI-Bench's questions, as its downloads and their repackagings have them.

A JSON list (alone or under ``data``), JSON lines or a Parquet table, one question a row:
``scene_name``, ``question_type``, ``question``; options as a list ``["A. bed", ...]`` under
``options`` (the official download), as such a list written into a string under ``candidates``
(VLMEvalKit) or under ``A`` to ``D`` (InternLM's packing); the answer, a letter, an option's text
or a number, under ``ground_truth`` or ``answer``.

Source: https://huggingface.co/datasets/nyu-visionx/VSI-Bench.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from qa_gen.answers import Choice, Quantity, Unit
from qa_gen.faults import Fault, FaultyRecordError, Where
from qa_gen.record import QuestionKind

KINDS: Final = (
    QuestionKind.OBJECT_COUNTING,
    QuestionKind.OBJECT_ABS_DISTANCE,
    QuestionKind.OBJECT_SIZE_ESTIMATION,
    QuestionKind.ROOM_SIZE_ESTIMATION,
    QuestionKind.OBJECT_REL_DISTANCE,
    QuestionKind.OBJECT_REL_DIRECTION_EASY,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM,
    QuestionKind.OBJECT_REL_DIRECTION_HARD,
    QuestionKind.ROUTE_PLANNING,
    QuestionKind.APPEARANCE_ORDER,
)
NUMERIC: Final[Mapping[QuestionKind, tuple[Unit, int]]] = {  # unit and decimals of the answers
    QuestionKind.OBJECT_COUNTING: (Unit.COUNT, 0),
    QuestionKind.OBJECT_ABS_DISTANCE: (Unit.METERS, 1),
    QuestionKind.OBJECT_SIZE_ESTIMATION: (Unit.CENTIMETERS, 0),
    QuestionKind.ROOM_SIZE_ESTIMATION: (Unit.SQUARE_METERS, 1),
}
_LETTERS: Final = "ABCDEF"
_LETTERED: Final = re.compile(r"\s*\(?[A-F][.):]\s*")
_SCENE: Final = ("scene_name", "scene_id", "scene")
_OPTIONS: Final = ("options", "candidates")
_ANSWER: Final = ("ground_truth", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialQuestion:
    """One official question with its official answer.

    Attributes:
        scene_id: As the metadata name it.
        kind: VSI-Bench's ``question_type``.
        question: Its text, options apart.
        answer: The official one.
    """

    scene_id: str
    kind: QuestionKind
    question: str
    answer: Choice | Quantity


class QuestionReading(NamedTuple):
    """The good questions of a file, in its order, and what is wrong with the others."""

    questions: tuple[OfficialQuestion, ...]
    faults: tuple[Fault, ...]


def read_questions(path: Path) -> QuestionReading:
    """Read every question of a file.

    Raises:
        ValueError: The file cannot be read or holds no rows; the message names it.
    """
    questions, faults = [], list[Fault]()
    for number, row in _rows(path):
        try:
            questions.append(_question(Where(path, f"question {number}"), row))
        except FaultyRecordError as error:
            faults += error.faults
    return QuestionReading(tuple(questions), tuple(faults))


def _rows(path: Path) -> Iterator[tuple[int, object]]:
    try:
        rows = _parquet(path) if path.suffix == ".parquet" else _json(path)
    except OSError as error:
        raise ValueError(f"reading questions: {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ValueError(
            f"reading questions: {path} is neither a JSON list, nor JSON lines, nor Parquet "
            f"({error})"
        ) from error
    if not rows:
        raise ValueError(f"reading questions: {path} holds no question; name another file")
    return enumerate(rows, start=1)


def _parquet(path: Path) -> Sequence[object]:
    import pyarrow.parquet  # slow, and most files are JSON

    rows: list[object] = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def _json(path: Path) -> Sequence[object]:
    text = path.read_text(encoding="utf-8").strip()
    documents = [json.loads(text)] if text.startswith("[") else _lines(text)
    if len(documents) == 1 and isinstance(documents[0], list):
        return documents[0]
    if len(documents) == 1 and isinstance(documents[0], dict):
        inside = documents[0].get("data")
        return inside if isinstance(inside, list) else documents
    return documents


def _lines(text: str) -> list[object]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:  # one object over several lines
        return [json.loads(text)]


def _question(where: Where, row: object) -> OfficialQuestion:
    if not isinstance(row, Mapping):
        raise where.fault("row", row, "write an object with scene_name, question_type, question")
    kinds = {str(kind): kind for kind in KINDS}
    kind = kinds.get(str(where.get(row, "question_type")))
    if kind is None:
        cure = f"VSI-Bench has {', '.join(kinds)}"
        raise where.fault("question_type", row["question_type"], cure)
    return OfficialQuestion(
        scene_id=str(_first(where, row, _SCENE)),
        kind=kind,
        question=str(where.get(row, "question")),
        answer=_answer(where, kind, row),
    )


def _first(where: Where, row: Mapping[str, Any], names: Sequence[str]) -> Any:  # noqa: ANN401
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise where.fault(" or ".join(names), None, "the field is missing: add it")


def _answer(where: Where, kind: QuestionKind, row: Mapping[str, Any]) -> Choice | Quantity:
    answer = str(_first(where, row, _ANSWER)).strip()
    if kind in NUMERIC:
        unit, decimals = NUMERIC[kind]
        value = float(where.numbers("answer", answer, 1)[0])
        if value < 0:
            raise where.fault("answer", value, "counts and sizes are >= 0")
        return Quantity(value, unit, decimals)
    options = _options(where, row)
    if len(answer) == 1 and answer.upper() in _LETTERS[: len(options)]:
        return Choice(options, _LETTERS.index(answer.upper()))
    bare = _LETTERED.sub("", answer, count=1)
    if bare not in options:
        raise where.fault("answer", answer, f"write the letter of one of {len(options)} options")
    return Choice(options, options.index(bare))


def _options(where: Where, row: Mapping[str, Any]) -> tuple[str, ...]:
    listed = next((row[name] for name in _OPTIONS if row.get(name) is not None), None)
    if isinstance(listed, str):
        try:
            listed = ast.literal_eval(listed)
        except (ValueError, SyntaxError) as error:
            raise where.fault("options", listed, "write a list of texts") from error
    if listed is None:
        listed = [row[letter] for letter in _LETTERS if row.get(letter) is not None]
    options = tuple(_LETTERED.sub("", str(option), count=1) for option in listed)
    if len(options) < 2 or len(set(options)) != len(options):
        raise where.fault("options", listed, "write at least two, all different")
    return options
