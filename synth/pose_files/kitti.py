"""KITTI odometry text: the three rows of the 3x4 **c2w** matrix, 12 numbers a line.

OpenCV axes; the world is the first camera of the drive. Metres by custom.

It cannot hold: timestamps, a frame rate, intrinsics, the frame size (KITTI keeps them in
``times.txt`` and ``calib.txt``).
"""

from pathlib import Path
from typing import Final

import numpy as np

from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose
from synth.pose_files.spot import Spot, numbered_lines, parse_numbers, read_text
from synth.pose_files.writing import join, save_lines
from synth.trajectories import Trajectory

_COLUMNS: Final = tuple(
    f"t{row}" if column == 3 else f"r{row}{column}" for row in range(3) for column in range(4)
)


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a KITTI poses file."""
    del hints  # it says all it can
    poses = []
    for number, line in numbered_lines(read_text(path)):
        spot = Spot(path, f"line {number}")
        matrix = parse_numbers(line.split(), _COLUMNS, spot).reshape(3, 4)
        poses.append(rigid_pose(matrix[:, :3], matrix[:, 3], spot))
    if not poses:
        raise Spot(path).error("there is no pose, only comments")
    return Trajectory(
        name=f"kitti:{path.stem}", c2w=np.stack(poses), intrinsics=None, fps=None, scale="relative"
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a KITTI poses file; intrinsics and times are left out."""
    save_lines(path, [join(pose[:3].reshape(-1)) for pose in trajectory.c2w])
