"""The whole Wan2.1-T2V-1.3B, with random weights, makes a clip on a CPU."""

import pytest

from benchmarks.wan_architecture import Options, measure


@pytest.mark.by_hand
def test_the_1_3b_architecture_makes_a_clip_of_17_frames_within_24_gib():
    found = measure(Options(n_frames=17, size_px=128, steps=2))
    assert found["parameters"] == 1_418_996_800  # as on the model card
    assert (found["frames"], found["size_px"], found["passes"]) == (17, 128, 4)
    assert found["peak_gib"] < 24
    assert found["pixel_std"] > 1  # a picture of noise, not a blank one
