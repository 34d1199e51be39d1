"""Step caches as recipes name them."""

import subprocess
import sys

import pytest
from random_wan import random_pipeline, sample

from synth.wan.caching import (
    enable_step_cache,
)
from synth.wan.mag_ratios import WAN21_T2V_1_3B_MAG_RATIOS
from synth.wan.step_cache import StepCache, check_method


def test_published_mag_ratios_skip_over_half_of_fifty_steps():
    # The paper's setting for speed: threshold 0.12, at most 4 in a row.
    cache = StepCache(
        method="mag", threshold=0.12, max_skipped=4, mag_ratios=WAN21_T2V_1_3B_MAG_RATIOS
    )
    pipeline = random_pipeline()
    running = enable_step_cache(pipeline, cache, steps=50)
    sample(pipeline, steps=50)
    assert 0.5 < running.finish_clip().skipped_share < 0.8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 0.1}, "threshold=0.1 is an option of another method; this one takes none"),
        ({"method": "sea", "order": 1}, "order=1 is an option of another method"),
        ({"method": "mag"}, "measure them with"),
        ({"method": "mag", "mag_ratios": (1.0, -1.0)}, "mag_ratios must be positive"),
        ({"method": "taylor", "interval": 1}, "interval must be at least 2, got 1"),
        ({"method": "sea", "threshold": float("nan")}, "threshold must be at least 0.0, got nan"),
        ({"method": "mag", "mag_ratios": (1.0,), "first_full_share": 1.0}, "must be below 1"),
        ({"method": "taylor", "first_full_steps": 0}, "first_full_steps must be at least 1"),
    ],
)
def test_step_caches_that_cannot_be_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        StepCache(**options)


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no method 'teacache'; use one of none, first_block, mag"):
        check_method("teacache")


def test_a_step_cache_stores_the_defaults_it_runs_with():
    assert StepCache(method="sea") == StepCache(
        method="sea", threshold=0.25, max_skipped=2, first_full_steps=1, last_full_steps=1
    )


def test_configurations_and_prompts_are_read_without_torch():
    modules = (
        "synth.wan.step_cache, synth.wan.lora, synth.wan.placement, synth.wan.mag_ratios, "
        "synth.scene_prompts.grammar, synth.scene_prompts.templates, synth.scene_prompts.text_file"
    )
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
