"""Clips and measured geometry survive the disk."""

from dataclasses import replace

import numpy as np
import pytest
from example_records import judged_clip, rendered_clip
from same import assert_same

from synth.camera_paths.primitives import zoom
from synth.storage import read_geometries, read_sequences, write_geometries, write_sequences
from synth.trajectories import Move


@pytest.mark.parametrize(
    "clip",
    [
        rendered_clip("room-000001", Move.PAN_RIGHT),
        judged_clip("wan-t2v-000001", Move.DOLLY_IN),
        judged_clip("wan-t2v-000002", Move.DOLLY_IN, seen=None),
    ],
    ids=["rendered", "judged", "mixed"],
)
def test_a_measured_motion_keeps_its_margin_on_disk(clip, tmp_path):
    path = write_geometries(tmp_path / "shard.npz", [clip.geometry])
    (again,) = read_geometries(path)
    assert again.motion == clip.geometry.motion
    assert again.motion.margin_unit == ("deg" if again.c2w is not None else "probability")


def test_equal_geometries_give_equal_bytes(tmp_path):
    written = [
        write_geometries(tmp_path / name, [rendered_clip("room-000001").geometry])
        for name in ("one.npz", "other.npz")
    ]
    assert written[0].read_bytes() == written[1].read_bytes()


def test_a_clip_comes_back_with_everything_its_path_says(tmp_path):
    sequence = rendered_clip("room-000001").sequence
    zooming = replace(
        sequence.requested,
        name="zoom_in",
        move=Move.ZOOM_IN,
        amount=1.5,
        intrinsics=zoom(sequence.intrinsics[0], np.linspace(1.0, 1.5, 5)),
        params=(("knots", 3.0),),
        timestamps_s=np.array([0.0, 0.1, 0.25, 0.3, 0.5]),
    )
    free = replace(sequence.requested, name="waypoints", move=None, amount=0.0, scale="relative")
    clips = [sequence, replace(sequence, requested=zooming), replace(sequence, requested=free)]
    back = read_sequences(write_sequences(tmp_path / "shard.npz", clips))
    for before, after in zip(clips, back, strict=True):
        assert_same(after, before)
