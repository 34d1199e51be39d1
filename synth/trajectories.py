"""The camera path: one pose and one camera a frame, and how it was made.

``make_trajectory`` makes single primitives; splines, easing, algebra, checks and sentences are in
``synth.camera_paths``; names and their relations in ``synth.moves``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from jaxtyping import Float64

from synth.camera_paths import handheld, primitives
from synth.camera_paths.easing import Easing, ease
from synth.camera_paths.primitives import level_axes
from synth.cameras import Intrinsics
from synth.moves import BASIC_MOVES, Move, MoveFamily, family, mirror, reverse, sign
from synth.poses import Pose, check_rigid

__all__ = [
    "BASIC_MOVES",
    "ORBIT_MIN_DEG",
    "Move",
    "MoveFamily",
    "MoveStyle",
    "Scale",
    "Trajectory",
    "check_n_frames",
    "family",
    "level_axes",
    "make_trajectory",
    "mirror",
    "reverse",
]

Scale = Literal["metric", "relative"]

ORBIT_MIN_DEG: Final = 45.0
_DEFAULT_FPS: Final = 16.0  # Wan's, for a shake at an unknown frame rate

# Families that need no more than how far; a zoom leaves the poses as they are.
_PLAIN: Final[Mapping[MoveFamily, Callable[[Pose, primitives.Amounts], primitives.Path]]] = {
    "dolly": primitives.dolly,
    "truck": primitives.truck,
    "pedestal": primitives.pedestal,
    "pan": primitives.pan,
    "tilt": primitives.tilt,
    "roll": primitives.roll,
    "dolly_zoom": primitives.push,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectory:
    """A camera path: one OpenCV ``c2w`` and one camera per frame. Arrays are set read-only.

    Attributes:
        name: What to call it: ``"dolly_in"``, ``"waypoints"``, ``"re10k:0c11dbe781b1c11c"``.
        c2w: One pose per frame; metres and +z up when ``scale`` is ``"metric"``, else in the
            unit and the world frame of wherever the path came from.
        intrinsics: One camera per frame, all of one image size (zooming changes the focal
            lengths), or ``None`` when not known (TUM and KITTI files have none).
        fps: Frames per second, or ``None`` when not known.
        scale: Whether lengths are metres.
        move: The primitive it was made from, or ``None`` for a free path.
        amount: How far, > 0: metres, degrees or focal factor by ``synth.moves.unit``; 0 for a
            static camera.
        params: Whatever else it was made with, for the record.
        timestamps_s: Time of each frame, increasing, or ``None`` for evenly spaced ones.

    Raises:
        ValueError: There are no poses, they are not rigid or not finite, or the fields do not fit
            together.
    """

    name: str
    c2w: Float64[np.ndarray, "t 4 4"]
    intrinsics: tuple[Intrinsics, ...] | None
    fps: float | None
    scale: Scale
    move: Move | None = None
    amount: float = 0.0
    params: tuple[tuple[str, float], ...] = ()
    timestamps_s: Float64[np.ndarray, " t"] | None = None

    def __post_init__(self) -> None:
        if not len(self.c2w):
            raise ValueError(f"{self.name}: a camera path needs at least one pose, got none.")
        if not np.isfinite(self.c2w).all():
            raise ValueError(f"{self.name}: c2w holds numbers that are not finite.")
        check_rigid(self.c2w)
        self.c2w.setflags(write=False)
        n_frames = len(self.c2w)
        if self.scale not in get_args(Scale):
            raise ValueError(
                f"{self.name}: scale is {' or '.join(get_args(Scale))}, got {self.scale!r}."
            )
        if self.fps is not None and not 0 < self.fps < np.inf:
            raise ValueError(f"{self.name}: fps must be > 0 or None (not known), got {self.fps}.")
        if self.intrinsics is not None:
            check_cameras(self.intrinsics, n_frames, what=self.name)
        if self.timestamps_s is not None:
            if len(self.timestamps_s) != n_frames or not (np.diff(self.timestamps_s) > 0).all():
                raise ValueError(
                    f"{self.name}: timestamps_s must increase, one per pose; got "
                    f"{len(self.timestamps_s)} for {n_frames} poses."
                )
            self.timestamps_s.setflags(write=False)


class MoveStyle(NamedTuple):
    """How a primitive is performed, where it leaves a choice.

    Attributes:
        easing: Progress over the frames.
        radius_factor: Final over first distance to the target of a spiral.
        seed: Of the noise of a handheld camera.
    """

    easing: Easing = "linear"
    radius_factor: float = 0.6
    seed: int = 0


def check_cameras(intrinsics: tuple[Intrinsics, ...], n_frames: int, *, what: str) -> None:
    """Refuse cameras that are not one per frame, or whose images differ in size.

    Raises:
        ValueError: As said; the message begins with ``what``.
    """
    sizes = sorted({(camera.height, camera.width) for camera in intrinsics})
    if len(intrinsics) != n_frames or len(sizes) != 1:
        raise ValueError(
            f"{what}: intrinsics must be one camera per frame ({n_frames}), all of one image "
            f"size; got {len(intrinsics)} of sizes (h, w) {sizes}."
        )


def check_n_frames(n_frames: int, *, what: str) -> None:
    """Refuse clip lengths that Wan's VAE cannot pack (4 frames into one latent step).

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1`` with n >= 1; the message names the neighbours.
    """
    if n_frames < 5 or n_frames % 4 != 1:
        below = max(5, (n_frames - 1) // 4 * 4 + 1)
        raise ValueError(
            f"{what} must be 4n + 1 (the Wan2.1 VAE packs 4 frames into one latent step), got "
            f"{n_frames}; the nearest are {below} and {below + 4}."
        )


def make_trajectory(  # noqa: PLR0913 - one number per physical quantity
    move: Move,
    start: Pose,
    *,
    amount: float,
    n_frames: int,
    target_distance_m: float,
    intrinsics: Intrinsics | None = None,
    fps: float | None = None,
    style: MoveStyle | None = None,
) -> Trajectory:
    """Move a camera from ``start``; at constant speed unless ``style`` says otherwise.

    Args:
        move: What to do; left and right are the camera's own.
        start: First ``c2w``; its optical axis must not be vertical.
        amount: Metres (dolly, truck, pedestal, dolly-zoom), degrees (pan, tilt, roll, orbit,
            arc, crane, spiral, handheld: its largest turn), > 0, or the factor by which a zoom
            changes the focal length, > 1.
        n_frames: Length of the clip, ``4n + 1``.
        target_distance_m: Along the optical axis, to the point that is circled or kept.
        intrinsics: Camera of the first frame; zooms need it.
        fps: Frames per second.
        style: Easing and the like.

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1``, ``amount`` does not fit, a zoom has no camera.
    """
    check_n_frames(n_frames, what="Trajectory n_frames")
    _check_amount(move, amount)
    style = style or MoveStyle()
    signed = ease(style.easing, n_frames) * (sign(move) or 1) * amount
    kind = family(move)
    if kind == "handheld":
        rate = fps or _DEFAULT_FPS
        c2w = handheld.shake(start, n_frames=n_frames, fps=rate, amount_deg=amount, seed=style.seed)
    else:
        c2w = _poses(kind, start, signed, target_distance_m, style)
    return Trajectory(
        name=move.value,
        c2w=c2w,
        intrinsics=_cameras(move, intrinsics, signed, target_distance_m),
        fps=fps,
        scale="metric",
        move=move,
        amount=float(amount),
        params=_params(kind, target_distance_m, style),
    )


def _poses(
    kind: MoveFamily,
    start: Pose,
    signed: Float64[np.ndarray, " t"],
    target_distance_m: float,
    style: MoveStyle,
) -> Float64[np.ndarray, "t 4 4"]:
    if kind in _PLAIN:
        return _PLAIN[kind](start, signed)
    if kind in ("static", "zoom"):
        return primitives.static(start, len(signed))
    if kind == "spiral":
        radii = style.radius_factor ** (signed / signed[-1])
        return primitives.spiral(start, signed, radii, target_distance_m)
    turn = primitives.crane if kind == "crane" else primitives.circle
    return turn(start, signed, target_distance_m)


def _cameras(
    move: Move,
    intrinsics: Intrinsics | None,
    signed: Float64[np.ndarray, " t"],
    target_distance_m: float,
) -> tuple[Intrinsics, ...] | None:
    """Return one camera per frame; zooms grow geometrically, so they look evenly fast."""
    if family(move) not in ("zoom", "dolly_zoom"):
        return None if intrinsics is None else (intrinsics,) * len(signed)
    if intrinsics is None:
        raise ValueError(f"{move}: it changes the focal length, so it needs intrinsics.")
    if family(move) == "zoom":
        amount = abs(signed[-1])
        factors = amount ** (signed / amount)
    else:
        factors = primitives.dolly_zoom_factors(signed, target_distance_m)
    return primitives.zoom(intrinsics, factors)


def _params(
    kind: MoveFamily, target_distance_m: float, style: MoveStyle
) -> tuple[tuple[str, float], ...]:
    params: list[tuple[str, float]] = []
    if kind in ("around", "crane", "spiral", "dolly_zoom"):
        params.append(("target_distance_m", float(target_distance_m)))
    if kind == "spiral":
        params.append(("radius_factor", float(style.radius_factor)))
    if kind == "handheld":
        params.append(("seed", float(style.seed)))
    return tuple(params)


def _check_amount(move: Move, amount: float) -> None:
    is_arc = move in (Move.ARC_LEFT, Move.ARC_RIGHT)
    is_orbit = move in (Move.ORBIT_LEFT, Move.ORBIT_RIGHT)
    if (move is Move.STATIC) != (amount == 0) or not 0 <= amount < np.inf:
        raise ValueError(f"{move}: amount must be > 0 (and 0 only when static), got {amount}.")
    if family(move) == "zoom" and amount <= 1:
        raise ValueError(
            f"{move}: amount is the factor by which the focal length changes, > 1 in both "
            f"directions, got {amount}."
        )
    if (is_arc and amount >= ORBIT_MIN_DEG) or (is_orbit and amount < ORBIT_MIN_DEG):
        raise ValueError(
            f"{move}: a path around a target is an arc below {ORBIT_MIN_DEG} degrees and an orbit "
            f"from there on, got {amount} degrees."
        )
