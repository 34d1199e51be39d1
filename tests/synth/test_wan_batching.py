"""Errors that may pass are survived with the same pixels; bad clips are given up and counted."""

import logging

import numpy as np
import pytest
import torch
from tiny_wan import save_random_pipeline, tiny_wan_recipe, wan_request

from synth.generators import Rejected
from synth.trajectories import Move
from synth.wan.batching import BatchRunner
from synth.wan.engine import WanEngine
from synth.wan.watching import BLANK, FROZEN, NOT_FINITE, LatentStatistics, StepView, to_bytes

REQUESTS = [wan_request(n, move) for n, move in enumerate((Move.PAN_LEFT, Move.TILT_UP) * 2)]


@pytest.fixture(scope="module", autouse=True)
def _one_thread():  # waiting for a second one costs more than it does
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    save_random_pipeline(folder, vace=False)
    return folder


def engine_of(folder, *, recipe=None, **options):
    return WanEngine(tiny_wan_recipe(folder, **(recipe or {})), wait_s=0.0, **options)


def fail(engine, should_fail, error):
    """Let the transformer fail when ``should_fail(batch size)`` says so."""

    def hook(module, args, kwargs):
        del module, args
        if should_fail(len(kwargs["hidden_states"])):
            raise error

    engine.pipeline.transformer.register_forward_pre_hook(hook, with_kwargs=True)


def frames_of(results):
    return np.stack([result.frames for result in results])


def test_out_of_memory_halves_the_batch_and_remembers_it(folder, caplog):
    engine, small = engine_of(folder), engine_of(folder, recipe={"max_batch": 1})
    attempts = []
    fail(engine, lambda n: attempts.append(n) or n > 1, torch.OutOfMemoryError("no memory"))
    with caplog.at_level(logging.WARNING):
        results = engine.generate(REQUESTS)
    np.testing.assert_array_equal(frames_of(results), frames_of(small.generate(REQUESTS)))
    assert [r.provenance.made_by[-2:] for r in results] == ["/1"] * 4
    assert attempts[:3] == [4, 2, 1]
    assert "out of memory with 4 clips of 5x16x16; 2 at a time" in caplog.text
    attempts.clear()
    engine.generate(REQUESTS)
    assert set(attempts) == {1}


def test_one_clip_that_does_not_fit_is_an_error_after_some_attempts(folder):
    engine = engine_of(folder, attempts=2)
    attempts = []
    fail(engine, lambda n: attempts.append(n) or True, torch.OutOfMemoryError("no memory"))
    with pytest.raises(torch.OutOfMemoryError, match="no memory"):
        engine.generate(REQUESTS)
    assert attempts == [4, 2, 1, 1]


def test_an_error_that_passes_changes_no_pixel(folder, caplog):
    engine = engine_of(folder)
    failures = iter([False, False, True])  # in the second step
    fail(engine, lambda _: next(failures, False), TimeoutError("disk"))
    with caplog.at_level(logging.WARNING):
        results = engine.generate(REQUESTS)
    assert "attempt 1 of 3 failed (TimeoutError: disk)" in caplog.text
    expected = engine_of(folder).generate(REQUESTS)
    np.testing.assert_array_equal(frames_of(results), frames_of(expected))


def test_an_error_that_stays_is_raised_after_all_attempts(folder):
    engine, attempts = engine_of(folder, attempts=3), []
    fail(engine, lambda n: attempts.append(n) or True, ConnectionError("gone"))
    with pytest.raises(ConnectionError, match="gone"):
        engine.generate(REQUESTS[:1])
    assert len(attempts) == 3


def test_other_errors_are_not_tried_again(folder):
    engine, attempts = engine_of(folder), []
    fail(engine, lambda n: attempts.append(n) or True, RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        engine.generate(REQUESTS[:1])
    assert len(attempts) == 1


def test_attempts_must_be_possible():
    with pytest.raises(ValueError, match="attempts must be >= 1"):
        BatchRunner(lambda _: [], lambda: None, attempts=0, wait_s=0.0)


class Pick:
    """Gives up the clips of some scenes after step 1 and keeps what it saw."""

    steps = (1,)

    def __init__(self, *scenes):
        self.scenes = scenes
        self.views = []

    def judge(self, view):
        self.views.append(view)
        return ["unwanted" if r.scene_id in self.scenes else None for r in view.requests]


def test_rejected_clips_are_returned_in_their_place_and_the_others_are_unchanged(folder):
    results = engine_of(folder, watcher=Pick("wan-1")).generate(REQUESTS)
    assert results[1] == Rejected(sequence_id="wan-1/tilt_up", reason="unwanted", step=1)
    expected = engine_of(folder).generate(REQUESTS)
    for kept in (0, 2, 3):
        np.testing.assert_array_equal(results[kept].frames, expected[kept].frames)


def test_a_batch_without_wanted_clips_stops_at_once(folder):
    progress = []
    everything = Pick(*(request.scene_id for request in REQUESTS))
    engine = engine_of(folder, recipe={"steps": 5}, watcher=everything, on_step=progress.append)
    decoded = []
    engine.pipeline.vae.decoder.register_forward_pre_hook(lambda *_: decoded.append(1))
    results = engine.generate(REQUESTS)
    assert [type(result) for result in results] == [Rejected] * 4
    assert [(p.step, p.n_steps) for p in progress] == [(1, 5)]
    assert decoded == []
    finished = engine_of(folder, recipe={"steps": 5}).generate(REQUESTS[:1])
    everything.scenes = ()
    np.testing.assert_array_equal(engine.generate(REQUESTS[:1])[0].frames, finished[0].frames)


def test_progress_is_told_after_every_step(folder):
    progress = []
    engine_of(folder, recipe={"steps": 3}, on_step=progress.append).generate(REQUESTS[:2])
    ids = ("wan-0/pan_left", "wan-1/tilt_up")
    assert [tuple(p) for p in progress] == [(ids, step, 3) for step in (1, 2, 3)]


def test_a_watcher_sees_the_clean_estimate_that_becomes_the_clip(folder):
    watcher = Pick()
    watcher.steps = (4,)
    engine = engine_of(folder, recipe={"steps": 4}, watcher=watcher)
    results = engine.generate(REQUESTS[:2])
    (view,) = watcher.views
    # The last step of the schedule ends at the estimate itself.
    np.testing.assert_array_equal(view.preview(view.clean), frames_of(results))


def test_watching_needs_a_scheduler_that_keeps_its_estimate(folder):
    engine = engine_of(folder, watcher=Pick())
    engine.pipeline.scheduler.register_to_config(predict_x0=False)
    with pytest.raises(ValueError, match="keeps no estimate of the clean latents"):
        engine.generate(REQUESTS[:1])


def view_of(latents):
    requests = tuple(REQUESTS[: len(latents)])
    return StepView(step=1, n_steps=4, requests=requests, clean=latents, preview=np.asarray)


def test_latent_statistics_name_what_is_wrong():
    noise = torch.randn((4, 16, 3, 4, 4), generator=torch.Generator().manual_seed(0))
    latents = noise.clone()
    latents[0, :, 1, 2] = torch.nan
    latents[1] *= 1e-3
    latents[2] = noise[2][:, :1]
    watcher = LatentStatistics(steps=(1,), min_std=0.1, min_motion=0.1)
    assert watcher.judge(view_of(latents)) == [NOT_FINITE, BLANK, FROZEN, None]
    assert LatentStatistics(steps=(1,)).judge(view_of(latents)) == [NOT_FINITE, None, None, None]


@pytest.mark.parametrize(
    "options",
    [
        {"steps": ()},
        {"steps": (0,)},
        {"steps": (1,), "min_std": -1.0},
        {"steps": (1,), "min_motion": float("nan")},
    ],
)
def test_latent_statistics_refuse_thresholds_without_meaning(options):
    with pytest.raises(ValueError, match="LatentStatistics"):
        LatentStatistics(**options)


def test_clips_that_are_no_numbers_are_rejected_not_rounded(folder):
    engine = engine_of(folder)
    with torch.no_grad():
        engine.pipeline.vae.decoder.conv_out.bias[0] = torch.nan
    results = engine.generate(REQUESTS[:2])
    assert [(r.reason, r.step) for r in results] == [(NOT_FINITE, 2)] * 2


def test_pixels_are_rounded_to_the_nearest_byte():
    frames = np.full((1, 1, 1, 1, 3), [0.0, 0.4999 / 255 + 1 / 255, 1.0], dtype=np.float32)
    assert to_bytes(frames).ravel().tolist() == [0, 1, 255]
