"""nerfstudio's ``transforms.json``: **c2w** in OpenGL axes, intrinsics in pixels, frame by frame.

Axes and order are in ``synth.pose_files.transforms_json``. ``fl_x fl_y cx cy w h`` stand at the top
or in each frame; pixel centers at half-integers. A missing ``fl_y`` equals ``fl_x``. A file with
none of them has no intrinsics. ``applied_transform`` (from COLMAP's world to this one) is kept as
it is: it moves the world only. Distorted and fisheye cameras are refused.

It cannot hold: timestamps, a frame rate.
"""

import json
from pathlib import Path

import numpy as np

from synth.cameras import Intrinsics
from synth.pose_files.hints import ReadHints
from synth.pose_files.transforms_json import Frame, opengl_rows, read_frames
from synth.pose_files.writing import cameras_of, save
from synth.trajectories import Trajectory


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a ``transforms.json``, or the folder it lies in."""
    path = path / "transforms.json" if path.is_dir() else path
    frames = read_frames(path)
    has_focal = [frame.number("fl_x") is not None for frame in frames]
    if any(has_focal) and not all(has_focal):
        raise frames[has_focal.index(False)].spot.error(
            "fl_x is missing here, other frames have it"
        )
    cameras = tuple(_camera(frame, hints) for frame in frames) if all(has_focal) else None
    if cameras is not None and len({(k.width, k.height) for k in cameras}) > 1:
        raise frames[0].spot.error("a path needs frames of one size (w, h), and these differ")
    return Trajectory(
        name=f"nerfstudio:{path.parent.name if path.stem == 'transforms' else path.stem}",
        c2w=np.stack([frame.c2w for frame in frames]),
        intrinsics=cameras,
        fps=None,
        scale="relative",
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a ``transforms.json`` with the intrinsics in each frame."""
    frames = [
        {
            "file_path": f"images/frame_{number:06d}.png",
            **_fields(k),
            "transform_matrix": opengl_rows(pose),
        }
        for number, (k, pose) in enumerate(
            zip(cameras_of(trajectory, "a nerfstudio file"), trajectory.c2w, strict=True), start=1
        )
    ]
    save(path, json.dumps({"camera_model": "PINHOLE", "frames": frames}, indent=1).encode())


def _fields(k: Intrinsics) -> dict[str, float]:
    return {"fl_x": k.fx, "fl_y": k.fy, "cx": k.cx, "cy": k.cy, "w": k.width, "h": k.height}


def _camera(frame: Frame, hints: ReadHints) -> Intrinsics:
    model = str(frame.values.get("camera_model", "PINHOLE"))
    is_distorted = "FISHEYE" in model or "EQUIRECT" in model or frame.distortion()
    if is_distorted and not hints.ignore_distortion:
        raise frame.spot.error(
            f"a {model} camera with distortion {frame.distortion()} is no pinhole; undistort the "
            "frames first"
        )
    width, height = frame.side("w"), frame.side("h")
    if width is None or height is None:
        width, height = hints.size(frame.spot, "w and h are missing")
    fx, fy, cx, cy = (frame.number(name) for name in ("fl_x", "fl_y", "cx", "cy"))
    if fx is None or fx <= 0 or (fy is not None and fy <= 0):
        raise frame.spot.error(f"fl_x and fl_y must be > 0 pixels, got {fx} and {fy}")
    return Intrinsics(
        fx=fx,
        fy=fx if fy is None else fy,
        cx=width / 2 if cx is None else cx,
        cy=height / 2 if cy is None else cy,
        width=width,
        height=height,
    )
