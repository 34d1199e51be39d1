"""Questions and skips on disk: one JSON object a line, equal records give equal bytes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity
from qa_gen.record import Mark, QuestionKind, Skipped, SkipReason, SpatialQA
from synth.storage import write_atomically


def write_records(records: Iterable[SpatialQA | Skipped], path: Path) -> Path:
    """Write all records or nothing; floats survive bit for bit."""
    lines = [
        json.dumps({"type": type(record).__name__, **asdict(record)}, allow_nan=False) + "\n"
        for record in records
    ]
    return write_atomically(path, "".join(lines).encode())


def read_records(path: Path) -> list[SpatialQA | Skipped]:
    """Read what ``write_records`` wrote.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: A line is not a record; the message names file and line.
    """
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            records.append(_from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"reading questions: {path} line {number} is not a record ({error}); "
                "make the file again with the label stage."
            ) from error
    return records


def _from_json(fields: Mapping[str, Any]) -> SpatialQA | Skipped:
    values = {name: value for name, value in fields.items() if name != "type"}
    values["kind"] = QuestionKind(values["kind"])
    match fields["type"]:
        case "SpatialQA":
            values["answer"] = _answer(values["answer"])
            for name in ("frames", "evidence_frames", "objects", "categories"):
                values[name] = tuple(values[name])
            values["marks"] = tuple(Mark(**mark) for mark in values["marks"])
            return SpatialQA(**values)
        case "Skipped":
            return Skipped(**{**values, "reason": SkipReason(values["reason"])})
        case unknown:
            raise ValueError(f"unknown record type {unknown!r}")


def _answer(fields: Mapping[str, Any]) -> Answer:
    for name, kind in (("options", Choice), ("accepted", FreeText), ("items", Order)):
        if name in fields:
            return kind(**{**fields, name: tuple(fields[name])})
    if "form" in fields:
        return Box(**{**fields, "values": tuple(fields["values"])})
    return Quantity(**fields)
