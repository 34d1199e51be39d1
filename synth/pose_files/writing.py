"""What all writers share: they refuse what their format needs and the trajectory lacks."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.pose_files.spot import PoseFileError
from synth.trajectories import Trajectory


def save(path: Path, data: bytes) -> None:
    """Write a file, complete or not at all."""
    from synth.storage import write_atomically  # it imports the renderer

    write_atomically(path, data)


def save_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text."""
    save(path, ("\n".join(lines) + "\n").encode())


def join(numbers: Iterable[float]) -> str:
    """Return numbers with a space between, each with the digits that give it back exactly."""
    return " ".join(repr(float(number)) for number in numbers)


def cameras_of(trajectory: Trajectory, what: str) -> tuple[Intrinsics, ...]:
    """Return the intrinsics.

    Raises:
        PoseFileError: The trajectory has none.
    """
    if trajectory.intrinsics is None:
        raise PoseFileError(
            f"{what} needs intrinsics and {trajectory.name!r} has none; set them, or choose a "
            "format without (tum, kitti)."
        )
    return trajectory.intrinsics


def times_of(trajectory: Trajectory, what: str) -> Float64[np.ndarray, " t"]:
    """Return the timestamps in seconds, from the frame rate if there are none.

    Raises:
        PoseFileError: The trajectory has neither.
    """
    if trajectory.timestamps_s is not None:
        return trajectory.timestamps_s
    if trajectory.fps is None:
        raise PoseFileError(
            f"{what} needs timestamps and {trajectory.name!r} has neither them nor a frame rate; "
            "set fps, or choose a format without (kitti)."
        )
    return np.arange(len(trajectory.c2w)) / trajectory.fps


def one_camera(cameras: tuple[Intrinsics, ...], what: str) -> Intrinsics:
    """Return the one camera of all frames.

    Raises:
        PoseFileError: They differ.
    """
    if len(set(cameras)) != 1:
        raise PoseFileError(
            f"{what} holds one camera for all frames, and this path has {len(set(cameras))} (it "
            "zooms); choose nerfstudio, colmap, npz or re10k."
        )
    return cameras[0]
