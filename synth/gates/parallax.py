"""Parallax: is there depth in the motion? Tells a moving camera from a turning or zooming one.

A picture that is panned over or zoomed into moves along the epipolar lines of a truck or a dolly
and passes every epipolar test; but one homography explains all of it.
"""

from typing import Final

import numpy as np

from synth.gates.evidence import MIN_MATCHES, Evidence
from synth.gates.score import Measurement, NotMeasured, at_least
from synth.gates.thresholds import GateThresholds
from synth.gates.two_view import on_fundamental, on_homography
from synth.matching import PointMatches

NAME: Final = "parallax_share"
_TOLERANCE_PX: Final = 1.5


def measure_parallax(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the median share of epipolar matches of wide pairs that no homography explains."""
    if evidence.moves_by_request is False:
        return (NotMeasured(name=NAME, reason="the given poses do not change place"),)
    pairs = evidence.features.at_stride(evidence.wide_stride)
    if not pairs:
        return (NotMeasured(name=NAME, reason=f"{evidence.n_frames} frames have no wide pair"),)
    matches = [evidence.features.between(i, j) for i, j in pairs]
    tolerance = _TOLERANCE_PX * evidence.pixel_scale
    shares = [_beyond_homography(m, tolerance) for m in matches if len(m) >= MIN_MATCHES]
    known = [s for s in shares if s is not None]
    if 2 * len(known) < len(pairs):
        reason = f"{len(known)} of {len(pairs)} wide pairs have enough matches"
        return (NotMeasured(name=NAME, reason=reason),)
    return (at_least(NAME, float(np.median(known)), thresholds.parallax),)


def _beyond_homography(matches: PointMatches, tolerance: float) -> float | None:
    """Share of the matches on one fundamental matrix that are not on one homography."""
    on_lines = on_fundamental(matches, tolerance)
    if on_lines.sum() < MIN_MATCHES:
        return None
    flat = on_homography(matches, tolerance)
    return float((on_lines & ~flat).sum() / on_lines.sum())
