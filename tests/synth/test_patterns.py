from typing import get_args

import numpy as np
import pytest

from synth.render.patterns import (
    MIP_LEVELS,
    PATTERN_NAMES,
    SIDE_TEXELS,
    pattern_atlas,
    pattern_index,
    pattern_texture,
)
from synth.rooms.room import Pattern


def test_every_pattern_of_the_room_types_is_drawn():
    assert get_args(Pattern) == PATTERN_NAMES
    assert pattern_index("plain") == 0


@pytest.mark.parametrize("name", PATTERN_NAMES)
def test_patterns_keep_the_mean_color(name):
    texture = pattern_texture(name)
    np.testing.assert_allclose(texture.mean(axis=(0, 1), dtype=np.float64), 1.0, atol=1e-4)
    assert texture.min() >= 0
    assert (texture.std() > 0.03) == (name != "plain")


@pytest.mark.parametrize("name", ["plaster", "carpet", "fabric", "wood_grain", "marble", "leaves"])
def test_patterns_continue_across_their_border(name):
    texture = pattern_texture(name)
    inside = np.abs(np.diff(texture, axis=0)).mean()
    seam = np.abs(texture[0] - texture[-1]).mean()
    assert seam < 2.0 * inside


def test_coarser_levels_are_means_of_finer_ones():
    atlas = pattern_atlas()
    assert len(atlas.start) == MIP_LEVELS
    for name in ("planks", "checks"):
        number = pattern_index(name)
        first = atlas.start[1] + number * (SIDE_TEXELS // 2) ** 2  # texel (0, 0) of level 1
        np.testing.assert_allclose(
            atlas.texels[:, first], pattern_texture(name)[:2, :2].mean(axis=(0, 1)), rtol=1e-6
        )
