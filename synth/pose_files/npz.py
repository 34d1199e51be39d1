"""npz as Pi3 and MapAnything exchange it: ``poses`` (t, 4, 4) **c2w**, ``intrinsics`` (t, 3, 3).

OpenCV axes. Intrinsics are in pixels, with pixel centers at *integers*: column i lies at u = i, so
half a pixel is added on reading. (Pi3's example room has its principal point at (width - 1) / 2.)
A file may say ``pixel_centers`` = "half_integer".

The frame size comes from ``width`` and ``height``, from ``depths`` or ``depth`` (t, h, w), or has
to be told. ``fps`` and ``timestamps_s`` are ours, and are written when known. float32 poses are
repaired to rotations. It cannot hold: distortion.
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose
from synth.pose_files.spot import Spot, read_bytes, require_increasing
from synth.pose_files.writing import save
from synth.trajectories import Trajectory

_POSE_NAMES: Final = ("poses", "camera_poses", "c2w")
_DEPTH_NAMES: Final = ("depths", "depth")
_CENTER_OFFSETS: Final = {"integer": 0.5, "half_integer": 0.0}
_OWN_NAMES: Final = ("pixel_centers", "width", "height", "fps", "timestamps_s")
_READ: Final = frozenset((*_POSE_NAMES, *_DEPTH_NAMES, *_OWN_NAMES, "intrinsics"))
_NPY_MAGIC: Final = b"\x93NUMPY"
# RuntimeError: a zip file that is encrypted, or of an unknown version.
_UNREADABLE: Final = (ValueError, EOFError, OSError, KeyError, RuntimeError, zipfile.BadZipFile)

_Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a npz file."""
    arrays = _load(path)
    poses = _poses(arrays, path)
    timestamps_s = None
    if "timestamps_s" in arrays:
        spot = Spot(path, "timestamps_s")
        timestamps_s = _numbers(arrays["timestamps_s"], (len(poses),), spot)
        spots = [spot.at(f"timestamps_s[{index}]") for index in range(len(poses))]
        require_increasing(timestamps_s.tolist(), spots, cure="sort the frames")
    return Trajectory(
        name=f"npz:{path.stem}",
        c2w=poses,
        intrinsics=_intrinsics(arrays, len(poses), path, hints),
        fps=_positive(arrays, "fps", path),
        scale="relative",
        timestamps_s=timestamps_s,
    )


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a npz file; what the trajectory lacks is left out."""
    arrays: _Arrays = {"poses": trajectory.c2w}
    if trajectory.intrinsics is not None:
        first = trajectory.intrinsics[0]
        matrices = np.stack([k.matrix for k in trajectory.intrinsics])
        matrices[:, :2, 2] -= _CENTER_OFFSETS["integer"]
        arrays["intrinsics"] = matrices
        arrays["pixel_centers"] = np.array("integer")
        arrays["width"], arrays["height"] = np.array(first.width), np.array(first.height)
    if trajectory.fps is not None:
        arrays["fps"] = np.array(trajectory.fps)
    if trajectory.timestamps_s is not None:
        arrays["timestamps_s"] = trajectory.timestamps_s
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    save(path, buffer.getvalue())


def _load(path: Path) -> _Arrays:
    data = read_bytes(path)
    if data.startswith(_NPY_MAGIC):
        raise Spot(path).error("this is one array (.npy); expected a .npz with poses")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files if name in _READ}
    except (*_UNREADABLE, zlib.error) as error:
        raise Spot(path).error(f"this is no readable .npz file ({error})") from None


def _poses(arrays: _Arrays, path: Path) -> Float64[np.ndarray, "t 4 4"]:
    names = [name for name in _POSE_NAMES if name in arrays]
    if len(names) != 1:
        raise Spot(path).error(
            f"expected camera-to-world poses in one array named {' or '.join(_POSE_NAMES)}, got "
            f"{names or 'none of them'}; invert extrinsics (w2c) before you store them"
        )
    spot = Spot(path, names[0])
    array = arrays[names[0]]
    if array.ndim != 3 or not len(array) or array.shape[1:] not in ((3, 4), (4, 4)):
        raise spot.error(f"expected shape (t, 4, 4) or (t, 3, 4), got {array.shape}")
    matrices = _numbers(array, array.shape, spot)
    return np.stack(
        [
            rigid_pose(matrix[:3, :3], matrix[:3, 3], spot.at(f"{names[0]}[{index}]"))
            for index, matrix in enumerate(matrices)
        ]
    )


def _intrinsics(
    arrays: _Arrays, n_frames: int, path: Path, hints: ReadHints
) -> tuple[Intrinsics, ...] | None:
    if "intrinsics" not in arrays:
        return None
    spot = Spot(path, "intrinsics")
    array = arrays["intrinsics"]
    shared = array.shape == (3, 3)
    matrices = _numbers(array, (3, 3) if shared else (n_frames, 3, 3), spot)
    matrices = np.broadcast_to(matrices, (n_frames, 3, 3))
    width, height = _frame_size(arrays, path, hints)
    centers = str(arrays.get("pixel_centers", "integer"))
    if centers not in _CENTER_OFFSETS:
        known = " or ".join(_CENTER_OFFSETS)
        raise Spot(path, "pixel_centers").error(f"expected {known}, got {centers!r}")
    cameras = []
    for index, matrix in enumerate(matrices):
        if min(matrix[0, 0], matrix[1, 1]) <= 0 or abs(matrix[2] - [0, 0, 1]).max() > 0:
            raise spot.at(f"intrinsics[{index}]").error(
                f"expected [[fx, 0, cx], [0, fy, cy], [0, 0, 1]] in pixels, got {matrix.tolist()}"
            )
        (fx, _, cx), (_, fy, cy), _ = matrix.tolist()
        cx, cy = cx + _CENTER_OFFSETS[centers], cy + _CENTER_OFFSETS[centers]
        cameras.append(Intrinsics(fx=fx, fy=fy, cx=cx, cy=cy, width=width, height=height))
    return tuple(cameras)


def _frame_size(arrays: _Arrays, path: Path, hints: ReadHints) -> tuple[int, int]:
    width, height = _positive(arrays, "width", path), _positive(arrays, "height", path)
    if width is not None and height is not None:
        return int(width), int(height)
    for name in _DEPTH_NAMES:
        if name in arrays and arrays[name].ndim == 3:
            return arrays[name].shape[2], arrays[name].shape[1]
    return hints.size(Spot(path), "the file has intrinsics but neither depths nor a frame size")


def _positive(arrays: _Arrays, name: str, path: Path) -> float | None:
    if name not in arrays:
        return None
    value = float(_numbers(arrays[name], (), Spot(path, name)))
    if value <= 0:
        raise Spot(path, name).error(f"expected a number > 0, got {value:g}")
    return value


def _numbers(
    array: np.ndarray[Any, np.dtype[Any]], shape: tuple[int, ...], spot: Spot
) -> Float64[np.ndarray, "..."]:
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise spot.error(f"expected numbers of shape {shape}, got {array.dtype} {array.shape}")
    numbers = np.asarray(array, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise spot.error("it holds values that are not finite")
    return numbers
