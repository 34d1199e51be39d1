"""Recipes survive being written to run.json, and refuse what cannot work."""

import json
from dataclasses import replace

import pytest

from flows.recipes import RECIPES
from flows.recipes.recipe import Recipe, from_json, to_json


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_json(name):
    recipe = RECIPES[name]()
    assert recipe.name == name
    assert from_json(Recipe, json.loads(json.dumps(to_json(recipe)))) == recipe


def test_a_recipe_of_another_version_is_refused_by_field():
    content = to_json(RECIPES["tiny"]())
    content["synth"]["colour"] = "red"
    with pytest.raises(ValueError, match=r"SynthConfig: fields \['colour'\]"):
        from_json(Recipe, content)


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("synth", {"n_scenes": 0}, "synth.n_scenes must be > 0, got 0"),
        ("wan", {"n_t2v": -1}, "must be >= 0"),
        ("fusion", {"variants": ()}, "at least one"),
        ("package", {"max_shard_mb": 0}, "package.max_shard_mb must be > 0"),
    ],
)
def test_a_recipe_explains_itself_when_it_says_no(part, change, message):
    recipe = RECIPES["tiny"]()
    with pytest.raises(ValueError, match=message):
        replace(getattr(recipe, part), **change)
