"""VideoX-Fun text: the 19 numbers of RealEstate10K, read in another way.

Line 1 is skipped whatever it says; timestamps are 0. Poses are **w2c**, OpenCV axes. Intrinsics
are divided by the size of a 16:9 *source* (1280x720), of which the frames are a centered crop
that covers them (VideoX-Fun, ``process_pose_file``): pixels stay square, unlike RealEstate10K's.

It cannot hold: timestamps, a frame rate, the frame size. Names of the files it ships are not
what the maths says: "Pan_Left" is a truck, "Pan_Up" a pedestal, "Zoom_In" a dolly.
"""

from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.pose_files.hints import ReadHints
from synth.pose_files.re10k import read_rows
from synth.pose_files.writing import cameras_of, join, save_lines
from synth.poses import invert
from synth.trajectories import Trajectory

_SOURCE_ASPECT: Final = 1280 / 720


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a VideoX-Fun camera file."""
    rows = read_rows(path, hints)
    width, height = hints.size(rows[0].spot, "its intrinsics are divided by the frame size")
    return Trajectory(
        name=f"videox_fun:{path.stem}",
        c2w=np.stack([row.c2w for row in rows]),
        intrinsics=tuple(_in_pixels(row.normalised, width, height) for row in rows),
        fps=None,
        scale="relative",
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a VideoX-Fun camera file; its first line is empty, as in the files it ships."""
    rows = []
    cameras = cameras_of(trajectory, "a VideoX-Fun file")
    for k, w2c in zip(cameras, invert(trajectory.c2w), strict=True):
        source_width, source_height = _source_size(k.width, k.height)
        normalised = [k.fx / source_width, k.fy / source_height, k.cx / k.width, k.cy / k.height]
        rows.append(f"0 {join(normalised)} 0 0 {join(w2c[:3].reshape(-1))}")
    save_lines(path, ["", *rows])


def _source_size(width: int, height: int) -> tuple[float, float]:
    """Return the size of the 16:9 picture that covers the frame."""
    return max(width, height * _SOURCE_ASPECT), max(height, width / _SOURCE_ASPECT)


def _in_pixels(normalised: Float64[np.ndarray, "4"], width: int, height: int) -> Intrinsics:
    fx, fy, cx, cy = (normalised * [*_source_size(width, height), width, height]).tolist()
    return Intrinsics(fx=fx, fy=fy, cx=cx, cy=cy, width=width, height=height)
