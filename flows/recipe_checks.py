"""Whether the parts of a recipe fit each other and its models; only configurations are read."""

from typing import Final

from datasets_cards.splits import SPLITS, split_of
from flows.label_moves import label_config
from flows.options import BadCommandError
from flows.preflight import read_model_config
from flows.recipes.recipe import Recipe
from flows.stages import clip_shards, scenes_of

_NOISIEST: Final = 1000


def check_recipe(recipe: Recipe) -> None:
    """Refuse what would fail only after minutes of work.

    Raises:
        BadCommandError: Something does not fit; the message names the option.
    """
    _check_prior(recipe)
    _check_splits(recipe)
    _check_judge(recipe)
    for source in sorted({shard.rpartition("-")[0] for shard in clip_shards(recipe)}):
        label_config(recipe, source)


def _check_prior(recipe: Recipe) -> None:
    """Check where features are taken from the video model, and at which noise."""
    fusion = recipe.fusion
    if not 0 <= fusion.timestep <= _NOISIEST:
        raise BadCommandError(
            f"--fusion.timestep must lie in 0..{_NOISIEST}, from clean to pure noise, got "
            f"{fusion.timestep}."
        )
    name = "transformer/config.json"
    n_blocks = read_model_config(recipe.wan.t2v, "wan.t2v", name).get("num_layers")
    if not isinstance(n_blocks, int):
        raise BadCommandError(
            f"reading the checkpoint for --wan.t2v: its {name} names no num_layers; pass a Wan "
            "pipeline made by save_pretrained."
        )
    if not 0 <= fusion.block < n_blocks:
        raise BadCommandError(
            f"--fusion.block must lie in 0..{n_blocks - 1}, the blocks of --wan.t2v "
            f"{recipe.wan.t2v}, got {fusion.block}."
        )


def _check_splits(recipe: Recipe) -> None:
    """Check that there is a rendered room to train on and one to hold out."""
    splits = recipe.package.splits
    found = {
        split_of(scene, splits)
        for shard in clip_shards(recipe)
        if shard.startswith("rendered")
        for scene in scenes_of(recipe, shard)
    }
    for split in SPLITS:
        if split not in found:
            raise BadCommandError(
                f"none of the {recipe.synth.n_scenes} rooms falls into the {split} split "
                f"(--package.splits.test-fraction {splits.test_fraction:g}); raise "
                "--synth.n-scenes or change the fraction."
            )


def _check_judge(recipe: Recipe) -> None:
    """Check that the judge can watch what is generated."""
    if not recipe.wan.n_t2v + recipe.wan.n_vace:
        return
    watched = read_model_config(recipe.wan.judge, "wan.judge").get("n_frames")
    if watched != recipe.synth.film.n_frames:
        raise BadCommandError(
            f"--synth.film.n-frames is {recipe.synth.film.n_frames}, but the camera judge "
            f"--wan.judge {recipe.wan.judge} watches clips of {watched} frames; use that length, "
            "another judge, or no generated clips (--wan.n-t2v 0 --wan.n-vace 0)."
        )
