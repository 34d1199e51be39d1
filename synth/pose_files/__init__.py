"""Camera paths in other people's files: one module a format, one table, our convention inside.

Whatever a file holds (w2c or c2w, OpenGL or Unreal axes, normalised or integer-centered pixels), a
``Trajectory`` comes out: c2w, OpenCV axes, intrinsics in pixels with half-integer centers. Each
module's docstring says what its format means and what it cannot hold; such fields are ``None``.

To add a format: a module with ``read`` and ``write``, and a line in ``POSE_FORMATS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from synth.pose_files import (
    actions,
    blender,
    colmap,
    colmap_binary,
    kitti,
    nerfstudio,
    npz,
    re10k,
    recammaster,
    tum,
    videox_fun,
)
from synth.pose_files.actions import read_actions, write_actions
from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import PoseFileError
from synth.trajectories import Scale, Trajectory

__all__ = [
    "POSE_FORMATS",
    "PoseFileError",
    "PoseFormat",
    "ReadHints",
    "read_actions",
    "read_poses",
    "write_actions",
    "write_poses",
]


class PoseFormat(NamedTuple):
    """A file format of camera poses."""

    read: Callable[[Path, ReadHints], Trajectory]
    write: Callable[[Path, Trajectory], None]
    summary: str


POSE_FORMATS: Final[Mapping[str, PoseFormat]] = {
    "re10k": PoseFormat(re10k.read, re10k.write, "RealEstate10K txt: w2c, normalised intrinsics"),
    "videox_fun": PoseFormat(videox_fun.read, videox_fun.write, "VideoX-Fun txt: w2c, 16:9 source"),
    "tum": PoseFormat(tum.read, tum.write, "TUM txt: seconds, c2w position and quaternion xyzw"),
    "kitti": PoseFormat(kitti.read, kitti.write, "KITTI odometry txt: 3x4 c2w"),
    "colmap": PoseFormat(colmap.read, colmap.write, "COLMAP folder, text or binary; writes text"),
    "colmap_binary": PoseFormat(
        colmap_binary.read, colmap_binary.write, "COLMAP folder of .bin files"
    ),
    "nerfstudio": PoseFormat(
        nerfstudio.read, nerfstudio.write, "nerfstudio transforms.json: c2w, OpenGL axes"
    ),
    "blender": PoseFormat(
        blender.read, blender.write, "Blender json: c2w, OpenGL axes, camera_angle_x"
    ),
    "recammaster": PoseFormat(
        recammaster.read, recammaster.write, "ReCamMaster json: Unreal axes, cm, row vectors"
    ),
    "npz": PoseFormat(npz.read, npz.write, "npz of Pi3 and MapAnything: c2w poses, intrinsics"),
    "actions": PoseFormat(actions.read, actions.write, "SANA-WM action string: w-80,jw-40"),
}


def read_poses(
    path: Path,
    pose_format: str,
    *,
    width: int | None = None,
    height: int | None = None,
    camera: str | None = None,
    scale: Scale | None = None,
    ignore_distortion: bool = False,
) -> Trajectory:
    """Read a camera path.

    Args:
        path: A file, or a folder for COLMAP.
        pose_format: A name in ``POSE_FORMATS``.
        width: Frame width in pixels, for formats whose intrinsics depend on it.
        height: Frame height in pixels, likewise.
        camera: Which camera of a ReCamMaster file.
        scale: Whether lengths are metres (and +z is up), where you know better than the format:
            all are ``"relative"`` but ReCamMaster.
        ignore_distortion: Read a distorted camera as a pinhole, for uses that need no pixels.

    Raises:
        PoseFileError: The format is unknown, or the file is not good; the message names the place.
    """
    hints = ReadHints(
        width=width, height=height, camera=camera, ignore_distortion=ignore_distortion
    )
    trajectory = _format(pose_format).read(Path(path), hints)
    return trajectory if scale is None else replace(trajectory, scale=scale)


def write_poses(path: Path, trajectory: Trajectory, pose_format: str) -> None:
    """Write a camera path; its folder is made.

    Raises:
        PoseFileError: The format is unknown, or needs what the trajectory lacks.
    """
    _format(pose_format).write(Path(path), trajectory)


def _format(name: str) -> PoseFormat:
    if name not in POSE_FORMATS:
        raise PoseFileError(f"unknown pose format {name!r}; known are {', '.join(POSE_FORMATS)}.")
    return POSE_FORMATS[name]
