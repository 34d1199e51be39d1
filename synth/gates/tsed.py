"""TSED: do the matches lie where the given poses say they must?

Thresholded symmetric epipolar distance (Yu et al., ICCV 2023): a pair of frames is consistent if
it has ten matches or more and their median distance is under T; TSED is the share of consistent
pairs. Neighbours alone do not tell wrong poses from right ones, wide pairs do.
"""

from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.gates.epipolar import CameraPair, distances_px
from synth.gates.evidence import MIN_MATCHES, WIDE_STRIDE, Evidence
from synth.gates.score import Measurement, NotMeasured, at_least, at_most
from synth.gates.thresholds import GateThresholds

MEDIAN_NAME: Final = "median_sed_px"
NEIGHBOURS: Final = "stride_1"
WIDE: Final = f"stride_{WIDE_STRIDE}"
WIDE_BY_MOTION: Final = "wide"
_LEVELS_PX: Final = (1, 2)


def tsed_name(pairs: str, level_px: int) -> str:
    """Return the name of one TSED score: ``tsed_name("stride_4", 2)``."""
    return f"tsed_{pairs}_{level_px}px"


def measure_tsed(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score TSED at 1 and 2 px over neighbours, frames four apart and wide pairs; median SED.

    Wide pairs are further apart than four frames where the camera moves slowly. What no line is
    drawn through is scored against 0, so that it is stored and never fails.
    """
    required = {
        (NEIGHBOURS, 1): thresholds.tsed_neighbours_1px,
        (WIDE, 2): thresholds.tsed_wide_2px,
        (WIDE_BY_MOTION, 2): thresholds.tsed_wide_2px,
    }
    strides = {NEIGHBOURS: 1, WIDE: WIDE_STRIDE, WIDE_BY_MOTION: evidence.wide_stride}
    scores: list[Measurement] = []
    for name, stride in strides.items():
        medians = pair_medians_px(evidence, stride)
        for level in _LEVELS_PX:
            full_name = tsed_name(name, level)
            if isinstance(medians, NotMeasured):
                scores.append(NotMeasured(name=full_name, reason=medians.reason))
                continue
            share = float((medians < level * evidence.pixel_scale).mean())
            scores.append(at_least(full_name, share, required.get((name, level), 0.0)))
    return (*scores, _median(evidence, thresholds))


def _median(evidence: Evidence, thresholds: GateThresholds) -> Measurement:
    """Score the median over neighbours of their median distance."""
    medians = pair_medians_px(evidence, 1)
    if isinstance(medians, NotMeasured):
        return NotMeasured(name=MEDIAN_NAME, reason=medians.reason)
    value = float(np.median(medians))
    if not np.isfinite(value):
        return NotMeasured(name=MEDIAN_NAME, reason="most neighbours do not match")
    return at_most(MEDIAN_NAME, value, thresholds.median_sed_px * evidence.pixel_scale)


def pair_medians_px(evidence: Evidence, stride: int) -> Float64[np.ndarray, " n"] | NotMeasured:
    """Return the median distance of each pair ``stride`` apart; infinite if it does not match."""
    c2w, cameras = evidence.candidate.c2w, evidence.candidate.intrinsics
    pairs = evidence.features.at_stride(stride)
    reason = None
    if c2w is None:
        reason = "no poses"
    elif cameras is None:
        reason = "no intrinsics"
    elif not pairs:
        reason = f"{evidence.n_frames} frames have no pair {stride} apart"
    elif evidence.too_little_texture(pairs):
        reason = "too little texture"
    if c2w is None or cameras is None or reason is not None:
        return NotMeasured(name=f"sed_stride_{stride}", reason=reason or "no poses")
    medians = np.full(len(pairs), np.inf)
    for k, (i, j) in enumerate(pairs):
        matches = evidence.features.between(i, j)
        if len(matches) >= MIN_MATCHES:
            pair = CameraPair(c2w[i], c2w[j], cameras[i], cameras[j])
            distances = distances_px(pair, matches, same_place=evidence.same_place)
            medians[k] = np.median(distances)
    return medians
