"""Splits by hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_cards.splits import SplitConfig, split_of

ROOMS = [f"room-{i:06d}" for i in range(1500)]


def test_the_split_of_a_scene_is_the_published_one():
    got = "".join(split_of(room, SplitConfig(test_fraction=0.5))[1] for room in ROOMS[:16])
    assert (
        got == "eeeerrerereeerre"
    )  # second letters; `printf 'vega3d\x1froom-000000' | sha256sum` is 14..


@given(st.floats(0.0, 1.0))
def test_about_the_asked_share_of_scenes_is_test(fraction):
    config = SplitConfig(test_fraction=fraction)
    share = sum(split_of(room, config) == "test" for room in ROOMS) / len(ROOMS)
    assert share == pytest.approx(fraction, abs=0.05)


@given(st.text(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_larger_test_share_keeps_every_test_scene(scene, a, b):
    small, large = sorted((a, b))
    if split_of(scene, SplitConfig(test_fraction=small)) == "test":
        assert split_of(scene, SplitConfig(test_fraction=large)) == "test"


def test_another_salt_is_another_division():
    other = SplitConfig(test_fraction=0.5, salt="other")
    assert any(split_of(r, other) != split_of(r, SplitConfig(test_fraction=0.5)) for r in ROOMS)


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match=r"a share in 0\.\.1, got 20"):
        SplitConfig(test_fraction=20)
