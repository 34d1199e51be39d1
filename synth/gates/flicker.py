"""Flicker: does the brightness of the same points jump from frame to frame?"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float64, UInt8

from synth.gates.evidence import MIN_MATCHES, Evidence
from synth.gates.score import Measurement, NotMeasured, at_most
from synth.gates.thresholds import GateThresholds
from synth.matching import PointMatches

NAME: Final = "flicker_log"
_BLUR_PX: Final = 5
_DARK: Final = 8.0  # grey levels added, so that noise in the dark is no ratio


def measure_flicker(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the jumps of log brightness of matched points, root mean square over channels.

    A jump is the second difference of the gain: a camera that adapts its exposure drifts
    smoothly and is not meant.
    """
    pairs = evidence.features.at_stride(1)
    if evidence.too_little_texture(pairs):
        return (NotMeasured(name=NAME, reason="too little texture"),)
    blurred = [cv2.blur(f, (_BLUR_PX, _BLUR_PX)) for f in evidence.candidate.frames]
    gains = np.full((len(pairs), 3), np.nan)
    for k, (i, j) in enumerate(pairs):
        matches = evidence.features.between(i, j)
        if len(matches) >= MIN_MATCHES:
            gains[k] = _gain(blurred[i], blurred[j], matches)
    jumps = np.diff(gains, axis=0)
    jumps = jumps[np.isfinite(jumps).all(axis=1)]
    if not len(jumps):
        return (NotMeasured(name=NAME, reason="no three frames in a row match"),)
    return (at_most(NAME, float(np.sqrt((jumps**2).mean())), thresholds.flicker),)


def _gain(
    first: UInt8[np.ndarray, "h w 3"], second: UInt8[np.ndarray, "h w 3"], matches: PointMatches
) -> Float64[np.ndarray, "3"]:
    """Median log ratio of the colours of matched points."""
    colours = []
    for frame, uv in ((first, matches.first_uv), (second, matches.second_uv)):
        column, row = np.floor(uv).astype(np.int64).T
        # A keypoint may lie half a pixel outside.
        row = np.clip(row, 0, frame.shape[0] - 1)
        column = np.clip(column, 0, frame.shape[1] - 1)
        colours.append(np.log(frame[row, column].astype(np.float64) + _DARK))
    return np.asarray(np.median(colours[1] - colours[0], axis=0))
