"""Measured geometry made of boxes whose answers can be worked out by hand."""

from dataclasses import replace

import numpy as np

from synth.cameras import Intrinsics
from synth.poses import axis_angle
from synth.scene import MeasuredMotion, Provenance, SceneGeometry, SceneObject
from synth.trajectories import mirror

CATEGORIES = (
    "armchair", "bed", "bookcase", "chair", "desk", "lamp", "plant", "sofa", "stool", "table",
)  # fmt: skip


def yaw(degrees):
    """Rotation about +z, counter-clockwise seen from above."""
    return axis_angle(np.array([0.0, 0.0, 1.0]), np.deg2rad(degrees))


def box(
    instance_id, category, center, size=(0.4, 0.4, 0.4), *, yaw_deg=0.0, pixels=(100, 100, 100)
):
    """One object; ``pixels`` is what each keyframe shows of it."""
    return SceneObject(
        instance_id=instance_id,
        category=category,
        color="",
        center=np.array(center, dtype=np.float64),
        size=np.array(size, dtype=np.float64),
        rotation=yaw(yaw_deg),
        visible_pixels=np.array(pixels, dtype=np.int32),
    )


def scene(*objects, scale="metric", motion=None, sigma_m=0.0, name="room-000001/pan_left"):
    """Geometry of frames 0, 4 and 8 with blank maps."""
    return SceneGeometry(
        sequence_id=name,
        scene_id=name.split("/")[0],
        intrinsics=(Intrinsics(fx=1.0, fy=1.0, cx=0.5, cy=0.5, width=1, height=1),),
        c2w=None,
        keyframes=(0, 4, 8),
        depth=np.zeros((3, 1, 1), np.float32),
        instances=np.zeros((3, 1, 1), np.uint16),
        reliable=np.ones((3, 1, 1), np.bool_),
        objects=objects,
        room_polygon=None,
        motion=motion,
        scale=scale,
        sigma_m=sigma_m,
        provenance=Provenance(made_by="oracle", seed=0, code="-"),
    )


def measured(move, margin_deg=5.0):
    """A camera motion named from poses."""
    return MeasuredMotion(
        move=move, confidence=1.0, margin=margin_deg, margin_unit="deg", measured_by="poses"
    )


def judged(move, confidence):
    """A camera motion named by a judge."""
    return MeasuredMotion(
        move=move,
        confidence=confidence,
        margin=2 * confidence - 1,
        margin_unit="probability",
        measured_by="camera-judge:ab12",
    )


def random_scene(seed, n_objects=8, motion=None):
    """Boxes of different categories standing anywhere on a 5 m x 4 m floor."""
    rng = np.random.default_rng(seed)
    objects = []
    for i in range(n_objects):
        size = rng.uniform(0.2, 1.0, 3)
        center = [*(rng.uniform(-1, 1, 2) * [2.5, 2.0]), size[2] / 2]
        objects.append(
            box(i + 1, CATEGORIES[i], center, tuple(size), yaw_deg=float(rng.uniform(0, 360)))
        )
    return scene(*objects, motion=motion, name=f"room-{seed:06d}/path")


def moved(geometry, rotation, shift):
    """The same room in a world turned and shifted."""
    return _with_boxes(
        geometry, lambda o: (rotation @ o.center + shift, o.size, rotation @ o.rotation)
    )


def scaled(geometry, factor):
    """The same room, ``factor`` times as large."""
    return _with_boxes(geometry, lambda o: (o.center * factor, o.size * factor, o.rotation))


def mirrored(geometry):
    """The room and its film in a mirror (x -> -x)."""
    flip = np.array([-1.0, 1.0, 1.0])
    # A box looks the same from both ends of an axis, so the mirrored axes can stay a rotation.
    seen = _with_boxes(
        geometry, lambda o: (flip * o.center, o.size, flip[:, None] * o.rotation * flip)
    )
    motion = geometry.motion
    if motion is None or motion.move is None:
        return seen
    return replace(seen, motion=replace(motion, move=mirror(motion.move)))


def shuffled(geometry, seed=0):
    """The same room with its objects listed in another order."""
    order = np.random.default_rng(seed).permutation(len(geometry.objects))
    return replace(geometry, objects=tuple(geometry.objects[i] for i in order))


def _with_boxes(geometry, change):
    objects = []
    for thing in geometry.objects:
        center, size, rotation = change(thing)
        objects.append(replace(thing, center=center, size=size, rotation=rotation))
    return replace(geometry, objects=tuple(objects))
