"""Measured geometry survives the disk."""

import pytest
from example_records import judged_clip, rendered_clip

from synth.storage import read_geometries, write_geometries
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
