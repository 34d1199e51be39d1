"""COLMAP's text model: a folder with ``cameras.txt``, ``images.txt`` and ``points3D.txt``.

Conventions are in ``synth.pose_files.colmap_model``. An image takes two lines, the second of them
its keypoints; we write it empty, and no 3D points.
"""

from pathlib import Path
from typing import Final

from synth.pose_files.colmap_model import (
    CAMERA_MODELS,
    MODEL_IDS,
    ColmapCamera,
    ColmapImage,
    from_trajectory,
    to_trajectory,
)
from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import Spot, numbered_lines, parse_number, parse_numbers, read_text
from synth.pose_files.writing import join, save_lines
from synth.trajectories import Trajectory

FILES: Final = ("cameras.txt", "images.txt")
_POSE: Final = ("qw", "qx", "qy", "qz", "tx", "ty", "tz")


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a folder of COLMAP text files."""
    return to_trajectory(path, _read_cameras(path), _read_images(path), hints)


def write(path: Path, trajectory: Trajectory) -> None:
    """Write a folder of COLMAP text files."""
    content = from_trajectory(path, trajectory)
    cameras = [
        f"{number} PINHOLE {k.width} {k.height} {join([k.fx, k.fy, k.cx, k.cy])}"
        for number, k in content.cameras.items()
    ]
    images = []
    for number, image in enumerate(content.images, start=1):
        pose = join([*image.wxyz, *image.translation])
        images += [f"{number} {pose} {image.camera_id} {image.name}", ""]
    save_lines(path / "cameras.txt", ["# CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]", *cameras])
    save_lines(
        path / "images.txt", [f"# IMAGE_ID {' '.join(_POSE).upper()} CAMERA_ID NAME", *images]
    )
    save_lines(path / "points3D.txt", ["# POINT3D_ID X Y Z R G B ERROR TRACK[]"])


def _read_cameras(folder: Path) -> dict[int, ColmapCamera]:
    path = folder / "cameras.txt"
    cameras: dict[int, ColmapCamera] = {}
    for number, line in numbered_lines(read_text(path)):
        spot = Spot(path, f"line {number}")
        words = line.split()
        if len(words) < 5:
            raise spot.error(
                f"expected CAMERA_ID MODEL WIDTH HEIGHT PARAMS, got {len(words)} words"
            )
        if words[1] not in MODEL_IDS:
            raise spot.error(f"unknown camera model {words[1]!r}; known are {', '.join(MODEL_IDS)}")
        model_id = MODEL_IDS[words[1]]
        names = [f"parameter {index}" for index in range(CAMERA_MODELS[model_id].n_params)]
        camera_id = _whole(words[0], spot, "CAMERA_ID")
        if camera_id in cameras:
            raise spot.error(f"camera {camera_id} comes twice")
        cameras[camera_id] = ColmapCamera(
            spot=spot,
            model_id=model_id,
            width=_whole(words[2], spot, "WIDTH"),
            height=_whole(words[3], spot, "HEIGHT"),
            params=parse_numbers(words[4:], names, spot),
        )
    return cameras


def _read_images(folder: Path) -> list[ColmapImage]:
    path = folder / "images.txt"
    lines = enumerate(read_text(path).splitlines(), start=1)
    images = []
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        spot = Spot(path, f"line {number}")
        words = line.split(maxsplit=9)
        if len(words) != 10:
            raise spot.error(
                f"expected IMAGE_ID {' '.join(_POSE)} CAMERA_ID NAME, got {len(words)} words; an "
                "image takes two lines, the second one (keypoints) may be empty but not missing"
            )
        pose = parse_numbers(words[1:8], _POSE, spot)
        camera_id = _whole(words[8], spot, "CAMERA_ID")
        images.append(ColmapImage(spot, words[9].strip(), camera_id, pose[:4], pose[4:]))
        next(lines, None)  # the keypoints
    return images


def _whole(word: str, spot: Spot, name: str) -> int:
    number = parse_number(word, spot, name)
    if number != int(number):
        raise spot.error(f"{name} must be a whole number, got {word}")
    return int(number)
