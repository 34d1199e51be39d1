"""Which camera moves may be wrong options: only those that can be right for another clip.

A move that never occurs in a source would be a wrong option that can be told without looking.
"""

from dataclasses import replace

from flows.options import BadCommandError
from flows.preflight import read_model_config
from flows.recipes.recipe import Recipe
from qa_gen.config import LabelConfig
from synth.trajectories import Move


def label_config(recipe: Recipe, source: str) -> LabelConfig:
    """Return how clips of a source are labelled: the recipe's way, with the source's own moves.

    Args:
        recipe: Of the run.
        source: ``"rendered"``, ``"wan-t2v"`` or ``"wan-vace"``.

    Raises:
        BadCommandError: Too few of the recipe's moves occur in the source.
    """
    occurring = _moves_of(recipe, source)
    moves = tuple(move for move in recipe.label.moves if move in occurring)
    try:
        return replace(recipe.label, moves=moves)
    except ValueError as error:
        raise BadCommandError(f"labelling {source} clips: {error}") from error


def _moves_of(recipe: Recipe, source: str) -> frozenset[Move]:
    """Return the moves that are filmed or asked for, or those that the judge can name."""
    if source == "rendered":
        return frozenset(recipe.synth.film.moves)
    if recipe.wan.judge is None or recipe.measure.motion_from != "judge":
        return frozenset(recipe.wan.moves)  # poses name many more, but no clip shows them
    named = read_model_config(recipe.wan.judge, "wan.judge").get("moves", [])
    try:
        return frozenset(Move(name) for name in named)
    except (TypeError, ValueError) as error:
        raise BadCommandError(
            f"reading the checkpoint for --wan.judge: its config.json has odd moves ({error}); "
            "pass a camera judge."
        ) from error
