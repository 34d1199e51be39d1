"""The room contract: depth reprojects with c2w poses, and fails when w2c is read as c2w."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from synth.cameras import Intrinsics
from synth.clip_files import read_clip
from synth.gates.depth import measure_depth
from synth.gates.evidence import Candidate, Evidence
from synth.gates.score import GateScore
from synth.gates.thresholds import GateThresholds
from synth.poses import invert

ROOM_RGBD: Final = Path("../shared/data/room_rgbd")
_CENTER_PX: Final = 0.5  # its principal point counts pixel centers at whole numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomContract:
    """What the depth gate says of the room, by how its poses are read.

    Attributes:
        right: Median relative depth error with c2w.
        right_share: Share of pixels within the tolerance.
        inverted: Median relative depth error when w2c is read as c2w.
        right_passed: Whether the gate passed the room.
        inverted_passed: Whether it passed the room read wrong.
    """

    right: float
    right_share: float
    inverted: float
    right_passed: bool
    inverted_passed: bool

    def as_text(self) -> str:
        """Return one line for a report."""
        return (
            f"Room contract: median relative depth error {self.right:.2%} as c2w "
            f"({self.right_share:.0%} of pixels within 3 %, passed: {self.right_passed}), "
            f"{self.inverted:.0%} with w2c read as c2w (passed: {self.inverted_passed})."
        )


def read_room(folder: Path) -> Candidate:
    """Read the eight RGB-D views."""
    with np.load(folder / "condition.npz") as arrays:
        depth, c2w, matrices = arrays["depths"], arrays["poses"], arrays["intrinsics"]
    frames = read_clip(folder)
    _, height, width, _ = frames.shape
    cameras = tuple(
        Intrinsics(
            fx=float(k[0, 0]),
            fy=float(k[1, 1]),
            cx=float(k[0, 2]) + _CENTER_PX,
            cy=float(k[1, 2]) + _CENTER_PX,
            width=width,
            height=height,
        )
        for k in matrices
    )
    return Candidate(
        frames=frames,
        c2w=c2w.astype(np.float64),
        intrinsics=cameras,
        depth=depth.astype(np.float32),
    )


def room_contract(folder: Path = ROOM_RGBD) -> RoomContract:
    """Measure the room both ways."""
    room = read_room(folder)
    if room.c2w is None:
        raise ValueError(f"{folder} holds no poses.")
    misread = Candidate(
        frames=room.frames,
        c2w=invert(room.c2w),
        intrinsics=room.intrinsics,
        depth=room.depth,
    )
    (right, share), (inverted, inverted_share) = _scores(room), _scores(misread)
    return RoomContract(
        right=right.value,
        right_share=share.value,
        inverted=inverted.value,
        right_passed=right.passed and share.passed,
        inverted_passed=inverted.passed and inverted_share.passed,
    )


def _scores(room: Candidate) -> tuple[GateScore, GateScore]:
    """Median error, and share within the tolerance."""
    median, share = measure_depth(Evidence(room), GateThresholds())
    if not (isinstance(median, GateScore) and isinstance(share, GateScore)):
        raise TypeError("the room's views share too few visible points to be measured.")
    return median, share
