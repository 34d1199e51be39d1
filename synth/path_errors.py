"""How far one camera path is from another: ATE and RPE after alignment, RotErr, TransErr, CamMC.

ATE and RPE follow Sturm et al., "A benchmark for the evaluation of RGB-D SLAM systems" (IROS
2012), alignment follows Umeyama (PAMI 1991), the other three follow CamI2V (arXiv 2410.15957,
evaluation/glomap_evaluation.py). The numbers equal those of evo (``python -m
benchmarks.evo_parity``); the code is our own.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from jaxtyping import Float64, Int64

from synth.poses import check_rigid, invert

Alignment = Literal["se3", "sim3"]

MIN_POSES: Final = 3
MAX_DIFF_S: Final = 0.01  # evo's default for associating timestamps

# Positions that spread less than this share of their distance from the origin stand still:
# what is left is rounding.
_STILL: Final = 1e-9


class PathError(ValueError):
    """Two paths cannot be compared; the message says why and what to do."""


class Similarity(NamedTuple):
    """``scale * rotation @ x + translation``."""

    scale: float
    rotation: Float64[np.ndarray, "3 3"]
    translation: Float64[np.ndarray, "3"]


class Matches(NamedTuple):
    """Which poses belong together: ``estimate[i]`` is held against ``reference[i]``."""

    estimate: Int64[np.ndarray, " n"]
    reference: Int64[np.ndarray, " n"]


class CameraErrors(NamedTuple):
    """CamI2V's errors: sums over the frames, each path relative to its own first pose."""

    rot_err_rad: float  # geodesic angles
    trans_err: float  # distances, each path divided by its own largest distance from its start
    cam_mc: float  # Frobenius norms of the differences of the so scaled 3x4 poses


@dataclass(frozen=True, slots=True, kw_only=True)
class PathErrors:
    """What ``compare_paths`` measures.

    Attributes:
        ate_rmse: Root mean square distance of the aligned positions, units of the reference.
        rpe_trans_rmse: Root mean square error of the frame-to-frame translations, same units.
        rpe_rot_deg_rmse: Root mean square error of the frame-to-frame rotations, degrees.
        rot_err_deg: CamI2V's RotErr per frame, degrees; times ``matched`` it is their sum.
        trans_err: CamI2V's TransErr per frame; times ``matched`` it is their sum.
        cam_mc: CamI2V's CamMC per frame; times ``matched`` it is their sum.
        matched: Poses held against each other.
        scale: What the estimate was multiplied with; 1 for SE(3).
    """

    ate_rmse: float
    rpe_trans_rmse: float
    rpe_rot_deg_rmse: float
    rot_err_deg: float
    trans_err: float
    cam_mc: float
    matched: int
    scale: float


def compare_paths(
    estimate: Float64[np.ndarray, "n 4 4"],
    reference: Float64[np.ndarray, "m 4 4"],
    *,
    align: Alignment,
) -> PathErrors:
    """Align the estimate to the reference and measure what is left.

    Paths on a straight line, or standing still, leave part of the rotation open. The errors do not
    depend on that part, so such paths are compared (evo refuses them). A *scale* needs motion.

    Args:
        estimate: One pose per frame.
        reference: The pose each of them should have.
        align: ``"se3"`` moves and turns the estimate as a whole; ``"sim3"`` scales it as well.

    Raises:
        PathError: Different lengths, fewer than three poses, ``sim3`` of a camera that stands
            still, or another ``align``.
        ValueError: A pose is not rigid.
    """
    if align not in get_args(Alignment):
        raise PathError(f"no alignment {align!r}; there are {', '.join(get_args(Alignment))}.")
    _require_comparable(estimate, reference)
    similarity = umeyama(estimate[:, :3, 3], reference[:, :3, 3], with_scale=align == "sim3")
    aligned = apply_similarity(similarity, estimate)
    off = np.linalg.norm(aligned[:, :3, 3] - reference[:, :3, 3], axis=1)
    steps = invert(_steps(reference)) @ _steps(aligned)
    sums = camera_errors(estimate, reference)
    n_poses = len(estimate)
    return PathErrors(
        ate_rmse=_rms(off),
        rpe_trans_rmse=_rms(np.linalg.norm(steps[:, :3, 3], axis=1)),
        rpe_rot_deg_rmse=_rms(np.rad2deg(rotation_angles(steps[:, :3, :3]))),
        rot_err_deg=float(np.rad2deg(sums.rot_err_rad)) / n_poses,
        trans_err=sums.trans_err / n_poses,
        cam_mc=sums.cam_mc / n_poses,
        matched=n_poses,
        scale=similarity.scale,
    )


def camera_errors(
    estimate: Float64[np.ndarray, "n 4 4"], reference: Float64[np.ndarray, "m 4 4"]
) -> CameraErrors:
    """Return CamI2V's RotErr, TransErr and CamMC: sums, nothing aligned but the first pose.

    A path that stands still is not scaled (CamI2V adds 1e-9 to the divisor instead).

    Raises:
        PathError: Different lengths, or fewer than three poses.
    """
    _require_comparable(estimate, reference)
    one, other = _from_first(estimate), _from_first(reference)
    angles = rotation_angles(np.swapaxes(other[:, :3, :3], -1, -2) @ one[:, :3, :3])
    difference = one[:, :3] - other[:, :3]
    return CameraErrors(
        rot_err_rad=float(angles.sum()),
        trans_err=float(np.linalg.norm(difference[:, :, 3], axis=1).sum()),
        cam_mc=float(np.linalg.norm(difference, axis=(1, 2)).sum()),
    )


def umeyama(
    source: Float64[np.ndarray, "n 3"], target: Float64[np.ndarray, "n 3"], *, with_scale: bool
) -> Similarity:
    """Return the similarity that brings ``source`` closest to ``target`` (Umeyama, eq. 40-42).

    Where the points lie on a line or in one place, one of the equally good rotations is returned.

    Raises:
        PathError: A scale is wanted and the points of one side do not move.
    """
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    centered, target_centered = source - source_mean, target - target_mean
    if with_scale:
        _require_motion(source, "the estimate")
        _require_motion(target, "the reference")
    u, singular, vt = np.linalg.svd(target_centered.T @ centered)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation: Float64[np.ndarray, "3 3"] = (u * signs) @ vt
    scale = float((singular * signs).sum() / (centered**2).sum()) if with_scale else 1.0
    return Similarity(scale, rotation, target_mean - scale * rotation @ source_mean)


def apply_similarity(
    similarity: Similarity, c2w: Float64[np.ndarray, "t 4 4"]
) -> Float64[np.ndarray, "t 4 4"]:
    """Move, turn and scale a path as a whole; its poses stay rigid."""
    moved = c2w.copy()
    moved[:, :3, :3] = similarity.rotation @ c2w[:, :3, :3]
    moved[:, :3, 3] = (
        similarity.scale * c2w[:, :3, 3] @ similarity.rotation.T + similarity.translation
    )
    return moved


def associate(
    estimate_s: Float64[np.ndarray, " n"],
    reference_s: Float64[np.ndarray, " m"],
    *,
    max_diff_s: float = MAX_DIFF_S,
) -> Matches:
    """Pair poses by time, as evo does: each one of the shorter path takes the nearest of the other.

    Two poses of the shorter path may take the same one of the longer. With equal lengths the
    estimate chooses.

    Args:
        estimate_s: Increasing timestamps, seconds.
        reference_s: Increasing timestamps, seconds.
        max_diff_s: Pairs further apart than this are dropped.

    Raises:
        PathError: No pair is left; the message names both time spans.
    """
    estimate_is_longer = len(estimate_s) > len(reference_s)
    short, long = (reference_s, estimate_s) if estimate_is_longer else (estimate_s, reference_s)
    nearest = _nearest(short, long)
    # Past the last pose evo adds where it subtracts elsewhere; at 100 Hz the rounding decides.
    near_enough = np.where(
        short > long[-1],
        short <= long[-1] + max_diff_s,
        (np.abs(long[nearest] - short) <= max_diff_s) & (short >= long[0] - max_diff_s),
    )
    of_short, of_long = np.flatnonzero(near_enough), nearest[near_enough]
    if not len(of_short):
        raise PathError(
            f"no two timestamps lie within {max_diff_s} s of each other: the estimate covers "
            f"{estimate_s[0]:.3f}..{estimate_s[-1]:.3f} s, the reference "
            f"{reference_s[0]:.3f}..{reference_s[-1]:.3f} s; bring both to the same clock and unit."
        )
    if estimate_is_longer:
        return Matches(estimate=of_long, reference=of_short)
    return Matches(estimate=of_short, reference=of_long)


def _nearest(
    wanted: Float64[np.ndarray, " n"], increasing: Float64[np.ndarray, " m"]
) -> Int64[np.ndarray, " n"]:
    """Return the index of the nearest value for each wanted one; the earlier one of two equals."""
    after = np.searchsorted(increasing, wanted).clip(max=len(increasing) - 1)
    before = (after - 1).clip(min=0)
    is_before = np.abs(wanted - increasing[before]) <= np.abs(increasing[after] - wanted)
    nearest: Int64[np.ndarray, " n"] = np.where(is_before, before, after)
    return nearest


def rotation_angles(rotations: Float64[np.ndarray, "n 3 3"]) -> Float64[np.ndarray, " n"]:
    """Return the angles of rotations, radians in [0, pi]; exact for the smallest, unlike arccos."""
    skew = rotations - np.swapaxes(rotations, -1, -2)
    sine = np.linalg.norm(skew, axis=(1, 2)) / np.sqrt(8.0)
    cosine = (np.trace(rotations, axis1=1, axis2=2) - 1.0) / 2.0
    angles: Float64[np.ndarray, " n"] = np.arctan2(sine, cosine)
    return angles


def _require_comparable(
    estimate: Float64[np.ndarray, "n 4 4"], reference: Float64[np.ndarray, "m 4 4"]
) -> None:
    if len(estimate) != len(reference):
        raise PathError(
            f"comparing paths needs one reference pose per estimated pose, got {len(estimate)} and "
            f"{len(reference)}; associate them by their timestamps, or cut both to the same frames."
        )
    if len(estimate) < MIN_POSES:
        raise PathError(
            f"comparing paths needs at least {MIN_POSES} poses in common (two always align), got "
            f"{len(estimate)}."
        )
    check_rigid(estimate)
    check_rigid(reference)


def _require_motion(points: Float64[np.ndarray, "n 3"], who: str) -> None:
    spread = np.linalg.norm(points - points.mean(axis=0), axis=1).max()
    if spread <= _STILL * np.abs(points).max():
        raise PathError(f"sim3 needs motion to find a scale, and {who} stands still; align by se3.")


def _steps(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, "s 4 4"]:
    steps: Float64[np.ndarray, "s 4 4"] = invert(c2w[:-1]) @ c2w[1:]
    return steps


def _from_first(c2w: Float64[np.ndarray, "t 4 4"]) -> Float64[np.ndarray, "t 4 4"]:
    relative: Float64[np.ndarray, "t 4 4"] = invert(c2w[0]) @ c2w
    distances = np.linalg.norm(relative[:, :3, 3], axis=1)
    if distances.max() > _STILL * np.abs(c2w[:, :3, 3]).max():
        relative[:, :3, 3] /= distances.max()
    else:
        relative[:, :3, 3] = 0.0
    return relative


def _rms(values: Float64[np.ndarray, " n"]) -> float:
    return float(np.sqrt((values**2).mean()))
