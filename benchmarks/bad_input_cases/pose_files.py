"""Pose files of every kind, read by the library."""

from typing import Final

from benchmarks.bad_input_cases.case import Call, Place
from synth.pose_files import read_actions, read_poses, write_poses
from synth.trajectories import Trajectory

_POSE_FILE_ERROR: Final = "PoseFileError"


def _read(
    did: str, name: str, pose_format: str, *says: str, camera: str | None = None, sized: bool = True
) -> Call:
    def call(place: Place) -> Trajectory:
        size = {"width": 64, "height": 48} if sized else {}
        return read_poses(place.files / name, pose_format, camera=camera, **size)

    return Call(did=f"read poses: {did}", call=call, expects=_POSE_FILE_ERROR, says=says)


def _write_without_intrinsics(place: Place) -> None:
    path = read_poses(place.files / "good.tum", "tum")
    write_poses(place.out / "poses.txt", path, "re10k")


POSE_FILES: Final = (
    _read("a file that is not there", "nowhere.txt", "re10k", "nowhere.txt", "no such file"),
    _read("an empty file", "empty.txt", "tum", "empty.txt", "the file is empty"),
    _read(
        "RealEstate10K cut off in the last line",
        "cut.re10k",
        "re10k",
        "cut.re10k, line 6",
        "expected 19 numbers",
    ),
    _read("NaN in a matrix", "nan.re10k", "re10k", "line 4", "t2 must be finite, got nan"),
    _read("intrinsics in pixels", "pixels.re10k", "re10k", "line 2", "are they pixels"),
    _read(
        "RealEstate10K without the frame size",
        "good.re10k",
        "re10k",
        "divided by the frame size",
        "pass the frame's width and height",
        sized=False,
    ),
    _read("a KITTI file as TUM", "good.kitti", "tum", "line 1", "expected 8 numbers", "got 12"),
    _read("a scaled matrix", "scaled.kitti", "kitti", "no rotation", "remove the scale"),
    _read("a left-handed frame", "mirrored.kitti", "kitti", "determinant -1", "convert them"),
    _read("TUM out of order", "unsorted.tum", "tum", "timestamps must increase", "sort the lines"),
    _read(
        "TUM with other columns", "wxyz.tum", "tum", "must have norm 1", "the order of the columns"
    ),
    _read("an image as TUM", "clip/0.png", "tum", "no text file", "is --pose-format right?"),
    _read("nerfstudio cut in half", "cut.nerfstudio", "nerfstudio", "line", "this is no JSON"),
    _read(
        "nerfstudio with transposed matrices",
        "transposed.nerfstudio",
        "nerfstudio",
        "frames[0].transform_matrix",
        "is it transposed?",
    ),
    _read(
        "nerfstudio without frames",
        "no_frames.nerfstudio",
        "nerfstudio",
        "frames: expected a list",
        "with a transform_matrix each",
    ),
    _read(
        "w2c in place of c2w, under its own name",
        "extrinsics.npz",
        "npz",
        "poses or camera_poses or c2w",
        "invert extrinsics (w2c)",
    ),
    _read("npz cut off", "cut_shard.npz", "npz", "cut_shard.npz", "no readable .npz file"),
    _read(
        "COLMAP without cameras.txt",
        "half_model",
        "colmap",
        "no COLMAP model here",
        "expected cameras.txt and images.txt",
    ),
    _read(
        "a ReCamMaster camera that is not there",
        "good.recammaster",
        "recammaster",
        "no camera 'cam07'",
        "choose one of cam01",
        camera="cam07",
    ),
    _read(
        "an unknown format", "good.tum", "euroc", "unknown pose format 'euroc'", "known are re10k"
    ),
    Call(
        did="read an action string with an unknown key",
        call=lambda _: read_actions("w-8,q-4"),
        expects=_POSE_FILE_ERROR,
        says=("got 'q-4'", "keys of wasdijkl"),
    ),
    Call(
        did="write RealEstate10K without intrinsics",
        call=_write_without_intrinsics,
        expects=_POSE_FILE_ERROR,
        says=("needs intrinsics", "choose a format without"),
    ),
)
