"""Trainings resume bit for bit, and their parts do what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel, WanVACETransformer3DModel
from toy_clips import write_toy_clips

from synth.trajectories import Move, reverse
from synth.wan.clips import depth_to_grey, read_clips, variant_of
from synth.wan.flow import flow_batch, flow_loss
from synth.wan.latents import LatentEncoding, encode_all, read_latents
from synth.wan.muon import orthogonalized
from synth.wan.train_dit import train_dit
from synth.wan.train_flow import FlowTraining
from synth.wan.train_vace import (
    VaceTraining,
    inactive_latents,
    train_vace,
    vace_control,
    vace_from_text_to_video,
)
from synth.wan.train_vae import VaeTraining, train_vae
from synth.wan.training import (
    cosine_factor,
    keep_options,
    read_curve,
    read_options,
    save_state,
    torch_generator,
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A folder with toy clips, a VAE of four steps, and its latents."""
    root = tmp_path_factory.mktemp("wan")
    write_toy_clips(root / "clips")
    train_vae(_vae_options(root, "vae"))
    encode_all(
        LatentEncoding(
            data=root / "clips", vae=root / "vae" / "vae", out=root / "latents", threads=1
        )
    )
    return root


def _vae_options(root: Path, out: str, stop_after: int | None = None) -> VaeTraining:
    return VaeTraining(
        data=root / "clips",
        out=root / out,
        steps=4,
        batch=2,
        save_every=2,
        stop_after=stop_after,
        threads=1,
    )


def _flow_options(root: Path, out: str, stop_after: int | None = None) -> dict:
    return {
        "latents": root / "latents",
        "out": root / out,
        "steps": 3,
        "batch": 4,
        "log_every": 1,
        "gauge_every": 3,
        "gauge_clips": 2,
        "save_every": 1,
        "stop_after": stop_after,
        "threads": 1,
        "precision": "fp32",
    }


def _same_weights(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_vae_training_that_was_stopped_ends_with_the_same_bytes(trained):
    train_vae(_vae_options(trained, "resumed", stop_after=2))
    resumed = train_vae(_vae_options(trained, "resumed"))
    straight = AutoencoderKLWan.from_pretrained(trained / "vae" / "vae")
    assert _same_weights(resumed, straight)
    curves = [read_curve(trained / out / "curve.csv") for out in ("vae", "resumed")]
    assert [row["step"] for row in curves[0]] == ["2", "4"]
    assert curves[0] == curves[1]


@pytest.mark.parametrize("change", [{"seed": 1}, {"batch": 3}, {"steps": 5}])
def test_a_training_is_not_resumed_with_other_options(trained, change):
    (name,) = change
    with pytest.raises(ValueError, match=f"began with {name}="):
        train_vae(replace(_vae_options(trained, "vae"), **change))


def test_a_training_that_left_no_options_is_resumed_and_its_options_stay_unknown(tmp_path):
    save_state(tmp_path, {"step": 1})
    keep_options(tmp_path, {"seed": 3})
    assert read_options(tmp_path) is None


def test_the_options_of_a_training_hold_no_folders(trained):
    stored = read_options(trained / "vae")
    assert stored["steps"] == 4
    assert stored["batch"] == 2
    assert {"data", "out", "stop_after"} & set(stored) == set()


def test_a_transformer_training_that_was_stopped_ends_with_the_same_bytes(trained):
    train_dit(FlowTraining(**_flow_options(trained, "stopped", stop_after=1)))
    train_dit(FlowTraining(**_flow_options(trained, "stopped")))
    train_dit(FlowTraining(**_flow_options(trained, "t2v")))
    models = [
        WanTransformer3DModel.from_pretrained(trained / out / "transformer")
        for out in ("stopped", "t2v")
    ]
    assert _same_weights(*models)
    assert set(read_curve(trained / "t2v" / "gauge.csv")[-1]) >= {"gap_0.9", "right_0.9"}


def test_the_depth_model_starts_as_the_text_model_whatever_its_control(trained):
    options = _flow_options(trained, "t2v_start", stop_after=1)
    train_dit(FlowTraining(**options))
    text_model = WanTransformer3DModel.from_pretrained(trained / "t2v_start" / "transformer")
    vace = VaceTraining(
        **_flow_options(trained, "vace", stop_after=1),
        transformer=trained / "t2v_start" / "transformer",
        vae=trained / "vae" / "vae",
    )
    train_vace(vace)
    trained_vace = WanVACETransformer3DModel.from_pretrained(trained / "vace" / "transformer")
    assert trained_vace.vace_blocks[0].proj_out.weight.abs().max() > 0  # it learns
    start = vace_from_text_to_video(text_model)
    latents = torch.randn(2, 16, 2, 2, 2, generator=torch_generator(0, "x"))
    control = vace_control(latents, inactive_latents(_vae(trained), latent_steps=2, size_px=16))
    told = torch.zeros(2, 3, 128)
    at = torch.full((2,), 900.0)
    with torch.no_grad():
        controlled = start(latents, at, told, control_hidden_states=control, return_dict=False)[0]
        plain = text_model(latents, at, told, return_dict=False)[0]
    torch.testing.assert_close(controlled, plain, atol=1e-5, rtol=1e-4)


def _vae(root: Path) -> AutoencoderKLWan:
    return AutoencoderKLWan.from_pretrained(root / "vae" / "vae")


def test_latents_are_normalised_and_carry_the_move_each_variant_shows(trained):
    clips, latents = (
        read_clips(trained / "clips", "clips"),
        read_latents(trained / "latents", "clips"),
    )
    color = latents.color.float()
    torch.testing.assert_close(color.mean((0, 1, 3, 4, 5)), torch.zeros(16), atol=1e-2, rtol=0)
    torch.testing.assert_close(color.std((0, 1, 3, 4, 5)), torch.ones(16), atol=1e-2, rtol=0)
    assert latents.moves == tuple((move, reverse(move)) for move in clips.moves)
    assert _vae(trained).config.latents_std != [1.0] * 16


def test_a_batch_pairs_opposite_moves_under_the_same_noise(trained):
    latents = read_latents(trained / "latents", "clips")
    batch = flow_batch(latents, pairs=4, seed=0, name="test", step=7)
    again = flow_batch(latents, pairs=4, seed=0, name="test", step=7)
    assert torch.equal(batch.noisy, again.noisy)
    assert batch.prompts == again.prompts
    assert torch.equal(batch.timestep[0::2], batch.timestep[1::2])
    sigma = (batch.timestep / 1000).view(-1, 1, 1, 1, 1)
    noise = batch.noisy + (1 - sigma) * batch.target  # x + (1 - s)(n - z) = n
    torch.testing.assert_close(noise[0::2], noise[1::2], atol=1e-4, rtol=0)


def test_the_motion_term_vanishes_with_the_error():
    target = torch.randn(2, 16, 3, 2, 2, generator=torch_generator(0, "target"))
    assert [float(loss) for loss in flow_loss(target, target)] == [0.0, 0.0]
    constant, mse = flow_loss(target + 1.0, target)
    assert float(constant) == pytest.approx(1.0, abs=1e-5)  # no motion in a constant error
    assert float(mse) == pytest.approx(1.0, abs=1e-5)


def test_near_is_bright_and_unknown_depth_is_black():
    grey = depth_to_grey(np.array([0.3, np.sqrt(3.0), 10.0, 0.0, 0.1], dtype=np.float32))
    np.testing.assert_allclose(grey, [1.0, 0.0, -1.0, -1.0, 1.0], atol=1e-6)


def test_a_mirrored_and_reversed_pan_is_the_same_pan():
    assert variant_of(Move.PAN_LEFT, mirrored=True, reversed_=False) is Move.PAN_RIGHT
    assert variant_of(Move.PAN_LEFT, mirrored=True, reversed_=True) is Move.PAN_LEFT
    assert variant_of(Move.TILT_UP, mirrored=True, reversed_=True) is Move.TILT_DOWN


def test_orthogonalized_matrices_have_singular_values_near_one():
    matrices = torch.randn(3, 8, 20, generator=torch_generator(0, "matrices"))
    values = torch.linalg.svdvals(orthogonalized(matrices))
    assert values.min() > 0.5
    assert values.max() < 1.4


def test_the_learning_rate_warms_up_holds_and_decays():
    factors = [cosine_factor(s, steps=100, warm_up=10, hold=0.5) for s in (0, 9, 40, 75, 99)]
    assert factors[0] == pytest.approx(0.1)
    assert factors[1] == factors[2] == 1.0
    assert 0.4 < factors[3] < 0.6
    assert factors[4] < 0.01


def test_missing_clips_are_named_with_the_command_that_makes_them(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"synth\.wan\.training_clips"):
        read_clips(tmp_path, "clips")
    with pytest.raises(FileNotFoundError, match=r"synth\.wan\.latents"):
        read_latents(tmp_path, "clips")
