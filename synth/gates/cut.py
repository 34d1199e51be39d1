"""Cuts: neighbours that share no points and do not look alike."""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from synth.gates.evidence import MIN_FEATURES, Evidence
from synth.gates.score import Measurement, NotMeasured, at_most
from synth.gates.thresholds import GateThresholds

NAME: Final = "cuts"
_FEW_MATCHES: Final = 10  # real neighbours have 37 or more; across a cut there are 1 to 4
# Bhattacharyya distance of colour histograms: .36 at most between real neighbours, .5 on at cuts.
_OTHER_COLOURS: Final = 0.25
_OTHER_COLOURS_ALONE: Final = 0.5
_OTHER_LAYOUT: Final = 0.5  # correlation of small pictures
_BINS: Final = (8, 4, 8)  # hue, saturation, value
_THUMBNAIL: Final = (32, 24)


def measure_cuts(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Count the cuts: few matches and another look, or another look where nothing can match."""
    if evidence.n_frames < 2:
        return (NotMeasured(name=NAME, reason="a single frame"),)
    frames = evidence.candidate.frames
    colours = _colour_distances(frames)
    layout = _layout_correlations(frames)
    textured = [len(f.uv) >= MIN_FEATURES for f in evidence.features.frames]
    n_cuts = 0
    for i, j in evidence.features.at_stride(1):
        if textured[i] and textured[j]:
            few = len(evidence.features.between(i, j)) < _FEW_MATCHES
            other_look = colours[i] > _OTHER_COLOURS or layout[i] < _OTHER_LAYOUT
            n_cuts += few and bool(other_look)
        else:
            n_cuts += bool(colours[i] > _OTHER_COLOURS_ALONE)
    return (at_most(NAME, float(n_cuts), float(thresholds.max_cuts)),)


def _colour_distances(frames: UInt8[np.ndarray, "t h w 3"]) -> Float64[np.ndarray, " n"]:
    """Bhattacharyya distance of neighbours' colour histograms, 0 to 1."""
    roots = [_root_histogram(f) for f in frames]
    alike = [float(a @ b) for a, b in pairwise(roots)]
    return np.sqrt(np.maximum(0.0, 1.0 - np.array(alike)))


def _root_histogram(frame: UInt8[np.ndarray, "h w 3"]) -> Float32[np.ndarray, " b"]:
    hsv = cv2.cvtColor(frame, cv2.COLOR_RGB2HSV)
    counts = cv2.calcHist([hsv], [0, 1, 2], None, list(_BINS), [0, 180, 0, 256, 0, 256]).ravel()
    root: Float32[np.ndarray, " b"] = np.sqrt(counts / counts.sum())
    return root


def _layout_correlations(frames: UInt8[np.ndarray, "t h w 3"]) -> Float64[np.ndarray, " n"]:
    """Correlation of neighbours seen small and grey; 1 where a picture has one level only."""
    grey = np.stack([cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in frames])
    small = np.stack(
        [
            cv2.resize(g.astype(np.float64), _THUMBNAIL, interpolation=cv2.INTER_AREA).ravel()
            for g in grey
        ]
    )
    small -= small.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(small, axis=1)
    product = norms[:-1] * norms[1:]
    dots = (small[:-1] * small[1:]).sum(axis=1)
    return np.where(product > 0, dots / np.where(product > 0, product, 1.0), 1.0)
