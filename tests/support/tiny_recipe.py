"""The recipe ``tiny`` made miniature: rendered rooms only, seconds."""

from dataclasses import replace

from flows.recipes import RECIPES


def rendered_only(n_scenes=3, size_px=32):
    recipe = RECIPES["tiny"]()
    film = replace(recipe.synth.film, size_px=size_px, n_frames=5, paths_per_room=1)
    return replace(
        recipe,
        synth=replace(recipe.synth, n_scenes=n_scenes, scenes_per_shard=1, film=film),
        wan=replace(recipe.wan, n_t2v=0, n_vace=0),
    )
