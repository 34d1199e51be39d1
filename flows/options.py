"""What a ``vega3d`` command line says: the command, the recipe with its overrides, the folder."""

import contextlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import tyro

from flows.recipes import RECIPES
from flows.recipes.recipe import Recipe
from flows.stages import STAGES

Device = Literal["auto", "cpu", "cuda"]
_BOX: Final = re.compile(r"[╭╮╰╯│─]+")
_OPTION: Final = re.compile(r"--[\w.-]+")


class BadCommandError(ValueError):
    """The command line cannot be followed; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What every command takes.

    Attributes:
        out: Run folder; made if it does not exist.
        device: Where models run; auto takes a GPU when torch sees one.
        workers: Worker processes; 0 takes one per free CPU core. Results do not depend on it.
        json: Print one JSON object on stdout and nothing else there.
    """

    out: Path
    device: Device = "auto"
    workers: int = 0
    json: tyro.conf.FlagCreatePairsOff[bool] = False

    def __post_init__(self) -> None:
        if self.workers < 0:
            raise ValueError(f"--workers must be >= 0, got {self.workers}")

    @property
    def n_workers(self) -> int:
        """Worker processes to start."""
        return self.workers or len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _RecipeOptions(Options):
    recipe: Annotated[Recipe, tyro.conf.arg(name="")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A parsed command line.

    Attributes:
        name: ``"run"`` or a stage.
        options: Where and how.
        recipe: What to make, or ``None`` to go on with what the run folder holds.
    """

    name: str
    options: Options
    recipe: Recipe | None


def parse(argv: Sequence[str]) -> Command:
    """Read ``COMMAND [RECIPE] --out DIR [overrides]``.

    Raises:
        BadCommandError: Something is unknown, missing or refused by the recipe.
        SystemExit: With code 0, after printing the help of a command.
    """
    name, *rest = argv
    if name != "run" and name not in STAGES:
        raise BadCommandError(
            f"unknown command {name!r}; the commands are run, {', '.join(STAGES)}."
        )
    if not rest or rest[0].startswith("-"):
        return Command(name=name, options=_read(Options, name, rest, None), recipe=None)
    recipe_name, *rest = rest
    if recipe_name not in RECIPES:
        raise BadCommandError(
            f"unknown recipe {recipe_name!r}; the known recipes are: {', '.join(RECIPES)}."
        )
    default = _RecipeOptions(recipe=RECIPES[recipe_name](), out=tyro.MISSING)
    options = _read(_RecipeOptions, f"{name} {recipe_name}", rest, default)
    return Command(name=name, options=options, recipe=options.recipe)


def _read(kind: type[Any], words: str, arguments: Sequence[str], default: Any) -> Any:  # noqa: ANN401
    """Let tyro read the flags; its box of text becomes one sentence."""
    said = io.StringIO()
    arguments = _fold_json_flag(arguments)
    given = {} if default is None else {"default": default}
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(
                kind,
                prog=f"vega3d {words}",
                description=_describe(words),
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


def _describe(words: str) -> str:
    name = words.split()[0]
    summary = "Run all stages." if name == "run" else STAGES[name].summary
    return f"{summary} Finished shards of an earlier run in the same folder are kept."


def _sentence(boxed: str, words: str) -> str:
    """Turn tyro's box into one sentence.

    It shows, between rules: a title, what is wrong, perhaps a suggestion, how to get help.
    """
    lines = [_BOX.sub("", line).strip() for line in boxed.splitlines()[1:]]
    problem, _, suggestion = " ".join(" ".join(lines).split()).partition("Perhaps you meant:")
    for tail in ("For full helptext", "Argument helptext:"):
        problem = problem.partition(tail)[0]
    if problem.startswith("Missing from"):
        problem = f"missing {', '.join(_OPTION.findall(problem))}"
    problem = re.sub(r"Error parsing recipe\.?[\w.]*: ", "", problem).strip().rstrip(".")
    option = _OPTION.search(suggestion)
    hint = f"did you mean {option[0]}? " if option else ""
    return f"{problem}; {hint}'vega3d {words} --help' lists the options."
