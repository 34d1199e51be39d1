"""Whether the parts of a recipe fit each other and its models; only configurations are read."""

from typing import Final

from datasets_cards.splits import SPLITS, split_of
from flows.label_moves import label_config
from flows.options import BadCommandError
from flows.preflight import read_model_config, wan_shape
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
    _check_catalogue(recipe)
    _check_gates(recipe)
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
    n_blocks = wan_shape(recipe.wan.t2v, "wan.t2v").transformer.n_layers
    if not 0 <= fusion.block < n_blocks:
        raise BadCommandError(
            f"--fusion.block must lie in 0..{n_blocks - 1}, the blocks of {recipe.wan.t2v.model.id}"
            f", got {fusion.block}."
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


def _check_catalogue(recipe: Recipe) -> None:
    """Check that there is a catalogue where one is named, and rooms that use it."""
    path = recipe.synth.catalogue
    if path is None:
        return
    if not path.exists():
        raise BadCommandError(
            f"--synth.catalogue: {path} does not exist; name a catalogue file or the folder of an "
            "unpacked Sweet Home 3D furniture library."
        )
    if recipe.synth.rooms.scatter is not None:
        raise BadCommandError(
            f"--synth.catalogue: the recipe {recipe.name} furnishes with the boxes its models were "
            "trained on and uses no meshes; use a recipe with furnished rooms, such as wan_1_3b."
        )


def _check_gates(recipe: Recipe) -> None:
    """Check that the gates exist, and that those a clip must pass are measured."""
    if not recipe.wan.n_t2v + recipe.wan.n_vace:
        return
    from synth.gates.table import GATES  # brings OpenCV and pycolmap along
    from synth.gates.verify import CLIP_GATES

    known = [gate.name for gate in GATES]
    unknown = sorted({*recipe.measure.gates} - {*known})
    if unknown:
        raise BadCommandError(
            f"--measure.gates names unknown gates {', '.join(unknown)}; known are "
            f"{', '.join(known)}."
        )
    missing = [gate.name for gate in CLIP_GATES if gate.name not in recipe.measure.gates]
    if recipe.measure.required is None and missing:
        raise BadCommandError(
            f"--measure.gates lacks {', '.join(missing)}: what is not measured never passes, so no "
            "clip would be kept; add them, or name in --measure.required what must pass."
        )


def _check_judge(recipe: Recipe) -> None:
    """Check that there is a judge where one is needed, and that it can watch what is generated."""
    if not recipe.wan.n_t2v + recipe.wan.n_vace or recipe.measure.motion_from != "judge":
        return
    if recipe.wan.judge is None:
        raise BadCommandError(
            "--measure.motion-from judge needs --wan.judge FOLDER; or let poses name the motion: "
            "--measure.motion-from sfm."
        )
    watched = read_model_config(recipe.wan.judge, "wan.judge").get("n_frames")
    if watched != recipe.synth.film.n_frames:
        raise BadCommandError(
            f"--synth.film.n-frames is {recipe.synth.film.n_frames}, but the camera judge "
            f"--wan.judge {recipe.wan.judge} watches clips of {watched} frames; use that length, "
            "another judge, or no generated clips (--wan.n-t2v 0 --wan.n-vace 0)."
        )
