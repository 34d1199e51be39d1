"""A folder with small clips and pose files, good and bad, and a way to ask tools about them."""

import cv2
import numpy as np

from flows.cli import main
from synth.cameras import Intrinsics
from synth.pose_files import read_actions, write_poses
from synth.trajectories import Trajectory


def make_files(folder):
    """Fill a folder: five noisy frames, and paths of five and of four poses."""
    (folder / "clip").mkdir()
    (folder / "no_images").mkdir()
    rng = np.random.default_rng(0)
    for number in range(5):
        picture = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / "clip" / f"{number}.png"), picture)
    walk = read_actions("w-4").c2w
    camera = Intrinsics.from_fov(width=64, height=48, fov_deg=60)
    wide = Intrinsics.from_fov(width=99, height=48, fov_deg=60)
    for name, n_frames, k in (("five", 5, camera), ("four", 4, camera), ("wide", 5, wide)):
        path = Trajectory(
            name=name,
            c2w=walk[:n_frames].copy(),
            intrinsics=(k,) * n_frames,
            fps=8.0,
            scale="relative",
        )
        for pose_format in ("re10k", "tum", "kitti", "npz"):
            write_poses(folder / f"{name}.{pose_format}", path, pose_format)
    (folder / "empty.txt").touch()
    (folder / "other.mp4").write_bytes(b"no video" * 99)
    (folder / "late.tum").write_text("".join(f"{t} 0 0 0 0 0 0 1\n" for t in range(100, 105)))


def vega3d(folder, line, capfd):
    """Run a command line in this process; words with a dot or a known name are in ``folder``."""
    known = {file.name for file in folder.iterdir()} | {"nowhere.txt"}
    words = [str(folder / word) if word in known else word for word in line.split()]
    code = main(words)
    said = capfd.readouterr()
    return code, said.out, said.err
