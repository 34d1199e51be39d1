"""Cheirality: do the matches lie in front of the given cameras?

Epipolar lines are the same for a step forwards and a step backwards, so TSED passes a dolly out as
a dolly in. Triangulated points tell: with the step reversed they lie behind.
"""

from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.gates.epipolar import CameraPair
from synth.gates.evidence import MIN_MATCHES, Evidence
from synth.gates.score import Measurement, NotMeasured, at_least
from synth.gates.thresholds import GateThresholds
from synth.matching import PointMatches
from synth.poses import invert

NAME: Final = "in_front_share"
_LEAST_PARALLAX_PX: Final = 3.0  # points that move less are too far to say where they are
_MOST: Final = 0.5


def measure_cheirality(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score the share of pairs, near and wide, most of whose points lie in front of both cameras.

    Pairs with too few points that move enough are left out.
    """
    c2w, cameras = evidence.candidate.c2w, evidence.candidate.intrinsics
    if c2w is None or cameras is None:
        return (NotMeasured(name=NAME, reason="no poses" if c2w is None else "no intrinsics"),)
    if not evidence.moves_by_request:
        return (NotMeasured(name=NAME, reason="the given poses do not change place"),)
    least_px = _LEAST_PARALLAX_PX * evidence.pixel_scale
    verdicts = []
    for stride in (1, evidence.wide_stride):
        for i, j in evidence.features.at_stride(stride):
            pair = CameraPair(c2w[i], c2w[j], cameras[i], cameras[j])
            if float(np.linalg.norm(c2w[i, :3, 3] - c2w[j, :3, 3])) <= evidence.same_place:
                continue
            depths = _triangulated_depths(pair, evidence.features.between(i, j), least_px)
            if len(depths) >= MIN_MATCHES:
                verdicts.append(float((depths > 0).all(axis=1).mean()) > _MOST)
    if not verdicts:
        return (NotMeasured(name=NAME, reason="no pair shows enough parallax"),)
    return (at_least(NAME, float(np.mean(verdicts)), thresholds.in_front),)


def _triangulated_depths(
    pair: CameraPair, matches: PointMatches, least_parallax_px: float
) -> Float64[np.ndarray, "n 2"]:
    """Depths in both cameras of the matches that move enough, in units of the baseline.

    With rays x = R r1 and y = r2 (z = 1) and ``b y = a x + t``, the cross product with the
    other ray gives each depth: ``a = -(y * x) . (y * t) / |y * x|^2`` (* is the cross product).
    """
    second_from_first = invert(pair.second) @ pair.first
    first, second = pair.first_camera, pair.second_camera
    x = _rays(matches.first_uv, first.matrix) @ second_from_first[:3, :3].T
    y = _rays(matches.second_uv, second.matrix)
    step = second_from_first[:3, 3]
    normal = np.cross(y, x)
    size = np.linalg.norm(normal, axis=1)
    sine = size / (np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1))
    moved = sine * (second.fx + second.fy) / 2 > least_parallax_px
    normal, squared = normal[moved], size[moved] ** 2
    depth_first = -(normal * np.cross(y[moved], step)).sum(axis=1) / squared
    depth_second = -(normal * np.cross(x[moved], step)).sum(axis=1) / squared
    return np.stack([depth_first, depth_second], axis=1)


def _rays(
    uv: Float64[np.ndarray, "n 2"], matrix: Float64[np.ndarray, "3 3"]
) -> Float64[np.ndarray, "n 3"]:
    homogeneous = np.column_stack([uv, np.ones(len(uv))])
    return np.asarray(homogeneous @ np.linalg.inv(matrix).T)
