"""The meshes a recipe furnishes with, read once a worker."""

from functools import lru_cache
from pathlib import Path

from flows.recipes.recipe import Recipe
from synth.catalogues.catalogue import Catalogue


def catalogue_of(recipe: Recipe) -> Catalogue | None:
    """Return the catalogue of a recipe, or ``None`` where everything is built.

    Raises:
        ValueError: The file or folder is no catalogue, or a mesh in it cannot be used.
    """
    return None if recipe.synth.catalogue is None else _read(recipe.synth.catalogue)


@lru_cache(maxsize=1)
def _read(path: Path) -> Catalogue:
    # trimesh is slow to import, and few recipes name a catalogue.
    if path.is_dir():
        from synth.catalogues.sweet_home import read_sweet_home

        return read_sweet_home(path).catalogue
    from synth.catalogues.catalogue_file import load_catalogue

    return load_catalogue(path)
