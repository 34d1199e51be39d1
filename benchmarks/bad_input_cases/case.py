"""What a case is, how it is tried, and what came back."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TextIO

ACCEPTED: Final = "accepted"
_OUT: Final = "OUT"


class Place(NamedTuple):
    """Where a case works."""

    files: Path  # what ``make_files`` wrote; only read
    out: Path  # for results; does not exist, and shall not after bad input


class Outcome(NamedTuple):
    """What came back."""

    came: str  # name of the exception's class, "exit code 2", or ``ACCEPTED``
    message: str  # on one line
    stdout: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the library.

    Attributes:
        did: What the user did, in words.
        call: Does it.
        expects: The class of the exception.
        says: Words of the message: what was got, and what to do or what is allowed.
    """

    did: str
    call: Callable[[Place], object]
    expects: str
    says: tuple[str, ...]

    def attempt(self, place: Place) -> Outcome:
        """Do it."""
        with _outputs() as outputs:
            try:
                self.call(place)
            except Exception as error:  # whatever comes is what is asked for
                came, message = type(error).__name__, str(error)
            else:
                came, message = ACCEPTED, ""
        return Outcome(came, " ".join(message.split()), outputs.stdout)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """A command line of ``vega3d``.

    Attributes:
        did: What the user did, in words.
        line: The words after ``vega3d``; ``@name`` is a file of the place, ``OUT`` its folder for
            results.
        says: As in ``Call``.
        expects: How it ends.
    """

    did: str
    line: str
    says: tuple[str, ...]
    expects: str = "exit code 2"

    def attempt(self, place: Place) -> Outcome:
        """Run it in this process."""
        from flows.cli import main

        words = [_word(word, place) for word in self.line.split()]
        with _outputs() as outputs:
            code = main(words)
        said = [line for line in outputs.stderr.splitlines() if line.startswith("vega3d: ")]
        message = " / ".join(said).removeprefix("vega3d: ")
        return Outcome(f"exit code {code}" if code else ACCEPTED, message, outputs.stdout)


Case = Call | CommandLine


def _word(word: str, place: Place) -> str:
    if word.startswith("@"):
        return str(place.files / word[1:])
    return str(place.out) if word == _OUT else word


class _Outputs:
    """What was printed; filled in when the context ends."""

    stdout = ""
    stderr = ""


@contextmanager
def _outputs() -> Iterator[_Outputs]:
    """Catch both outputs, also what libraries write to the file descriptors."""
    outputs = _Outputs()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with _instead(1, out), _instead(2, err):
            yield outputs
        for file in (out, err):
            file.seek(0)
        outputs.stdout, outputs.stderr = out.read(), err.read()


@contextmanager
def _instead(descriptor: int, file: TextIO) -> Iterator[None]:
    """Let a file take the place of an output, for Python and below."""
    name = {1: "stdout", 2: "stderr"}[descriptor]
    former: TextIO = getattr(sys, name)
    former.flush()
    saved = os.dup(descriptor)
    os.dup2(file.fileno(), descriptor)
    stream = os.fdopen(descriptor, "w", encoding="utf-8", closefd=False)
    setattr(sys, name, stream)
    try:
        yield
    finally:
        stream.flush()
        setattr(sys, name, former)
        os.dup2(saved, descriptor)
        os.close(saved)
