"""Geometry of a clip that nobody knows the truth of: estimator and detector, fused, with a sigma.

Nothing is taken from what the clip was asked to show but its frames (and, where the configuration
says so, its cameras' intrinsics): the path asked for is a wish, and labels speak of what is seen.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt16

from synth.measure.box_fit import DepthNoise
from synth.measure.boxes_from_views import (
    FusedThing,
    Fusion,
    Unmeasured,
    fuse_tracks,
    paint_tracks,
)
from synth.measure.consistency import MAD_TO_SIGMA
from synth.measure.detector import ObjectDetector
from synth.measure.estimator import (
    EstimatedGeometry,
    EstimateError,
    GeometryEstimator,
    GeometryRequest,
)
from synth.measure.measure_config import MeasureConfig, NotMeasured, NotMeasuredReason
from synth.measure.motion import classify
from synth.measure.outline import room_outline
from synth.measure.posed_views import PosedViews, pose_views, structure_points
from synth.measure.track_clouds import Keyframe
from synth.scene import (
    BACKGROUND_ID,
    MeasuredMotion,
    MultiViewSequence,
    Provenance,
    SceneGeometry,
    SceneObject,
)


class Measurement(NamedTuple):
    """Geometry, and what was left out of it."""

    geometry: SceneGeometry
    unmeasured: tuple[Unmeasured, ...]
    object_sigmas: Mapping[int, float]  # standard deviation of a face, by instance id
    noise: DepthNoise


def measure_estimated(
    sequence: MultiViewSequence,
    estimator: GeometryEstimator,
    detector: ObjectDetector,
    config: MeasureConfig,
) -> SceneGeometry | NotMeasured:
    """Measure a clip from its frames. See ``measure_in_detail`` for what was left out."""
    measured = measure_in_detail(sequence, estimator, detector, config)
    return measured if isinstance(measured, NotMeasured) else measured.geometry


def measure_in_detail(
    sequence: MultiViewSequence,
    estimator: GeometryEstimator,
    detector: ObjectDetector,
    config: MeasureConfig,
    *,
    device: str = "cpu",
) -> Measurement | NotMeasured:
    """Measure a clip from its frames, and say what could not be measured of it.

    Args:
        sequence: Only its frames are used, and its intrinsics where they are facts.
        estimator: Has to provide depth, poses and intrinsics.
        detector: Finds the things of ``config.vocabulary``.
        config: How.
        device: Where the estimator's network runs.
    """
    request = GeometryRequest(
        frames=sequence.frames,
        intrinsics=sequence.intrinsics if config.knows_intrinsics else None,
        seed=sequence.provenance.seed,
        device=device,
    )
    try:
        estimated = estimator.estimate(request).at_source()
    except EstimateError as error:
        return NotMeasured(
            sequence_id=sequence.sequence_id,
            reason=NotMeasuredReason.ESTIMATE_FAILED,
            detail=str(error),
        )
    refusal = _refusal(sequence.sequence_id, estimated, config)
    if refusal is not None:
        return refusal
    detections = detector.detect(sequence.frames, config.vocabulary)
    tracks = np.stack([paint_tracks(d, sequence.frames.shape[1:3]) for d in detections])
    view = pose_views(sequence, estimated, tracks, config)
    if isinstance(view, NotMeasured):
        return view
    fusion = fuse_tracks(
        view.keyframes,
        [detections[t] for t in view.frames],
        config.fusion,
        view.noise,
    )
    geometry = _geometry(sequence, estimated, view, fusion, f"{estimator.name}+{detector.name}")
    sigmas = {n: thing.box.sigma for n, thing in enumerate(fusion.things, start=1)}
    return Measurement(geometry, fusion.unmeasured, sigmas, view.noise)


def _refusal(
    sequence_id: str, estimated: EstimatedGeometry, config: MeasureConfig
) -> NotMeasured | None:
    """Return why an estimate cannot become geometry, or ``None``."""
    who = estimated.estimated_by.estimator
    n_registered, n_frames = int(estimated.registered.sum()), len(estimated.registered)
    if estimated.c2w is None or estimated.intrinsics is None:
        reason, detail = NotMeasuredReason.NO_POSES, f"{who} gives no poses or intrinsics"
    elif estimated.depth is None:
        reason, detail = NotMeasuredReason.NO_DEPTH, f"{who} gives no dense depth"
    elif n_registered < max(2, config.least_registered * n_frames):
        reason = NotMeasuredReason.TOO_FEW_REGISTERED
        detail = f"{n_registered} of {n_frames} frames"
    elif estimated.scale_spread > config.most_scale_spread:
        reason = NotMeasuredReason.SCALE_SPREAD
        detail = f"{estimated.scale_spread:.2f} of the scale"
    else:
        return None
    return NotMeasured(sequence_id=sequence_id, reason=reason, detail=detail)


def _geometry(
    sequence: MultiViewSequence,
    estimated: EstimatedGeometry,
    view: PosedViews,
    fusion: Fusion,
    made_by: str,
) -> SceneGeometry:
    assert estimated.intrinsics is not None  # see _refusal
    depth = np.stack([k.depth for k in view.keyframes])
    instances, objects = _objects(view.keyframes, fusion)
    all_registered = bool(estimated.registered.all())
    return SceneGeometry(
        sequence_id=sequence.sequence_id,
        scene_id=sequence.scene_id,
        intrinsics=estimated.intrinsics,
        c2w=view.c2w if all_registered else None,
        keyframes=view.frames,
        depth=depth,
        instances=instances,
        reliable=view.consistency.agreed & ~view.consistency.contradicted,
        objects=objects,
        room_polygon=room_outline(*structure_points(view.keyframes)),
        motion=_motion(estimated, view, made_by) if all_registered else None,
        scale="metric" if estimated.is_metric else "relative",
        sigma_m=_sigma(estimated, view, fusion.things),
        provenance=Provenance(
            made_by=made_by,
            seed=sequence.provenance.seed,
            code=version("vega3d-toolkit"),
        ),
    )


def _objects(
    keyframes: Sequence[Keyframe], fusion: Fusion
) -> tuple[UInt16[np.ndarray, "k h w"], tuple[SceneObject, ...]]:
    """Number the things, measured ones first; what has no box keeps its pixels and a number."""
    groups = [t.tracks for t in fusion.things] + [u.tracks for u in fusion.unmeasured]
    instances = np.full((len(keyframes), *keyframes[0].tracks.shape), BACKGROUND_ID, np.uint16)
    for number, tracks in enumerate(groups, start=1):
        for k, keyframe in enumerate(keyframes):
            instances[k][np.isin(keyframe.tracks, tracks)] = number
    objects = tuple(
        SceneObject(
            instance_id=number,
            category=thing.category,
            color="",
            center=thing.box.center,
            size=thing.box.size,
            rotation=thing.box.rotation,
            visible_pixels=(instances == number).sum(axis=(1, 2)).astype(np.int32),
        )
        for number, thing in enumerate(fusion.things, start=1)
    )
    return instances, objects


def _motion(estimated: EstimatedGeometry, view: PosedViews, made_by: str) -> MeasuredMotion | None:
    """Name the move where positions are metres; a relative path has no dead-band in metres."""
    if not estimated.is_metric or len(view.c2w) < 2:
        return None
    return replace(classify(view.c2w, estimated.intrinsics), measured_by=f"poses of {made_by}")


def _sigma(estimated: EstimatedGeometry, view: PosedViews, things: Sequence[FusedThing]) -> float:
    """Return the standard deviation of a box face: of the boxes, the scale, and the depth noise.

    Without a box it is the noise of a single pixel's depth.
    """
    depths = np.concatenate([k.depth[k.depth > 0] for k in view.keyframes])
    typical = float(np.median(depths))
    from_scale = MAD_TO_SIGMA * estimated.scale_spread * typical / np.sqrt(len(view.frames))
    faces = [thing.box.face_sigma for thing in things]
    from_boxes = (
        float(np.sqrt((np.concatenate(faces) ** 2).mean()))
        if faces
        else view.noise.between_views * typical
    )
    return float(np.hypot(from_boxes, from_scale))


def count_reasons(unmeasured: Sequence[Unmeasured]) -> Mapping[str, int]:
    """Count things without a box by reason, for reports."""
    return dict(sorted(Counter(u.reason.value for u in unmeasured).items()))
