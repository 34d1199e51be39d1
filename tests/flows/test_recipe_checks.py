"""Parts of a recipe that do not fit each other or the models are refused before any work."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from flows.label_moves import label_config
from flows.options import BadCommandError
from flows.preflight import checkpoint_digests
from flows.recipe_checks import check_recipe
from flows.recipes import RECIPES
from synth.trajectories import Move
from synth.wan.recipe import ModelSource
from synth.wan.recipes import WAN_RECIPES

NOWHERE = Path("nowhere")


@pytest.fixture
def recipe():
    return RECIPES["tiny"]()


def without_generated(recipe):
    return replace(recipe, wan=replace(recipe.wan, n_t2v=0, n_vace=0))


def judge_folder(path, **config):
    path.mkdir()
    (path / "config.json").write_text(json.dumps(config))
    return path


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_passes_its_own_checks(name):
    check_recipe(RECIPES[name]())


def test_leaving_out_a_gate_that_every_clip_must_pass_is_refused():
    recipe = RECIPES["vace_1_3b"]()
    gates = tuple(gate for gate in recipe.measure.gates if gate != "cheirality")
    bad = replace(recipe, measure=replace(recipe.measure, gates=gates))
    with pytest.raises(BadCommandError, match=r"--measure\.gates lacks cheirality: .* add them"):
        check_recipe(bad)


@pytest.mark.parametrize("block", [-1, 8, 30])
def test_a_block_the_video_model_has_not_is_refused(recipe, block):
    bad = replace(recipe, fusion=replace(recipe.fusion, block=block))
    with pytest.raises(BadCommandError, match=rf"--fusion.block must lie in 0\.\.7.* got {block}"):
        check_recipe(bad)


@pytest.mark.parametrize("timestep", [-1, 1001])
def test_a_noise_level_outside_its_range_is_refused(recipe, timestep):
    bad = replace(recipe, fusion=replace(recipe.fusion, timestep=timestep))
    with pytest.raises(BadCommandError, match=rf"--fusion.timestep .* got {timestep}"):
        check_recipe(bad)


@pytest.mark.parametrize("timestep", [0, 1000])
def test_clean_and_pure_noise_are_noise_levels(recipe, timestep):
    check_recipe(replace(recipe, fusion=replace(recipe.fusion, timestep=timestep)))


def test_a_clip_length_the_judge_does_not_watch_is_refused_only_if_it_is_used(recipe):
    film = replace(recipe.synth.film, n_frames=13)
    longer = replace(recipe, synth=replace(recipe.synth, film=film))
    with pytest.raises(BadCommandError, match=r"n-frames is 13, .* watches clips of 9 frames"):
        check_recipe(longer)
    check_recipe(without_generated(longer))


@pytest.mark.parametrize(("fraction", "split"), [(0.0, "test"), (1.0, "train")])
def test_a_split_without_a_rendered_room_is_refused(recipe, fraction, split):
    splits = replace(recipe.package.splits, test_fraction=fraction)
    bad = replace(recipe, package=replace(recipe.package, splits=splits))
    with pytest.raises(BadCommandError, match=f"none of the 300 rooms falls into the {split}"):
        check_recipe(bad)


def test_a_video_model_without_a_transformer_is_refused(recipe, tmp_path):
    folder = judge_folder(tmp_path / "t2v")
    message = r"--wan\.t2v\.model\.id: .*transformer/config\.json cannot be"
    with pytest.raises(BadCommandError, match=message):
        check_recipe(with_model(recipe, "t2v", str(folder)))


def with_model(recipe, option, folder):
    wan = getattr(recipe.wan, option)
    changed = replace(wan, model=ModelSource(id=folder))
    return replace(recipe, wan=replace(recipe.wan, **{option: changed}))


@pytest.mark.parametrize("option", ["vace.model.id", "judge"])
def test_models_are_demanded_only_where_they_are_used(recipe, option):
    if option == "judge":
        missing = replace(recipe, wan=replace(recipe.wan, judge=NOWHERE))
    else:
        missing = with_model(recipe, "vace", str(NOWHERE))
    with pytest.raises(BadCommandError, match=rf"missing checkpoint folder for --wan\.{option}"):
        checkpoint_digests(missing)
    unused = without_generated(missing)
    check_recipe(unused)
    assert set(checkpoint_digests(unused)) == {
        "wan.t2v.model.id", "fusion.semantic", "fusion.language"
    }  # fmt: skip


def test_wrong_options_are_moves_that_the_source_can_show(recipe):
    filmed = (Move.STATIC, Move.PAN_LEFT, Move.PAN_RIGHT, Move.DOLLY_IN, Move.ARC_LEFT)
    film = replace(recipe.synth.film, moves=filmed)
    few = replace(recipe, synth=replace(recipe.synth, film=film))
    assert set(label_config(few, "rendered").moves) == set(filmed)
    for source in ("wan-t2v", "wan-vace"):
        named = set(label_config(few, source).moves)
        assert len(named) == 13
        assert not named & {Move.ARC_LEFT, Move.ARC_RIGHT}


def test_moves_are_named_only_if_the_recipe_asks_for_them(recipe):
    asked = (Move.STATIC, Move.PAN_LEFT, Move.PAN_RIGHT, Move.DOLLY_IN, Move.ARC_LEFT)
    wanted = replace(recipe, label=replace(recipe.label, moves=asked))
    assert set(label_config(wanted, "wan-t2v").moves) == set(asked) - {Move.ARC_LEFT}


def test_too_few_filmed_moves_for_a_question_are_refused(recipe):
    film = replace(recipe.synth.film, moves=(Move.STATIC, Move.PAN_LEFT))
    with pytest.raises(BadCommandError, match=r"labelling rendered clips: .* clearly different"):
        check_recipe(replace(recipe, synth=replace(recipe.synth, film=film)))


def test_a_judge_with_moves_of_its_own_is_refused(recipe, tmp_path):
    folder = judge_folder(tmp_path / "judge", n_frames=9, moves=["somersault"])
    with pytest.raises(BadCommandError, match=r"--wan\.judge.* odd moves .*somersault"):
        check_recipe(replace(recipe, wan=replace(recipe.wan, judge=folder)))


def test_a_hub_model_is_known_by_its_commit_without_asking_the_hub(recipe):
    full = WAN_RECIPES["wan2.1-t2v-1.3b"]
    hub = replace(recipe, wan=replace(recipe.wan, t2v=full))
    check_recipe(replace(hub, fusion=replace(recipe.fusion, block=29)))
    with pytest.raises(BadCommandError, match=r"0\.\.29"):
        check_recipe(replace(hub, fusion=replace(recipe.fusion, block=30)))
    known = checkpoint_digests(hub)["wan.t2v.model.id"]
    assert known == f"{full.model.id}@{full.model.revision}"


def test_a_hub_model_of_unknown_size_is_refused(recipe):
    model = ModelSource(id="somebody/wan", revision="0" * 40)
    strange = replace(recipe.wan.t2v, model=model)
    with pytest.raises(BadCommandError, match=r"sizes of somebody/wan are not known"):
        check_recipe(replace(recipe, wan=replace(recipe.wan, t2v=strange)))


def test_a_catalogue_that_is_not_there_or_not_used_is_refused(recipe, tmp_path):
    missing = replace(recipe, synth=replace(recipe.synth, catalogue=tmp_path / "none.toml"))
    with pytest.raises(BadCommandError, match=r"--synth\.catalogue: .*none\.toml does not exist"):
        check_recipe(missing)
    unused = replace(recipe, synth=replace(recipe.synth, catalogue=tmp_path))
    with pytest.raises(BadCommandError, match="tiny furnishes with the boxes"):
        check_recipe(unused)
