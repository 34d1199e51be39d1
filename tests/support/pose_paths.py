"""Camera paths for tests of pose files."""

from pathlib import Path

import numpy as np

from synth.cameras import Intrinsics
from synth.trajectories import Trajectory


def place(folder, pose_format):
    """A path of a file, or of a folder for COLMAP."""
    return Path(folder) / ("model" if pose_format.startswith("colmap") else "file")


def standing(*c2w, **fields):
    camera = Intrinsics.from_fov(width=64, height=48, fov_deg=60)
    given = {"intrinsics": (camera,) * len(c2w), "fps": 8.0, "scale": "metric"} | fields
    return Trajectory(name="standing", c2w=np.stack(c2w), **given)
