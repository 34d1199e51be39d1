"""An upright oriented box around a cloud, face by face, with how sure each face is.

Every view that can know a face's position gives one estimate of it; their weighted mean is the
face and their scatter its uncertainty. A view can know a face if the camera sees that face or one
beside it at more than a glancing angle, and if what it sees at that end is not cut by the image
border or hidden. A face that no view can know makes the box incomplete.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy.stats import norm

from synth.measure.cloud_shape import heading
from synth.measure.track_clouds import Cloud

_LEAST_SEEN_POINTS: Final = 6  # points of a view that may speak about a face
_GLANCING: Final = 0.10  # sine of the angle below which a face is too foreshortened to measure
_OPEN_SHARE: Final = 0.5  # share of open points at an end from which on the end is unknown
_END_SHARE: Final = 0.02  # share of a view's points that make its end
_ACROSS: Final = 0.8  # of a surface normal along an axis: the surface lies across it
_SIMEX_COPIES: Final = 8
# The last pixel center of a mask lies half a pixel inside its edge on average; of many along an
# edge the outermost lie closer. Half of it, with ``tail``, leaves no bias: see
# benchmarks.measured_boxes, "outward bias".
_RIM_PX: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFitConfig:
    """How a box is fitted.

    Attributes:
        edge_px: Pixels taken off every mask (``CloudConfig.edge_px``), given back here.
        mask_px: Standard deviation of a mask's outline.
        tail: Share of a view's points allowed beyond a face.
        least_points: Fewest points of a thing over all views.
        angle_step_deg: Grid on which the box's heading is searched.
    """

    edge_px: int = 1
    mask_px: float = 1.5
    tail: float = 0.005
    least_points: int = 30
    angle_step_deg: float = 1.0


class DepthNoise(NamedTuple):
    """Standard deviations of the depth, as shares of it."""

    between_views: float = 0.0  # all of it
    pixel: float = 0.0  # the part that differs from pixel to pixel


NO_NOISE: Final = DepthNoise()


class Views(NamedTuple):
    """The cameras of the keyframes."""

    eyes: Float64[np.ndarray, "k 3"]
    focal_px: Float64[np.ndarray, " k"]


class _Face(NamedTuple):
    """Where a face lies along its axis."""

    position: float
    sigma: float
    is_known: bool


class FittedBox(NamedTuple):
    """A box, and for each of its six faces what is known of it.

    Faces go ``-x +x -y +y -z +z`` in the box's own axes.
    """

    center: Float64[np.ndarray, "3"]
    size: Float64[np.ndarray, "3"]
    rotation: Float64[np.ndarray, "3 3"]
    face_sigma: Float64[np.ndarray, "6"]  # standard deviation of each face; inf where unknown
    face_known: Bool[np.ndarray, "6"]
    n_views: int

    @property
    def sigma(self) -> float:
        """Return the root mean square of the faces' standard deviations."""
        return float(np.sqrt((self.face_sigma**2).mean()))


def fit_box(
    cloud: Cloud, views: Views, config: BoxFitConfig, noise: DepthNoise = NO_NOISE
) -> FittedBox | None:
    """Fit an upright box to a cleaned cloud; ``None`` if it has too few points.

    Args:
        cloud: Points in a world with +z up.
        views: The keyframes that the cloud's ``view`` counts.
        config: How.
        noise: Of the depth.
    """
    if len(cloud.points) < config.least_points:
        return None
    yaw = heading(cloud, step_deg=config.angle_step_deg)
    cos, sin = np.cos(yaw), np.sin(yaw)
    rotation = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    local = _Local.of(cloud, views, rotation, noise, config)
    faces = [local.face(number, noise.between_views) for number in range(6)]
    low = np.array([face.position for face in faces[0::2]])
    high = np.array([face.position for face in faces[1::2]])
    if high[0] - low[0] < high[1] - low[1]:  # the longer horizontal side is the box's x
        rotation = rotation @ np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        low, high = _turned(low, high)
        faces = [faces[i] for i in (2, 3, 1, 0, 4, 5)]
    return FittedBox(
        center=rotation @ ((low + high) / 2),
        size=np.maximum(high - low, 1e-3),
        rotation=rotation,
        face_sigma=np.array([face.sigma for face in faces]),
        face_known=np.array([face.is_known for face in faces]),
        n_views=len(np.unique(cloud.view)),
    )


def _turned(
    low: Float64[np.ndarray, "3"], high: Float64[np.ndarray, "3"]
) -> tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]:
    """Return the extents in axes turned by a quarter: new x is old y, new y is minus old x."""
    return (
        np.array([low[1], -high[0], low[2]]),
        np.array([high[1], -low[0], high[2]]),
    )


class _Local(NamedTuple):
    """A cloud in the box's own axes."""

    points: Float64[np.ndarray, "n 3"]
    patch: Float64[np.ndarray, "n 3"]  # how far a pixel's patch goes along each axis
    given_back: Float64[np.ndarray, "n 3"]  # what a rim point stands for beyond itself
    facing: Float64[np.ndarray, "n 3"]  # size of the surface normal along each axis
    is_open: Bool[np.ndarray, " n"]
    view: Int64[np.ndarray, " n"]
    eyes: Float64[np.ndarray, "k 3"]
    focal_px: Float64[np.ndarray, " k"]
    low: Float64[np.ndarray, "3"]  # rough extents
    high: Float64[np.ndarray, "3"]
    pixel_noise: float
    config: BoxFitConfig

    @classmethod
    def of(
        cls,
        cloud: Cloud,
        views: Views,
        rotation: Float64[np.ndarray, "3 3"],
        noise: DepthNoise,
        config: BoxFitConfig,
    ) -> "_Local":
        points = cloud.points @ rotation
        patch = np.hypot(cloud.step_u @ rotation, cloud.step_v @ rotation)
        normal = np.cross(cloud.step_u, cloud.step_v)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        beyond_px = np.where(cloud.is_rim, config.edge_px + _RIM_PX, 0.0)[:, None]
        low, high = np.quantile(points, [config.tail, 1 - config.tail], axis=0)
        return cls(
            points=points,
            patch=patch,
            given_back=beyond_px * patch,
            facing=np.abs(normal @ rotation),
            is_open=cloud.is_open,
            view=cloud.view,
            eyes=views.eyes @ rotation,
            focal_px=views.focal_px,
            low=low,
            high=high,
            pixel_noise=noise.pixel,
            config=config,
        )

    def face(self, number: int, relative_noise: float) -> _Face:
        """Gather what each view says about one face."""
        axis, sign = number // 2, 1.0 if number % 2 else -1.0
        ends = [self._end(view, axis, sign) for view in np.unique(self.view).tolist()]
        known = [end for end in ends if end is not None and end.is_known]
        if not known:
            rough = [end.position for end in ends if end is not None]
            fallback = float(sign * (self.high if sign > 0 else self.low)[axis])
            return _Face(position=sign * max(rough, default=fallback), sigma=np.inf, is_known=False)
        position = np.array([end.position for end in known])
        patch = np.maximum([end.patch for end in known], 1e-4)
        distance = float(np.mean([end.distance for end in known]))
        weights = patch**-2.0
        weights /= weights.sum()
        mean = float((weights * position).sum())
        spread = float(np.sqrt((weights * (position - mean) ** 2).sum()))
        # The edge lies anywhere within the pixels next to it, alike in neighbouring views; and
        # what draws masks too small or too large does so in every view.
        pixels = np.hypot((self.config.edge_px + 1) / np.sqrt(12.0), self.config.mask_px)
        outline = pixels * float((weights * patch).sum())
        depth_noise = relative_noise * distance / np.sqrt(len(known))
        sigma = float(np.sqrt(spread**2 + outline**2 + depth_noise**2))
        return _Face(position=sign * mean, sigma=sigma, is_known=True)

    def _unspread(
        self, along: Float64[np.ndarray, " n"], sigma: Float64[np.ndarray, " n"]
    ) -> float:
        """Return the end of the points as it was before their depth was noisy.

        Noise pushes a high quantile outwards. Adding as much noise again shows by how much
        (SIMEX, Cook & Stefanski 1994): the shift grows with the root of the variance.
        """
        observed = float(np.quantile(along, 1 - self.config.tail))
        if not (sigma > 0).any():
            return observed
        # The same evenly spread normal deviates each time: no draw, no scatter.
        deviates = norm.ppf((np.arange(_SIMEX_COPIES) + 0.5) / _SIMEX_COPIES)
        copies = np.repeat(along[:, None], _SIMEX_COPIES, axis=1)
        once, twice = np.quantile(
            np.stack([copies, copies + sigma[:, None] * deviates]).reshape(2, -1),
            1 - self.config.tail,
            axis=1,
        )
        return observed - float(twice - once) / (np.sqrt(2.0) - 1.0)

    def _end(self, view: int, axis: int, sign: float) -> "_End | None":
        """Return where one view sees the thing end; ``None`` if it sees too little of it."""
        mine = self.view == view
        if mine.sum() < _LEAST_SEEN_POINTS:
            return None
        along = sign * self.points[mine, axis]
        end = along >= np.quantile(along, 1 - _END_SHARE)
        is_cut = self.is_open[mine][end].mean() >= _OPEN_SHARE
        # A surface across the axis that is seen from within the box is the opposite face: from a
        # table's top or front alone nobody knows where it ends below or behind.
        is_far = sign * self.eyes[view, axis] < float(along[end].min())
        is_other_face = is_far and (self.facing[mine, axis][end] > _ACROSS).mean() >= _OPEN_SHARE
        return _End(
            position=self._unspread(
                along + self.given_back[mine, axis],
                self.pixel_noise * np.abs(self.points[mine, axis] - self.eyes[view, axis]),
            ),
            patch=float(np.median(self.patch[mine, axis][end])),
            distance=float(np.linalg.norm(self.eyes[view] - (self.low + self.high) / 2)),
            is_known=not bool(is_cut or is_other_face)
            and self._can_know(view, axis, sign, float(np.ptp(along))),
        )

    def _can_know(self, view: int, axis: int, sign: float, extent: float) -> bool:
        """Whether a view sees this face, or a face beside it steeply and in enough pixels.

        ``extent`` is what the view itself saw along the axis: from a table top alone nobody knows
        where its legs end.
        """
        eye = self.eyes[view]
        distance = float(np.linalg.norm(eye - (self.low + self.high) / 2))
        sine = np.maximum(eye - self.high, self.low - eye) / distance  # of the angle to each face
        toward = (
            eye[axis] - self.high[axis] if sign > 0 else self.low[axis] - eye[axis]
        ) / distance
        if toward > _GLANCING:
            return True
        beside = float(np.delete(sine, axis).max())
        pixels = extent * beside * self.focal_px[view] / distance
        return bool(beside > _GLANCING and pixels > 2 * self.config.edge_px + 2)


class _End(NamedTuple):
    """Where one view sees a thing end along one direction."""

    position: float
    patch: float
    distance: float
    is_known: bool
