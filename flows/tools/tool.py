"""What a tool is: options that tyro reads, and a function that answers.

A tool module is imported whenever the command line is read, so it imports what it works with
(numpy, cv2, pycolmap) only when it runs. It raises ``ValueError`` for bad input.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import tyro

from flows.result import Result

POSE_FORMAT_HELP: Final = (
    "re10k, videox_fun, tum, kitti, colmap, colmap_binary, nerfstudio, blender, recammaster, npz "
    "or actions."
)
SCENE_FORMAT_HELP: Final = "vsi, embodiedscan, scannet or arkitscenes."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOptions:
    """What every tool takes.

    Attributes:
        json: Print one JSON object on stdout and nothing else there.
    """

    json: tyro.conf.FlagCreatePairsOff[bool] = False


class Tool(NamedTuple):
    """One tool of the command line."""

    summary: str  # one sentence; also the first line of its help
    options: type[Any]  # a ToolOptions, with a field ``recipe`` where the tool takes one
    run: Callable[[Any], Result]
    takes_recipe: bool = False  # its first word is a recipe, whose fields are flags


class Namesake(NamedTuple):
    """A tool that bears the name of a stage and is told from it by what follows."""

    tool: Tool
    words: str  # after the name, as the help writes it
    is_meant: Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A parsed command line that asks a tool.

    Attributes:
        name: The tool's.
        tool: What answers.
        options: What it was asked.
    """

    name: str
    tool: Tool
    options: ToolOptions
