"""What do cameras of real clips do, and how far away is what they see?

Run ``python -m benchmarks.motion_names FOLDER``.

For every ``NAME.txt`` (RealEstate10K poses) beside ``NAME.mp4`` it prints the dominant move, the
amounts, and the depths of points triangulated from frames four apart with the given poses, in the
clip's own unit. The depths say what a turn is worth in travel (``NOMINAL_DEPTH_UNITS``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import tyro
from jaxtyping import Float64, UInt8

from synth.cameras import Intrinsics
from synth.measure.motion import summarize_motion
from synth.pose_files import read_poses
from synth.poses import invert
from synth.trajectories import Trajectory

_STRIDE: Final = 4
_RATIO: Final = 0.75  # Lowe's test
_MAX_ERROR_PX: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """``folder`` holds the clips."""

    folder: Annotated[Path, tyro.conf.Positional]


def depths(frames: list[UInt8[np.ndarray, "h w 3"]], path: Trajectory) -> Float64[np.ndarray, " n"]:
    """Triangulate SIFT matches of frames four apart; points that fit both within a pixel."""
    assert path.intrinsics is not None  # the format holds them
    sift = cv2.SIFT_create()
    features = [sift.detectAndCompute(frame, None) for frame in frames]
    found = []
    for first in range(0, len(frames) - _STRIDE, 2):
        pair = (first, first + _STRIDE)
        matches = cv2.BFMatcher().knnMatch(*(features[i][1] for i in pair), k=2)
        good = [best for best, second in matches if best.distance < _RATIO * second.distance]
        uv = [
            np.array([features[first][0][m.queryIdx].pt for m in good]) + 0.5,
            np.array([features[first + _STRIDE][0][m.trainIdx].pt for m in good]) + 0.5,
        ]
        cameras = [(path.intrinsics[i], path.c2w[i]) for i in pair]
        found.append(_triangulate(uv, cameras))
    return np.concatenate(found)


def _triangulate(
    uv: list[Float64[np.ndarray, "n 2"]],
    cameras: list[tuple[Intrinsics, Float64[np.ndarray, "4 4"]]],
) -> Float64[np.ndarray, " n"]:
    matrices = [camera.matrix @ invert(c2w)[:3] for camera, c2w in cameras]
    points = cv2.triangulatePoints(*matrices, *(one.T for one in uv))
    points /= points[3]
    seen = [matrix @ points for matrix in matrices]
    errors = [np.linalg.norm(s[:2] / s[2] - one.T, axis=0) for s, one in zip(seen, uv, strict=True)]
    good = (np.max(errors, axis=0) < _MAX_ERROR_PX) & (np.min([s[2] for s in seen], axis=0) > 0)
    return np.asarray(seen[0][2][good])


def main(options: Options) -> None:
    """Print the table."""
    print("| clip | dominant | what else | depth 5 % | median |")
    print("|---|---|---|--:|--:|")
    for file in sorted(options.folder.glob("*.txt")):
        video = cv2.VideoCapture(str(file.with_suffix(".mp4")))
        frames = []
        while (read := video.read())[0]:
            frames.append(read[1])
        height, width = frames[0].shape[:2]
        path = read_poses(file, "re10k", width=width, height=height)
        motion = summarize_motion(path.c2w, path.intrinsics, path.scale)
        amounts = ", ".join(f"{p.name} {p.amount:.2f} {p.unit}" for p in motion.primitives)
        near, middle = np.quantile(depths(frames, path), [0.05, 0.5])
        print(f"| {file.stem} | {motion.dominant} | {amounts} | {near:.2f} | {middle:.2f} |")


if __name__ == "__main__":
    main(tyro.cli(Options))
