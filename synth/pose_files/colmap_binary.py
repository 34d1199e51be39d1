"""COLMAP's binary model: a folder with ``cameras.bin``, ``images.bin`` and ``points3D.bin``.

Conventions are in ``synth.pose_files.colmap_model``. Little-endian; keypoints are skipped, and we
write none, nor 3D points. COLMAP 4 adds ``rigs.bin`` and ``frames.bin``, which repeat the poses of
``images.bin`` for cameras mounted together; they are not needed and not read.
"""

import struct
from pathlib import Path
from typing import Any, Final

import numpy as np

from synth.pose_files.colmap_model import (
    CAMERA_MODELS,
    PINHOLE_ID,
    ColmapCamera,
    ColmapImage,
    from_trajectory,
    to_trajectory,
)
from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import Spot, read_bytes
from synth.pose_files.writing import save
from synth.trajectories import Trajectory

FILES: Final = ("cameras.bin", "images.bin")
_KEYPOINT_BYTES: Final = 24  # x, y: float64; the id of its 3D point: int64


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a folder of COLMAP binary files."""
    return to_trajectory(path, _read_cameras(path), _read_images(path), hints)


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a folder of COLMAP binary files."""
    content = from_trajectory(path, trajectory)
    cameras = [
        struct.pack("<iiQQ4d", number, PINHOLE_ID, k.width, k.height, k.fx, k.fy, k.cx, k.cy)
        for number, k in content.cameras.items()
    ]
    images = [
        struct.pack("<i7di", number, *image.wxyz, *image.translation, image.camera_id)
        + image.name.encode()
        + b"\0"
        + struct.pack("<Q", 0)
        for number, image in enumerate(content.images, start=1)
    ]
    save(path / "cameras.bin", struct.pack("<Q", len(cameras)) + b"".join(cameras))
    save(path / "images.bin", struct.pack("<Q", len(images)) + b"".join(images))
    save(path / "points3D.bin", struct.pack("<Q", 0))


class _Cursor:
    """Reads a binary file from front to back and says where it ended too early."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._data = read_bytes(path)
        self._at = 0

    def spot(self) -> Spot:
        """Return where the cursor is."""
        return Spot(self._path, f"byte {self._at}")

    def take(self, layout: str) -> tuple[Any, ...]:
        """Read what a ``struct`` layout says, little-endian."""
        return struct.unpack_from(f"<{layout}", self._data, self._advance(layout))

    def skip(self, n_bytes: int) -> None:
        """Pass over bytes."""
        self._require(n_bytes)
        self._at += n_bytes

    def name(self) -> str:
        """Read text that ends with a zero byte."""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise self.spot().error("a name has no end; the file is cut off or no images.bin")
        start, self._at = self._at, end + 1
        return self._data[start:end].decode("utf-8", errors="replace")

    def end(self) -> None:
        """Refuse what is left over."""
        left = len(self._data) - self._at
        if left:
            raise self.spot().error(f"{left} bytes are left over; the file is damaged")

    def _advance(self, layout: str) -> int:
        start, size = self._at, struct.calcsize(f"<{layout}")
        self._require(size)
        self._at += size
        return start

    def _require(self, n_bytes: int) -> None:
        left = len(self._data) - self._at
        if n_bytes > left:
            raise self.spot().error(
                f"the file is cut off: {n_bytes} bytes should follow, {left} do; copy it again"
            )


def _read_cameras(folder: Path) -> dict[int, ColmapCamera]:
    cursor = _Cursor(folder / "cameras.bin")
    cameras: dict[int, ColmapCamera] = {}
    for _ in range(cursor.take("Q")[0]):
        spot = cursor.spot()
        camera_id, model_id, width, height = cursor.take("iiQQ")
        if model_id not in CAMERA_MODELS:
            raise spot.error(f"unknown camera model number {model_id}; is this a cameras.bin?")
        params = np.array(cursor.take(f"{CAMERA_MODELS[model_id].n_params}d"))
        if not np.isfinite(params).all():
            raise spot.error(f"camera {camera_id} has parameters that are not finite")
        cameras[camera_id] = ColmapCamera(spot, model_id, width, height, params)
    cursor.end()
    return cameras


def _read_images(folder: Path) -> list[ColmapImage]:
    cursor = _Cursor(folder / "images.bin")
    images = []
    for _ in range(cursor.take("Q")[0]):
        spot = cursor.spot()
        _, *pose, camera_id = cursor.take("i7di")
        numbers = np.array(pose, dtype=np.float64)
        name = cursor.name()
        if not np.isfinite(numbers).all():
            raise spot.error(f"image {name!r} has a pose that is not finite")
        cursor.skip(_KEYPOINT_BYTES * cursor.take("Q")[0])
        images.append(ColmapImage(spot, name, camera_id, numbers[:4], numbers[4:]))
    cursor.end()
    return images
