"""What pose files refuse: the error names the file, the place in it, what was got and a cure."""

import json
import struct

import numpy as np
import pytest
from pose_paths import place, standing

from synth.pose_files import PoseFileError, read_poses, write_poses

UNIT = "1 0 0 0 0 1 0 0 0 0 1 0"  # a 3x4 pose
GOOD = f"0.5 0.8 0.5 0.5 0 0 {UNIT}"
EYE = np.eye(4).tolist()
PINHOLE = "1 PINHOLE 64 48 50 50 32 24\n"
IMAGE = "1 1 0 0 0 0 0 0 1 a.png\n\n"


def frame(matrix, **fields):
    return json.dumps(
        {"fl_x": 50, "w": 64, "h": 48, "frames": [{"transform_matrix": matrix}]} | fields
    )


def scaled(factor):
    return (np.diag([factor, factor, factor, 1.0])).tolist()


def unreal(text):
    return json.dumps({"frame0": {"cam01": text}})


# Each case: format, content, and words of the error.
BAD_TEXT = {
    "an empty file": ("re10k", "", "the file is empty"),
    "only blank lines": ("kitti", "\n \n", "the file is empty"),
    "an address without poses": ("re10k", "https://x\n", "no pose after the first line"),
    "no address": (
        "re10k",
        f"0 {GOOD}\n1 {GOOD}\n",
        "line 1: the first line is the clip's address",
    ),
    "18 columns": ("re10k", f"x\n0 {GOOD[:-2]}\n", r"line 2: expected 19 numbers .*got 18"),
    "20 columns": ("re10k", f"x\n0 {GOOD} 1\n", "line 2: expected 19 numbers .*got 20"),
    "a word": ("re10k", f"x\nzero {GOOD}\n", "line 2: timestamp must be a number, got 'zero'"),
    "NaN": ("re10k", f"x\n0 nan{GOOD[3:]}\n", "line 2: fx must be finite, got nan"),
    "infinity": ("kitti", UNIT[:-1] + "inf", "line 1: t2 must be finite, got inf"),
    "repeated times": ("re10k", f"x\n5 {GOOD}\n5 {GOOD}\n", "line 3: timestamps must increase"),
    "times going back": ("tum", "2 0 0 0 0 0 0 1\n1 0 0 0 0 0 0 1", "line 2: .*comes after 2.0"),
    "intrinsics in pixels": ("re10k", f"x\n0 320 240{GOOD[7:]}\n", "line 2: .*are they pixels"),
    "no focal length": ("videox_fun", f"\n0 0{GOOD[3:]}\n", "line 2: fx fy cx cy must be divided"),
    "distortion": (
        "re10k",
        f"x\n0 {GOOD.replace(' 0.5 0 0', ' 0.5 0.1 0')}\n",
        "line 2: .*lens distortion",
    ),
    "a matrix that scales": ("kitti", "2 0 0 0 0 2 0 0 0 0 2 0", "line 1: .*rows are 2, 2, 2 long"),
    "a matrix that mirrors": ("kitti", "-1 0 0 0 0 1 0 0 0 0 1 0", "line 1: .*left-handed"),
    "4x4 rows": ("kitti", f"{UNIT} 0 0 0 1", "line 1: expected 12 numbers .*got 16"),
    "comments only": ("tum", "# timestamp tx ty tz\n", "no pose, only comments"),
    "a zero quaternion": ("tum", "0 0 0 0 0 0 0 0\n", "line 1: the quaternion must have norm 1"),
    "columns in another order": ("tum", "0 1 0 0 0 3 4 5\n", "line 1: .*order of the columns"),
    "seven columns": ("tum", "0 0 0 0 0 0 1\n", "line 1: expected 8 numbers .*got 7"),
    "binary": ("tum", "0 0 \0 0", "no text file"),
    "no JSON": ("nerfstudio", "{'frames': []}", "line 1: this is no JSON"),
    "a JSON list": ("blender", "[]", "expected a JSON object, got a list"),
    "no frames": ("nerfstudio", "{}", "frames: expected a list of frames"),
    "a frame without matrix": ("nerfstudio", '{"frames": [{}]}', r"frames\[0\].transform_matrix"),
    "a short row": (
        "nerfstudio",
        frame([[1, 0, 0]] * 4),
        r"matrix\[0\]: expected 4 numbers .*got 3",
    ),
    "a row of text": (
        "nerfstudio",
        frame([["1", 0, 0, None]] * 4),
        "must be a number, got nothing",
    ),
    "a scaled frame": (
        "nerfstudio",
        frame(scaled(0.5)),
        r"frames\[0\].*rows are 0.5, 0.5, 0.5 long",
    ),
    "a transposed frame": (
        "nerfstudio",
        frame([*EYE[:3], [1, 2, 3, 1]]),
        "last row must be 0 0 0 1, got .*transposed",
    ),
    "a fisheye": ("nerfstudio", frame(EYE, camera_model="OPENCV_FISHEYE"), "is no pinhole"),
    "a distorted lens": ("nerfstudio", frame(EYE, k1=0.1), "distortion .*'k1': 0.1.*undistort"),
    "a negative focal length": ("nerfstudio", frame(EYE, fl_x=-3), "must be > 0 pixels, got -3"),
    "half a pixel of width": ("nerfstudio", frame(EYE, w=64.5), "w must be a whole number"),
    "intrinsics of some frames": (
        "nerfstudio",
        json.dumps({"frames": [{"transform_matrix": EYE, "fl_x": 9}, {"transform_matrix": EYE}]}),
        r"frames\[1\]: fl_x is missing here",
    ),
    "no angle of view": ("blender", frame(EYE), "camera_angle_x: it is missing"),
    "an angle in degrees": ("blender", frame(EYE, camera_angle_x=60), r"in 0..pi radians, got 60"),
    "foreign keys": ("recammaster", '{"poses": []}', "expected frame0, frame1"),
    "no camera": ("recammaster", '{"frame0": {}}', "frame0: expected an object of cameras"),
    "three rows": ("recammaster", unreal("[1 0 0 0] [0 1 0 0] [0 0 1 0]"), "expected 4 rows"),
    "column vectors": (
        "recammaster",
        unreal("[1 0 0 5] [0 1 0 6] [0 0 1 7] [0 0 0 1]"),
        r"frame0.cam01: the last column must be 0 0 0 1 \(row vectors\)",
    ),
    "a camera that ends": (
        "recammaster",
        '{"frame0": {"cam01": "[1 0 0 0] [0 1 0 0] [0 0 1 0] [0 0 0 1]"}, "frame1": {}}',
        "frame1: camera 'cam01' is missing",
    ),
    "a number beyond floats": ("nerfstudio", frame(EYE, fl_x=10**400), "fl_x is larger than any"),
    "nesting without end": ("blender", '{"a":' + "[" * 99999, "nested too deeply"),
    "no npz": ("npz", "poses", "no readable .npz file"),
    "an unknown key": ("actions", "w-10,x-3", "got 'x-3'"),
    "a segment without length": ("actions", "w-10,j", "got 'j'"),
    "no frame": ("actions", "w-0", "got 'w-0'"),
    "a day of walking": ("actions", "w-9999999", "more than 100000 frames"),
}


@pytest.mark.parametrize("case", BAD_TEXT)
def test_a_bad_file_is_refused_with_its_name_and_the_place(case, tmp_path):
    pose_format, content, expected = BAD_TEXT[case]
    (tmp_path / "file").write_text(content)
    with pytest.raises(PoseFileError, match=expected) as refusal:
        read_poses(tmp_path / "file", pose_format, width=64, height=48)
    assert str(refusal.value).startswith(str(tmp_path / "file"))


BAD_COLMAP = {
    "no model": ({}, "no COLMAP model here"),
    "no images": ({"cameras.txt": PINHOLE, "images.txt": "# none\n"}, "no image"),
    "an unknown model": (
        {"cameras.txt": "1 PINHOL 64 48 5 5 3 2\n"},
        "line 1: unknown camera model",
    ),
    "a missing parameter": ({"cameras.txt": PINHOLE[:-4] + "\n"}, "expected 4 numbers .*got 3"),
    "two cameras of one number": ({"cameras.txt": PINHOLE * 2}, "line 2: camera 1 comes twice"),
    "half a pixel": (
        {"cameras.txt": PINHOLE.replace("64", "64.5")},
        "WIDTH must be a whole number",
    ),
    "no width": ({"cameras.txt": PINHOLE.replace("64", "0")}, "image sides and focal lengths"),
    "a lens with distortion": (
        {"cameras.txt": "1 SIMPLE_RADIAL 64 48 50 32 24 0.05\n"},
        "SIMPLE_RADIAL camera .* is no pinhole",
    ),
    "a fisheye": ({"cameras.txt": "1 SIMPLE_FISHEYE 64 48 50 32 24\n"}, "is no pinhole"),
    "a camera nobody has": ({"images.txt": IMAGE.replace("1 a.png", "9 a.png")}, "camera 9, which"),
    "no keypoint line": (
        {"images.txt": IMAGE.strip() + "\n2 1 0 0 0 0 0 0 1 b.png x\n3\n"},
        "line 3",
    ),
    "a NaN": ({"images.txt": IMAGE.replace("1 0 0 0", "nan 0 0 0")}, "line 1: qw must be finite"),
    "a zero quaternion": ({"images.txt": IMAGE.replace("1 0 0 0", "0 0 0 0")}, "norm 1, got 0"),
    "a name twice": ({"images.txt": IMAGE * 2}, "two images are named 'a.png'"),
    "two sizes": (
        {
            "cameras.txt": PINHOLE + "2 PINHOLE 32 24 50 50 16 12\n",
            "images.txt": IMAGE + "2 1 0 0 0 0 0 0 2 b.png\n\n",
        },
        "frames of one size",
    ),
}


@pytest.mark.parametrize("case", BAD_COLMAP)
def test_a_bad_colmap_model_is_refused(case, tmp_path):
    files, expected = BAD_COLMAP[case]
    good = {"cameras.txt": PINHOLE, "images.txt": IMAGE} if files else {}
    for name, content in (good | files).items():
        (tmp_path / name).write_text(content)
    with pytest.raises(PoseFileError, match=expected):
        read_poses(tmp_path, "colmap")


def test_a_distorted_camera_is_read_when_its_pixels_do_not_matter(tmp_path):
    (tmp_path / "cameras.txt").write_text("1 OPENCV 64 48 50 51 32 24 0.1 0 0 0\n")
    (tmp_path / "images.txt").write_text(IMAGE)
    (camera,) = read_poses(tmp_path, "colmap", ignore_distortion=True).intrinsics
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (50, 51, 32, 24)


@pytest.mark.parametrize("name", ["cameras.bin", "images.bin"])
def test_a_binary_model_that_is_cut_off_anywhere_is_refused(name, tmp_path):
    write_poses(tmp_path, standing(np.eye(4), np.eye(4)), "colmap_binary")
    whole = (tmp_path / name).read_bytes()
    for length in range(len(whole)):
        (tmp_path / name).write_bytes(whole[:length])
        with pytest.raises(PoseFileError, match=f"{name}, byte .*cut off"):
            read_poses(tmp_path, "colmap_binary")
    (tmp_path / name).write_bytes(whole + b"\0")
    with pytest.raises(PoseFileError, match="1 bytes are left over"):
        read_poses(tmp_path, "colmap_binary")


def test_a_binary_model_of_an_unknown_camera_is_refused(tmp_path):
    write_poses(tmp_path, standing(np.eye(4)), "colmap_binary")
    (tmp_path / "cameras.bin").write_bytes(struct.pack("<QiiQQ", 1, 1, 99, 64, 48))
    with pytest.raises(PoseFileError, match="unknown camera model number 99"):
        read_poses(tmp_path, "colmap_binary")


INTRINSICS = np.array([[50.0, 0.0, 31.5], [0.0, 50.0, 23.5], [0.0, 0.0, 1.0]])
BAD_NPZ = {
    "no poses": ({"extrinsics": np.eye(4)[None]}, "got none of them; invert extrinsics"),
    "two kinds of poses": (
        {"poses": np.eye(4)[None], "c2w": np.eye(4)[None]},
        "in one array named",
    ),
    "one pose": ({"poses": np.eye(4)}, r"expected shape \(t, 4, 4\)"),
    "poses of text": ({"poses": np.full((1, 4, 4), "x")}, "expected numbers of shape"),
    "a NaN": ({"poses": np.full((1, 4, 4), np.nan)}, "poses: it holds values that are not finite"),
    "a scaled pose": ({"poses": 2 * np.eye(4)[None]}, r"poses\[0\]: .*no rotation"),
    "no frame size": ({"intrinsics": INTRINSICS}, "neither depths nor a frame size; pass"),
    "two intrinsics for one pose": ({"intrinsics": INTRINSICS[None].repeat(2, 0)}, "shape"),
    "intrinsics that are none": (
        {"intrinsics": INTRINSICS.T, "width": 64, "height": 48},
        r"intrinsics\[0\]: expected \[\[fx, 0, cx\]",
    ),
    "pixels somewhere else": (
        {"intrinsics": INTRINSICS, "width": 64, "height": 48, "pixel_centers": "corner"},
        "expected integer or half_integer, got 'corner'",
    ),
    "no frame rate": ({"fps": 0}, "fps: expected a number > 0"),
    "two times for one pose": ({"timestamps_s": np.zeros(2)}, "timestamps_s: expected numbers"),
    "objects": ({"poses": np.array([{}], dtype=object)}, "no readable .npz file"),
}


@pytest.mark.parametrize("case", BAD_NPZ)
def test_a_bad_npz_is_refused(case, tmp_path):
    arrays, expected = BAD_NPZ[case]
    holds_poses = {"poses", "c2w", "extrinsics"} & set(arrays)
    np.savez(tmp_path / "a.npz", **({} if holds_poses else {"poses": np.eye(4)[None]}), **arrays)
    with pytest.raises(PoseFileError, match=expected):
        read_poses(tmp_path / "a.npz", "npz")


def test_an_npz_that_is_cut_off_is_refused(tmp_path):
    write_poses(tmp_path / "a.npz", standing(*[np.eye(4)] * 3), "npz")
    whole = (tmp_path / "a.npz").read_bytes()
    for share in (0.2, 0.5, 0.9):
        (tmp_path / "a.npz").write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(PoseFileError, match="no readable"):
            read_poses(tmp_path / "a.npz", "npz")
    np.save(tmp_path / "b.npz", np.eye(4))
    (tmp_path / "b.npz.npy").rename(tmp_path / "b.npz")
    with pytest.raises(PoseFileError, match="this is one array"):
        read_poses(tmp_path / "b.npz", "npz")


def test_what_a_file_leaves_open_has_to_be_told(tmp_path):
    (tmp_path / "file").write_text(f"x\n0 {GOOD}\n")
    for size in ({}, {"width": 64}):
        with pytest.raises(PoseFileError, match="pass the frame's width and height"):
            read_poses(tmp_path / "file", "re10k", **size)
    with pytest.raises(PoseFileError, match="width must be > 0 pixels, got -1"):
        read_poses(tmp_path / "file", "re10k", width=-1, height=48)
    row = "[1 0 0 0] [0 1 0 0] [0 0 1 0] [0 0 0 1]"
    (tmp_path / "file").write_text(json.dumps({"frame0": {"cam01": row, "cam02": row}}))
    with pytest.raises(PoseFileError, match="choose one of cam01, cam02"):
        read_poses(tmp_path / "file", "recammaster")
    with pytest.raises(PoseFileError, match="no camera 'cam03'; choose one of cam01, cam02"):
        read_poses(tmp_path / "file", "recammaster", camera="cam03")


@pytest.mark.parametrize("pose_format", ["re10k", "npz", "nerfstudio", "colmap_binary"])
def test_a_missing_file_and_a_folder_are_refused(pose_format, tmp_path):
    with pytest.raises(PoseFileError, match="there is no such file"):
        read_poses(tmp_path / "none", pose_format)
    if pose_format != "colmap_binary":
        (tmp_path / "transforms.json").mkdir()
        with pytest.raises(PoseFileError, match="this is a folder"):
            read_poses(tmp_path, pose_format)


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(PoseFileError, match="unknown pose format 'euroc'; known are re10k"):
        read_poses(place(tmp_path, "euroc"), "euroc")
