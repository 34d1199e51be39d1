"""What is wrong with a record that somebody wrote: file, record, field, and what cures it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from jaxtyping import Float64

_SHOWN: Final = 80  # characters of a bad value in a message


class Fault(NamedTuple):
    """One thing that is wrong, and what to do about it."""

    file: str
    record: str  # a scene and an object in it, a question
    field: str
    got: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.field} is {self.got}; {self.cure}"


class FaultyRecordError(ValueError):
    """A record that cannot be used, with all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class Where(NamedTuple):
    """A place in a file, to be named in faults."""

    file: Path
    record: str

    def fault(self, field: str, got: object, cure: str) -> FaultyRecordError:
        """Return the error to raise."""
        shown = repr(got)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        return FaultyRecordError([Fault(str(self.file), self.record, field, shown, cure)])

    def get(self, fields: object, name: str) -> Any:  # noqa: ANN401 - what a JSON file holds
        """Return a field of a JSON object.

        Raises:
            FaultyRecordError: There is no such field.
        """
        if not isinstance(fields, Mapping):
            raise self.fault(name, fields, "write an object with this field")
        if name not in fields:
            raise self.fault(name, None, "the field is missing: add it")
        return fields[name]

    def numbers(self, field: str, value: object, *shape: int) -> Float64[np.ndarray, "..."]:
        """Return finite numbers of a shape; a flat list of as many is put into it.

        Raises:
            FaultyRecordError: There are others, or NaN or infinity.
        """
        count = int(np.prod(shape))
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.zeros(0)
        if array.size != count:
            raise self.fault(field, value, f"write {count} numbers")
        if not np.isfinite(array).all():
            raise self.fault(field, value, "write finite numbers, or leave the object out")
        return array.reshape(shape)


def read_json(path: Path) -> Any:  # noqa: ANN401 - a JSON file holds anything
    """Read a JSON file.

    Raises:
        FaultyRecordError: It cannot be read or is no JSON.
    """
    where = Where(path, "file")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise where.fault("content", error.strerror, "name another file, or get it") from error
    except ValueError as error:
        raise where.fault("content", f"no JSON: {error}", "get the file again") from error
