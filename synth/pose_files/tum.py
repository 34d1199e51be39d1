"""TUM text: ``timestamp tx ty tz qx qy qz qw`` a line, ``#`` for comments.

Poses are **c2w**: position and unit quaternion, scalar last. Seconds. The axes are whatever the
file's maker says; here they are taken as OpenCV camera axes. Metres by custom, not by rule.

It cannot hold: intrinsics, the frame size, a frame rate.
"""

from pathlib import Path
from typing import Final

import numpy as np

from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose, rotation_from_wxyz, wxyz_from_rotation
from synth.pose_files.spot import (
    Spot,
    numbered_lines,
    parse_numbers,
    read_text,
    require_increasing,
)
from synth.pose_files.writing import join, save_lines, times_of
from synth.trajectories import Trajectory

_COLUMNS: Final = ("timestamp", "tx", "ty", "tz", "qx", "qy", "qz", "qw")


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a TUM file."""
    del hints  # it says all it can
    stamps, spots, poses = [], [], []
    for number, line in numbered_lines(read_text(path)):
        spot = Spot(path, f"line {number}")
        numbers = parse_numbers(line.replace(",", " ").split(), _COLUMNS, spot)
        rotation = rotation_from_wxyz(np.roll(numbers[4:], 1), spot)
        stamps.append(float(numbers[0]))
        spots.append(spot)
        poses.append(rigid_pose(rotation, numbers[1:4], spot))
    if not poses:
        raise Spot(path).error("there is no pose, only comments")
    require_increasing(stamps, spots)
    return Trajectory(
        name=f"tum:{path.stem}",
        c2w=np.stack(poses),
        intrinsics=None,
        fps=None,
        scale="relative",
        timestamps_s=np.array(stamps),
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a TUM file; intrinsics are left out."""
    stamps = times_of(trajectory, "a TUM file")
    lines = [
        join([stamp, *pose[:3, 3], *np.roll(wxyz_from_rotation(pose[:3, :3]), -1)])
        for stamp, pose in zip(stamps, trajectory.c2w, strict=True)
    ]
    save_lines(path, [f"# {' '.join(_COLUMNS)}", *lines])
