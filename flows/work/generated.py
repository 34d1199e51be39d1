"""Measure generated clips, which have no poses, by the camera judge."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from flows.preflight import find_checkpoint
from flows.run_folder import RunFolder
from flows.workers import Device, Job
from synth.measure.camera_judge import CameraJudge, load_judge
from synth.scene import MeasuredMotion, MultiViewSequence, Provenance, SceneGeometry


def judged(job: Job, clips: Sequence[MultiViewSequence]) -> list[SceneGeometry]:
    """Return what the judge saw in each clip."""
    judge = _load(RunFolder(job.run).recipe().wan.judge, job.device)
    return [_seen_by_judge(clip, judge.measure(clip.frames.copy())) for clip in clips]


@lru_cache(maxsize=1)
def _load(folder: Path, device: Device) -> CameraJudge:
    """Load the judge once a worker."""
    return load_judge(find_checkpoint(folder, "wan.judge"), device)


def _seen_by_judge(clip: MultiViewSequence, motion: MeasuredMotion) -> SceneGeometry:
    """Wrap what a judge saw: a motion, and nothing that it could not see."""
    height, width = clip.frames.shape[1:3]
    return SceneGeometry(
        sequence_id=clip.sequence_id,
        scene_id=clip.scene_id,
        intrinsics=clip.intrinsics,
        c2w=None,
        keyframes=(),
        depth=np.zeros((0, height, width), np.float32),
        instances=np.zeros((0, height, width), np.uint16),
        reliable=np.zeros((0, height, width), np.bool_),
        objects=(),
        room_polygon=None,
        motion=motion,
        scale="relative",
        sigma_m=0.0,
        provenance=Provenance(
            made_by=motion.measured_by, seed=clip.provenance.seed, code=version("vega3d-toolkit")
        ),
    )
