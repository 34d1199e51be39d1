"""Freeze: does anything move? A still picture passes every pose-free test."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float64, UInt8

from synth.gates.evidence import Evidence
from synth.gates.score import Measurement, NotMeasured, at_most
from synth.gates.thresholds import GateThresholds
from synth.matching import PointMatches

NAME: Final = "still_share"
_MAYBE_STILL_PX: Final = 2.0  # noise shakes single points by up to this
_OUTLIER_PX: Final = 3.0
_THUMBNAIL: Final = (48, 32)  # w x h
# Grey levels thumbnails of textureless neighbours differ by; averages of 8x8 pixels are quieter.
_SAME_LEVELS: Final = 0.5


def measure_freeze(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the share of neighbours between which nothing moves.

    Matches tell, whatever noise or flicker lies over the picture: noise moves each point, but not
    all of them together. Where there are too few, small pictures tell.
    """
    if evidence.n_frames < 2:
        return (NotMeasured(name=NAME, reason="a single frame"),)
    moves = evidence.neighbour_moves_px.copy()
    for k in np.flatnonzero(moves < _MAYBE_STILL_PX * evidence.pixel_scale):
        matches = evidence.features.between(int(k), int(k) + 1)
        moves[k] = common_move_px(matches, _OUTLIER_PX * evidence.pixel_scale)
    still = moves < thresholds.still_px * evidence.pixel_scale
    unknown = np.isnan(moves)
    if unknown.any():
        changes = thumbnail_changes(evidence.candidate.frames)
        still = np.where(unknown, changes < _SAME_LEVELS, still)
    return (at_most(NAME, float(still.mean()), thresholds.max_still_share),)


def common_move_px(matches: PointMatches, outlier_px: float) -> float:
    """Return how far points move on average under the affine map that fits them.

    Points that move further than ``outlier_px`` are taken for false matches, and left out.
    """
    moves = matches.second_uv - matches.first_uv
    near = np.linalg.norm(moves, axis=1) < outlier_px
    design = np.column_stack([matches.first_uv[near], np.ones(int(near.sum()))])
    coefficients = np.linalg.lstsq(design, moves[near], rcond=None)[0]
    return float(np.linalg.norm(design @ coefficients, axis=1).mean())


def thumbnail_changes(frames: UInt8[np.ndarray, "t h w 3"]) -> Float64[np.ndarray, " n"]:
    """Return the mean change of grey level between neighbours, seen small."""
    small = [
        cv2.resize(
            cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float64),
            _THUMBNAIL,
            interpolation=cv2.INTER_AREA,
        )
        for f in frames
    ]
    changes: Float64[np.ndarray, " n"] = np.abs(np.diff(small, axis=0)).mean(axis=(1, 2))
    return changes
