"""Small records of every shape a dataset can hold: exact clips, judged clips, unmeasured clips."""

import numpy as np

from datasets_cards.accounting import Accounting, Count, PlannedClips, count_skipped
from datasets_cards.card import CardConfig
from datasets_cards.package import Clip, PackageConfig, package_dataset
from qa_gen.phrasing import thing
from qa_gen.questions.camera import camera_motion
from qa_gen.questions.vsi import object_abs_distance, object_rel_direction_medium
from qa_gen.record import Choice, Quantity, QuestionKind, Skipped, SkipReason, SpatialQA
from synth.cameras import Intrinsics
from synth.gates.score import GateScore
from synth.measure.motion import classify
from synth.poses import axis_angle, look_at
from synth.scene import (
    MeasuredMotion,
    MultiViewSequence,
    Provenance,
    SceneGeometry,
    SceneObject,
)
from synth.seeding import rng_for
from synth.trajectories import Move, make_trajectory

SIDE = 16  # pixels
N_FRAMES = 5
UP = np.array([0.0, 0.0, 1.0])
MOVES = (Move.TRUCK_LEFT, Move.PAN_RIGHT, Move.DOLLY_IN)
_AMOUNT = {Move.TRUCK_LEFT: 0.5, Move.PAN_RIGHT: 20.0, Move.DOLLY_IN: 0.5}
_OPTIONS = ("left", "right", "back")


def rendered_clip(scene_id, move=Move.TRUCK_LEFT):
    """A clip whose geometry is known exactly: poses, depth, ids, three objects, a floor."""
    sequence = _sequence(scene_id, move, "renderer")
    rng = rng_for(0, scene_id, move, "geometry")
    keyframes = (0, N_FRAMES - 1)
    shape = (len(keyframes), SIDE, SIDE)
    depth = rng.uniform(0.5, 6.0, shape).astype(np.float32)
    depth[:, 0, 0] = 0.0
    instances = rng.integers(0, 4, shape).astype(np.uint16)
    geometry = SceneGeometry(
        sequence_id=sequence.sequence_id,
        scene_id=scene_id,
        intrinsics=sequence.intrinsics,
        c2w=sequence.requested.c2w.copy(),
        keyframes=keyframes,
        depth=depth,
        instances=instances,
        reliable=depth > 1.0,
        objects=tuple(
            _object(i, name, instances) for i, name in enumerate(("sofa", "table", "lamp"), 1)
        ),
        room_polygon=np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]]),
        motion=classify(sequence.requested.c2w),
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(made_by="oracle", seed=0, code="0.1.0"),
    )
    return Clip(sequence=sequence, geometry=geometry, gates=None)


def judged_clip(scene_id, move=Move.TRUCK_LEFT, seen=Move.TRUCK_LEFT):
    """A generated clip of which a judge network knows the motion and nothing else."""
    sequence = _sequence(scene_id, move, "wan-t2v:0123456789ab")
    geometry = SceneGeometry(
        sequence_id=sequence.sequence_id,
        scene_id=scene_id,
        intrinsics=sequence.intrinsics,
        c2w=None,
        keyframes=(),
        depth=np.zeros((0, SIDE, SIDE), np.float32),
        instances=np.zeros((0, SIDE, SIDE), np.uint16),
        reliable=np.zeros((0, SIDE, SIDE), np.bool_),
        objects=(),
        room_polygon=None,
        motion=MeasuredMotion(
            move=seen,
            confidence=0.75,
            margin=0.0 if seen is None else 0.5,
            margin_unit="probability",
            measured_by="camera-judge:ab12",
        ),
        scale="relative",
        sigma_m=0.0,
        provenance=Provenance(made_by="camera-judge:ab12", seed=0, code="0.1.0"),
    )
    gate = GateScore(name="judge_confidence", value=0.75, threshold=0.5, passed=True)
    return Clip(sequence=sequence, geometry=geometry, gates=(gate,))


def unmeasured_clip(scene_id, move=Move.TRUCK_LEFT):
    """A generated clip that nobody measured."""
    return Clip(sequence=_sequence(scene_id, move, "wan-t2v:0123456789ab"), geometry=None)


def example_clips(n_rooms=6):
    """A few clips of each shape, in a fixed order."""
    rooms = [f"room-{i:06d}" for i in range(n_rooms)]
    return [
        *(rendered_clip(room, move) for room in rooms for move in MOVES[:2]),
        judged_clip("wan-t2v-000000"),
        judged_clip("wan-t2v-000001", Move.DOLLY_IN, seen=None),
        unmeasured_clip("wan-t2v-000002"),
    ]


def questions_about(clip):
    """One question of each kind that the clip's geometry can answer."""
    if clip.geometry is None:
        return []
    asked = [] if clip.geometry.motion.move is None else [_about_motion(clip.geometry)]
    if clip.geometry.objects:
        asked += [_about_distance(clip.geometry), _about_direction(clip.geometry)]
    return asked


def example_questions(clips):
    """The questions about all clips, in the clips' order."""
    return [qa for clip in clips for qa in questions_about(clip)]


def example_accounting():
    """A plan that lost clips, and questions that were not asked."""
    return Accounting(
        plan=(
            PlannedClips(generator="renderer", planned=14, lost=(Count(name="no_free_path", n=2),)),
            PlannedClips(generator="wan-t2v", planned=3),
        ),
        skipped=count_skipped(
            [
                Skipped(QuestionKind.OBJECT_ABS_DISTANCE, "a/b", SkipReason.OBJECTS_TOO_CLOSE, 3),
                Skipped(QuestionKind.OBJECT_ABS_DISTANCE, "a/c", SkipReason.OBJECTS_TOO_CLOSE, 4),
                Skipped(QuestionKind.CAMERA_MOTION, "a/b", SkipReason.CAMERA_MOTION_MIXED),
            ]
        ),
    )


def example_config(**changes):
    """How the example dataset is packaged."""
    card = CardConfig(title="Example rooms", license="apache-2.0", recipe="example", seed=7)
    return PackageConfig(card=card, **changes)


def package_examples(folder, clips=None, config=None):
    """Package the example records into ``folder`` and return the manifest."""
    clips = example_clips() if clips is None else clips
    return package_dataset(
        clips,
        example_questions(clips),
        example_accounting(),
        config=config or example_config(),
        folder=folder,
    )


def _sequence(scene_id, move, made_by):
    start = look_at(np.array([2.0, 0.5, 1.4]), np.array([2.1, 2.9, 1.0]), UP)
    name = f"{scene_id}/{move}"
    return MultiViewSequence(
        sequence_id=name,
        scene_id=scene_id,
        prompt=f"a room with a red sofa, {move}",
        frames=rng_for(0, name, "frames").integers(0, 256, (N_FRAMES, SIDE, SIDE, 3), np.uint8),
        requested=make_trajectory(
            move,
            start,
            amount=_AMOUNT[move],
            n_frames=N_FRAMES,
            target_distance_m=2.0,
            intrinsics=Intrinsics.from_fov(width=SIDE, height=SIDE, fov_deg=80.0),
            fps=8.0,
        ),
        provenance=Provenance(made_by=made_by, seed=7, code="0.1.0"),
    )


def _object(instance_id, category, instances):
    return SceneObject(
        instance_id=instance_id,
        category=category,
        color="red",
        center=np.array([1.0 + instance_id / 3, 2.0, 0.4]),
        size=np.array([0.3, 0.2, 0.8]),
        rotation=axis_angle(UP, instance_id / 7),
        visible_pixels=(instances == instance_id).sum(axis=(1, 2)).astype(np.int32),
    )


def _common(geometry):
    return {
        "sequence_id": geometry.sequence_id,
        "scene_id": geometry.scene_id,
        "geometry_source": geometry.provenance.made_by,
    }


def _about_motion(geometry):
    options = tuple(camera_motion.MOVE_TEXT[move] for move in (*MOVES, Move.STATIC))
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/camera_motion",
        kind=QuestionKind.CAMERA_MOTION,
        question=camera_motion.PHRASING.canonical,
        answer=Choice(options, MOVES.index(geometry.motion.move)),
        definition=camera_motion.QUESTION.definition,
        value=None,
        margin=geometry.motion.margin,
        margin_unit=geometry.motion.margin_unit,
        sigma=None,
        evidence_frames=geometry.keyframes,
        objects=(),
        **_common(geometry),
    )


def _about_distance(geometry):
    gap = 1.0 + 1.0 / 3.0 + len(geometry.scene_id) / 7  # any number with many digits
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/object_abs_distance/1-2",
        kind=QuestionKind.OBJECT_ABS_DISTANCE,
        question=object_abs_distance.PHRASING.say({"a": thing("sofa"), "b": thing("table")}),
        answer=Quantity(round(gap, 1), "m", 1),
        definition=object_abs_distance.QUESTION.definition,
        value=gap,
        margin=gap,
        margin_unit="m",
        sigma=0.0,
        evidence_frames=(0, N_FRAMES - 1),
        objects=(1, 2),
        **_common(geometry),
    )


def _about_direction(geometry):
    correct = int(rng_for(0, geometry.sequence_id, "direction").integers(3))
    kind = QuestionKind.OBJECT_REL_DIRECTION_MEDIUM
    named = {"position": thing("sofa"), "facing": thing("table"), "query": thing("lamp")}
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/{kind}/1-2-3",
        kind=kind,
        question=object_rel_direction_medium.PHRASING.say(named),
        answer=Choice(_OPTIONS, correct),
        definition=object_rel_direction_medium.QUESTION.definition,
        value=100.0 / 3.0,
        margin=11.25,
        margin_unit="deg",
        sigma=0.0,
        evidence_frames=(0,),
        objects=(1, 2, 3),
        **_common(geometry),
    )
