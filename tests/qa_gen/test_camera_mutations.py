"""Broken pose conventions change the answers of every kind that hangs on them."""

from functools import lru_cache

import pytest
from box_rooms import around
from camera_mutations import MUTATIONS, n_changed, right_answers, wandering_film
from worlds import drawn_room

from qa_gen.record import QuestionKind

CASES = [(name, kind) for name, m in MUTATIONS.items() for kind in m.must_change]


@lru_cache(maxsize=16)
def honest(kind):
    return right_answers(wandering_film(), kind)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_wrong_pose_convention_changes_answers(name, kind):
    wrong = right_answers(MUTATIONS[name].of(wandering_film()), kind)
    assert len(honest(kind)) >= 20
    assert n_changed(honest(kind), wrong) > 0.15 * len(honest(kind))


@pytest.mark.parametrize("name", MUTATIONS)
def test_an_angle_does_not_hang_on_them(name):
    kind = QuestionKind.CAMERA_ROTATION_ANGLE
    wrong = right_answers(MUTATIONS[name].of(wandering_film()), kind)
    assert len(honest(kind)) >= 20
    assert n_changed(honest(kind), wrong) == 0


def test_the_wrong_center_makes_an_orbit_stand_still():
    # Around the world's z axis -R^T t is (0, 0.4, 2.4) from everywhere: no travel is left.
    orbit = drawn_room(poses=around(center=(0.0, 0.0, 0.4), span_deg=50.0, height_m=0.4))
    kind = QuestionKind.CAMERA_DISPLACEMENT
    assert max(right_answers(orbit, kind).values()) > 1.0
    assert not right_answers(MUTATIONS["the center of c2w is -R^T t"].of(orbit), kind)
