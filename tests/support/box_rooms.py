"""Rooms of boxes, drawn in closed form: every pixel's depth and id are exact, nothing is rendered.

Independent of the renderer, so what is measured from these is held against geometry, not code.
"""

import numpy as np

from synth.cameras import Intrinsics, pixel_rays
from synth.film import RenderedTruth
from synth.poses import axis_angle, look_at
from synth.scene import MultiViewSequence, Provenance, SceneObject
from synth.trajectories import Trajectory

UP = np.array([0.0, 0.0, 1.0])
ROOM_M = np.array([5.0, 4.0, 2.6])


def thing(instance_id, category, center, size, yaw_deg=0.0):
    """A box standing in the room."""
    return SceneObject(
        instance_id=instance_id,
        category=category,
        color="",
        center=np.array(center, dtype=np.float64),
        size=np.array(size, dtype=np.float64),
        rotation=axis_angle(UP, float(np.deg2rad(yaw_deg))),
        visible_pixels=np.zeros(1, dtype=np.int32),
    )


def four_things():
    """A table, a chair, a box and a cabinet, all wholly in view of ``around``."""
    return [
        thing(1, "table", (2.4, 1.6, 0.37), (1.2, 0.7, 0.74), 15.0),
        thing(2, "chair", (1.4, 2.5, 0.45), (0.45, 0.5, 0.9), 40.0),
        thing(3, "box", (3.3, 2.6, 0.2), (0.5, 0.35, 0.4), -20.0),
        thing(4, "cabinet", (2.3, 3.2, 0.55), (0.9, 0.4, 1.1), 3.0),
    ]


def around(n_views=9, *, span_deg=80.0, radius_m=2.4, height_m=1.75, center=(2.4, 2.2, 0.4)):
    """Look at the middle of the room from an arc."""
    angles = np.deg2rad(np.linspace(-90 - span_deg / 2, -90 + span_deg / 2, n_views))
    target = np.array(center)
    poses = []
    for angle in angles:
        eye = target + np.array([radius_m * np.cos(angle), radius_m * np.sin(angle), 0.0])
        eye[2] = height_m
        poses.append(look_at(eye, target, UP))
    return np.stack(poses)


def camera(side=96, fov_deg=80.0):
    """A square camera."""
    return Intrinsics.from_fov(width=side, height=side, fov_deg=fov_deg)


def draw(objects, c2w, intrinsics, room_m=ROOM_M, sequence_id="boxes/around"):
    """Cast one ray per pixel; return the truth of the clip."""
    depth, instances = zip(*(_cast(objects, p, intrinsics, room_m) for p in c2w), strict=True)
    ids = np.stack(instances)
    seen = [
        SceneObject(
            instance_id=o.instance_id,
            category=o.category,
            color=o.color,
            center=o.center,
            size=o.size,
            rotation=o.rotation,
            visible_pixels=(ids == o.instance_id).sum(axis=(1, 2)).astype(np.int32),
        )
        for o in objects
    ]
    x, y = room_m[:2]
    return RenderedTruth(
        sequence_id=sequence_id,
        c2w=c2w,
        intrinsics=(intrinsics,) * len(c2w),
        depth=np.stack(depth),
        instances=ids,
        objects=tuple(seen),
        room_polygon=np.array([[0.0, 0.0], [x, 0.0], [x, y], [0.0, y]]),
    )


def sequence_of(truth, frames=None):
    """A clip with the truth's poses as what was asked for; grey frames unless given."""
    n, height, width = truth.depth.shape
    if frames is None:
        frames = np.full((n, height, width, 3), 128, np.uint8)
    return MultiViewSequence(
        sequence_id=truth.sequence_id,
        scene_id=truth.sequence_id.split("/")[0],
        prompt="",
        frames=frames,
        requested=Trajectory(
            name="free",
            c2w=truth.c2w.copy(),
            intrinsics=truth.intrinsics,
            fps=8.0,
            scale="metric",
        ),
        provenance=Provenance(made_by="renderer", seed=0, code="-"),
    )


def _cast(objects, c2w, intrinsics, room_m):
    rays = pixel_rays(intrinsics) @ c2w[:3, :3].T  # z-depth is the ray's parameter
    eye = c2w[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        shell = np.where(rays > 0, (room_m - eye) / rays, np.where(rays < 0, -eye / rays, np.inf))
    depth = shell.min(axis=-1)
    ids = np.zeros(depth.shape, np.uint16)
    for o in objects:
        origin, direction = (eye - o.center) @ o.rotation, rays @ o.rotation
        with np.errstate(divide="ignore", invalid="ignore"):
            a = (-o.size / 2 - origin) / direction
            b = (o.size / 2 - origin) / direction
        near, far = np.minimum(a, b).max(axis=-1), np.maximum(a, b).min(axis=-1)
        hit = (near <= far) & (near > 0) & (near < depth)
        depth = np.where(hit, near, depth)
        ids[hit] = o.instance_id
    return depth.astype(np.float32), ids
