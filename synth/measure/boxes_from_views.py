"""From masks, depth and poses to things: one oriented box per track, with how sure it is.

Tracks that are one thing are joined by where they lie in the room. A thing that was never wholly
seen has no box: it is left out with a reason, and so are all others of its category, since "the
chair" must not be said where a second chair stands half in the picture.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int32
from shapely.geometry import Polygon

from synth.measure.box_fit import NO_NOISE, BoxFitConfig, DepthNoise, FittedBox, Views, fit_box
from synth.measure.cloud_shape import clean_cloud
from synth.measure.detector import FrameDetections
from synth.measure.track_clouds import STRUCTURE, Cloud, CloudConfig, Keyframe, collect_clouds


class UnmeasuredReason(StrEnum):
    """Why a thing that was detected has no box. Values are published and never renamed."""

    TOO_FEW_POINTS = "too_few_points"
    CUT_BY_BORDER = "cut_by_border"  # by the image border, in every view
    NOT_WHOLLY_SEEN = "not_wholly_seen"  # some side was never seen, or always hidden
    TOO_UNCERTAIN = "too_uncertain"
    CATEGORY_INCOMPLETE = "category_incomplete"  # another of its category has no box


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A detected thing without a box. Counted and published."""

    tracks: tuple[int, ...]
    category: str
    reason: UnmeasuredReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionConfig:
    """How tracks become boxes.

    Attributes:
        edge_px: Outermost pixels of every mask that are not trusted, since depth bleeds there;
            0 for exact masks and depth.
        mask_px: Standard deviation of where a mask's outline lies (its corners lose more than its
            sides); 0 for exact masks.
        least_points: Fewest points of a thing over all views.
        same_thing: Share of the smaller box that has to lie in the other one for two tracks of
            one category to be one thing.
        most_sigma_share: Largest standard deviation of a face, as a share of the box's diagonal.
        whole_categories: Leave out every thing of a category of which one has no box.
    """

    edge_px: int = 1
    mask_px: float = 1.5
    least_points: int = 30
    same_thing: float = 0.3
    most_sigma_share: float = 0.2
    whole_categories: bool = True

    def __post_init__(self) -> None:
        if self.edge_px < 0 or self.least_points < 8:
            raise ValueError(
                "FusionConfig needs edge_px >= 0 and least_points >= 8 (a box has eight corners), "
                f"got {self.edge_px} and {self.least_points}."
            )

    @property
    def cloud(self) -> CloudConfig:
        """How pixels become points."""
        return CloudConfig(edge_px=self.edge_px)

    @property
    def box(self) -> BoxFitConfig:
        """How points become boxes."""
        return BoxFitConfig(
            edge_px=self.edge_px, mask_px=self.mask_px, least_points=self.least_points
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FusedThing:
    """A thing with its box."""

    tracks: tuple[int, ...]
    category: str
    box: FittedBox


class Fusion(NamedTuple):
    """All things of a clip, those without a box too."""

    things: tuple[FusedThing, ...]
    unmeasured: tuple[Unmeasured, ...]


def fuse_tracks(
    keyframes: Sequence[Keyframe],
    detections: Sequence[FrameDetections],
    config: FusionConfig,
    noise: DepthNoise = NO_NOISE,
) -> Fusion:
    """Fuse the tracks of a clip into boxes.

    Args:
        keyframes: In a world with +z up.
        detections: Of the keyframes: categories, votes, and which tracks occur together.
        config: How.
        noise: Of the depth.
    """
    views = Views(
        eyes=np.array([k.c2w[:3, 3] for k in keyframes]),
        focal_px=np.array([np.sqrt(k.intrinsics.fx * k.intrinsics.fy) for k in keyframes]),
    )
    clouds = collect_clouds(keyframes, config.cloud)
    seen = sorted({int(t) for k in keyframes for t in np.unique(k.tracks)} - {STRUCTURE})
    candidates = [
        _Candidate(
            tracks=(track,),
            votes=_votes(detections, track),
            frames=frozenset(i for i, k in enumerate(keyframes) if (k.tracks == track).any()),
            cloud=clouds.get(track),
        )
        for track in seen
    ]
    joined = _join(candidates, views, config, noise)
    things: list[FusedThing] = []
    unmeasured: list[Unmeasured] = []
    for candidate in joined:
        box = _box_of(candidate, views, config, noise)
        reason = _why_not(candidate, box, keyframes, config)
        if box is None or reason is not None:
            why = reason or UnmeasuredReason.TOO_FEW_POINTS
            unmeasured.append(
                Unmeasured(tracks=candidate.tracks, category=candidate.category, reason=why)
            )
        else:
            things.append(FusedThing(tracks=candidate.tracks, category=candidate.category, box=box))
    return (
        _whole_categories(things, unmeasured)
        if config.whole_categories
        else Fusion(tuple(things), tuple(unmeasured))
    )


def paint_tracks(detections: FrameDetections, size: tuple[int, int]) -> Int32[np.ndarray, "h w"]:
    """Paint the masks of a frame into one map of track numbers, large ones first.

    What lies on something is smaller than it, so small masks win where masks overlap.
    """
    tracks = np.full(size, STRUCTURE, dtype=np.int32)
    areas = detections.masks.sum(axis=(1, 2))
    for i in np.argsort(-areas, kind="stable").tolist():
        tracks[detections.masks[i]] = detections.track_ids[i]
    return tracks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidate:
    tracks: tuple[int, ...]
    votes: Mapping[str, float]
    frames: frozenset[int]
    cloud: Cloud | None

    @property
    def category(self) -> str:
        """The category with most votes, the first by name among equals."""
        return min(self.votes, key=lambda name: (-self.votes[name], name))

    def with_(self, other: "_Candidate") -> "_Candidate":
        """Return both as one thing."""
        clouds = [c for c in (self.cloud, other.cloud) if c is not None]
        cloud = Cloud(*(np.concatenate(v) for v in zip(*clouds, strict=True))) if clouds else None
        return _Candidate(
            tracks=tuple(sorted(self.tracks + other.tracks)),
            votes={
                name: self.votes.get(name, 0.0) + other.votes.get(name, 0.0)
                for name in {**self.votes, **other.votes}
            },
            frames=self.frames | other.frames,
            cloud=cloud,
        )


def _votes(detections: Sequence[FrameDetections], track: int) -> Mapping[str, float]:
    """Weigh every label a track had: by its score and the share of the track's pixels."""
    votes: defaultdict[str, float] = defaultdict(float)
    for frame in detections:
        for i in np.flatnonzero(frame.track_ids == track).tolist():
            votes[frame.labels[i]] += float(frame.scores[i]) * float(frame.masks[i].sum() + 1)
    return dict(votes)


def _box_of(
    candidate: _Candidate, views: Views, config: FusionConfig, noise: DepthNoise
) -> FittedBox | None:
    if candidate.cloud is None:
        return None
    cloud = clean_cloud(candidate.cloud)
    return fit_box(cloud, views, config.box, noise)


def _join(
    candidates: list[_Candidate], views: Views, config: FusionConfig, noise: DepthNoise
) -> list[_Candidate]:
    """Join tracks of one category that never occur in one frame and fill the same space."""
    joined = list(candidates)
    boxes = [_box_of(c, views, config, noise) for c in joined]
    while (pair := _next_pair(joined, boxes, config)) is not None:
        first, second = pair
        joined[first] = joined[first].with_(joined[second])
        boxes[first] = _box_of(joined[first], views, config, noise)
        del joined[second], boxes[second]
    return joined


def _next_pair(
    candidates: list[_Candidate], boxes: list[FittedBox | None], config: FusionConfig
) -> tuple[int, int] | None:
    """Return the two that overlap most, if they are one thing."""
    best, pair = config.same_thing, None
    for i, a in enumerate(boxes):
        for j in range(i + 1, len(boxes)):
            b = boxes[j]
            if a is None or b is None or candidates[i].category != candidates[j].category:
                continue
            if candidates[i].frames & candidates[j].frames:
                continue
            overlap = shared_volume(a, b)
            if overlap > best:
                best, pair = overlap, (i, j)
    return pair


def shared_volume(a: FittedBox, b: FittedBox) -> float:
    """Return the volume two upright boxes share, as a share of the smaller one's."""
    low = max(a.center[2] - a.size[2] / 2, b.center[2] - b.size[2] / 2)
    high = min(a.center[2] + a.size[2] / 2, b.center[2] + b.size[2] / 2)
    plan = _footprint(a).intersection(_footprint(b)).area
    smaller = min(float(a.size.prod()), float(b.size.prod()))
    return float(plan * max(0.0, high - low) / smaller)


def _footprint(box: FittedBox) -> Polygon:
    half = box.size[:2] / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    return Polygon(corners @ box.rotation[:2, :2].T + box.center[:2])


def _why_not(
    candidate: _Candidate,
    box: FittedBox | None,
    keyframes: Sequence[Keyframe],
    config: FusionConfig,
) -> UnmeasuredReason | None:
    """Return why a thing cannot have a box, or ``None`` if it can."""
    if box is None:
        return UnmeasuredReason.TOO_FEW_POINTS
    if not box.face_known.all():
        masks = [np.isin(keyframes[i].tracks, candidate.tracks) for i in candidate.frames]
        is_cut = all(_touches_border(mask) for mask in masks)
        return UnmeasuredReason.CUT_BY_BORDER if is_cut else UnmeasuredReason.NOT_WHOLLY_SEEN
    if box.face_sigma.max() > config.most_sigma_share * float(np.linalg.norm(box.size)):
        return UnmeasuredReason.TOO_UNCERTAIN
    return None


def _touches_border(mask: Bool[np.ndarray, "h w"]) -> bool:
    return bool(mask[[0, -1]].any() or mask[:, [0, -1]].any())


def _whole_categories(things: Iterable[FusedThing], unmeasured: list[Unmeasured]) -> Fusion:
    """Keep only things of categories whose every member has a box."""
    missing: Mapping[str, int] = Counter(u.category for u in unmeasured)
    by_fate: dict[bool, list[FusedThing]] = defaultdict(list)
    for thing in things:
        by_fate[thing.category not in missing].append(thing)
    dropped = [
        Unmeasured(
            tracks=t.tracks, category=t.category, reason=UnmeasuredReason.CATEGORY_INCOMPLETE
        )
        for t in by_fate[False]
    ]
    return Fusion(tuple(by_fate[True]), (*unmeasured, *dropped))
