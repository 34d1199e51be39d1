"""Tools: questions about files, answered without a recipe or a run folder.

To add one: a module with a ``TOOL``, and a line here.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from flows.recipes import RECIPES
from flows.tools import audit_dataset, classify, compare, label_scenes, plan, relabel, score, verify
from flows.tools.tool import Namesake, Tool

TOOLS: Final[Mapping[str, Tool]] = {
    "verify": verify.TOOL,
    "classify": classify.TOOL,
    "compare": compare.TOOL,
    "plan": plan.TOOL,
    "relabel": relabel.TOOL,
    "score": score.TOOL,
}


def _has_scenes(words: Sequence[str]) -> bool:
    return any(word.partition("=")[0] == "--meta" for word in words)


def _has_dataset(words: Sequence[str]) -> bool:
    return bool(words) and not words[0].startswith("-") and words[0] not in RECIPES


# Stages too: told apart by --meta, and by a path where the stage has a recipe or nothing.
NAMESAKES: Final[Mapping[str, Namesake]] = {
    "label": Namesake(label_scenes.TOOL, "--meta", _has_scenes),
    "audit": Namesake(audit_dataset.TOOL, "DIR", _has_dataset),
}
