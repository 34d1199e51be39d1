"""Recipes by name. A published recipe is not edited, only added."""

from collections.abc import Callable, Mapping
from typing import Final

from flows.recipes.full_size import vace_1_3b, wan_1_3b, wan_14b
from flows.recipes.recipe import Recipe
from flows.recipes.tiny import tiny

RECIPES: Final[Mapping[str, Callable[[], Recipe]]] = {
    "tiny": tiny,
    "wan_1_3b": wan_1_3b,
    "wan_14b": wan_14b,
    "vace_1_3b": vace_1_3b,
}
