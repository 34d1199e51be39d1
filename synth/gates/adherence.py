"""VACE adherence: did the generator paint the depth it was given?

A generated clip's depth is only known up to what a network estimates, so it is compared up to one
scale for the whole clip, and by where its edges are.
"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from synth.gates.evidence import Evidence
from synth.gates.score import Measurement, NotMeasured, at_least, at_most
from synth.gates.thresholds import GateThresholds

LOG_ERROR: Final = "adherence_log_error"
EDGES: Final = "adherence_edge_f1"
_NAMES: Final = (LOG_ERROR, EDGES)
# A jump of 15 % of the depth within five pixels is an edge; a floor seen at a slant stays under.
_EDGE_LOG: Final = 0.15
_EDGE_WINDOW_PX: Final = 5
_EDGE_SLACK_PX: Final = 2  # networks blur edges by about this


def measure_adherence(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the median |log depth| difference after one scale, and the F1 of depth edges."""
    control = evidence.candidate.control_depth
    if control is None:
        return _not_measured("no control depth")
    estimated = evidence.depth
    if estimated is None:
        return _not_measured("no depth and no estimator that gives it")
    known = (control > 0) & (estimated > 0)
    if not known.any():
        return _not_measured("no pixel has both depths")
    off = np.log(estimated[known].astype(np.float64)) - np.log(control[known].astype(np.float64))
    error = float(np.median(np.abs(off - np.median(off))))
    return (
        at_most(LOG_ERROR, error, thresholds.adherence_log),
        _edge_score(control, estimated, known, evidence.pixel_scale, thresholds),
    )


def _edge_score(
    control: Float32[np.ndarray, "t h w"],
    estimated: Float32[np.ndarray, "t h w"],
    known: Bool[np.ndarray, "t h w"],
    pixel_scale: float,
    thresholds: GateThresholds,
) -> Measurement:
    """F1: edges of one that lie near an edge of the other, both ways."""
    hits, counts = np.zeros(2), np.zeros(2)
    slack = np.ones((2 * round(_EDGE_SLACK_PX * pixel_scale) + 1,) * 2, dtype=np.uint8)
    for wanted, got, use in zip(control, estimated, known, strict=True):
        edges = [_edges(np.where(use, depth, 0.0).astype(np.float32)) for depth in (wanted, got)]
        near = [cv2.dilate(e.astype(np.uint8), slack) > 0 for e in edges]
        hits += [(edges[0] & near[1]).sum(), (edges[1] & near[0]).sum()]
        counts += [edges[0].sum(), edges[1].sum()]
    if not counts[0]:
        return NotMeasured(name=EDGES, reason="the control depth has no edges")
    recall, precision = hits / np.maximum(counts, 1)
    f1 = 2 * recall * precision / max(float(recall + precision), 1e-9)
    return at_least(EDGES, float(f1), thresholds.adherence_edges)


def _edges(depth: Float32[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
    """Where depth jumps; pixels next to unknown depth are none."""
    window = np.ones((_EDGE_WINDOW_PX, _EDGE_WINDOW_PX), dtype=np.uint8)
    unknown = depth <= 0
    log = np.log(np.where(unknown, 1.0, depth)).astype(np.float32)
    jump = cv2.dilate(log, window) - cv2.erode(log, window)
    clear = cv2.dilate(unknown.astype(np.uint8), window) == 0
    edges: Bool[np.ndarray, "h w"] = (jump > _EDGE_LOG) & clear
    return edges


def _not_measured(reason: str) -> tuple[NotMeasured, ...]:
    return tuple(NotMeasured(name=name, reason=reason) for name in _NAMES)
