"""Measured geometry with cameras, depth and ids, and the same world turned, mirrored, resized."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from box_rooms import around, camera, draw, four_things, sequence_of

from synth.film import FilmConfig, FilmedClip, film_room
from synth.measure.oracle import measure_rendered
from synth.rooms.config import RoomConfig
from synth.trajectories import mirror

_FLIP = np.diag([-1.0, 1.0, 1.0, 1.0])


@lru_cache(maxsize=8)
def filmed_rooms(n=2, size_px=96):
    """Exact geometry of clips through ``n`` furnished rooms, rendered."""
    return tuple(g for i in range(n) for g in _film(f"room-{i:06d}", size_px, n_paths=2))


@lru_cache(maxsize=1)
def telling_rooms():
    """Exact geometry of four clips that between them are asked every kind of question."""
    names = ("room-000011", "room-000001")
    return tuple(g for name in names for g in _film(name, 96, n_paths=3)[:2])


def _film(name, size_px, n_paths):
    config = FilmConfig(size_px=size_px, paths_per_room=n_paths, n_frames=9)
    clips = film_room(name, 0, RoomConfig(), config)
    filmed = [clip for clip in clips if isinstance(clip, FilmedClip)]
    return [measure_rendered(clip.sequence, clip.truth) for clip in filmed]


def drawn_room(things=None, poses=None, side=96, **changes):
    """Exact geometry of boxes in an empty room, drawn without the renderer.

    ``things`` are ``box_rooms.thing``; ``poses`` (t, 4, 4) camera-to-world, all of
    them keyframes. The room spans 5 m x 4 m x 2.6 m from the origin.
    """
    things = four_things() if things is None else things
    poses = around() if poses is None else poses
    truth = draw(things, poses, camera(side))
    return replace(measure_rendered(sequence_of(truth), truth), **changes)


def moved(geometry, rotation, shift):
    """The same film in a world turned by ``rotation`` (3, 3) and shifted."""
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = rotation, shift
    return _changed(
        geometry,
        box=lambda o: (rotation @ o.center + shift, o.size, rotation @ o.rotation),
        facing=lambda v: rotation @ v,
        c2w=lambda poses: pose @ poses,
        floor=lambda xy: xy @ rotation[:2, :2].T + shift[:2],
    )


def scaled(geometry, factor):
    """The same film of a world ``factor`` times as large."""

    def larger(poses):
        poses = poses.copy()
        poses[:, :3, 3] *= factor
        return poses

    seen = _changed(
        geometry,
        box=lambda o: (o.center * factor, o.size * factor, o.rotation),
        facing=lambda v: v,
        c2w=larger,
        floor=lambda xy: xy * factor,
    )
    area = geometry.floor_area_m2
    return replace(
        seen,
        depth=(geometry.depth * np.float32(factor)).astype(np.float32),
        floor_area_m2=None if area is None else area * factor**2,
    )


def mirrored(geometry):
    """The world and its film in a mirror (x -> -x); images are flipped left to right."""
    flip = _FLIP[:3, :3]
    seen = _changed(
        geometry,
        # A box looks the same from both ends of an axis, so its mirrored axes stay a rotation.
        box=lambda o: (flip @ o.center, o.size, flip @ o.rotation @ flip),
        facing=lambda v: flip @ v,
        c2w=lambda poses: _FLIP @ poses @ _FLIP,
        floor=lambda xy: (xy @ flip[:2, :2])[::-1],
    )
    motion = geometry.motion
    if motion is not None and motion.move is not None:
        motion = replace(motion, move=mirror(motion.move))
    return replace(
        seen,
        depth=geometry.depth[:, :, ::-1].copy(),
        instances=geometry.instances[:, :, ::-1].copy(),
        reliable=geometry.reliable[:, :, ::-1].copy(),
        motion=motion,
    )


def shuffled(geometry, seed=0):
    """The same film with its objects listed in another order."""
    order = np.random.default_rng(seed).permutation(len(geometry.objects))
    return replace(geometry, objects=tuple(geometry.objects[i] for i in order))


def renumbered(geometry):
    """The same film with instance ids counted from the other end."""
    top = max((o.instance_id for o in geometry.objects), default=0) + 1
    ids = np.where(geometry.instances > 0, top - geometry.instances.astype(np.int64), 0)
    things = [replace(o, instance_id=top - o.instance_id) for o in geometry.objects]
    return replace(
        geometry,
        objects=tuple(things),
        instances=np.where(ids > 0, ids, 0).astype(np.uint16),
    )


def _changed(geometry, *, box, facing, c2w, floor):
    objects = []
    for thing in geometry.objects:
        center, size, rotation = box(thing)
        front = None if thing.facing is None else facing(thing.facing)
        objects.append(replace(thing, center=center, size=size, rotation=rotation, facing=front))
    outline = geometry.room_polygon
    return replace(
        geometry,
        objects=tuple(objects),
        c2w=None if geometry.c2w is None else c2w(geometry.c2w),
        room_polygon=None if outline is None else floor(outline),
    )
