"""SANA-WM's action strings: ``"w-80,jw-40"`` holds w for 80 frames, then j and w for 40.

Keys: ``w s a d`` walk forwards, backwards, left, right on the level plane; ``i k j l`` turn up,
down, left, right; ``none`` waits. Rates a frame: 0.05 units and 1.2 degrees, pitch within 85
degrees (diffusers 0.42 ``pipelines/sana_wm/cam_utils.py``, whose path this equals; the example in
SANA-WM's readme asks for 0.055). A frame turns first and then walks the new way; a turn beyond the
pitch limit is left out.

The path starts at the identity with OpenCV axes as the world (y down), so n frames of action make
n + 1 poses. It cannot hold: intrinsics, times, a start pose, any other speed.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise, product
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import PoseFileError, Spot, read_text
from synth.pose_files.writing import save_lines
from synth.poses import Pose, axis_angle
from synth.trajectories import Trajectory

UNITS_PER_FRAME: Final = 0.05
DEG_PER_FRAME: Final = 1.2
MAX_PITCH_DEG: Final = 85.0

_SEGMENT: Final = re.compile(r"(none|[wasdijkl]+)-([1-9]\d*)", re.IGNORECASE)
_MAX_FRAMES: Final = 100_000
_DOWN: Final = np.array([0.0, 1.0, 0.0])
_RIGHT: Final = np.array([1.0, 0.0, 0.0])
# What one hand can hold: forwards and backwards cancel, as do the other pairs.
_HELD: Final = tuple("".join(keys) for keys in product(("", "w", "s"), ("", "a", "d")))
_TURNED: Final = tuple("".join(keys) for keys in product(("", "i", "k"), ("", "j", "l")))
_ROUNDING: Final = 1e-6


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a text file that holds an action string."""
    del hints  # it says all it can
    return _as_trajectory(_parse(read_text(path), Spot(path)), f"actions:{path.stem}")


def read_actions(actions: str) -> Trajectory:
    """Roll out an action string.

    Raises:
        PoseFileError: A segment is not ``<keys>-<frames>``; the message shows it.
    """
    return _as_trajectory(_parse(actions, Spot(Path("action string"))), "actions")


def write(path: Path, trajectory: Trajectory) -> None:
    """Write the action string of a path.

    Raises:
        PoseFileError: It does not start at the identity, or a step is none of the actions'.
    """
    save_lines(path, [write_actions(trajectory.c2w)])


def write_actions(c2w: Float64[np.ndarray, "t 4 4"]) -> str:
    """Return the action string that makes a path.

    Raises:
        PoseFileError: As ``write``.
    """
    if len(c2w) < 2 or np.abs(c2w[0] - np.eye(4)).max() > _ROUNDING:
        raise PoseFileError(
            "an action string starts at the identity and takes at least one step; put the path "
            "into the axes of its first camera."
        )
    keys, pitch_deg = [], 0.0
    for index, (before, after) in enumerate(pairwise(c2w), start=1):
        found = _keys_between(before, after, pitch_deg)
        if found is None:
            raise PoseFileError(
                f"the step to pose {index} is none an action makes ({UNITS_PER_FRAME} units along "
                f"one or two of w a s d, {DEG_PER_FRAME} degrees about one or two of i j k l)."
            )
        keys.append(found)
        pitch_deg = _pitch_after(pitch_deg, found)
    return ",".join(f"{held or 'none'}-{len(list(run))}" for held, run in groupby(keys))


def _parse(text: str, spot: Spot) -> list[str]:
    """Return the keys held in each frame."""
    frames: list[str] = []
    for segment in "".join(text.split()).split(","):
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise spot.error(
                "expected segments like 'w-80' or 'jw-40' (keys of wasdijkl or none, frames > 0), "
                f"got {segment!r}"
            )
        keys = match[1].lower()
        if int(match[2]) > _MAX_FRAMES - len(frames):
            raise spot.error(f"more than {_MAX_FRAMES} frames, in segment {segment!r}")
        frames += ["" if keys == "none" else keys] * int(match[2])
    return frames


def _as_trajectory(frames: list[str], name: str) -> Trajectory:
    return Trajectory(
        name=name,
        c2w=np.stack(list(_roll_out(frames))),
        intrinsics=None,
        fps=None,
        scale="relative",
    )


def _roll_out(frames: list[str]) -> Iterator[Pose]:
    pose, pitch_deg = np.eye(4), 0.0
    yield pose
    for keys in frames:
        pose = _step(pose, keys, pitch_deg)
        pitch_deg = _pitch_after(pitch_deg, keys)
        yield pose


def _step(pose: Pose, keys: str, pitch_deg: float) -> Pose:
    yaw = np.deg2rad(DEG_PER_FRAME * (("l" in keys) - ("j" in keys)))
    pitch = np.deg2rad(_pitch_after(pitch_deg, keys) - pitch_deg)
    after = np.eye(4)
    after[:3, :3] = axis_angle(_DOWN, yaw) @ pose[:3, :3] @ axis_angle(_RIGHT, pitch)
    ahead = ("w" in keys) - ("s" in keys)
    aside = ("d" in keys) - ("a" in keys)
    walk = ahead * _level(after[:3, 2]) + aside * _level(after[:3, 0])
    after[:3, 3] = pose[:3, 3] + UNITS_PER_FRAME * walk
    return after


def _pitch_after(pitch_deg: float, keys: str) -> float:
    wanted = pitch_deg + DEG_PER_FRAME * (("i" in keys) - ("k" in keys))
    return wanted if abs(wanted) <= MAX_PITCH_DEG else pitch_deg


def _level(axis: Float64[np.ndarray, "3"]) -> Float64[np.ndarray, "3"]:
    level = np.array([axis[0], 0.0, axis[2]])
    return level / float(np.linalg.norm(level))  # pitch stays within 85 degrees, so it is never 0


def _keys_between(before: Pose, after: Pose, pitch_deg: float) -> str | None:
    for turned, held in product(_TURNED, _HELD):
        keys = "".join(sorted(held + turned))
        if np.abs(_step(before, keys, pitch_deg) - after).max() < _ROUNDING:
            return keys
    return None
