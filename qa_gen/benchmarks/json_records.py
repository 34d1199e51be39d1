"""Records of a JSON file, read field by field, so that every fault has an address."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qa_gen.faults import Where


class Record(NamedTuple):
    """One object of a JSON file, and where it stands."""

    where: Where
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text that is not blank.

        Raises:
            FaultyRecordError: There is none.
        """
        value = self.where.get(self.fields, name)
        if not isinstance(value, str) or not value.strip():
            raise self.where.fault(name, value, "write a text")
        return value

    def integer(self, name: str) -> int:
        """Return a whole number, written as such or as text (ScanRefer has ``"39"``).

        Raises:
            FaultyRecordError: There is none.
        """
        value = self.where.get(self.fields, name)
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.where.fault(name, value, "write a whole number")
        return value

    def number(self, name: str) -> float:
        """Return a finite number.

        Raises:
            FaultyRecordError: There is none.
        """
        value = self.where.get(self.fields, name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self.where.fault(name, value, "write a finite number")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, which may be empty.

        Raises:
            FaultyRecordError: It is no such list.
        """
        value = self._list(name)
        if not all(isinstance(item, str) for item in value):
            raise self.where.fault(name, value, "write a list of texts")
        return tuple(value)

    def integers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers, which may be empty.

        Raises:
            FaultyRecordError: It is no such list.
        """
        value = self._list(name)
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            raise self.where.fault(name, value, "write a list of whole numbers")
        return tuple(value)

    def child(self, name: str) -> "Record":
        """Return the object in a field.

        Raises:
            FaultyRecordError: It is no object.
        """
        value = self.where.get(self.fields, name)
        if not isinstance(value, Mapping):
            raise self.where.fault(name, value, "write an object")
        return Record(Where(self.where.file, f"{self.where.record}: {name}"), value)

    def _list(self, name: str) -> Sequence[Any]:
        value = self.where.get(self.fields, name)
        if not isinstance(value, list):
            raise self.where.fault(name, value, "write a list")
        return value


def read_json_records(path: Path) -> list[Record]:
    """Read a JSON list of objects, or JSON lines.

    Raises:
        ValueError: The file cannot be read, is neither, or holds no record; the message names
            file and line.
    """
    text = _read(path)
    if text.lstrip().startswith("["):
        return _checked(path, "record", enumerate(_parse(path, text), start=1))
    return _checked(path, "line", _lines(path, text))


def read_json_object(path: Path) -> Record:
    """Read a file that holds one JSON object.

    Raises:
        ValueError: As ``read_json_records``.
    """
    content = _parse(path, _read(path))
    if not isinstance(content, Mapping):
        raise Where(path, "file").fault("content", content, "write one JSON object")
    return Record(Where(path, "file"), content)


def records_in(parent: Record, name: str, label: str) -> list[Record]:
    """Return the objects in a list field, addressed as ``"<label> 1"``, ``"<label> 2"``, ...

    Raises:
        ValueError: It is no list of objects, or empty.
    """
    value = parent.where.get(parent.fields, name)
    if not isinstance(value, list):
        raise parent.where.fault(name, value, "write a list")
    return _checked(parent.where.file, label, enumerate(value, start=1))


def _checked(path: Path, label: str, items: Iterator[tuple[int, Any]]) -> list[Record]:
    records = []
    for number, item in items:
        where = Where(path, f"{label} {number}")
        if not isinstance(item, Mapping):
            raise where.fault("content", item, "write a JSON object")
        records.append(Record(where, item))
    if not records:
        raise ValueError(f"{path}: it holds no {label}; name another file")
    return records


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path}: it cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: this is no UTF-8 text; name a JSON file") from None
    if not text.strip():
        raise ValueError(f"{path}: the file is empty; name another file")
    return text


def _parse(path: Path, text: str) -> Any:  # noqa: ANN401 - what a JSON file holds
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: this is no JSON ({error}); mend or name another file") from None


def _lines(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise ValueError(
                    f"{path}: line {number}: this is no JSON ({error}); write one object a line"
                ) from None
