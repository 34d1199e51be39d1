"""What nerfstudio's and Blender's json share: a list of frames with a 4x4 **c2w** in OpenGL axes.

OpenGL: x right, y up, z backward; only the camera axes differ from ours, the world is kept (+z up
in both tools). Frames are put in the natural order of their ``file_path`` when all have one.
"""

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from synth.natural_order import natural_key
from synth.pose_files.rigid import rigid_pose
from synth.pose_files.spot import Spot, parse_number, parse_numbers, read_json
from synth.poses import Pose, c2w_from_opengl

_DISTORTION: Final = ("k1", "k2", "k3", "k4", "k5", "k6", "p1", "p2")
_ROW: Final = ("column 1", "column 2", "column 3", "column 4")


class Frame(NamedTuple):
    """One entry of ``frames``; ``values`` are its own fields over those of the whole file."""

    spot: Spot
    c2w: Pose
    values: dict[str, Any]

    def number(self, name: str) -> float | None:
        """Return a field, or ``None`` where neither the frame nor the file has it."""
        value = self.values.get(name)
        return None if value is None else parse_number(value, self.spot, name)

    def side(self, name: str) -> int | None:
        """Return a frame side in pixels, or ``None``."""
        value = self.number(name)
        if value is not None and (value != int(value) or value <= 0):
            raise self.spot.error(f"{name} must be a whole number > 0 of pixels, got {value:g}")
        return None if value is None else int(value)

    def distortion(self) -> dict[str, float]:
        """Return the distortion coefficients that are not 0."""
        found = {name: self.number(name) for name in _DISTORTION}
        return {name: value for name, value in found.items() if value}


def read_frames(path: Path) -> list[Frame]:
    """Read the frames of a transforms file.

    Raises:
        PoseFileError: No frames, or a frame without a rigid ``transform_matrix``.
    """
    content = read_json(path)
    entries = content.get("frames")
    if not isinstance(entries, list) or not entries:
        raise Spot(path, "frames").error("expected a list of frames with a transform_matrix each")
    common = {name: value for name, value in content.items() if name != "frames"}
    frames = []
    for index, entry in enumerate(entries):
        spot = Spot(path, f"frames[{index}]")
        if not isinstance(entry, dict):
            raise spot.error("expected an object with a transform_matrix")
        frames.append(Frame(spot, _c2w(entry.get("transform_matrix"), spot), {**common, **entry}))
    if all(isinstance(entry.get("file_path"), str) for entry in entries):
        frames.sort(key=lambda frame: natural_key(frame.values["file_path"]))
    return frames


def opengl_rows(c2w: Pose) -> list[list[float]]:
    """Return the matrix to write; the change of axes is its own inverse."""
    rows: list[list[float]] = c2w_from_opengl(c2w).tolist()
    return rows


def _c2w(matrix: object, spot: Spot) -> Pose:
    spot = spot.at(f"{spot.where}.transform_matrix")
    if not isinstance(matrix, list) or len(matrix) not in (3, 4):
        raise spot.error("expected a list of 4 rows of 4 numbers")
    rows = []
    for number, row in enumerate(matrix):
        if not isinstance(row, list):
            raise spot.error(f"row {number} must be a list of 4 numbers")
        rows.append(parse_numbers(row, _ROW, spot.at(f"{spot.where}[{number}]")))
    if len(rows) == 4 and not np.allclose(rows[3], [0.0, 0.0, 0.0, 1.0]):
        raise spot.error(f"the last row must be 0 0 0 1, got {rows[3].tolist()}; is it transposed?")
    pose = np.stack(rows[:3])
    return c2w_from_opengl(rigid_pose(pose[:, :3], pose[:, 3], spot))
