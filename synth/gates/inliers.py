"""Inlier ratio: can one rigid motion explain the matches of neighbours? Needs no poses."""

from typing import Final

import numpy as np

from synth.gates.evidence import MIN_MATCHES, Evidence
from synth.gates.score import Measurement, NotMeasured, at_least
from synth.gates.thresholds import GateThresholds
from synth.gates.two_view import on_essential, on_fundamental

NAME: Final = "inlier_ratio"
_TOLERANCE_PX: Final = 1.0


def measure_inliers(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the median share of matches on one essential matrix (fundamental, without intrinsics).

    Pairs with too few matches count as 0. A still picture scores 1: the freeze gate is for that.
    """
    pairs = evidence.features.at_stride(1)
    if not pairs:
        return (NotMeasured(name=NAME, reason="a single frame"),)
    if evidence.too_little_texture(pairs):
        return (NotMeasured(name=NAME, reason="too little texture"),)
    tolerance = _TOLERANCE_PX * evidence.pixel_scale
    cameras = evidence.candidate.intrinsics
    ratios = []
    for i, j in pairs:
        matches = evidence.features.between(i, j)
        if len(matches) < MIN_MATCHES:
            ratios.append(0.0)
        elif cameras is None:
            ratios.append(float(on_fundamental(matches, tolerance).mean()))
        else:
            ratios.append(float(on_essential(matches, cameras[i], cameras[j], tolerance).mean()))
    return (at_least(NAME, float(np.median(ratios)), thresholds.inlier_ratio),)
