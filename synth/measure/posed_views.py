"""Keyframes of an estimate: picked, held against each other, and stood on their floor."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int32

from synth.cameras import unproject
from synth.measure.box_fit import DepthNoise
from synth.measure.consistency import (
    MAD_TO_SIGMA,
    Consistency,
    cross_view_consistency,
    pixel_noise,
)
from synth.measure.estimator import EstimatedGeometry
from synth.measure.measure_config import MeasureConfig, NotMeasured, NotMeasuredReason
from synth.measure.track_clouds import STRUCTURE, Keyframe
from synth.measure.upright import find_floor
from synth.scene import MultiViewSequence
from synth.seeding import rng_for


class PosedViews(NamedTuple):
    """The keyframes in an upright world."""

    frames: tuple[int, ...]
    keyframes: list[Keyframe]
    c2w: Float64[np.ndarray, "t 4 4"]
    consistency: Consistency
    noise: DepthNoise


def pose_views(
    sequence: MultiViewSequence,
    estimated: EstimatedGeometry,
    tracks: Int32[np.ndarray, "t h w"],
    config: MeasureConfig,
) -> PosedViews | NotMeasured:
    """Pick keyframes, hold them against each other, and stand the world on its floor."""
    depth, c2w, cameras = estimated.depth, estimated.c2w, estimated.intrinsics
    assert depth is not None  # the caller refuses estimates without
    assert c2w is not None
    assert cameras is not None
    registered = np.flatnonzero(estimated.registered)
    picked = np.linspace(0, len(registered) - 1, min(len(registered), config.most_keyframes))
    frames = tuple(registered[picked.round().astype(np.int64)].tolist())
    at = list(frames)
    key_cameras = [cameras[t] for t in frames]
    consistency = cross_view_consistency(
        depth[at], c2w[at], key_cameras, tolerance=config.depth_tolerance
    )
    judged = consistency.agreed | consistency.contradicted
    agreement = float(consistency.agreed.sum()) / max(1, int(judged.sum()))
    if not judged.any() or agreement < config.least_agreement:
        return NotMeasured(
            sequence_id=sequence.sequence_id,
            reason=NotMeasuredReason.INCONSISTENT,
            detail=f"{agreement:.2f} of the pixels that several frames see agree",
        )
    keyframes = [
        Keyframe(depth=depth[t], tracks=tracks[t], usable=~contradicted, c2w=c2w[t], intrinsics=k)
        for t, k, contradicted in zip(frames, key_cameras, consistency.contradicted, strict=True)
    ]
    if not estimated.is_upright:
        rng = rng_for(sequence.provenance.seed, sequence.sequence_id, "floor")
        floor = find_floor(
            structure_points(keyframes)[0], np.stack([k.c2w for k in keyframes]), rng
        )
        if floor is None:
            return NotMeasured(
                sequence_id=sequence.sequence_id,
                reason=NotMeasuredReason.NO_FLOOR,
                detail="no large plane below the cameras",
            )
        c2w = floor.world_to_upright @ c2w
        keyframes = [replace(k, c2w=floor.world_to_upright @ k.c2w) for k in keyframes]
    # An error between two views is the sum of both views' errors.
    errors = np.abs(consistency.relative_errors)
    between = MAD_TO_SIGMA * float(np.median(errors)) / np.sqrt(2.0) if len(errors) else 0.0
    noise = DepthNoise(between_views=between, pixel=pixel_noise(depth[at]))
    return PosedViews(frames, keyframes, c2w, consistency, noise)


def structure_points(
    keyframes: Sequence[Keyframe],
) -> tuple[Float64[np.ndarray, "n 3"], Float64[np.ndarray, "n 3"]]:
    """Return usable points of walls, floor and ceiling, and the camera that saw each."""
    points, origins = [], []
    for keyframe in keyframes:
        mask = (keyframe.tracks == STRUCTURE) & keyframe.usable & (keyframe.depth > 0)
        world = unproject(keyframe.depth, keyframe.c2w, keyframe.intrinsics)[mask]
        points.append(world)
        origins.append(np.broadcast_to(keyframe.c2w[:3, 3], world.shape))
    return np.concatenate(points), np.concatenate(origins)
