"""VSI-Bench's own way to measure a distance, beside the exact gap."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from box_scenes import box
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.boxes import pair_gaps, stack_boxes
from qa_gen.official_distance import _fused, official_distance_m

CUBE = (1, 1, 1)
FLOATS = st.floats(-1e3, 1e3).map(lambda x: x if abs(x) > 1e-3 else 1.0)


@given(a=FLOATS, b=FLOATS, c=FLOATS)
def test_the_product_and_the_sum_are_rounded_once(a, b, c):
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    fused = _fused(np.array([a]), np.float64(b), np.array([c]))[0]
    assert fused == float(exact)


def test_upright_boxes_far_from_rounding_are_measured_between_grid_points():
    # Unit cubes 2 m apart: their grids have a point every 1/19 m, opposite each other. Middles
    # and axes are exact in binary, so rounding drops no point of a face.
    a, b = box(1, "bed", (0, 0, 0), CUBE), box(2, "lamp", (3, 0, 0), CUBE)
    assert official_distance_m(a, b) == pytest.approx(2.0)
    # Moved sideways by half a step of the grid, the nearest points are 1/38 m off the straight
    # line, though the cubes are still 2 m apart.
    b = box(2, "lamp", (3, 1 / 38, 0), CUBE)
    assert official_distance_m(a, b) == pytest.approx((2**2 + (1 / 38) ** 2) ** 0.5, abs=1e-9)


def turned(rng, instance_id):
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    rotation[:, 0] *= np.linalg.det(rotation)
    thing = box(instance_id, "thing", rng.uniform(-2, 2, 3), rng.uniform(0.02, 1.5, 3))
    return replace(thing, rotation=rotation)


def test_it_is_the_gap_or_little_more_and_the_same_both_ways():
    rng = np.random.default_rng(0)
    excess = []
    for _ in range(60):
        a, b = turned(rng, 1), turned(rng, 2)
        gap = pair_gaps(stack_boxes([a]), stack_boxes([b]))[0]
        sampled = official_distance_m(a, b)
        assert sampled == pytest.approx(official_distance_m(b, a), abs=1e-12)
        excess.append(sampled - gap)
    assert min(excess) >= -1e-9
    assert max(excess) < 0.3
    assert 0.0 < np.median(excess) < 0.06


def test_only_nearby_points_are_looked_at_and_that_changes_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    pairs = [(turned(rng, 1), turned(rng, 2)) for _ in range(15)]
    quick = [official_distance_m(a, b) for a, b in pairs]
    monkeypatch.setattr("qa_gen.official_distance._REACH_M", 100.0)
    assert quick == [official_distance_m(a, b) for a, b in pairs]


def test_a_speck_that_rounding_wipes_out_is_sampled_more_finely():
    # 4 cm each way: a single grid point, in a corner. Rounding may lose it.
    rng = np.random.default_rng(5)
    for _ in range(20):
        rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        speck = box(1, "key", (0.1, 0.2, 0.3), (0.04, 0.04, 0.04))
        speck = replace(speck, rotation=rotation)
        other = box(2, "bed", center=(3, 0, 0))
        gap = pair_gaps(stack_boxes([speck]), stack_boxes([other]))[0]
        assert gap - 1e-9 <= official_distance_m(speck, other) < gap + 0.15
