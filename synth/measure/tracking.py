"""Link detections of neighbouring frames into tracks: by overlap and by looks, best pairs first.

Frames of a clip are close together, so a thing's mask overlaps its next one; its colours tell
things apart where the camera jumps. What is linked wrongly or not at all is joined or told apart
later by where it lies in the room (``synth.measure.boxes_from_views``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float64, Int64, UInt8
from scipy.optimize import linear_sum_assignment

_BINS: Final = 4  # per channel of the colour histogram
_IMPOSSIBLE: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingConfig:
    """How detections are linked.

    Attributes:
        overlap_weight: Weight of the masks' overlap; the rest is the colours' likeness.
        other_label: Taken off the likeness of two detections with different labels.
        least_likeness: Below it two detections are not linked.
        memory: Frames for which a track may be unseen.
    """

    overlap_weight: float = 0.6
    other_label: float = 0.2
    least_likeness: float = 0.35
    memory: int = 2


class Found(NamedTuple):
    """The detections of one frame, not yet linked."""

    labels: tuple[str, ...]
    masks: Bool[np.ndarray, "n h w"]


class _Track(NamedTuple):
    number: int
    label: str
    mask: Bool[np.ndarray, "h w"]
    colors: Float64[np.ndarray, " c"]
    last_seen: int


def link(
    frames: UInt8[np.ndarray, "t h w 3"], found: Sequence[Found], config: TrackingConfig
) -> tuple[Int64[np.ndarray, " n"], ...]:
    """Return a track number (from 1) for every detection of every frame."""
    tracks: dict[int, _Track] = {}
    n_tracks = 0
    linked = []
    for t, (frame, here) in enumerate(zip(frames, found, strict=True)):
        colors = [histogram(frame, mask) for mask in here.masks]
        active = [track for track in tracks.values() if t - track.last_seen <= config.memory + 1]
        numbers = _assign(active, here, colors, config)
        for i, number in enumerate(numbers):
            if number == 0:
                n_tracks += 1
                numbers[i] = n_tracks
            tracks[numbers[i]] = _Track(numbers[i], here.labels[i], here.masks[i], colors[i], t)
        linked.append(np.array(numbers, dtype=np.int64))
    return tuple(linked)


def _assign(
    active: Sequence[_Track],
    here: Found,
    colors: Sequence[Float64[np.ndarray, " c"]],
    config: TrackingConfig,
) -> list[int]:
    """Return the track of each detection, 0 where none is alike enough."""
    numbers = [0] * len(here.labels)
    if not active or not numbers:
        return numbers
    cost = np.full((len(active), len(numbers)), _IMPOSSIBLE)
    for i, track in enumerate(active):
        for j, label in enumerate(here.labels):
            overlap = mask_iou(track.mask, here.masks[j])
            looks = float(np.minimum(track.colors, colors[j]).sum())
            likeness = config.overlap_weight * overlap + (1 - config.overlap_weight) * looks
            likeness -= config.other_label * (label != track.label)
            if likeness >= config.least_likeness:
                cost[i, j] = 1.0 - likeness
    for i, j in np.stack(linear_sum_assignment(cost), axis=1).tolist():
        if cost[i, j] < _IMPOSSIBLE:
            numbers[j] = active[i].number
    return numbers


def mask_iou(a: Bool[np.ndarray, "h w"], b: Bool[np.ndarray, "h w"]) -> float:
    """Return shared over joint pixels; 0 for two empty masks."""
    joint = int((a | b).sum())
    return int((a & b).sum()) / joint if joint else 0.0


def histogram(
    frame: UInt8[np.ndarray, "h w 3"], mask: Bool[np.ndarray, "h w"]
) -> Float64[np.ndarray, " c"]:
    """Return the share of a mask's pixels in each bin of a coarse Lab histogram."""
    if not mask.any():
        return np.zeros(_BINS**3)
    lab = cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)[mask].astype(np.int64) * _BINS // 256
    index = (lab[:, 0] * _BINS + lab[:, 1]) * _BINS + lab[:, 2]
    counts = np.bincount(index, minlength=_BINS**3).astype(np.float64)
    return counts / counts.sum()
