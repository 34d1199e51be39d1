"""Global SfM: do all frames fit one model, how well, and is it the path that was given?"""

from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.gates.evidence import Evidence
from synth.gates.score import Measurement, NotMeasured, at_least, at_most
from synth.gates.thresholds import GateThresholds
from synth.measure.global_sfm import NotReconstructed
from synth.path_errors import MIN_POSES, camera_errors

REGISTERED: Final = "registered"
REPROJECTION: Final = "reprojection_px"
ROT_ERR: Final = "rot_err_deg"
TRANS_ERR: Final = "trans_err"
CAM_MC: Final = "cam_mc"
_POSE_NAMES: Final = (ROT_ERR, TRANS_ERR, CAM_MC)
_MODEL_NAMES: Final = (REGISTERED, REPROJECTION)


def measure_sfm(evidence: Evidence, thresholds: GateThresholds) -> tuple[Measurement, ...]:
    """Score registration, reprojection error, and RotErr, TransErr and CamMC a frame.

    A model that registers all frames may still be wrong: warps of four pixels register. A
    reprojection error and the given poses tell.
    """
    if evidence.moves_by_request is False:
        return _not_measured((*_MODEL_NAMES, *_POSE_NAMES), "the given poses do not change place")
    model = evidence.sfm
    if isinstance(model, NotReconstructed):
        none = at_least(REGISTERED, 0.0, thresholds.registered)
        return (none, *_not_measured((REPROJECTION, *_POSE_NAMES), f"no model: {model.reason}"))
    share = len(model.frames) / evidence.n_frames
    most_px = thresholds.reprojection_px * evidence.pixel_scale
    return (
        at_least(REGISTERED, share, thresholds.registered),
        at_most(REPROJECTION, model.reprojection_px, most_px),
        *_pose_scores(evidence.candidate.c2w, model.frames, model.c2w, thresholds),
    )


def _pose_scores(
    given: Float64[np.ndarray, "t 4 4"] | None,
    frames: tuple[int, ...],
    estimated: Float64[np.ndarray, "k 4 4"],
    thresholds: GateThresholds,
) -> tuple[Measurement, ...]:
    """Hold the estimate against the given poses of the same frames."""
    if given is None:
        return _not_measured(_POSE_NAMES, "no poses")
    if len(frames) < MIN_POSES:
        return _not_measured(_POSE_NAMES, f"{len(frames)} registered frames")
    errors = camera_errors(estimated, given[list(frames)])
    n_frames = len(frames)
    return (
        at_most(ROT_ERR, float(np.rad2deg(errors.rot_err_rad)) / n_frames, thresholds.rot_err_deg),
        at_most(TRANS_ERR, errors.trans_err / n_frames, thresholds.trans_err),
        at_most(CAM_MC, errors.cam_mc / n_frames, thresholds.cam_mc),
    )


def _not_measured(names: tuple[str, ...], reason: str) -> tuple[NotMeasured, ...]:
    return tuple(NotMeasured(name=name, reason=reason) for name in names)
