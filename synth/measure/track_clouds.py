"""From masks and depth to points of each thing, with what every pixel stands for.

A pixel is not a point: it covers a patch of surface, and the true edge of a thing lies somewhere
between the last pixel of its mask and the next. So every point carries the patch it stands for
(the surface's step per pixel to the right and down) and whether the thing might go on behind it:
``is_open`` marks pixels next to the image border or to something nearer that hides the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, Int64

from synth.cameras import Intrinsics, unproject
from synth.poses import Pose

_LEVEL: Final = 0.3  # rise per pixel's width up to which a surface counts as level
_RISES: Final = 0.5  # and from which on as rising
STRUCTURE: Final = 0  # track number of walls, floor and whatever nothing was detected on


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keyframe:
    """One frame with all that was measured in it.

    Attributes:
        depth: z-depth; 0 = unknown.
        tracks: Number of the thing at each pixel, ``STRUCTURE`` elsewhere.
        usable: Pixels whose depth no other frame contradicts.
    """

    depth: Float32[np.ndarray, "h w"]
    tracks: Int32[np.ndarray, "h w"]
    usable: Bool[np.ndarray, "h w"]
    c2w: Pose
    intrinsics: Intrinsics


class Cloud(NamedTuple):
    """Points of one thing over all keyframes."""

    points: Float64[np.ndarray, "n 3"]
    step_u: Float64[np.ndarray, "n 3"]  # how far the surface goes per pixel to the right
    step_v: Float64[np.ndarray, "n 3"]  # and per pixel down
    is_open: Bool[np.ndarray, " n"]  # the thing may go on behind this pixel
    is_rim: Bool[np.ndarray, " n"]  # on the outline of what was left of the mask
    view: Int64[np.ndarray, " n"]  # number of the keyframe

    def take(self, keep: Bool[np.ndarray, " n"]) -> "Cloud":
        """Return the points where ``keep``."""
        return Cloud(*(values[keep] for values in self))


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudConfig:
    """How pixels become points.

    Attributes:
        edge_px: Outermost pixels of a mask that are not trusted; their width is added back.
        hidden_by: Share of the depth by which a neighbour must be nearer to hide something.
        structure_hides_by: The same for structure, whose edges against a thing are contacts.
    """

    edge_px: int = 1
    hidden_by: float = 0.05
    structure_hides_by: float = 0.15


def collect_clouds(keyframes: Sequence[Keyframe], config: CloudConfig) -> dict[int, Cloud]:
    """Gather the points of every track; tracks without a usable pixel are missing."""
    parts: dict[int, list[Cloud]] = {}
    for number, keyframe in enumerate(keyframes):
        for track, cloud in _clouds_of_frame(keyframe, number, config).items():
            parts.setdefault(track, []).append(cloud)
    return {
        track: Cloud(*(np.concatenate(values) for values in zip(*clouds, strict=True)))
        for track, clouds in sorted(parts.items())
    }


def _clouds_of_frame(keyframe: Keyframe, number: int, config: CloudConfig) -> dict[int, Cloud]:
    points = unproject(keyframe.depth, keyframe.c2w, keyframe.intrinsics)
    step_u, step_v = _steps(keyframe, points)
    is_open = _open_pixels(keyframe, points[..., 2], config)
    clouds = {}
    for track in np.unique(keyframe.tracks[keyframe.tracks != STRUCTURE]).tolist():
        whole = keyframe.tracks == track
        mask = inner_mask(whole, config.edge_px) & keyframe.usable & (keyframe.depth > 0)
        n = int(mask.sum())
        if n:
            # What is left after edge_px were taken off must still touch its mark, two deep.
            reach = np.ones((2 * config.edge_px + 3,) * 2, np.uint8)
            opened = cv2.dilate((is_open & whole).astype(np.uint8), reach)[mask] > 0
            rim = (mask & ~inner_mask(mask, 1))[mask]
            view = np.full(n, number, dtype=np.int64)
            clouds[track] = Cloud(points[mask], step_u[mask], step_v[mask], opened, rim, view)
    return clouds


def inner_mask(mask: Bool[np.ndarray, "h w"], edge_px: int) -> Bool[np.ndarray, "h w"]:
    """Take ``edge_px`` pixels off the outline of a mask, but not at the image border.

    A mask cut by the border has no outline there: what lies beyond was never seen.
    """
    if edge_px == 0:
        return mask
    kernel = np.ones((2 * edge_px + 1, 2 * edge_px + 1), np.uint8)
    shrunk = cv2.erode(mask.astype(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE)
    return shrunk.astype(np.bool_)


def _steps(
    keyframe: Keyframe, points: Float64[np.ndarray, "h w 3"]
) -> tuple[Float64[np.ndarray, "h w 3"], Float64[np.ndarray, "h w 3"]]:
    """Return the surface's step per pixel to the right and down.

    Of the steps to both neighbours of the same thing the shorter is taken (the longer may jump
    to another part of it); without such a neighbour the surface counts as facing the camera.
    """
    camera = keyframe.intrinsics
    z = keyframe.depth[..., None].astype(np.float64)
    facing = (z / camera.fx * keyframe.c2w[:3, 0], z / camera.fy * keyframe.c2w[:3, 1])
    steps = []
    for axis, fallback in ((1, facing[0]), (0, facing[1])):
        ahead = np.roll(points, -1, axis=axis) - points
        same = np.roll(keyframe.tracks, -1, axis=axis) == keyframe.tracks
        edge = [slice(None), slice(None)]
        edge[axis] = slice(-1, None)
        same[tuple(edge)] = False
        same &= np.isfinite(ahead).all(axis=-1)
        behind, same_behind = np.roll(ahead, 1, axis=axis), np.roll(same, 1, axis=axis)
        candidates = np.stack([ahead, behind, fallback])
        lengths = np.linalg.norm(candidates, axis=-1)
        lengths[0][~same], lengths[1][~same_behind] = np.inf, np.inf
        lengths[2][same | same_behind] = np.inf
        choice = np.where(np.isnan(lengths), np.inf, lengths).argmin(axis=0)
        steps.append(np.take_along_axis(candidates, choice[None, ..., None], axis=0)[0])
    return steps[0], steps[1]


def _open_pixels(
    keyframe: Keyframe, height_m: Float64[np.ndarray, "h w"], config: CloudConfig
) -> Bool[np.ndarray, "h w"]:
    """Mark pixels beside the image border or beside something that hides what is behind it."""
    tracks = keyframe.tracks
    inverse = 1.0 / np.where(keyframe.depth > 0, keyframe.depth, np.nan).astype(np.float64)
    is_open = np.zeros(tracks.shape, dtype=np.bool_)
    for axis in (0, 1):
        for sign in (1, -1):
            is_open |= _hidden_beyond(inverse, tracks, axis, sign, config)
            is_open |= _stood_upon(keyframe, height_m, axis, sign)
    is_open[[0, -1], :] = True
    is_open[:, [0, -1]] = True
    return is_open


def _hidden_beyond(
    inverse: Float64[np.ndarray, "h w"],
    tracks: Int32[np.ndarray, "h w"],
    axis: int,
    sign: int,
    config: CloudConfig,
) -> Bool[np.ndarray, "h w"]:
    """Mark pixels whose neighbour belongs to something else that is nearer.

    The neighbour's surface is carried on to this pixel (1/z is affine on planes): where it meets
    the pixel's own depth the two touch, as a vase and its table do, and nothing is hidden.
    """
    beside, beyond = (_shifted(inverse, axis, sign * n) for n in (1, 2))
    other, other_beyond = (_shifted(tracks, axis, sign * n) for n in (1, 2))
    carried_on = np.where(other == other_beyond, 2 * beside - beyond, beside)
    is_structure = other == STRUCTURE
    margin = np.where(is_structure, config.structure_hides_by, config.hidden_by)
    with np.errstate(invalid="ignore"):
        nearer = np.minimum(carried_on, beside) * (1 - margin) > inverse
    return nearer & (other != tracks)


def _stood_upon(
    keyframe: Keyframe, height_m: Float64[np.ndarray, "h w"], axis: int, sign: int
) -> Bool[np.ndarray, "h w"]:
    """Mark pixels of a level surface from which something else rises: it goes on behind that.

    Walls rise too, but nothing goes on behind a wall.
    """
    other, other_beyond = (_shifted(keyframe.tracks, axis, sign * n) for n in (1, 2))
    inside = _shifted(height_m, axis, -sign)
    rise = _shifted(height_m, axis, 2 * sign) - _shifted(height_m, axis, sign)
    z = keyframe.depth.astype(np.float64)
    pixel = z / keyframe.intrinsics.fy
    with np.errstate(invalid="ignore"):
        is_level = np.abs(height_m - inside) < _LEVEL * pixel
        rises = rise > _RISES * pixel
    same_own = _shifted(keyframe.tracks, axis, -sign) == keyframe.tracks
    is_thing = (other != STRUCTURE) & (other == other_beyond) & (other != keyframe.tracks)
    return is_thing & same_own & is_level & rises


def _shifted(
    values: Float64[np.ndarray, "h w"] | Int32[np.ndarray, "h w"], axis: int, by: int
) -> Float64[np.ndarray, "h w"] | Int32[np.ndarray, "h w"]:
    """Return the value ``by`` pixels further along ``axis``, the border's own beyond it."""
    index = np.clip(np.arange(values.shape[axis]) + by, 0, values.shape[axis] - 1)
    return np.take(values, index, axis=axis)
