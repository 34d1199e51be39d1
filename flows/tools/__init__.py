"""Tools: questions about files, answered without a recipe or a run folder.

To add one: a module with a ``TOOL``, and a line here.
"""

from collections.abc import Mapping
from typing import Final

from flows.tools import classify, compare, plan, verify
from flows.tools.tool import Tool

TOOLS: Final[Mapping[str, Tool]] = {
    "verify": verify.TOOL,
    "classify": classify.TOOL,
    "compare": compare.TOOL,
    "plan": plan.TOOL,
}
