"""Make paths from paths: one after the other, both at once, backwards, mirrored, resampled.

What a primitive's direction becomes is in ``synth.moves``: reversing a pan to the left gives a pan
to the right. Nothing here changes the unit; joining a metric path to a relative one is refused.
Joined paths have no timestamps.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Float64, Int64
from scipy.spatial.transform import Rotation, Slerp

from synth import moves
from synth.cameras import Intrinsics
from synth.poses import invert
from synth.trajectories import Trajectory, check_n_frames

# Moves that are made backwards with the numbers they were made with: the target stays as far.
_SAME_PARAMS: Final = (
    *(moves.Move.ORBIT_LEFT, moves.Move.ORBIT_RIGHT, moves.Move.ARC_LEFT, moves.Move.ARC_RIGHT),
    *(moves.Move.CRANE_UP, moves.Move.CRANE_DOWN),
)


def then(first: Trajectory, second: Trajectory) -> Trajectory:
    """Do one path, then the other from where the first ends.

    The second is moved as a whole, so that its first pose is the last of the first; that frame is
    counted once, and two clips of 4n + 1 frames make one of 4n + 1.

    Raises:
        ValueError: Units, frame rates or image sizes differ, or only one knows its cameras.
    """
    _check_alike(first, second)
    onto = first.c2w[-1] @ invert(second.c2w[0])
    cameras = None
    if first.intrinsics is not None and second.intrinsics is not None:
        cameras = first.intrinsics + second.intrinsics[1:]
    return Trajectory(
        name=f"{first.name}, then {second.name}",
        c2w=np.concatenate([first.c2w, (onto @ second.c2w)[1:]]),
        intrinsics=cameras,
        fps=first.fps,
        scale=first.scale,
    )


def compose(outer: Trajectory, inner: Trajectory) -> Trajectory:
    """Do both at once: ``inner`` as seen from the camera that ``outer`` carries.

    Pose and focal length of a frame are those of ``outer`` changed by what ``inner`` has done
    since its first frame. So a shake can be put on a dolly: ``compose(dolly, shake)``.

    Raises:
        ValueError: Lengths, units, frame rates or image sizes differ.
    """
    _check_alike(outer, inner)
    if len(outer.c2w) != len(inner.c2w):
        raise ValueError(
            f"composing {outer.name} and {inner.name} needs equally many frames, got "
            f"{len(outer.c2w)} and {len(inner.c2w)}; resample one of them."
        )
    cameras = outer.intrinsics
    if outer.intrinsics is not None and inner.intrinsics is not None:
        cameras = tuple(
            replace(camera, fx=camera.fx * own.fx / base.fx, fy=camera.fy * own.fy / base.fy)
            for base in inner.intrinsics[:1]
            for camera, own in zip(outer.intrinsics, inner.intrinsics, strict=True)
        )
    return Trajectory(
        name=f"{outer.name} with {inner.name}",
        c2w=outer.c2w @ invert(inner.c2w[0]) @ inner.c2w,
        intrinsics=cameras,
        fps=outer.fps,
        scale=outer.scale,
    )


def reverse(path: Trajectory) -> Trajectory:
    """Play a path backwards."""
    move = None if path.move is None else moves.reverse(path.move)
    times = path.timestamps_s
    return replace(
        path,
        name=f"{path.name}, reversed" if move is None else move.value,
        c2w=path.c2w[::-1].copy(),
        intrinsics=None if path.intrinsics is None else path.intrinsics[::-1],
        move=move,
        params=path.params if move in _SAME_PARAMS else (),
        timestamps_s=None if times is None else (times[0] + times[-1] - times[::-1]).copy(),
    )


def mirror(path: Trajectory) -> Trajectory:
    """See a path in a mirror that stands upright beside the first camera.

    The picture of the mirrored path in the mirrored scene is the original picture flipped from
    left to right; so are the principal points.
    """
    flip = np.diag([-1.0, 1.0, 1.0, 1.0])
    start = path.c2w[0]
    move = None if path.move is None else moves.mirror(path.move)
    cameras = path.intrinsics
    return replace(
        path,
        name=f"{path.name}, mirrored" if move is None else move.value,
        c2w=start @ flip @ invert(start) @ path.c2w @ flip,
        intrinsics=None if cameras is None else tuple(map(_flipped, cameras)),
        move=move,
    )


def loop(path: Trajectory) -> Trajectory:
    """Go there and back again, for tests of closure: first and last frame are equal."""
    there_and_back = then(path, reverse(path))
    return replace(there_and_back, name=f"{path.name}, there and back")


def resample(path: Trajectory, n_frames: int) -> Trajectory:
    """Take ``n_frames`` evenly spaced poses of a path, ends included.

    Positions, focal lengths and times are interpolated linearly between frames, orientations
    along great circles (slerp). The clip keeps its duration, so its frame rate changes.

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1``, or the path has a single frame.
    """
    check_n_frames(n_frames, what="resample n_frames")
    if len(path.c2w) < 2:
        raise ValueError(f"{path.name}: one frame cannot be resampled to {n_frames}.")
    frames = np.arange(len(path.c2w), dtype=np.float64)
    at = np.linspace(0.0, frames[-1], n_frames)
    c2w = np.tile(np.eye(4), (n_frames, 1, 1))
    c2w[:, :3, :3] = Slerp(frames, Rotation.from_matrix(path.c2w[:, :3, :3]))(at).as_matrix()
    for axis in range(3):
        c2w[:, axis, 3] = np.interp(at, frames, path.c2w[:, axis, 3])
    times = path.timestamps_s
    return replace(
        path,
        c2w=c2w,
        intrinsics=None if path.intrinsics is None else _cameras_at(path.intrinsics, at),
        fps=None if path.fps is None else path.fps * (n_frames - 1) / (len(frames) - 1),
        timestamps_s=None if times is None else np.interp(at, frames, times),
    )


def latent_frames(n_frames: int) -> Int64[np.ndarray, " l 2"]:
    """Return first and last frame of each latent step of Wan's VAE.

    Latent 0 is frame 0; latent j is frames 4j - 3 to 4j.

    Raises:
        ValueError: ``n_frames`` is not ``4n + 1``.
    """
    check_n_frames(n_frames, what="latent_frames n_frames")
    last = np.arange(0, n_frames, 4)
    return np.stack([np.maximum(last - 3, 0), last], axis=1)


def to_latent_frames(path: Trajectory) -> Trajectory:
    """Take one pose per latent step: that of its last frame (0, 4, 8, ...).

    Raises:
        ValueError: The path does not have ``4n + 1`` frames.
    """
    last = latent_frames(len(path.c2w))[:, 1]
    times = path.timestamps_s
    return replace(
        path,
        c2w=path.c2w[last].copy(),
        intrinsics=None if path.intrinsics is None else tuple(path.intrinsics[i] for i in last),
        fps=None if path.fps is None else path.fps / 4,
        timestamps_s=None if times is None else times[last].copy(),
    )


def _cameras_at(
    cameras: tuple[Intrinsics, ...], at: Float64[np.ndarray, " t"]
) -> tuple[Intrinsics, ...]:
    frames = np.arange(len(cameras), dtype=np.float64)
    fx, fy, cx, cy = (
        np.interp(at, frames, [getattr(camera, name) for camera in cameras]).tolist()
        for name in ("fx", "fy", "cx", "cy")
    )
    return tuple(
        replace(cameras[0], fx=fx[i], fy=fy[i], cx=cx[i], cy=cy[i]) for i in range(len(at))
    )


def _flipped(camera: Intrinsics) -> Intrinsics:
    return replace(camera, cx=camera.width - camera.cx)


def _check_alike(first: Trajectory, second: Trajectory) -> None:
    what = f"joining {first.name} and {second.name}"
    if first.scale != second.scale:
        raise ValueError(f"{what}: one is {first.scale}, the other {second.scale}; convert one.")
    if first.fps != second.fps:
        raise ValueError(f"{what}: frame rates differ, {first.fps} and {second.fps}; resample one.")
    if (first.intrinsics is None) != (second.intrinsics is None):
        raise ValueError(f"{what}: either both need intrinsics or none.")
    if first.intrinsics is not None and second.intrinsics is not None:
        sizes = [(c.width, c.height) for c in (first.intrinsics[0], second.intrinsics[0])]
        if sizes[0] != sizes[1]:
            raise ValueError(f"{what}: image sizes (w, h) differ, {sizes[0]} and {sizes[1]}.")
