"""Measure generated clips: what the camera did, by a judge or by structure from motion, and gates.

A text-to-video clip has no geometry of its own: its poses are unknown, and only its frames are
tested. A clip painted over rendered depth claims the path and the depth it was given, and is
tested against both.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from flows.preflight import find_checkpoint
from flows.recipes.recipe import MeasureConfig
from flows.run_folder import RunFolder
from flows.work.verdicts import Verdict, decide, read_verdicts, verdicts_path, write_verdicts
from flows.workers import Device, Job
from synth.film import RenderedTruth
from synth.gates.evidence import Candidate, Evidence
from synth.gates.followed import measure_followed
from synth.gates.freeze import NAME as FREEZE
from synth.gates.score import Measurement, NotMeasured
from synth.gates.table import GATES, run_gates
from synth.gates.verify import required_gates
from synth.measure.camera_judge import CameraJudge, load_judge
from synth.measure.global_sfm import GlobalSfm
from synth.measure.motion import classify
from synth.moves import Move
from synth.poses import invert
from synth.scene import MeasuredMotion, MultiViewSequence, Provenance, SceneGeometry
from synth.storage import read_geometries, read_sequences, read_truths, write_geometries


class Measured(NamedTuple):
    """A generated clip's geometry, and whether it is kept."""

    geometry: SceneGeometry
    verdict: Verdict


class _Seen(NamedTuple):
    """What was measured of the camera."""

    motion: MeasuredMotion
    c2w: Float64[np.ndarray, "t 4 4"] | None


def measure_generated(job: Job) -> list[Measured]:
    """Measure all clips of a shard, or read what was measured right after they were made."""
    folder = RunFolder(job.run).stage("synthesize")
    if verdicts_path(folder, job.shard).exists():
        geometries = read_geometries(folder / f"{job.shard}.measured.npz")
        verdicts = read_verdicts(verdicts_path(folder, job.shard))
        return [Measured(*pair) for pair in zip(geometries, verdicts, strict=True)]
    clips = read_sequences(folder / f"{job.shard}.npz")
    return measure_clips(job, clips, read_truths(folder / f"{job.shard}.truth.npz"))


def write_measured(folder: Path, shard: str, measured: Sequence[Measured]) -> list[Path]:
    """Write in the stage ``synthesize`` what ``measure_generated`` reads there."""
    return [
        write_geometries(folder / f"{shard}.measured.npz", [one.geometry for one in measured]),
        write_verdicts(verdicts_path(folder, shard), [one.verdict for one in measured]),
    ]


def measure_clips(
    job: Job, clips: Sequence[MultiViewSequence], truths: Sequence[RenderedTruth]
) -> list[Measured]:
    """Measure generated clips, each beside the room it was filmed from for comparison."""
    recipe = RunFolder(job.run).recipe()
    claims_path = job.shard.startswith("wan-vace")
    measured = []
    for clip, truth in zip(clips, truths, strict=True):
        evidence = Evidence(_candidate(clip, truth if claims_path else None), seed=recipe.seed)
        if recipe.measure.motion_from == "judge":
            seen = _Seen(_judge(recipe.wan.judge, job.device).measure(clip.frames.copy()), None)
        else:
            seen = _by_sfm(evidence, len(clip.frames))
        verdict = _verdict(clip, evidence, seen.motion, recipe.measure)
        measured.append(Measured(_geometry(clip, seen), verdict))
    return measured


def _candidate(clip: MultiViewSequence, control: RenderedTruth | None) -> Candidate:
    if control is None:
        return Candidate(frames=clip.frames)
    return Candidate(
        frames=clip.frames,
        c2w=control.c2w,
        intrinsics=control.intrinsics,
        control_depth=control.depth,
    )


@lru_cache(maxsize=1)
def _judge(folder: Path | None, device: Device) -> CameraJudge:
    """Load the judge once a worker."""
    assert folder is not None  # flows.recipe_checks
    return load_judge(find_checkpoint(folder, "wan.judge"), device)


def _by_sfm(evidence: Evidence, n_frames: int) -> _Seen:
    """Name the motion of the reconstructed cameras; all frames must have been registered."""
    found = evidence.sfm
    if not isinstance(found, GlobalSfm) or len(found.frames) < n_frames:
        unknown = MeasuredMotion(
            move=None, confidence=0.0, margin=0.0, margin_unit="deg", measured_by="sfm"
        )
        return _Seen(unknown, None)
    return _Seen(name_motion(found, evidence.candidate.c2w), found.c2w)


def name_motion(found: GlobalSfm, claimed: Float64[np.ndarray, "t 4 4"] | None) -> MeasuredMotion:
    """Name the motion of reconstructed cameras.

    Args:
        found: A model of all frames.
        claimed: The path the clip was asked to show. It only says which way is up, so that a
            camera that looks down may still go forwards; without, the first camera counts as level.
    """
    w2c = invert(found.c2w[0])
    depth = (found.points @ w2c[:3, :3].T + w2c[:3, 3])[:, 2]
    in_front = depth[depth > 0]
    scene_depth = float(np.median(in_front)) if len(in_front) else None
    if claimed is None or scene_depth is None:
        motion = classify(found.c2w, scale="relative", scene_depth=scene_depth)
    else:
        upright = claimed[0] @ w2c @ found.c2w
        motion = classify(upright, scale="metric", scene_depth=scene_depth)
    return replace(motion, measured_by="sfm")


def _verdict(
    clip: MultiViewSequence, evidence: Evidence, motion: MeasuredMotion, config: MeasureConfig
) -> Verdict:
    stands = clip.requested.move is Move.STATIC
    gates = [gate for gate in GATES if gate.name in config.gates]
    measurements: list[Measurement] = [measure_followed(clip.requested.move, motion)]
    for found in run_gates(evidence, config.thresholds, gates=gates):
        # A camera that was asked to stand still gives a clip that stands still.
        is_asked = stands and found.name == FREEZE
        measurements.append(NotMeasured(name=FREEZE, reason="asked for") if is_asked else found)
    required = config.required
    if required is None:
        required = (measurements[0].name, *required_gates(evidence))
    required = tuple(name for name in required if not (stands and name == FREEZE))
    return decide(clip.sequence_id, measurements, required)


def _geometry(clip: MultiViewSequence, seen: _Seen) -> SceneGeometry:
    """Wrap what was seen: a motion, perhaps poses, and nothing that nobody could see."""
    height, width = clip.frames.shape[1:3]
    return SceneGeometry(
        sequence_id=clip.sequence_id,
        scene_id=clip.scene_id,
        intrinsics=clip.intrinsics,
        c2w=seen.c2w,
        keyframes=(),
        depth=np.zeros((0, height, width), np.float32),
        instances=np.zeros((0, height, width), np.uint16),
        reliable=np.zeros((0, height, width), np.bool_),
        objects=(),
        room_polygon=None,
        motion=seen.motion,
        scale="relative",
        sigma_m=0.0,
        provenance=Provenance(
            made_by=seen.motion.measured_by,
            seed=clip.provenance.seed,
            code=version("vega3d-toolkit"),
        ),
    )
