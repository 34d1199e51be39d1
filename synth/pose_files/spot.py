"""Reading with an address: every complaint about a pose file names the file and the place in it."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64


class PoseFileError(ValueError):
    """A pose file cannot be read or written; the message names file, place, cause and cure."""


class Spot(NamedTuple):
    """A place in a file."""

    path: Path
    where: str = ""  # "line 3", "frames[2].transform_matrix"; empty: the whole file

    def at(self, where: str) -> "Spot":
        """Return another place in the same file."""
        return Spot(self.path, where)

    def error(self, problem: str) -> PoseFileError:
        """Return the error to raise: file, place, problem."""
        return PoseFileError(f"{self.path}{', ' if self.where else ''}{self.where}: {problem}")


def read_bytes(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        PoseFileError: It does not exist, is a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Spot(path).error("there is no such file") from None
    except IsADirectoryError:
        raise Spot(path).error("this is a folder; name the file in it") from None
    except OSError as error:
        raise Spot(path).error(f"it cannot be read ({error.strerror})") from None


def read_text(path: Path) -> str:
    """Read a UTF-8 text file that is not empty.

    Raises:
        PoseFileError: As ``read_bytes``, or it is binary or empty.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Spot(path).error("this is no text file; is --pose-format right?") from None
    if "\0" in text:
        raise Spot(path).error("this is no text file; is --pose-format right?")
    if not text.strip():
        raise Spot(path).error("the file is empty")
    return text


def read_json(path: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Raises:
        PoseFileError: As ``read_text``, or it is not that.
    """
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        spot = Spot(path, f"line {error.lineno}")
        raise spot.error(f"this is no JSON ({error.msg}); is --pose-format right?") from None
    except RecursionError:
        raise Spot(path).error("its JSON is nested too deeply to be read") from None
    if not isinstance(content, dict):
        raise Spot(path).error(f"expected a JSON object, got {_kind(content)}")
    return content


def parse_number(word: object, spot: Spot, name: str) -> float:
    """Return a finite number; ``word`` is text or a JSON value."""
    if isinstance(word, bool) or not isinstance(word, str | int | float):
        raise spot.error(f"{name} must be a number, got {_kind(word)}")
    try:
        number = float(word)
    except ValueError:
        raise spot.error(f"{name} must be a number, got {word!r}") from None
    except OverflowError:
        raise spot.error(f"{name} is larger than any float") from None
    if not math.isfinite(number):
        raise spot.error(f"{name} must be finite, got {word}")
    return number


def parse_numbers(
    words: Sequence[object], names: Sequence[str], spot: Spot
) -> Float64[np.ndarray, " n"]:
    """Return one finite number per name.

    Raises:
        PoseFileError: Too many, too few, not a number, or not finite.
    """
    if len(words) != len(names):
        expected = " ".join(names)
        raise spot.error(f"expected {len(names)} numbers ({expected}), got {len(words)}")
    pairs = zip(words, names, strict=True)
    return np.array([parse_number(word, spot, name) for word, name in pairs], dtype=np.float64)


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that say something, with their numbers from 1; ``#`` begins a comment."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in lines if line.strip() and line.strip()[0] != "#"]


def require_increasing(
    timestamps_s: Sequence[float], spots: Sequence[Spot], *, cure: str = "sort the lines"
) -> None:
    """Refuse timestamps that repeat or go back."""
    for index in range(1, len(timestamps_s)):
        before, now = timestamps_s[index - 1], timestamps_s[index]
        if now <= before:
            how = "repeats" if now == before else "comes after"
            raise spots[index].error(
                f"timestamps must increase, but {now:.6f} s {how} {before:.6f} s; {cure}"
            )


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "nothing" if value is None else f"{value}")
