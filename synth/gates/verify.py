"""Verify a clip: is this one rigid scene, filmed along these poses?

``verify_clip`` is what ``vega3d verify`` prints. What was not measured never counts as passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float64, UInt8

from synth.cameras import Intrinsics
from synth.gates import cheirality, cut, flicker, freeze, inliers, parallax, sfm, tsed
from synth.gates.evidence import Candidate, Evidence
from synth.gates.score import GateScore, Measurement, NotMeasured
from synth.gates.table import GATES, Cost, run_gates
from synth.gates.thresholds import GateThresholds

_ALWAYS: Final = (freeze.NAME, cut.NAME, flicker.NAME, inliers.NAME)
_OF_A_PATH: Final = (
    tsed.tsed_name(tsed.NEIGHBOURS, 1),
    tsed.tsed_name(tsed.WIDE, 2),
    tsed.tsed_name(tsed.WIDE_BY_MOTION, 2),
    tsed.MEDIAN_NAME,
)
_OF_A_MOVING_CAMERA: Final = (parallax.NAME, sfm.REGISTERED, sfm.REPROJECTION)
_OF_A_MOVING_CAMERAS_PATH: Final = (cheirality.NAME, sfm.ROT_ERR, sfm.TRANS_ERR, sfm.CAM_MC)
# What frames and poses suffice for.
CLIP_GATES: Final = tuple(g for g in GATES if g.cost in (Cost.MATCHES, Cost.SFM))


@dataclass(frozen=True, slots=True, kw_only=True)
class TsedShares:
    """TSED of one stride: shares of consistent pairs, ``None`` where not measured.

    One pixel is that of an image 384 wide: ``width / 384`` of the clip's own, never less than 1.
    """

    within_1px: float | None
    within_2px: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found; ``None`` where it could not be measured (without poses, say).

    Attributes:
        tsed_stride_1: Over neighbouring frames.
        tsed_stride_4: Over frames four apart.
        median_sed_px: Median distance of matches of neighbours from the given geometry, pixels
            of the clip.
        inlier_ratio: Share of matches of neighbours on one essential matrix.
        registered: Share of frames that global SfM put into one model.
        rot_err_deg: Mean rotation error of its poses against the given ones.
        frozen: Whether most of the clip stands still.
        cuts: Number of cuts.
        accepted: Whether every gate that this clip must pass was measured and passed.
        reasons: Why it was not accepted; empty when it was.
    """

    tsed_stride_1: TsedShares
    tsed_stride_4: TsedShares
    median_sed_px: float | None
    inlier_ratio: float | None
    registered: float | None
    rot_err_deg: float | None
    frozen: bool | None
    cuts: int | None
    accepted: bool
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the fields as ``vega3d verify --json`` prints them."""
        return {
            "tsed": {
                f"stride_{stride}": {"1px": shares.within_1px, "2px": shares.within_2px}
                for stride, shares in ((1, self.tsed_stride_1), (4, self.tsed_stride_4))
            },
            "median_sed_px": self.median_sed_px,
            "inlier_ratio": self.inlier_ratio,
            "registered": self.registered,
            "rot_err_deg": self.rot_err_deg,
            "frozen": self.frozen,
            "cuts": self.cuts,
            "accepted": self.accepted,
            "reasons": list(self.reasons),
        }


def verify_clip(
    frames: UInt8[np.ndarray, "t h w 3"],
    c2w: Float64[np.ndarray, "poses 4 4"] | None,
    intrinsics: Sequence[Intrinsics] | None,
    thresholds: GateThresholds | None = None,
) -> Verification:
    """Measure a clip by all gates that need frames and poses only, SfM included.

    Args:
        frames: RGB.
        c2w: The poses to verify; ``None`` judges the frames alone.
        intrinsics: Cameras of all frames. Poses without intrinsics cannot be accepted.
        thresholds: The lines; ``None`` takes the defaults.

    Raises:
        ValueError: Frames, poses and intrinsics do not fit together.
    """
    lines = thresholds or GateThresholds()
    candidate = Candidate(
        frames=frames, c2w=c2w, intrinsics=None if intrinsics is None else tuple(intrinsics)
    )
    evidence = Evidence(candidate)
    found = run_gates(evidence, lines, gates=CLIP_GATES)
    reasons = why_not(failed_gates(evidence, found))
    value = _Values(found)
    still, cuts = value.of(freeze.NAME), value.of(cut.NAME)
    return Verification(
        tsed_stride_1=value.shares(tsed.NEIGHBOURS),
        tsed_stride_4=value.shares(tsed.WIDE),
        median_sed_px=value.of(tsed.MEDIAN_NAME),
        inlier_ratio=value.of(inliers.NAME),
        registered=value.of(sfm.REGISTERED),
        rot_err_deg=value.of(sfm.ROT_ERR),
        frozen=None if still is None else still > lines.max_still_share,
        cuts=None if cuts is None else round(cuts),
        accepted=not reasons,
        reasons=reasons,
    )


def required_gates(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the measurements a clip must pass.

    With poses: their gates. Where the poses change place, or nothing is claimed: parallax and a
    model of the scene as well. A camera that only turns shows neither, but then matches must lie
    where its homography puts them.
    """
    moves = evidence.moves_by_request
    if moves is None:
        return (*_ALWAYS, *_OF_A_MOVING_CAMERA)
    if not moves:
        return (*_ALWAYS, *_OF_A_PATH)
    return (*_ALWAYS, *_OF_A_PATH, *_OF_A_MOVING_CAMERA, *_OF_A_MOVING_CAMERAS_PATH)


def failed_gates(
    evidence: Evidence, measurements: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return the required measurements that failed or are missing; empty: the clip is accepted.

    Their names are what yields are counted by (``synth.yields.Outcome.rejected_for``).

    Args:
        evidence: The clip.
        measurements: What ``CLIP_GATES`` found. A gate that was left out counts as not measured.
    """
    by_name = {m.name: m for m in measurements}
    required = [
        by_name.get(name, NotMeasured(name=name, reason="left out"))
        for name in required_gates(evidence)
    ]
    return tuple(m for m in required if not (isinstance(m, GateScore) and m.passed))


def why_not(failed: Sequence[Measurement]) -> tuple[str, ...]:
    """Say of each failed gate what was measured and where the line is, or what was missing."""
    return tuple(
        f"{m.name} is {m.value:.3g}, the line is {m.threshold:.3g}"
        if isinstance(m, GateScore)
        else f"{m.name} was not measured: {m.reason}"
        for m in failed
    )


class _Values:
    """Values of measurements by name, ``None`` where not measured."""

    def __init__(self, measurements: Sequence[Measurement]) -> None:
        self._measurements = {m.name: m for m in measurements}

    def of(self, name: str) -> float | None:
        found = self._measurements[name]
        return found.value if isinstance(found, GateScore) else None

    def shares(self, pairs: str) -> TsedShares:
        one, two = (self.of(tsed.tsed_name(pairs, level)) for level in (1, 2))
        return TsedShares(within_1px=one, within_2px=two)
