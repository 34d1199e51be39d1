"""Geometry as if only some frames had been filmed, so that labels fit the frames a model gets.

VSI-Bench asks about the whole video and lets models see 8 or 32 frames of it; ReVSI showed how
many answers change. Here a label is made for the frames that are given.
"""

from dataclasses import replace

import numpy as np

from synth.scene import SceneGeometry


def only_frames(geometry: SceneGeometry, frames: tuple[int, ...]) -> SceneGeometry:
    """Keep some keyframes: maps, visible pixels and objects are those of these frames alone.

    Poses of all frames stay, since frame numbers index them; the camera's motion over the whole
    clip does not.

    Raises:
        ValueError: ``frames`` is empty, not ascending, or names a frame that is no keyframe.
    """
    strangers = [frame for frame in frames if frame not in geometry.keyframes]
    if strangers or not frames or sorted(set(frames)) != list(frames):
        raise ValueError(
            f"{geometry.sequence_id}: labels for given frames need ascending keyframes out of "
            f"{geometry.keyframes}, got {frames}."
        )
    kept = [geometry.keyframes.index(frame) for frame in frames]
    objects = [
        replace(thing, visible_pixels=thing.visible_pixels[kept]) for thing in geometry.objects
    ]
    return replace(
        geometry,
        keyframes=frames,
        depth=geometry.depth[kept],
        instances=geometry.instances[kept],
        reliable=geometry.reliable[kept],
        objects=tuple(o for o in objects if np.any(o.visible_pixels > 0)),
        motion=None,
    )
