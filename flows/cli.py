"""``vega3d``: one command for the whole road, one for each stage, and tools for single files.

Exit codes: 0 done; 1 a stage failed; 2 bad input; 130 and 143 interrupted. Progress and messages
go to stderr. Prefect and torch are imported only when there is work to do.
"""

import json
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from flows.progress import PROGRESS

_HELP: Final = """\
usage: vega3d COMMAND [RECIPE] --out DIR [options]
       vega3d TOOL FILE [options]

commands:
  run          all stages: from nothing to an evaluated model and DIR/report.html
{stages}

tools, which need no run folder (vega3d TOOL --help says more):
{tools}

recipes: {recipes}
options: --out DIR, --device auto|cpu|cuda, --workers N, --json, and any field of the recipe
         (vega3d run tiny --help lists them); without RECIPE, DIR's own recipe goes on.

examples: vega3d run tiny --out runs/tiny
          vega3d verify clip.mp4 --poses clip.txt --pose-format re10k --json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        return _print_help(bare=not arguments)
    try:
        from flows.options import ToolCall, parse

        command = parse(arguments)
    except ValueError as error:
        return _refuse(str(error), as_json="--json" in arguments, out=sys.stdout)
    with _only_result_on_stdout() as out:
        if isinstance(command, ToolCall):
            return _ask(command, out)
        from flows.command import execute

        PROGRESS.say(f"vega3d {command.name}: {command.options.out}")
        return _guarded(execute, command, out)


def _guarded(execute: Any, command: Any, out: IO[str]) -> int:  # noqa: ANN401 - imported lazily
    """Run a command; whatever goes wrong becomes one sentence and an exit code."""
    signal.signal(signal.SIGTERM, _stop)
    where, as_json = command.options.out, command.options.json
    try:
        result = execute(command)
    except (KeyboardInterrupt, SystemExit) as stop:
        _end_children()
        code = 143 if isinstance(stop, SystemExit) else 130
        sys.stderr.write(f"vega3d: interrupted; {_how_to_resume(command)}\n")
        return _fail("interrupted", code, out if as_json else None)
    except ValueError as error:
        return _refuse(str(error), as_json=as_json, out=out)
    except Exception as error:  # the boundary: a sentence here, the trace in a file
        _end_children()
        _keep_trace(where)
        sentence = f"{_one_line(error)}; {_how_to_resume(command)}"
        sys.stderr.write(f"vega3d: {sentence}\n")
        return _fail(sentence, 1, out if as_json else None)
    return _answer(result, as_json=as_json, out=out)


def _ask(call: Any, out: IO[str]) -> int:  # noqa: ANN401 - imported lazily
    """Run a tool; whatever goes wrong becomes one sentence and an exit code."""
    as_json = call.options.json
    try:
        result = call.tool.run(call.options)
    except KeyboardInterrupt:
        sys.stderr.write("vega3d: interrupted\n")
        return _fail("interrupted", 130, out if as_json else None)
    except ValueError as error:
        return _refuse(str(error), as_json=as_json, out=out)
    except Exception as error:  # the boundary: the trace for us, a sentence for people
        traceback.print_exc()
        sys.stderr.write(f"vega3d: {_one_line(error)}\n")
        return _fail(_one_line(error), 1, out if as_json else None)
    return _answer(result, as_json=as_json, out=out)


def _answer(result: Any, *, as_json: bool, out: IO[str]) -> int:  # noqa: ANN401 - imported lazily
    out.write((json.dumps(result.content) if as_json else result.text) + "\n")
    out.flush()
    return int(result.exit_code)


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(143)


def _end_children() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _how_to_resume(command: Any) -> str:  # noqa: ANN401 - imported lazily
    return (
        f"finished shards are kept: resume with 'vega3d {command.name} --out {command.options.out}'"
    )


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text.rstrip(".")


def _keep_trace(folder: Path) -> None:
    try:
        (folder / "error.log").write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        traceback.print_exc()  # a full disk must not hide the error


def _refuse(sentence: str, *, as_json: bool, out: IO[str]) -> int:
    sentence = " ".join(sentence.split())
    sys.stderr.write(f"vega3d: {sentence}\n")
    return _fail(sentence, 2, out if as_json else None)


def _fail(sentence: str, code: int, out: IO[str] | None) -> int:
    if out is not None:
        out.write(json.dumps({"error": sentence, "exit_code": code}) + "\n")
        out.flush()
    return code


def _print_help(*, bare: bool) -> int:
    from flows.recipes import RECIPES
    from flows.stages import STAGES
    from flows.tools import NAMESAKES, TOOLS

    stages = "\n".join(f"  {stage.name:<12} {stage.summary}" for stage in STAGES.values())
    named = {**TOOLS, **{f"{one} {n.words}": n.tool for one, n in NAMESAKES.items()}}
    tools = "\n".join(f"  {name:<12} {tool.summary}" for name, tool in named.items())
    text = _HELP.format(stages=stages, tools=tools, recipes=", ".join(RECIPES))
    (sys.stderr if bare else sys.stdout).write(text)
    return 2 if bare else 0


@contextmanager
def _only_result_on_stdout() -> Iterator[IO[str]]:
    """Yield the real stdout; what anything else prints there, servers included, goes to stderr."""
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(saved, "w", encoding="utf-8", closefd=False) as out:
            yield out
    finally:
        sys.stdout.flush()
        os.dup2(saved, 1)
        os.close(saved)


if __name__ == "__main__":
    raise SystemExit(main())
