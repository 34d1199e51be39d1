"""RealEstate10K text: line 1 an address, then 19 numbers a frame.

``timestamp fx fy cx cy k1 k2`` and the three rows of the 3x4 **w2c** matrix, OpenCV axes; the
timestamp in microseconds. Intrinsics are divided by the frame's width (fx, cx) and height (fy,
cy), so the frame's size must be told. Frames are taken as *resized* from the source, not cropped:
fx and fy scale separately. k1 and k2 are 0 in all files known to us; others are refused.

It cannot hold: the frame size, a frame rate. The unit of length is arbitrary (one scale a clip).
"""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose
from synth.pose_files.spot import Spot, parse_numbers, read_text, require_increasing
from synth.pose_files.writing import cameras_of, join, save_lines, times_of
from synth.poses import invert
from synth.trajectories import Trajectory

_COLUMNS: Final = (
    *("timestamp", "fx", "fy", "cx", "cy", "k1", "k2"),
    *(f"t{row}" if column == 3 else f"r{row}{column}" for row in range(3) for column in range(4)),
)
_MICROSECONDS: Final = 1e6
# A normalised focal length of 20 is a field of view of 3 degrees: rather pixels, then.
_MAX_NORMALISED: Final = 20.0


class Row(NamedTuple):
    """One frame's line."""

    spot: Spot
    stamp: float
    normalised: Float64[np.ndarray, "4"]  # fx fy cx cy by width, height, width, height
    c2w: Float64[np.ndarray, "4 4"]


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a RealEstate10K text file."""
    rows = read_rows(path, hints)
    stamps_s = [row.stamp / _MICROSECONDS for row in rows]
    require_increasing(
        stamps_s,
        [row.spot for row in rows],
        cure="sort the lines; files of VideoX-Fun, all zeros, are read as videox_fun",
    )
    width, height = hints.size(rows[0].spot, "its intrinsics are divided by the frame size")
    return Trajectory(
        name=f"re10k:{path.stem}",
        c2w=np.stack([row.c2w for row in rows]),
        intrinsics=tuple(_in_pixels(row.normalised, width, height) for row in rows),
        fps=None,
        scale="relative",
        timestamps_s=np.array(stamps_s),
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a RealEstate10K text file; the name goes where the address would be."""
    cameras = cameras_of(trajectory, "a RealEstate10K file")
    stamps = times_of(trajectory, "a RealEstate10K file") * _MICROSECONDS
    rows = [
        join([stamp, k.fx / k.width, k.fy / k.height, k.cx / k.width, k.cy / k.height])
        + f" 0 0 {join(w2c[:3].reshape(-1))}"
        for stamp, k, w2c in zip(stamps, cameras, invert(trajectory.c2w), strict=True)
    ]
    save_lines(path, [trajectory.name, *rows])


def read_rows(path: Path, hints: ReadHints) -> list[Row]:
    """Read the lines after the first.

    Raises:
        PoseFileError: A line does not hold 19 good numbers, or there is none.
    """
    first, *lines = read_text(path).splitlines()
    if len(first.split()) == len(_COLUMNS):
        raise Spot(path, "line 1").error(
            "the first line is the clip's address (or empty), but this one holds a pose; put a "
            "line before it"
        )
    rows = [
        _parse(line, Spot(path, f"line {number}"), hints)
        for number, line in enumerate(lines, start=2)
        if line.strip()
    ]
    if not rows:
        raise Spot(path).error("there is no pose after the first line")
    return rows


def _parse(line: str, spot: Spot, hints: ReadHints) -> Row:
    numbers = parse_numbers(line.split(), _COLUMNS, spot)
    normalised, distortion = numbers[1:5], numbers[5:7]
    if normalised[:2].min() <= 0 or np.abs(normalised).max() > _MAX_NORMALISED:
        fx, fy, cx, cy = normalised
        raise spot.error(
            f"fx fy cx cy must be divided by the frame's width and height, got {fx:g} {fy:g} "
            f"{cx:g} {cy:g}; are they pixels?"
        )
    if distortion.any() and not hints.ignore_distortion:
        raise spot.error(
            f"columns 6 and 7 say lens distortion ({distortion[0]:g} {distortion[1]:g}), which a "
            "pinhole cannot hold; undistort the frames first"
        )
    w2c = numbers[7:].reshape(3, 4)
    pose = rigid_pose(w2c[:, :3], w2c[:, 3], spot)
    return Row(spot=spot, stamp=float(numbers[0]), normalised=normalised, c2w=invert(pose))


def _in_pixels(normalised: Float64[np.ndarray, "4"], width: int, height: int) -> Intrinsics:
    fx, fy, cx, cy = (normalised * [width, height, width, height]).tolist()
    return Intrinsics(fx=fx, fy=fy, cx=cx, cy=cy, width=width, height=height)
