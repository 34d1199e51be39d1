"""A plan says what clips cost before they are made."""

from dataclasses import replace

import pytest

from synth.wan.architecture import KNOWN_SHAPES
from synth.wan.flops import ClipSize
from synth.wan.gpus import GPUS
from synth.wan.plan import GenerationJob, cost_of, speed_references

JOB = GenerationJob(
    name="wan-t2v",
    shape=KNOWN_SHAPES["Wan-AI/Wan2.1-T2V-1.3B-Diffusers"],
    model="Wan-AI/Wan2.1-T2V-1.3B-Diffusers",
    clip=ClipSize(81, 480, 832),
    n_clips=1,
    steps=50,
    is_guided=True,
    text_positions=512,
    encodes_video=False,
    has_truth=False,
)
H100 = GPUS["h100"]


def test_a_guided_clip_of_fifty_steps_is_a_hundred_passes():
    cost = cost_of(JOB, H100)
    assert cost.denoise_flops == pytest.approx(28.30e15, rel=1e-3)
    # 28.30 + 0.28 (decoding) + 0.005 PFLOP (prompt) at 989.4 TFLOP/s: 28.9 s at the peak rate.
    assert cost_of(JOB, H100, 1.0).seconds_per_clip == pytest.approx(28.9, abs=0.05)
    assert cost.seconds_per_clip == pytest.approx(28.9 / 0.3, abs=0.2)


def test_costs_grow_with_the_number_of_clips_and_seconds_a_clip_do_not():
    one, many = cost_of(JOB, H100), cost_of(replace(JOB, n_clips=1000), H100)
    assert many.flops == 1000 * one.flops
    assert many.gpu_hours == pytest.approx(1000 * one.gpu_hours)
    assert many.disk_gb == pytest.approx(1000 * one.disk_gb)
    assert many.seconds_per_clip == pytest.approx(one.seconds_per_clip)


def test_no_guidance_halves_the_passes():
    assert cost_of(replace(JOB, is_guided=False), H100).denoise_flops * 2 == (
        cost_of(JOB, H100).denoise_flops
    )


def test_a_clip_too_large_for_the_card_is_said_not_to_fit():
    assert cost_of(JOB, H100).fits
    crowd = replace(JOB, batch=64)
    assert not cost_of(crowd, GPUS["rtx4090"]).fits
    assert cost_of(crowd, GPUS["rtx4090"]).peak_phase in ("denoising", "decoding")


def test_an_encoded_control_and_stored_truth_cost_more():
    control = cost_of(replace(JOB, encodes_video=True, has_truth=True), H100)
    plain = cost_of(JOB, H100)
    assert control.vae_flops > plain.vae_flops
    assert control.disk_gb == pytest.approx(4 * plain.disk_gb)


def test_published_speeds_lie_below_the_peak_rate():
    shares = {(r.gpu, r.model): r.implied_utilization for r in speed_references()}
    assert all(0.2 < share < 0.8 for share in shares.values())
    assert shares["h200", JOB.model] == pytest.approx(0.30, abs=0.005)


@pytest.mark.parametrize("utilization", [0.0, -1.0, 1.5])
def test_an_impossible_utilization_is_refused(utilization):
    with pytest.raises(ValueError, match="utilization"):
        cost_of(JOB, H100, utilization)


@pytest.mark.parametrize("change", [{"n_clips": -1}, {"steps": 0}, {"batch": 0}])
def test_an_impossible_job_is_refused(change):
    with pytest.raises(ValueError, match="planning wan-t2v"):
        replace(JOB, **change)
