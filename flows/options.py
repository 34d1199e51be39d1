"""What a ``vega3d`` command line says: the command, the recipe with its overrides, the folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from flows.flags import BadCommandError, read_flags
from flows.recipes import RECIPES
from flows.recipes.recipe import Recipe
from flows.stages import STAGES
from flows.tools import NAMESAKES, TOOLS
from flows.tools.tool import Tool, ToolCall

__all__ = ["BadCommandError", "Command", "Device", "Options", "ToolCall", "parse"]

Device = Literal["auto", "cpu", "cuda"]


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


def parse(argv: Sequence[str]) -> Command | ToolCall:
    """Read ``COMMAND [RECIPE] --out DIR [overrides]`` or ``TOOL FILE [options]``.

    Raises:
        BadCommandError: Something is unknown, missing or refused by the recipe.
        SystemExit: With code 0, after printing the help of a command.
    """
    name, *rest = argv
    tool = TOOLS.get(name) or _namesake(name, rest)
    if tool is not None:
        return _parse_tool(name, tool, rest)
    if name != "run" and name not in STAGES:
        raise BadCommandError(
            f"unknown command {name!r}; the commands are run, {', '.join((*STAGES, *TOOLS))}."
        )
    if not rest or rest[0].startswith("-"):
        asked = read_flags(Options, name, rest, None, description=_describe(name))
        return Command(name=name, options=asked, recipe=None)
    recipe_name, *rest = rest
    default = _RecipeOptions(recipe=_recipe(recipe_name), out=tyro.MISSING)
    options = read_flags(
        _RecipeOptions, f"{name} {recipe_name}", rest, default, description=_describe(name)
    )
    return Command(name=name, options=options, recipe=options.recipe)


def _namesake(name: str, rest: Sequence[str]) -> Tool | None:
    """Return the tool that bears a stage's name, if the words are for it and not for the stage."""
    namesake = NAMESAKES.get(name)
    return namesake.tool if namesake is not None and namesake.is_meant(rest) else None


def _parse_tool(name: str, tool: Tool, rest: Sequence[str]) -> ToolCall:
    """Read a tool's options; a tool that takes a recipe is given it as its first word."""
    words, default = name, None
    if tool.takes_recipe and rest and not rest[0].startswith("-"):
        recipe_name, *rest = rest
        words, default = f"{name} {recipe_name}", tool.options(recipe=_recipe(recipe_name))
    elif tool.takes_recipe and {"-h", "--help"} & {*rest}:
        words, default = f"{name} RECIPE", tool.options(recipe=next(iter(RECIPES.values()))())
    elif tool.takes_recipe:
        raise BadCommandError(f"missing RECIPE: 'vega3d {name} RECIPE'; {_known_recipes()}.")
    asked = read_flags(tool.options, words, rest, default, description=tool.summary)
    return ToolCall(name=name, tool=tool, options=asked)


def _recipe(name: str) -> Recipe:
    if name not in RECIPES:
        raise BadCommandError(f"unknown recipe {name!r}; {_known_recipes()}.")
    return RECIPES[name]()


def _known_recipes() -> str:
    return f"the known recipes are: {', '.join(RECIPES)}"


def _describe(name: str) -> str:
    summary = "Run all stages." if name == "run" else STAGES[name].summary
    return f"{summary} Finished shards of an earlier run in the same folder are kept."
