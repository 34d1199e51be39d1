"""What do bad inputs get? ``python -m benchmarks.bad_inputs``.

Tries every case of ``benchmarks.bad_input_cases`` and prints a Markdown table: what was done, what
came back (the exception's class, or the exit code of a command), and its message. A case that came
back otherwise than it should is marked, and the exit code is 1 then.
"""

import json
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import tyro

from benchmarks.bad_input_cases import CASES
from benchmarks.bad_input_cases.case import Case, Outcome, Place
from benchmarks.bad_input_cases.files import make_files

_LONGEST: Final = 240  # characters of a message in the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """``match`` tries only cases with these words; ``json`` prints one object, messages whole."""

    match: str = ""
    json: bool = False


class Tried(NamedTuple):
    """A case and what came of it."""

    case: Case
    outcome: Outcome
    faults: tuple[str, ...]  # how the outcome is not what it should be


def try_case(case: Case, files: Path, out: Path) -> Tried:
    """Try one case.

    Args:
        case: What to do.
        files: Folder that ``make_files`` filled.
        out: Folder for results that does not exist.
    """
    before = _listing(files)
    outcome = case.attempt(Place(files, out))
    faults = [f"does not say {words!r}" for words in case.says if words not in outcome.message]
    if outcome.came != case.expects:
        faults.append(f"should be {case.expects}")
    if outcome.stdout:
        faults.append(f"prints {outcome.stdout[:40]!r} on stdout")
    if out.exists() or _listing(files) != before:
        faults.append("writes files")
    return Tried(case, outcome, tuple(faults))


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


def _row(number: int, tried: Tried, *places: Path) -> str:
    message = tried.outcome.message
    for place in places:  # where the files lay this time
        message = message.replace(f"{place}/", "").replace(str(place), place.name)
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST].rstrip()} ..."
    mark = f" **({'; '.join(tried.faults)})**" if tried.faults else ""
    cells = (str(number), tried.case.did, tried.outcome.came + mark, message)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def main(options: Options) -> int:
    """Try, print, and return the exit code."""
    cases = [case for case in CASES if options.match in case.did]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning instead of an error is a fault too
        files = Path(folder) / "files"
        files.mkdir()
        make_files(files)
        outs = [Path(folder) / f"out-{number}" for number in range(len(cases))]
        tried = [try_case(case, files, out) for case, out in zip(cases, outs, strict=True)]
        if options.json:
            print(json.dumps([{"did": t.case.did, **t.outcome._asdict()} for t in tried], indent=1))
        else:
            print("| | what was done | what came | message |\n|---:|---|---|---|")
            for number, one in enumerate(tried, start=1):
                print(_row(number, one, files, outs[number - 1], Path.cwd()))
    faulty = sum(bool(one.faults) for one in tried)
    print(f"{len(tried)} bad inputs, {faulty} of them badly refused", file=sys.stderr)
    return 1 if faulty else 0


if __name__ == "__main__":
    raise SystemExit(main(tyro.cli(Options)))
