"""Generated clips are spread over moves, templates and rooms, and then follow the yield."""

from collections import Counter
from dataclasses import replace

import pytest

from flows.recipes import RECIPES
from flows.run_folder import RunFolder
from flows.stages import STAGES, clip_shards, rounds_of, scenes_of
from flows.work.cells import (
    assign,
    cells_of,
    cells_path,
    move_of,
    rooms_of,
    template_of,
    write_cells,
    yields_of,
    yields_of_run,
)
from flows.work.verdicts import Verdict, decide, read_verdicts, verdicts_path, write_verdicts
from synth.gates.score import GateScore, NotMeasured
from synth.moves import Move
from synth.scene_prompts.grammar import sample_scene
from synth.scene_prompts.templates import TEMPLATES, write_prompt

PASSED = GateScore(name="freeze", value=0.0, threshold=0.5, passed=True)
FAILED = GateScore(name="cut", value=2.0, threshold=0.0, passed=False)
UNKNOWN = NotMeasured(name="tsed", reason="no poses")


def recipe_of(name="tiny", **wan):
    recipe = RECIPES[name]()
    return replace(recipe, wan=replace(recipe.wan, **wan))


def play(run, recipe, obeys):
    """Plan every shard of text-to-video clips in rounds; a clip is accepted if its move obeys."""
    folder = run.stage("synthesize")
    cells = []
    for one_round in rounds_of(recipe, "wan-t2v"):
        drawn = {shard: assign(run, recipe, shard) for shard in one_round}
        for shard, given in drawn.items():
            names = [f"{scene}/path-0" for scene in scenes_of(recipe, shard)]
            write_cells(cells_path(folder, shard), list(zip(names, given, strict=True)), names)
            verdicts = [
                Verdict(
                    sequence_id=name,
                    reasons=() if move_of(cell) in obeys else ("followed_request",),
                    scores=(),
                    not_measured=(),
                )
                for name, cell in zip(names, given, strict=True)
            ]
            write_verdicts(verdicts_path(folder, shard), verdicts)
        cells += [cell for given in drawn.values() for cell in given]
    return cells


def test_spread_evenly_every_move_comes_equally_often(tmp_path):
    recipe = recipe_of(floor_share=1.0)
    shards = [s for s in clip_shards(recipe) if s.startswith("wan-t2v")]
    moves = [move_of(c) for s in shards for c in assign(RunFolder(tmp_path), recipe, s)]
    assert Counter(moves) == dict.fromkeys(recipe.wan.moves, 2)
    assert len(set(moves[:3])) == 3


def test_steered_clips_go_where_more_were_accepted_and_no_move_is_forgotten(tmp_path):
    recipe = recipe_of(n_t2v=260, floor_share=0.5)
    obeys = {Move.PAN_LEFT, Move.DOLLY_IN}
    cells = play(RunFolder(tmp_path), recipe, obeys)
    counted = Counter(move_of(cell) for cell in cells)
    assert sum(counted[move] for move in obeys) > 0.4 * 260
    assert min(counted[move] for move in recipe.wan.moves) >= 0.5 * 260 / 13 - 1


def test_the_same_yields_give_the_same_cells(tmp_path):
    recipe = recipe_of(n_t2v=52)
    once = play(RunFolder(tmp_path / "once"), recipe, {Move.STATIC})
    again = play(RunFolder(tmp_path / "again"), recipe, {Move.STATIC})
    assert once == again


def test_shards_of_one_round_do_not_wait_for_each_other():
    recipe = recipe_of("wan_1_3b", n_t2v=400, n_vace=200, shards_per_round=25)
    phases = STAGES["synthesize"].phases(recipe)
    assert [len([s for s in p if s.startswith("wan-")]) for p in phases] == [50, 50, 25, 25]
    assert sorted(s for phase in phases for s in phase) == sorted(clip_shards(recipe))
    assert all(not s.startswith("rendered") for phase in phases[:-1] for s in phase)


def test_shards_of_one_round_share_its_cells_out_among_them(tmp_path):
    recipe = RECIPES["wan_1_3b"]()
    first = rounds_of(recipe, "wan-vace")[0]
    counted = Counter(cell for s in first for cell in assign(RunFolder(tmp_path), recipe, s))
    assert sum(counted.values()) == 25 * 4
    # Half of them go to 50 different cells, the others to what a uniform draw promises most.
    assert max(counted.values()) <= 4
    assert len(counted) > 50


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "tiny"])
def test_every_text_only_cell_of_a_full_size_recipe_has_words(name):
    recipe = RECIPES[name]()
    for cell in cells_of(recipe, "wan-t2v"):
        scene = sample_scene("scene", recipe.seed, room=cell.scene_kind)
        prompt = write_prompt(TEMPLATES[template_of(cell)], scene, move_of(cell), seed=recipe.seed)
        assert cell.scene_kind in prompt


def test_full_size_cells_say_move_template_and_kind_of_room():
    recipe = RECIPES["wan_1_3b"]()
    cells = cells_of(recipe, "wan-vace")
    assert {move_of(cell) for cell in cells} == set(recipe.wan.moves)
    assert {template_of(cell) for cell in cells} == set(recipe.wan.templates)
    assert {cell.recipe for cell in cells} == {"wan2.1-vace-1.3b"}
    cell = next(c for c in cells if c.scene_kind == "kitchen")
    assert rooms_of(cell, recipe.synth.rooms).kinds == ("kitchen",)


def test_yields_count_every_planned_clip_with_its_reason(tmp_path):
    run, recipe = RunFolder(tmp_path), recipe_of(n_vace=0)
    play(run, recipe, {Move.PAN_LEFT})
    folder = run.stage("synthesize")
    shards = [s for s in clip_shards(recipe) if s.startswith("wan-t2v")]
    for shard in shards:
        write_verdicts(
            verdicts_path(run.stage("measure"), shard), read_verdicts(verdicts_path(folder, shard))
        )
    total = yields_of_run(run, shards)
    assert sum(cell.planned for cell in total.cells) == 26
    assert all(
        cell.accepted == (cell.measured if move_of(cell.cell) is Move.PAN_LEFT else 0)
        for cell in total.cells
    )
    one = yields_of(folder, folder, shards[0])
    assert {r.reason for cell in one.cells for r in cell.rejections} == {"followed_request"}


def test_a_clip_is_kept_when_every_required_gate_was_measured_and_passed(tmp_path):
    found = [PASSED, FAILED, UNKNOWN]
    assert decide("a", found, ["freeze"]).is_accepted
    assert decide("a", found, ["freeze", "cut"]).reasons == ("cut",)
    assert decide("a", found, ["tsed"]).reasons == ("tsed_not_measured",)
    assert decide("a", found, ["inliers"]).reasons == ("inliers_not_measured",)
    verdict = decide("a", found, ["cut"])
    assert verdict.scores == (PASSED, FAILED)
    assert verdict.not_measured == (UNKNOWN,)
    assert read_verdicts(write_verdicts(tmp_path / "v.json", [verdict])) == [verdict]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"floor_share": 1.5}, "floor_share must lie within 0 and 1"),
        ({"templates": ("haiku",)}, "templates of short, move-first-v1"),
        ({"templates": ()}, "at least one each"),
        ({"moves": ()}, "at least one each"),
        ({"shards_per_round": 0}, "shards_per_round must be > 0"),
    ],
)
def test_plans_for_generated_clips_that_make_no_sense_are_refused(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        recipe_of(**change)


def test_a_text_recipe_cannot_stand_in_for_the_depth_recipe():
    recipe = RECIPES["tiny"]()
    with pytest.raises(ValueError, match=r"wan\.vace needs a recipe of the task vace"):
        replace(recipe.wan, vace=recipe.wan.t2v)
