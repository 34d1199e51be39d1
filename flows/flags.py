"""Flags of a command line into a dataclass, by tyro; its box of complaints into one sentence."""

import contextlib
import io
import re
from collections.abc import Sequence
from typing import Any, Final

import tyro

_BOX: Final = re.compile(r"[╭╮╰╯│─]+")
_OPTION: Final = re.compile(r"--[\w.-]+")
_WANTED: Final = re.compile(r"--[\w.-]+|[A-Z]{2,}$")  # an option, or a place on the command line
_OPTIONAL: Final = re.compile(r"no type matching {None}\|(\w+) could .* from \[(.*?)\].*")


class BadCommandError(ValueError):
    """The command line cannot be followed; the message is one sentence."""


def read_flags(
    kind: type[Any],
    words: str,
    arguments: Sequence[str],
    default: Any,  # noqa: ANN401
    *,
    description: str,
) -> Any:  # noqa: ANN401
    """Let tyro read the flags.

    Args:
        kind: A dataclass.
        words: The command, as it is typed after ``vega3d``.
        arguments: What follows it.
        default: An instance of ``kind`` with the defaults, or ``None`` for its own.
        description: First line of the help.

    Raises:
        BadCommandError: Something is unknown, missing or refused.
        SystemExit: With code 0, after printing the help.
    """
    said = io.StringIO()
    arguments = _fold_json_flag(arguments)
    given = {} if default is None else {"default": default}
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(
                kind,
                prog=f"vega3d {words}",
                description=description,
                args=arguments,
                config=(tyro.conf.EnumChoicesFromValues,),
                **given,
            )
    except SystemExit as stop:
        if stop.code in (0, None):
            raise
        raise BadCommandError(_sentence(said.getvalue(), words)) from None


def _fold_json_flag(arguments: Sequence[str]) -> list[str]:
    """Move ``--json`` last, so that a tuple's values before it do not swallow what follows."""
    rest = [word for word in arguments if word != "--json"]
    return rest + ["--json"] * (len(rest) < len(arguments))


def _sentence(boxed: str, words: str) -> str:
    """Turn tyro's box into one sentence.

    It shows, between rules: a title, what is wrong, perhaps a suggestion, how to get help.
    """
    lines = [_BOX.sub("", line).strip() for line in boxed.splitlines()[1:]]
    problem, _, suggestion = " ".join(" ".join(lines).split()).partition("Perhaps you meant:")
    for tail in ("For full helptext", "Argument helptext:", "Available subcommands:"):
        problem = problem.partition(tail)[0]
    problem, _, unknown = problem.partition("Unrecognized options:")
    if problem.startswith("Missing from"):
        wanted = lines[: lines.index("Unrecognized options:")] if unknown else lines
        problem = f"missing {', '.join(m[0] for m in map(_WANTED.match, wanted) if m)}"
    if unknown:
        problem = f"{problem}{', and ' if problem else ''}unrecognized options: {unknown.strip()}"
    problem = _OPTIONAL.sub(r"expected \1, got \2", problem)
    problem = re.sub(r"Error parsing (recipe[\w.]*|\w+Options): ", "", problem).strip().rstrip(".")
    option = _OPTION.search(suggestion)
    hint = f"did you mean {option[0]}? " if option else ""
    return f"{problem}; {hint}'vega3d {words} --help' lists the options."
