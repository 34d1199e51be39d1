"""What COLMAP's text and binary models share: its cameras, its images, and their conversion.

Poses are **w2c** (quaternion scalar first, translation), OpenCV axes; pixel centers at
half-integers, as ours. Length has no unit. Images are put in the natural order of their names,
since COLMAP numbers them as it likes.

Cameras are read as far as they are pinholes: SIMPLE_PINHOLE and PINHOLE always, the radial and
OPENCV models when all their distortion is 0. PINHOLE is written.

It cannot hold: timestamps, a frame rate, a name for the path.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.natural_order import natural_key
from synth.pose_files.hints import ReadHints
from synth.pose_files.rigid import rigid_pose, rotation_from_wxyz, wxyz_from_rotation
from synth.pose_files.spot import Spot
from synth.pose_files.writing import cameras_of
from synth.poses import Pose, invert
from synth.trajectories import Trajectory

# How far a model is from a pinhole: one, a pinhole with coefficients that may be 0, or another.
Kind = Literal["pinhole", "distorted", "other"]


class CameraModel(NamedTuple):
    """One of COLMAP's camera models."""

    name: str
    n_params: int
    n_focals: int  # 1: f cx cy ..., 2: fx fy cx cy ..., 0: none
    kind: Kind


# COLMAP's numbers, as pycolmap 4.2 lists them (``CameraModelId``).
CAMERA_MODELS: Final[Mapping[int, CameraModel]] = {
    0: CameraModel("SIMPLE_PINHOLE", 3, 1, "pinhole"),
    1: CameraModel("PINHOLE", 4, 2, "pinhole"),
    2: CameraModel("SIMPLE_RADIAL", 4, 1, "distorted"),
    3: CameraModel("RADIAL", 5, 1, "distorted"),
    4: CameraModel("OPENCV", 8, 2, "distorted"),
    5: CameraModel("OPENCV_FISHEYE", 8, 2, "other"),
    6: CameraModel("FULL_OPENCV", 12, 2, "distorted"),
    7: CameraModel("FOV", 5, 2, "other"),
    8: CameraModel("SIMPLE_RADIAL_FISHEYE", 4, 1, "other"),
    9: CameraModel("RADIAL_FISHEYE", 5, 1, "other"),
    10: CameraModel("THIN_PRISM_FISHEYE", 12, 2, "other"),
    11: CameraModel("RAD_TAN_THIN_PRISM_FISHEYE", 16, 2, "other"),
    12: CameraModel("SIMPLE_DIVISION", 4, 1, "distorted"),
    13: CameraModel("DIVISION", 5, 2, "distorted"),
    14: CameraModel("SIMPLE_FISHEYE", 3, 1, "other"),
    15: CameraModel("FISHEYE", 4, 2, "other"),
    16: CameraModel("EUCM", 6, 2, "other"),
    17: CameraModel("EQUIRECTANGULAR", 2, 0, "other"),
}
MODEL_IDS: Final[Mapping[str, int]] = {model.name: id_ for id_, model in CAMERA_MODELS.items()}
PINHOLE_ID: Final = MODEL_IDS["PINHOLE"]


class ColmapCamera(NamedTuple):
    """A camera of a model."""

    spot: Spot
    model_id: int
    width: int
    height: int
    params: Float64[np.ndarray, " n"]


class ColmapImage(NamedTuple):
    """An image with its pose."""

    spot: Spot
    name: str
    camera_id: int
    wxyz: Float64[np.ndarray, "4"]
    translation: Float64[np.ndarray, "3"]


def to_trajectory(
    folder: Path,
    cameras: Mapping[int, ColmapCamera],
    images: Sequence[ColmapImage],
    hints: ReadHints,
) -> Trajectory:
    """Turn a model into a path.

    Raises:
        PoseFileError: No image; two of one name; an unknown or no pinhole camera; several sizes.
    """
    if not images:
        raise Spot(folder).error("the model holds no image; nothing was registered")
    ordered = sorted(images, key=lambda image: natural_key(image.name))
    for one, other in pairwise(ordered):
        if one.name == other.name:
            raise other.spot.error(f"two images are named {other.name!r}")
    pinholes = {id_: _pinhole(camera, hints) for id_, camera in cameras.items()}
    intrinsics = []
    for image in ordered:
        if image.camera_id not in pinholes:
            raise image.spot.error(
                f"image {image.name!r} was taken by camera {image.camera_id}, which is not in the "
                f"model; it has {sorted(pinholes)}"
            )
        intrinsics.append(pinholes[image.camera_id])
    sizes = sorted({(k.width, k.height) for k in intrinsics})
    if len(sizes) > 1:
        raise Spot(folder).error(
            f"a path needs frames of one size, these have {sizes} (w, h); read them apart"
        )
    return Trajectory(
        name=f"colmap:{folder.name}",
        c2w=np.stack([_c2w(image) for image in ordered]),
        intrinsics=tuple(intrinsics),
        fps=None,
        scale="relative",
    )


class ColmapContent(NamedTuple):
    """What a writer puts down: cameras by id, and one image a frame."""

    cameras: dict[int, Intrinsics]
    images: list[ColmapImage]


def from_trajectory(folder: Path, trajectory: Trajectory) -> ColmapContent:
    """Turn a path into a model: one PINHOLE camera for each that differs, images from id 1."""
    intrinsics = cameras_of(trajectory, "a COLMAP model")
    ids = {camera: number for number, camera in enumerate(dict.fromkeys(intrinsics), start=1)}
    images = [
        ColmapImage(
            spot=Spot(folder),
            name=f"frame_{number:06d}.png",
            camera_id=ids[camera],
            wxyz=wxyz_from_rotation(w2c[:3, :3]),
            translation=w2c[:3, 3],
        )
        for number, (camera, w2c) in enumerate(
            zip(intrinsics, invert(trajectory.c2w), strict=True), start=1
        )
    ]
    return ColmapContent(cameras={number: camera for camera, number in ids.items()}, images=images)


def _c2w(image: ColmapImage) -> Pose:
    rotation = rotation_from_wxyz(image.wxyz, image.spot)
    return invert(rigid_pose(rotation, image.translation, image.spot))


def _pinhole(camera: ColmapCamera, hints: ReadHints) -> Intrinsics:
    model = CAMERA_MODELS[camera.model_id]
    coefficients = camera.params[model.n_focals + 2 :]
    is_pinhole = model.kind == "pinhole" or (model.kind == "distorted" and not coefficients.any())
    if model.n_focals == 0 or not (is_pinhole or hints.ignore_distortion):
        raise camera.spot.error(
            f"a {model.name} camera with parameters {camera.params.tolist()} is no pinhole; "
            "undistort the frames first (colmap image_undistorter)"
        )
    focals, (cx, cy) = camera.params[: model.n_focals], camera.params[model.n_focals :][:2]
    if min(camera.width, camera.height) <= 0 or focals.min() <= 0:
        raise camera.spot.error(
            f"image sides and focal lengths must be > 0, got {camera.width}x{camera.height} and "
            f"{focals.tolist()}"
        )
    return Intrinsics(
        fx=float(focals[0]),
        fy=float(focals[-1]),
        cx=float(cx),
        cy=float(cy),
        width=camera.width,
        height=camera.height,
    )
