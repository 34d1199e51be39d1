"""``vega3d plan``: what a recipe costs, from the recipe alone."""

import json
from dataclasses import replace

import pytest

from flows.cli import main
from flows.planning import plan
from flows.recipes import RECIPES
from synth.wan.gpus import GPUS

H100 = GPUS["h100"]


def planned(recipe, **options):
    return plan(recipe, H100, **{"utilization": 0.3, **options})


def by_what(made):
    return {(stage.stage, stage.what): stage for stage in made.stages}


def test_a_thousand_full_size_clips_cost_a_thousand_times_what_the_counts_say():
    stages = by_what(planned(RECIPES["wan_1_3b"]()))
    t2v = stages["synthesize", "wan-t2v clips"]
    # 100 passes of 283.0 TFLOP, 275 TFLOP of decoding and 5 of the prompt, a clip.
    assert t2v.flops == pytest.approx(1000 * 28.58e15, rel=1e-3)
    assert t2v.gpu_hours == pytest.approx(t2v.flops / 989.4e12 / 0.3 / 3600)
    assert t2v.peak_gb < H100.memory_gb


def test_features_cost_what_the_blocks_up_to_the_tapped_one_cost():
    recipe = RECIPES["wan_1_3b"]()
    stage = by_what(planned(recipe))["prior", "clips encoded"]
    assert stage.n == 2000 * 3 + 2000
    # 21 of 30 blocks of a 283 TFLOP pass, and encoding the clip.
    assert 0.7 * 283e12 < stage.flops / stage.n < 0.7 * 283e12 + 280e12


def test_features_and_rows_have_a_token_for_every_position_of_the_transformer():
    stages = by_what(planned(RECIPES["wan_1_3b"]()))
    positions = 21 * 30 * 52  # latent steps of 60 x 104, in patches of 2 x 2
    features = stages["prior", "clips encoded"]
    assert features.disk_gb == pytest.approx(8000 * positions * (1536 + 1152) * 4 / 1e9)
    training = stages["train", "rows of questions, 4 variants"]
    assert f"{positions + 8 * 60} tokens a row; LONGER THAN" in training.note
    tiny = by_what(planned(RECIPES["tiny"]()))["train", "rows of questions, 4 variants"]
    assert f"{3 * 4 * 4 + 8 * 60} tokens a row" in tiny.note
    assert "LONGER" not in tiny.note


def test_the_total_is_the_sum_of_the_stages():
    made = planned(RECIPES["tiny"](), usd_per_hour=7.0)
    assert made.flops == sum(stage.flops for stage in made.stages) > 0
    assert made.usd == pytest.approx(7.0 * made.gpu_hours)
    assert made.peak_gb == max(stage.peak_gb for stage in made.stages)


def test_shorter_clips_cost_less_than_their_share_of_frames():
    recipe = RECIPES["wan_1_3b"]()
    film = replace(recipe.synth.film, n_frames=33)
    short = planned(replace(recipe, synth=replace(recipe.synth, film=film)))
    # Attention grows with the square of the tokens: 81 / 33 = 2.5 times the frames, 3.9 the cost.
    long_job, short_job = planned(recipe).generation[0], short.generation[0]
    assert long_job.denoise_flops / short_job.denoise_flops == pytest.approx(3.88, abs=0.02)


def test_sources_without_clips_are_not_planned():
    stages = by_what(planned(RECIPES["vace_1_3b"]()))
    assert ("synthesize", "wan-t2v clips") not in stages
    assert ("synthesize", "wan-vace clips") in stages


def test_the_command_prints_one_json_object(capfd):
    assert main(["plan", "wan_1_3b", "--gpu", "h100", "--json"]) == 0
    content = json.loads(capfd.readouterr().out)
    assert content["gpu"]["name"] == "h100"
    assert content["gpu_hours"] > 0
    assert content["disk_gb"] > 0
    assert content["usd"] > 0
    assert {"flops", "memory_gb", "fits", "stages", "references"} <= set(content)
    assert all(0 < r["implied_utilization"] < 1 for r in content["references"])


def test_overrides_change_the_plan(capfd):
    assert main(["plan", "wan_1_3b", "--gpu", "a100", "--wan.n-t2v", "10", "--json"]) == 0
    content = json.loads(capfd.readouterr().out)
    assert content["generation"][0]["n_clips"] == 10


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["plan"], "missing RECIPE"),
        (["plan", "huge"], "unknown recipe 'huge'"),
        (["plan", "tiny", "--gpu", "abacus"], "unknown card 'abacus'; known are"),
        (["plan", "tiny", "--utilization", "0"], "utilization must lie within"),
        (["plan", "tiny", "--usd-per-hour", "-1"], "the price must be >= 0"),
        (["plan", "tiny", "--wan.t2v.model.id", "nowhere"], "missing checkpoint folder"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why_in_one_sentence(words, complaint, capfd):
    assert main(words) == 2
    said = capfd.readouterr()
    assert complaint in said.err
    assert said.out == ""
