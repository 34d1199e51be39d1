"""What generated clips are measured to show."""

import numpy as np
import pytest

from flows.work.generated import name_motion
from synth.measure.global_sfm import GlobalSfm
from synth.moves import Move
from synth.poses import invert, look_at
from synth.trajectories import make_trajectory

LOOKS_DOWN = look_at(np.array([0.0, 0.0, 1.6]), np.array([0.0, 3.0, 0.2]), np.array([0.0, 0, 1]))


def reconstructed(c2w):
    """Return a path as structure from motion gives it: from its first camera, in its own unit."""
    seen = invert(c2w[0]) @ c2w
    seen[:, :3, 3] *= 0.2  # five metres a unit, so the scene two metres away is 0.4 away
    points = np.array([[0.0, 0.0, 0.4], [0.1, 0.0, 0.4], [0.0, 0.1, 0.4]])
    return GlobalSfm(tuple(range(len(c2w))), seen, points, reprojection_px=0.1, focal_px=300.0)


@pytest.mark.parametrize("move", [Move.DOLLY_IN, Move.DOLLY_OUT, Move.TRUCK_LEFT, Move.PEDESTAL_UP])
def test_a_camera_that_looks_down_is_named_by_the_up_of_the_path_it_was_asked_for(move):
    path = make_trajectory(move, LOOKS_DOWN, amount=0.6, n_frames=9, target_distance_m=2.0).c2w
    named = name_motion(reconstructed(path), path)
    assert (named.move, named.measured_by) == (move, "sfm")


def test_without_a_path_the_first_camera_counts_as_level():
    path = make_trajectory(
        Move.DOLLY_IN, LOOKS_DOWN, amount=0.6, n_frames=9, target_distance_m=2.0
    ).c2w
    assert name_motion(reconstructed(path), None).move is None
