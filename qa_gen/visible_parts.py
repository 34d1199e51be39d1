"""What each image shows of each object: how near it comes, and how far it reaches."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int32, Int64
from scipy import ndimage

from qa_gen.projection import Views
from synth.cameras import Intrinsics, pixel_rays

_NEAREST_SHARE: Final = 0.1  # OpenSpatial's: the nearest 10 % of an object's pixels


class Nearness(NamedTuple):
    """How far the nearest visible part of each thing is in each keyframe; infinite if unseen.

    Along the viewing direction (z) and along the ray, each as the least value and as the one that
    a tenth of the thing's pixels with reliable depth do not exceed: a nearest tenth is not lost
    to one wrong pixel, and what holds for both holds for every definition in between.
    """

    least_z: Float64[np.ndarray, "n k"]
    tenth_z: Float64[np.ndarray, "n k"]
    least_ray: Float64[np.ndarray, "n k"]
    tenth_ray: Float64[np.ndarray, "n k"]


class Extents(NamedTuple):
    """Pixel borders of what is visible of each thing in each keyframe; all 0 where unseen."""

    left: Int64[np.ndarray, "n k"]
    top: Int64[np.ndarray, "n k"]
    right: Int64[np.ndarray, "n k"]  # of the last column, so the width is right - left
    bottom: Int64[np.ndarray, "n k"]


def nearness(views: Views, instance_ids: tuple[int, ...]) -> Nearness:
    """Measure the nearest visible parts of the things with these ids."""
    geometry = views.geometry
    n, k = len(instance_ids), len(geometry.keyframes)
    numbers = _numbered(views, instance_ids)
    frame, row, column = np.nonzero((numbers > 0) & geometry.reliable & (geometry.depth > 0))
    key = (numbers[frame, row, column] - 1).astype(np.int64) * k + frame
    z = geometry.depth[frame, row, column].astype(np.float64)
    lengths: dict[Intrinsics, Float64[np.ndarray, "h w"]] = {}
    for camera in views.cameras:
        if camera not in lengths:
            lengths[camera] = np.linalg.norm(pixel_rays(camera), axis=-1)
    stretch = np.stack([lengths[camera] for camera in views.cameras])[frame, row, column]
    least_z, tenth_z = _least_and_tenth(key, z, n * k)
    least_ray, tenth_ray = _least_and_tenth(key, z * stretch, n * k)
    shape = n, k
    return Nearness(*(a.reshape(shape) for a in (least_z, tenth_z, least_ray, tenth_ray)))


def extents(views: Views, instance_ids: tuple[int, ...]) -> Extents:
    """Measure the tight boxes of all visible pixels of the things with these ids."""
    numbers = _numbered(views, instance_ids)
    borders = np.zeros((4, len(instance_ids), len(numbers)), dtype=np.int64)
    for frame, shown in enumerate(numbers):
        found = ndimage.find_objects(shown, max_label=len(instance_ids))
        for i, part in enumerate(found):
            if part is not None:
                rows, columns = part
                borders[:, i, frame] = columns.start, rows.start, columns.stop, rows.stop
    return Extents(*borders)


def _numbered(views: Views, instance_ids: tuple[int, ...]) -> Int32[np.ndarray, "k h w"]:
    """Instance maps with 1 for the first id, 2 for the second, and 0 for all others."""
    maps = views.geometry.instances
    number = np.zeros(int(np.iinfo(maps.dtype).max) + 1, dtype=np.int32)
    number[list(instance_ids)] = np.arange(1, len(instance_ids) + 1)
    numbered: Int32[np.ndarray, "k h w"] = number[maps]
    return numbered


def _least_and_tenth(
    key: Int64[np.ndarray, " p"], values: Float64[np.ndarray, " p"], n_keys: int
) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Return, for each key, its least value and the one at the end of its least tenth."""
    least, tenth = np.full(n_keys, np.inf), np.full(n_keys, np.inf)
    if not len(key):
        return least, tenth
    # One sort for all keys: values are squeezed into (0, 0.5] behind their key.
    squeeze = 0.5 / values.max()
    ordered = np.sort(key + values * squeeze)
    counts = np.bincount(key, minlength=n_keys)
    shown = np.flatnonzero(counts)
    start = (np.cumsum(counts) - counts)[shown]
    least[shown] = (ordered[start] - shown) / squeeze
    end = start + np.ceil(_NEAREST_SHARE * counts[shown]).astype(np.int64) - 1
    tenth[shown] = (ordered[end] - shown) / squeeze
    return least, tenth
