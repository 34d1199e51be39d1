"""What hides what in an image, proven by other images of the same clip.

A box is larger than the thing in it, so a pixel inside a box's outline does not prove that the
thing goes on behind it. Here a point counts as hidden only if another image has shown that it
belongs to the thing: seen there, projected here, it lies clearly behind a pixel of something else.
That something hides nothing is proven the other way round, by the box: in the box's extent in the
image it shows no pixel but those that lie behind all of the box.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.survey import Survey
from synth.cameras import pixel_rays, project
from synth.poses import invert

POINTS_PER_IMAGE: Final = 2000  # at most, evenly over the pixels of all things
CLEARLY_NEARER: Final = 0.97  # depth of what hides, as a share of the depth of what is hidden
_FRINGE_PX: Final = 2.0  # around a box's extent in the image


class Hidden(NamedTuple):
    """Counts over keyframes and things (indices into ``survey.things``)."""

    known: Int64[np.ndarray, "k n"]  # points of a thing, seen elsewhere, in this image's view
    behind: Int64[np.ndarray, "k n n"]  # of these, hidden here: by whom is the last axis
    apart: Bool[np.ndarray, "k n n"]  # the last surely does not hide the middle one


class _Points(NamedTuple):
    world: Float64[np.ndarray, "p 3"]
    owner: Int64[np.ndarray, " p"]
    image: Int64[np.ndarray, " p"]  # which keyframe saw it


def find_hidden(survey: Survey) -> Hidden:
    """Project what every keyframe saw into every other one.

    Raises:
        ValueError: There are no poses; the kind must declare ``Need.POSES``.
    """
    geometry = survey.geometry
    n, k = len(survey.things), len(geometry.keyframes)
    owners = _owner_maps(survey)
    inner = np.stack([_inner(ids) for ids in owners]) if k else np.zeros((0, 1, 1), np.bool_)
    points = _seen_points(survey, owners, inner)
    known = np.zeros((k, n), np.int64)
    behind = np.zeros((k, n, n), np.int64)
    apart = np.zeros((k, n, n), np.bool_)
    for f, frame in enumerate(geometry.keyframes):
        camera = geometry.intrinsics[frame]
        elsewhere = points.image != f
        seen = project(points.world[elsewhere], survey.keyframe_c2w[f], camera)
        owner = points.owner[elsewhere][seen.visible]
        u, v = seen.uv[seen.visible].astype(np.int64).T
        front, depth = owners[f][v, u], geometry.depth[f][v, u]
        hides = (front >= 0) & (front != owner) & inner[f][v, u]
        hides &= (depth > 0) & (depth < CLEARLY_NEARER * seen.depth[seen.visible])
        known[f] = np.bincount(owner, minlength=n)
        pairs = owner[hides] * n + front[hides]
        behind[f] = np.bincount(pairs, minlength=n * n).reshape(n, n)
        apart[f] = _apart(survey, f, owners[f])
    return Hidden(known=known, behind=behind, apart=apart)


def _owner_maps(survey: Survey) -> Int64[np.ndarray, "k h w"]:
    """Index into ``survey.things`` of every pixel, -1 for structure."""
    ids = survey.geometry.instances
    place = np.full(int(ids.max(initial=0)) + 1, -1, dtype=np.int64)
    for i, thing in enumerate(survey.things):
        if thing.instance_id < len(place):
            place[thing.instance_id] = i
    owners: Int64[np.ndarray, "k h w"] = place[ids]
    return owners


def _inner(owner: Int64[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
    """Pixels whose eight neighbours belong to the same thing; no pixel of the border."""
    h, w = owner.shape
    inner = np.zeros((h, w), dtype=np.bool_)
    inner[1:-1, 1:-1] = owner[1:-1, 1:-1] >= 0
    for dy in (0, 1, 2):
        for dx in (0, 1, 2):
            shifted = owner[dy : h - 2 + dy, dx : w - 2 + dx]
            inner[1:-1, 1:-1] &= shifted == owner[1:-1, 1:-1]
    return inner


def _seen_points(
    survey: Survey, owners: Int64[np.ndarray, "k h w"], inner: Bool[np.ndarray, "k h w"]
) -> _Points:
    geometry = survey.geometry
    world, owner, image = [np.zeros((0, 3))], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for f, frame in enumerate(geometry.keyframes):
        good = np.flatnonzero(inner[f] & geometry.reliable[f] & (geometry.depth[f] > 0))
        good = good[:: max(1, -(-len(good) // POINTS_PER_IMAGE))]
        rays = pixel_rays(geometry.intrinsics[frame]).reshape(-1, 3)[good]
        c2w = survey.keyframe_c2w[f]
        local = rays * geometry.depth[f].ravel()[good, None].astype(np.float64)
        world.append(local @ c2w[:3, :3].T + c2w[:3, 3])
        owner.append(owners[f].ravel()[good])
        image.append(np.full(len(good), f))
    return _Points(np.concatenate(world), np.concatenate(owner), np.concatenate(image))


def _apart(survey: Survey, f: int, owner: Int64[np.ndarray, "h w"]) -> Bool[np.ndarray, "n n"]:
    """Whether the column's thing shows nothing before or in the row's box in keyframe ``f``."""
    n = len(survey.things)
    camera = survey.geometry.intrinsics[survey.geometry.keyframes[f]]
    w2c = invert(survey.keyframe_c2w[f])
    local = survey.corners @ w2c[:3, :3].T + w2c[:3, 3]
    in_front = local[:, :, 2].min(axis=1) > 0
    z = np.maximum(local[:, :, 2], 1e-9)
    u = local[:, :, 0] / z * camera.fx + camera.cx
    v = local[:, :, 1] / z * camera.fy + camera.cy
    low = np.floor(np.stack([u.min(axis=1), v.min(axis=1)], axis=1) - _FRINGE_PX)
    high = np.ceil(np.stack([u.max(axis=1), v.max(axis=1)], axis=1) + _FRINGE_PX)
    size = (camera.width, camera.height)
    low, high = (np.clip(x, 0, size).astype(np.int64) for x in (low, high))
    apart = np.zeros((n, n), dtype=np.bool_)
    for i in np.flatnonzero(
        in_front
    ).tolist():  # a box that reaches behind the camera has no extent
        extent = slice(low[i, 1], high[i, 1]), slice(low[i, 0], high[i, 0])
        behind = survey.geometry.depth[f][extent] * CLEARLY_NEARER > local[i, :, 2].max()
        before_it = owner[extent][~behind]
        apart[i] = np.bincount(before_it + 1, minlength=n + 1)[1:] == 0
    return apart
