"""Turns are counter-clockwise, sectors are VSI-Bench's, margins look both ways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.directions import EASY, HARD, MEDIUM, classify_turns, turn_deg, turn_sigma_deg


def turn(position, facing, query):
    return float(turn_deg(*(np.array([p], dtype=np.float64) for p in (position, facing, query)))[0])


@pytest.mark.parametrize(
    ("query", "expected"),
    [((0, 2), 0), ((-1, 0), 90), ((0, -1), 180), ((1, 0), 270), ((1, 1), 315)],
)
def test_standing_at_the_origin_and_facing_along_y_left_is_90_degrees(query, expected):
    assert turn((0, 0), (0, 1), query) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sectors", "angle", "name", "margin"),
    [
        (EASY, 1.0, "left", 1.0),
        (EASY, 170.0, "left", 10.0),
        (EASY, 359.0, "right", 1.0),
        (MEDIUM, 134.0, "left", 1.0),
        (MEDIUM, 136.0, "back", 1.0),
        (MEDIUM, 180.0, "back", 45.0),
        (MEDIUM, 226.0, "right", 1.0),
        (MEDIUM, 355.0, "right", 5.0),
        (HARD, 45.0, "front-left", 45.0),
        (HARD, 95.0, "back-left", 5.0),
        (HARD, 185.0, "back-right", 5.0),
        (HARD, 350.0, "front-right", 10.0),
    ],
)
def test_sectors_and_their_two_sided_margins(sectors, angle, name, margin):
    bearing = classify_turns(np.array([angle]), sectors)
    assert sectors.names[bearing.sector[0]] == name
    assert bearing.margin_deg[0] == pytest.approx(margin)


@given(st.floats(0, 359.999), st.sampled_from([EASY, MEDIUM, HARD]), st.floats(-0.999, 0.999))
def test_no_turn_smaller_than_the_margin_changes_the_answer(angle, sectors, share):
    bearing = classify_turns(np.array([angle]), sectors)
    turned = np.array([(angle + share * bearing.margin_deg[0]) % 360])
    assert classify_turns(turned, sectors).sector[0] == bearing.sector[0]


@pytest.mark.parametrize("angle", [20.0, 120.0, 200.0])
def test_sigma_is_what_jittered_middles_show(angle):
    rng = np.random.default_rng(0)
    direction = np.deg2rad(90 + angle)
    points = np.array([[0, 0], [0, 2.0], [3 * np.cos(direction), 3 * np.sin(direction)]])
    position, facing, query = points[:, None] + rng.normal(0, 0.01, (3, 20_000, 2))
    sigma = turn_sigma_deg(np.array([angle]), np.array([2.0]), np.array([3.0]), 0.01)
    assert turn_deg(position, facing, query).std() == pytest.approx(sigma[0], rel=0.03)
