"""Recipes by name. A published recipe is not edited, only added."""

from collections.abc import Callable, Mapping
from typing import Final

from flows.recipes.recipe import Recipe
from flows.recipes.tiny import tiny

RECIPES: Final[Mapping[str, Callable[[], Recipe]]] = {"tiny": tiny}
