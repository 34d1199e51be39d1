"""Textured clips of a box room with exact poses, depth and ids: truth for the gates.

The texture is solid noise looked up at each pixel's world point, so every view agrees with every
other to the pixel, and nothing is rendered by the code under test.
"""

from dataclasses import dataclass
from functools import cache

import box_rooms
import numpy as np
from scipy.ndimage import map_coordinates

from synth.cameras import Intrinsics, unproject
from synth.film import RenderedTruth
from synth.gates.evidence import Candidate
from synth.poses import look_at
from synth.seeding import rng_for

UP = np.array([0.0, 0.0, 1.0])
_LATTICE = 64
# Cell sizes of the noise in metres, and how strong each is: details for SIFT, blotches for cuts.
_OCTAVES = ((0.5, 0.8), (0.2, 0.7))


@dataclass(frozen=True, kw_only=True, eq=False)
class TexturedClip:
    """A clip and its truth."""

    frames: np.ndarray
    c2w: np.ndarray
    intrinsics: tuple[Intrinsics, ...]
    depth: np.ndarray
    instances: np.ndarray
    truth: RenderedTruth

    def candidate(self, **changes):
        """The clip as gates take it."""
        parts = {"frames": self.frames, "c2w": self.c2w, "intrinsics": self.intrinsics}
        return Candidate(**(parts | changes))


def camera(width=256, height=176, fov_deg=70.0):
    return Intrinsics.from_fov(width=width, height=height, fov_deg=fov_deg)


def truck(n_frames=11, *, step_m=0.09, start=(1.5, 0.9, 1.3), drift_m=0.012):
    """Move right along x, looking across the room, with a little forward drift and turn."""
    poses = []
    for k in range(n_frames):
        eye = np.array(start) + k * np.array([step_m, drift_m, 0.004])
        poses.append(look_at(eye, eye + np.array([0.15 - 0.01 * k, 2.0, -0.35]), UP))
    return np.stack(poses)


def pan(n_frames=11, *, step_deg=1.6, eye=(2.4, 0.6, 1.4)):
    """Turn on the spot."""
    poses = []
    for angle in np.deg2rad(90 + step_deg * (np.arange(n_frames) - n_frames / 2)):
        at = np.array(eye)
        poses.append(look_at(at, at + np.array([np.cos(angle), np.sin(angle), -0.2]), UP))
    return np.stack(poses)


def draw(c2w, intrinsics, *, texture=0, objects=None):
    """Draw the four-thing room with the given texture seed along the poses."""
    truth = box_rooms.draw(objects or box_rooms.four_things(), c2w, intrinsics)
    frames = np.stack(
        [
            _paint(unproject(depth, pose, intrinsics), ids, texture)
            for depth, pose, ids in zip(truth.depth, c2w, truth.instances, strict=True)
        ]
    )
    return TexturedClip(
        frames=frames,
        c2w=c2w,
        intrinsics=(intrinsics,) * len(c2w),
        depth=truth.depth,
        instances=truth.instances,
        truth=truth,
    )


@cache
def moving_clip(texture=0):
    """Eleven frames of a sideways move."""
    return draw(truck(), camera(), texture=texture)


@cache
def turning_clip(texture=0):
    """Eleven frames of a turn on the spot."""
    return draw(pan(), camera(), texture=texture)


def _paint(world, ids, texture):
    grey = np.zeros(ids.shape)
    for number, (cell_m, strength) in enumerate(_OCTAVES):
        lattice = rng_for(texture, "gate clips", str(number)).standard_normal((_LATTICE,) * 3)
        at = (world + ids[..., None] * 1.7) / cell_m
        grey += strength * map_coordinates(lattice, at.transpose(2, 0, 1), order=1, mode="wrap")
    tint = np.array([1.0, 0.85, 0.7]) if texture % 2 else np.array([0.75, 0.9, 1.0])
    return np.clip((118 + 42 * grey)[..., None] * tint, 0, 255).astype(np.uint8)
