"""Requests that no Wan model could follow cannot be made."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_wan import random_frames, wan_request

from synth.generators import GenerationRequest
from synth.trajectories import Trajectory


def test_clip_lengths_wan_cannot_make_are_refused_with_their_neighbours():
    with pytest.raises(ValueError, match="nearest are 77 and 81"):
        wan_request(n_frames=80)


def test_frame_sides_wan_cannot_make_are_refused():
    with pytest.raises(ValueError, match="divisible by 16"):
        wan_request(size_px=40)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"control_depth": np.ones((9, 16, 16), np.float32)}, "one map per frame"),
        ({"first_frame": random_frames(0, 32, 16)}, "first_frame must have the size of the clip"),
        ({"source_frames": random_frames(0, 4, 16, 16)}, "one image per frame"),
        ({"last_frame": random_frames(0, 16, 16)}, "a last_frame needs a first_frame"),
        ({"source_mask": np.ones((5, 16, 16), bool)}, "a source_mask needs source_frames"),
    ],
)
def test_inputs_must_have_the_shape_of_the_clip(inputs, message):
    with pytest.raises(ValueError, match=message):
        wan_request(**inputs)


def test_a_path_without_cameras_or_speed_is_refused():
    path = wan_request().trajectory
    for missing in ({"intrinsics": None}, {"fps": None}):
        with pytest.raises(ValueError, match="needs intrinsics and fps"):
            GenerationRequest(
                sequence_id="s/free",
                scene_id="s",
                scene_description="a room",
                trajectory=replace(path, **missing),
                seed=0,
            )


def test_a_free_path_has_no_move_in_its_prompt():
    request = wan_request()
    path = request.trajectory
    free = Trajectory(
        name="free", c2w=path.c2w, intrinsics=path.intrinsics, fps=8.0, scale="metric"
    )
    assert replace(request, trajectory=free).prompt == request.scene_description
