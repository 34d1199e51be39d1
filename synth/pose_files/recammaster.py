"""ReCamMaster's ``camera_extrinsics.json``: Unreal's axes, centimetres, row vectors.

``{"frame0": {"cam01": "[r r r 0] [r r r 0] [r r r 0] [x y z 1] "}}``: a **c2w** that multiplies row
vectors from the right. Unreal's camera looks along x, with y right and z up, in a *left-handed*
world. We mirror that world (its y axis), which keeps +z up and gives proper rotations; the relative
poses, which are all that ReCamMaster feeds to its model, are those of the original.

It holds several cameras; one is read. It cannot hold: intrinsics, timestamps, a frame rate.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Float64

from synth.natural_order import natural_key
from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose
from synth.pose_files.spot import PoseFileError, Spot, parse_numbers, read_json
from synth.pose_files.writing import join, save
from synth.trajectories import Trajectory

_CM_PER_M: Final = 100.0
_FRAME: Final = re.compile(r"frame\d+")
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")
_ROW: Final = ("column 1", "column 2", "column 3", "column 4")
_MIRROR_Y: Final = np.diag([1.0, -1.0, 1.0])
# Columns: OpenCV's right, down and forward in Unreal's camera axes (x forward, y right, z up).
_UNREAL_FROM_OPENCV: Final = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read one camera: ``hints.camera``, or the only one there is."""
    content = read_json(path)
    frames = sorted(content, key=natural_key)
    wrong = [name for name in frames if not _FRAME.fullmatch(name)]
    if wrong or not frames:
        raise Spot(path).error(f"expected frame0, frame1, ... as keys, got {wrong[:3] or 'none'}")
    camera = _choose(content[frames[0]], Spot(path, frames[0]), hints.camera)
    poses = [_c2w(content[name], camera, Spot(path, name)) for name in frames]
    return Trajectory(
        name=f"recammaster:{camera}",
        c2w=np.stack(poses),
        intrinsics=None,
        fps=None,
        scale="metric",
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a file with one camera, ``cam01``; intrinsics and times are left out.

    Raises:
        PoseFileError: Lengths are not metres, so they cannot be written in centimetres.
    """
    if trajectory.scale != "metric":
        raise PoseFileError(
            f"a ReCamMaster file is in centimetres and {trajectory.name!r} has no unit (its scale "
            f"is {trajectory.scale!r}); find its scale first."
        )
    content = {}
    for number, pose in enumerate(trajectory.c2w):
        rows = np.zeros((4, 4))
        rows[:3, :3] = (_MIRROR_Y @ pose[:3, :3] @ _UNREAL_FROM_OPENCV.T).T
        rows[3] = [*(_MIRROR_Y @ pose[:3, 3] * _CM_PER_M), 1.0]
        text = "".join(f"[{join(row)}] " for row in rows)
        content[f"frame{number}"] = {"cam01": text}
    save(path, json.dumps(content, indent=4).encode())


def _choose(cameras: Any, spot: Spot, wanted: str | None) -> str:  # noqa: ANN401 - parsed JSON
    if not isinstance(cameras, dict) or not cameras:
        raise spot.error("expected an object of cameras")
    names: list[str] = sorted(cameras, key=natural_key)
    if wanted is None and len(names) > 1:
        raise spot.error(f"the file holds several cameras; choose one of {', '.join(names)}")
    if wanted is not None and wanted not in names:
        raise spot.error(f"there is no camera {wanted!r}; choose one of {', '.join(names)}")
    return wanted or names[0]


def _c2w(cameras: Any, camera: str, spot: Spot) -> Float64[np.ndarray, "4 4"]:  # noqa: ANN401 - parsed JSON
    if not isinstance(cameras, dict) or not isinstance(cameras.get(camera), str):
        raise spot.error(f"camera {camera!r} is missing here")
    spot = spot.at(f"{spot.where}.{camera}")
    rows = _BRACKETS.findall(cameras[camera])
    if len(rows) != 4:
        raise spot.error(f"expected 4 rows in brackets, got {len(rows)}")
    matrix = np.stack([parse_numbers(row.split(), _ROW, spot) for row in rows])
    if not np.array_equal(matrix[:, 3], [0.0, 0.0, 0.0, 1.0]):
        raise spot.error(
            f"the last column must be 0 0 0 1 (row vectors), got {matrix[:, 3].tolist()}; "
            "transpose it"
        )
    rotation = _MIRROR_Y @ matrix[:3, :3].T @ _UNREAL_FROM_OPENCV
    return rigid_pose(rotation, _MIRROR_Y @ matrix[3, :3] / _CM_PER_M, spot)
