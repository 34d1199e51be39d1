"""Camera poses from frames alone: global structure from motion with pycolmap (GLOMAP).

Global, not incremental: short clips have little motion, and an incremental model grows from one
pair of frames. Our own matches go in, so that nothing is written to disk, and everything runs
on one thread with fixed seeds: same frames, same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pycolmap
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.matching import ClipFeatures
from synth.poses import invert

_ALL_PAIRS_UP_TO: Final = 20  # frames; longer clips are matched at these strides
_STRIDES: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
_MIN_PAIR_INLIERS: Final = 15  # COLMAP's default
_MIN_FRAMES: Final = 3
# Half of COLMAP's default, which is meant for photographs many times as wide as our clips.
_PAIR_ERROR_PX: Final = 2.0
_REFERENCE_WIDTH: Final = 384.0
_UNKNOWN_FOCAL: Final = 1.2  # times the longer side, COLMAP's first guess
_ERROR_LEVEL_OFF: Final = 3  # glog: only what ends the process is printed


class GlobalSfm(NamedTuple):
    """The largest model found."""

    frames: tuple[int, ...]  # registered frames, ascending
    c2w: Float64[np.ndarray, "k 4 4"]  # of those frames, in an arbitrary frame and scale
    points: Float64[np.ndarray, "p 3"]
    reprojection_px: float  # mean over the points
    focal_px: float  # of the first frame's camera: given, or estimated where it was not known


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReconstructed:
    """No model; the reason is for a report."""

    reason: str


def reconstruct(
    features: ClipFeatures, intrinsics: Sequence[Intrinsics] | None, *, seed: int = 0
) -> GlobalSfm | NotReconstructed:
    """Estimate the poses of a clip's frames.

    Args:
        features: Of all frames.
        intrinsics: Cameras of all frames; ``None`` estimates one focal length for the clip.
        seed: For RANSAC and the solver's start.

    Raises:
        ValueError: Intrinsics do not fit the frames.
    """
    n_frames = len(features.frames)
    if n_frames < _MIN_FRAMES:
        return NotReconstructed(reason=f"a clip of {n_frames} frames; needs {_MIN_FRAMES}")
    level = pycolmap.logging.minloglevel
    pycolmap.logging.minloglevel = _ERROR_LEVEL_OFF
    try:
        pycolmap.set_random_seed(seed)
        with pycolmap.Database.open(":memory:") as database:
            cameras = _write_cameras(database, features, intrinsics)
            n_pairs = _write_pairs(database, features, cameras, seed)
            if n_pairs < n_frames - 1:
                return NotReconstructed(
                    reason=f"only {n_pairs} pairs of {n_frames} frames hold together"
                )
            manager = pycolmap.ReconstructionManager()
            options = _pipeline_options(seed, focal_known=intrinsics is not None)
            pycolmap.GlobalPipeline(options, database, manager).run()
    finally:
        pycolmap.logging.minloglevel = level
    models = [manager.get(i) for i in range(manager.size())]
    if not models:
        return NotReconstructed(reason="the views fit no common set of points (no parallax?)")
    return _read(max(models, key=lambda m: m.num_reg_images()))


def _write_cameras(
    database: pycolmap.Database, features: ClipFeatures, intrinsics: Sequence[Intrinsics] | None
) -> list[pycolmap.Camera]:
    """Write every distinct camera with its rig, and one image and its points per frame."""
    n_frames = len(features.frames)
    if intrinsics is not None and len(intrinsics) != n_frames:
        raise ValueError(
            f"reconstructing {n_frames} frames needs as many intrinsics, got {len(intrinsics)}."
        )
    kinds: list[Intrinsics | None] = [None] * n_frames if intrinsics is None else [*intrinsics]
    made: dict[Intrinsics | None, tuple[pycolmap.Camera, int]] = {}
    for number, (kind, frame) in enumerate(zip(kinds, features.frames, strict=True)):
        if kind not in made:
            made[kind] = _write_camera(database, kind, features)
        camera, rig_id = made[kind]
        sensor = pycolmap.sensor_t(pycolmap.SensorType.CAMERA, camera.camera_id)
        image = pycolmap.Image(
            name=f"{number:06d}", camera_id=camera.camera_id, image_id=number + 1
        )
        database.write_image(image, use_image_id=True)
        colmap_frame = pycolmap.Frame()
        colmap_frame.frame_id, colmap_frame.rig_id = number + 1, rig_id
        colmap_frame.add_data_id(pycolmap.data_t(sensor, number + 1))
        database.write_frame(colmap_frame, use_frame_id=True)
        database.write_keypoints(number + 1, frame.uv.astype(np.float32))
    return [made[kind][0] for kind in kinds]


def _write_camera(
    database: pycolmap.Database, kind: Intrinsics | None, features: ClipFeatures
) -> tuple[pycolmap.Camera, int]:
    width, height = features.width, features.height
    if kind is None:
        focal = _UNKNOWN_FOCAL * max(width, height)
        model, params = "SIMPLE_PINHOLE", [focal, width / 2, height / 2]
    elif (kind.width, kind.height) != (width, height):
        raise ValueError(
            f"reconstructing {width}x{height} frames (w x h) got intrinsics of "
            f"{kind.width}x{kind.height}; scale them when you resize frames."
        )
    else:
        model, params = "PINHOLE", [kind.fx, kind.fy, kind.cx, kind.cy]
    camera = pycolmap.Camera(model=model, width=width, height=height, params=params)
    camera.has_prior_focal_length = kind is not None
    camera.camera_id = database.write_camera(camera)
    rig = pycolmap.Rig()
    rig.add_ref_sensor(pycolmap.sensor_t(pycolmap.SensorType.CAMERA, camera.camera_id))
    return camera, database.write_rig(rig)


def _write_pairs(
    database: pycolmap.Database,
    features: ClipFeatures,
    cameras: Sequence[pycolmap.Camera],
    seed: int,
) -> int:
    """Match and verify pairs of frames; return how many held."""
    n_frames, n_pairs = len(features.frames), 0
    strides = range(1, n_frames) if n_frames <= _ALL_PAIRS_UP_TO else _STRIDES
    options = pycolmap.TwoViewGeometryOptions()
    options.ransac.random_seed = seed
    options.ransac.max_error = _PAIR_ERROR_PX * max(1.0, features.width / _REFERENCE_WIDTH)
    options.min_num_inliers = _MIN_PAIR_INLIERS
    options.compute_relative_pose = True
    for i, j in (pair for stride in strides for pair in features.at_stride(stride)):
        matches = features.between(i, j)
        if len(matches) < _MIN_PAIR_INLIERS:
            continue
        pairs = np.stack([matches.first, matches.second], axis=1).astype(np.uint32)
        geometry = pycolmap.estimate_two_view_geometry(
            cameras[i], features.frames[i].uv, cameras[j], features.frames[j].uv, pairs, options
        )
        if len(geometry.inlier_matches) >= _MIN_PAIR_INLIERS:
            database.write_matches(i + 1, j + 1, pairs)
            database.write_two_view_geometry(i + 1, j + 1, geometry)
            n_pairs += 1
    return n_pairs


def _pipeline_options(seed: int, *, focal_known: bool) -> pycolmap.GlobalPipelineOptions:
    options = pycolmap.GlobalPipelineOptions(num_threads=1, random_seed=seed)
    mapper = options.mapper
    for part in (mapper, mapper.rotation_averaging, mapper.global_positioning):
        part.random_seed = seed
    mapper.retriangulation.random_seed = seed
    mapper.num_threads = 1
    mapper.global_positioning.use_gpu = False
    bundle = mapper.bundle_adjustment
    bundle.refine_focal_length = not focal_known
    bundle.ceres.use_gpu = False
    bundle.ceres.solver_options.num_threads = 1
    return options


def _read(model: pycolmap.Reconstruction) -> GlobalSfm:
    images = model.images
    ids = sorted(model.reg_image_ids())
    w2c = np.tile(np.eye(4), (len(ids), 1, 1))
    w2c[:, :3] = [images[i].cam_from_world().matrix() for i in ids]
    points = [model.points3D[i].xyz for i in sorted(model.points3D)]
    return GlobalSfm(
        frames=tuple(i - 1 for i in ids),
        c2w=invert(w2c),
        points=np.array(points, dtype=np.float64).reshape(-1, 3),
        reprojection_px=float(model.compute_mean_reprojection_error()),
        focal_px=float(model.cameras[images[ids[0]].camera_id].mean_focal_length()),
    )
