"""A pipeline's card says what is known of its training, and its folder names no machine."""

import json

import numpy as np
import pytest
from tiny_wan import save_random_pipeline

from synth.wan.assemble import build_pipeline, known_options, save_half
from synth.wan.card import CardFacts, model_card
from synth.wan.clips import WAN_MOVES

CURVE = [{"step": "100", "loss": "0.5"}, {"step": "1600", "loss": "0.1"}]
OPTIONS = {"steps": 1600, "batch": 4, "muon_rate": 4e-3, "seed": 7}


def card(options, pipeline="WanPipeline"):
    cosines = np.eye(len(WAN_MOVES), dtype=np.float32)
    return model_card(
        CardFacts(
            pipeline=pipeline,
            psnr_db=30.0,
            psnr_worst_db=25.0,
            n_heldout=2,
            vae_options=options,
            options=options,
            vae_curve=CURVE,
            curve=CURVE,
            gauge=(),
            pooled_cosines=cosines,
            token_cosines=cosines,
            following=None,
        )
    )


@pytest.mark.parametrize("pipeline", ["WanPipeline", "WanVACEPipeline"])
def test_the_commands_name_every_recorded_option(pipeline):
    text = card(OPTIONS, pipeline)
    flags = "--steps 1600 --batch 4 --muon-rate 0.004 --seed 7"
    assert text.count(flags) == 2
    assert ("train_vace --transformer T2V" in text) == (pipeline == "WanVACEPipeline")
    assert "not recorded" not in text


def test_of_a_training_without_options_the_card_says_what_its_curve_proves(tmp_path):
    (tmp_path / "curve.csv").write_text("step,loss\n100,0.5\n1600,0.1\n")
    options = known_options(tmp_path, seed=7)
    assert options == {"steps": 1600, "seed": 7}
    text = card(options)
    assert "--out VAE --steps 1600 --seed 7\n" in text
    assert "not recorded" in text


def test_recorded_options_win_over_the_given_seed(tmp_path):
    (tmp_path / "options.json").write_text(json.dumps(OPTIONS))
    assert known_options(tmp_path, seed=0) == OPTIONS


def test_a_pipeline_does_not_say_where_its_parts_were_loaded_from(tmp_path):
    save_random_pipeline(tmp_path / "parts", vace=False)
    pipeline = build_pipeline(tmp_path / "parts" / "vae", tmp_path / "parts" / "transformer")
    save_half(pipeline, tmp_path / "whole")
    written = [path.read_text() for path in (tmp_path / "whole").rglob("*.json")]
    assert written
    assert [text for text in written if str(tmp_path) in text] == []
