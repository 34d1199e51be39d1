"""Blender's json (NeRF's synthetic scenes): **c2w** in OpenGL axes and one angle of view.

Axes and order are in ``synth.pose_files.transforms_json``. ``camera_angle_x`` is the horizontal
field of view in radians; pixels are square and the principal point is the center. The frame size is
not part of the format and has to be told, unless ``w`` and ``h`` are there (we write them).

It cannot hold: timestamps, a frame rate, zooms, an off-center principal point, non-square pixels.
"""

import json
import math
from pathlib import Path
from typing import Final

import numpy as np

from synth.cameras import Intrinsics
from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import PoseFileError, Spot
from synth.pose_files.transforms_json import opengl_rows, read_frames
from synth.pose_files.writing import cameras_of, one_camera, save
from synth.trajectories import Trajectory

_ROUNDING: Final = 1e-9


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a Blender json."""
    frames = read_frames(path)
    angle = frames[0].number("camera_angle_x")
    spot = Spot(path, "camera_angle_x")
    if angle is None:
        raise spot.error("it is missing; a file with fl_x is read as nerfstudio")
    if not 0 < angle < math.pi:
        raise spot.error(f"the field of view must lie in 0..pi radians, got {angle:g}")
    width, height = frames[0].side("w"), frames[0].side("h")
    if width is None or height is None:
        width, height = hints.size(spot, "the file holds an angle of view but no frame size")
    camera = Intrinsics.from_fov(width=width, height=height, fov_deg=math.degrees(angle))
    return Trajectory(
        name=f"blender:{path.stem}",
        c2w=np.stack([frame.c2w for frame in frames]),
        intrinsics=(camera,) * len(frames),
        fps=None,
        scale="relative",
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a Blender json.

    Raises:
        PoseFileError: The camera zooms, is off-center, or has pixels that are not square.
    """
    camera = one_camera(cameras_of(trajectory, "a Blender json"), "a Blender json")
    off = [camera.fx - camera.fy, camera.cx - camera.width / 2, camera.cy - camera.height / 2]
    if max(map(abs, off)) > _ROUNDING * camera.width:
        raise PoseFileError(
            f"a Blender json holds square pixels and a centered principal point, got {camera}; "
            "choose nerfstudio."
        )
    frames = [
        {"file_path": f"./frame_{number:06d}", "transform_matrix": opengl_rows(pose)}
        for number, pose in enumerate(trajectory.c2w, start=1)
    ]
    content = {
        "camera_angle_x": 2 * math.atan(camera.width / 2 / camera.fx),
        "w": camera.width,
        "h": camera.height,
        "frames": frames,
    }
    save(path, json.dumps(content, indent=1).encode())
