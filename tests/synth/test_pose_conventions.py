"""Pose formats mean what their documentation says: one camera in all of them, and given files."""

import json
from pathlib import Path

import numpy as np
import pytest
from pose_paths import place

from synth.cameras import Intrinsics
from synth.pose_files import read_actions, read_poses
from synth.poses import invert

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "camera_files").is_dir(), reason="no camera files in ../shared/data"
)

# One camera, said in every format: level, at (1, 2, 3), looking along +y of a world with +z up.
# Its right is +x, its down -z.
LOOKING_ALONG_Y = np.array(
    [[1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 2.0], [0.0, -1.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]]
)
HALF = "0.7071067811865476"  # a quarter turn about x has the quaternion (x, w) = (-+HALF, HALF)
W2C = "1 0 0 -1 0 0 -1 3 0 1 0 -2"
OPENGL = [[1, 0, 0, 1], [0, 0, -1, 2], [0, 1, 0, 3], [0, 0, 0, 1]]  # columns: right, up, backwards
SAID = {
    "re10k": {"file": f"https://address\n1500000 0.5 0.8 0.5 0.25 0 0 {W2C}\n"},
    "videox_fun": {"file": f"\n0 0.5 0.8 0.5 0.25 0 0 {W2C}\n"},
    "tum": {"file": f"# a comment\n1.5 1 2 3 -{HALF} 0 0 {HALF}\n"},
    "kitti": {"file": "1 0 0 1 0 0 1 2 0 -1 0 3\n"},
    "colmap": {
        "model/cameras.txt": "# a comment\n7 PINHOLE 100 50 50 40 50 12.5\n",
        "model/images.txt": f"# a comment\n1 {HALF} {HALF} 0 0 -1 3 -2 7 a.png\n1.5 2.5 -1\n",
    },
    "nerfstudio": {
        "file": json.dumps(
            {"fl_x": 50, "fl_y": 40, "cx": 50, "cy": 12.5, "w": 100, "h": 50}
            | {"frames": [{"file_path": "a.png", "transform_matrix": OPENGL}]}
        )
    },
    "blender": {
        "file": json.dumps({"camera_angle_x": np.pi / 2, "frames": [{"transform_matrix": OPENGL}]})
    },
    # Unreal: rows are forward, right, up and the position, in a world whose y is mirrored.
    "recammaster": {
        "file": json.dumps(
            {"frame0": {"cam01": "[0 -1 0 0] [1 0 0 0] [0 0 1 0] [100 -200 300 1] "}}
        )
    },
}


def write_files(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("pose_format", SAID)
def test_the_same_camera_is_understood_in_every_convention(pose_format, tmp_path):
    write_files(tmp_path, SAID[pose_format])
    read = read_poses(place(tmp_path, pose_format), pose_format, width=100, height=50)
    np.testing.assert_allclose(read.c2w, [LOOKING_ALONG_Y], atol=1e-12)
    assert read.scale == ("metric" if pose_format == "recammaster" else "relative")
    if pose_format in ("re10k", "tum"):
        assert read.timestamps_s.tolist() == [1.5]
    expected = {
        "videox_fun": Intrinsics(fx=50, fy=45, cx=50, cy=12.5, width=100, height=50),
        "blender": Intrinsics.from_fov(width=100, height=50, fov_deg=90),
    }
    if pose_format not in ("tum", "kitti", "recammaster"):
        usual = Intrinsics(fx=50, fy=40, cx=50, cy=12.5, width=100, height=50)
        assert read.intrinsics == (expected.get(pose_format, usual),)


def test_videox_fun_takes_frames_as_a_crop_of_a_wide_source(tmp_path):
    # A square frame of 72 pixels covers the middle of a 128x72 picture: fx is 0.5 of 128 pixels.
    (tmp_path / "file").write_text(f"\n0 0.5 0.8 0.5 0.5 0 0 {W2C}\n")
    (camera,) = read_poses(tmp_path / "file", "videox_fun", width=72, height=72).intrinsics
    assert camera.fx == pytest.approx(64.0)
    assert camera.fy == pytest.approx(57.6)
    (resized,) = read_poses(tmp_path / "file", "re10k", width=72, height=72).intrinsics
    assert resized.fx == pytest.approx(36.0)


def test_npz_pixels_are_centered_on_integers_unless_the_file_says_otherwise(tmp_path):
    matrix = np.array([[30.0, 0.0, 19.5], [0.0, 30.0, 9.5], [0.0, 0.0, 1.0]], dtype=np.float32)
    arrays = {"poses": np.eye(4)[None], "intrinsics": matrix, "depths": np.ones((1, 20, 40))}
    np.savez(tmp_path / "a.npz", **arrays)
    np.savez(tmp_path / "b.npz", pixel_centers="half_integer", **arrays)
    (camera,) = read_poses(tmp_path / "a.npz", "npz").intrinsics
    assert camera == Intrinsics(fx=30, fy=30, cx=20, cy=10, width=40, height=20)
    assert read_poses(tmp_path / "b.npz", "npz").intrinsics[0].cx == 19.5


def test_actions_turn_first_and_then_walk_the_new_way():
    path = read_actions("w-1,lw-1,i-1,none-1").c2w
    np.testing.assert_array_equal(path[0], np.eye(4))
    np.testing.assert_allclose(path[1][:3, 3], [0.0, 0.0, 0.05])
    turn = np.deg2rad(1.2)
    walked = [0.05 * np.sin(turn), 0.0, 0.05 + 0.05 * np.cos(turn)]
    np.testing.assert_allclose(path[2][:3, 3], walked)
    np.testing.assert_allclose(path[2][:3, 2], [np.sin(turn), 0.0, np.cos(turn)])
    assert path[3][1, 2] == pytest.approx(-np.sin(turn))  # i looks up, y is down
    np.testing.assert_array_equal(path[4], path[3])


def test_actions_stop_pitching_before_the_zenith():
    path = read_actions("i-100").c2w
    np.testing.assert_allclose(-path[-1][1, 2], np.sin(np.deg2rad(70 * 1.2)))  # 71 would be 85.2


def test_images_are_read_in_the_order_people_count(tmp_path):
    files = {"model/cameras.txt": "1 SIMPLE_PINHOLE 8 6 5 4 3\n"}
    names = ["a10.png", "a9.png", "a1 left.png"]
    lines = [f"{n + 1} 1 0 0 0 {-n} 0 0 1 {name}\n\n" for n, name in enumerate(names)]
    write_files(tmp_path, files | {"model/images.txt": "".join(lines)})
    read = read_poses(tmp_path / "model", "colmap")
    assert read.c2w[:, 0, 3].tolist() == [2.0, 1.0, 0.0]
    frames = [
        {"file_path": f"f{n}", "transform_matrix": np.diag([1, -1, -1, 1]).tolist()}
        for n in (10, 9)
    ]
    frames[1]["transform_matrix"][0][3] = 5
    (tmp_path / "t.json").write_text(json.dumps({"frames": frames}))
    read = read_poses(tmp_path / "t.json", "nerfstudio")
    assert read.c2w[:, 0, 3].tolist() == [5.0, 0.0]
    assert read.intrinsics is None


@needs_data
def test_the_given_realestate10k_clips_are_read():
    files = sorted((DATA / "re10k_clips").glob("*.txt"))
    assert len(files) == 6
    for file in files:
        path = read_poses(file, "re10k", width=384, height=256)
        assert len(path.c2w) == 16
        first, second = (line.split() for line in file.read_text().splitlines()[1:3])
        rows = np.array(second[7:], dtype=float).reshape(3, 4)
        np.testing.assert_allclose(invert(path.c2w[1])[:3], rows, atol=1e-7)
        assert path.intrinsics[0].fx == pytest.approx(384 * float(first[1]))
        assert path.intrinsics[0].fy == pytest.approx(256 * float(first[2]))
        assert path.timestamps_s[0] == pytest.approx(int(first[0]) / 1e6)
        assert path.name == f"re10k:{file.stem}"


@needs_data
@pytest.mark.parametrize(
    ("name", "moved", "turned_deg"),
    [
        ("Pan_Left", [-80 / 54, 0.0, 0.0], 0.0),  # a truck to the left
        ("Pan_Up", [0.0, -80 / 54, 0.0], 0.0),  # a pedestal, up: y is down
        ("Zoom_In", [0.0, 0.0, 80 / 27], 0.0),  # a dolly
        ("CW", [0.0, 0.0, 0.0], 59.26),  # a roll
    ],
)
def test_files_of_videox_fun_move_as_their_maths_says(name, moved, turned_deg):
    path = read_poses(
        DATA / "camera_files" / f"videox_fun_{name}.txt", "videox_fun", width=672, height=384
    )
    assert len(path.c2w) == 81
    last = invert(path.c2w[0]) @ path.c2w[-1]
    np.testing.assert_allclose(last[:3, 3], moved, atol=1e-12)
    # The camera turns clockwise: its right axis moves towards its down axis.
    assert np.rad2deg(np.arctan2(last[1, 0], last[0, 0])) == pytest.approx(turned_deg, abs=0.01)


@needs_data
@pytest.mark.parametrize(
    ("camera", "moved", "yaw_deg", "pitch_deg"),
    [
        ("cam01", [0.0, 0.0, 0.0], 19.87, 0.0),
        ("cam03", [0.0, 0.0, 0.0], 0.0, 9.94),
        ("cam05", [0.0, 0.0, 1.99], 0.0, 0.0),
        ("cam07", [0.0, -0.99, 0.0], 0.0, -13.96),
        ("cam09", [-1.99, 0.0, 0.53], 29.8, 0.0),
    ],
)
def test_files_of_recammaster_move_as_their_maths_says(camera, moved, yaw_deg, pitch_deg):
    file = DATA / "camera_files" / "recammaster_camera_extrinsics.json"
    path = read_poses(file, "recammaster", camera=camera)
    assert len(path.c2w) == 81
    np.testing.assert_allclose(path.c2w[0][:3, 3], [33.9, -13.8, 2.4])
    np.testing.assert_allclose(path.c2w[0][:3, 1], [0.0, 0.0, -1.0])  # +z is up
    last = invert(path.c2w[0]) @ path.c2w[-1]
    np.testing.assert_allclose(last[:3, 3], moved, atol=0.01)
    forward = last[:3, 2]
    assert np.rad2deg(np.arctan2(forward[0], forward[2])) == pytest.approx(yaw_deg, abs=0.1)
    assert np.rad2deg(np.arcsin(-forward[1])) == pytest.approx(pitch_deg, abs=0.1)


@needs_data
def test_the_given_room_is_read_with_its_camera_in_the_middle_of_the_picture():
    path = read_poses(DATA / "room_rgbd" / "condition.npz", "npz", scale="metric")
    with np.load(DATA / "room_rgbd" / "condition.npz") as stored:
        np.testing.assert_allclose(path.c2w, stored["poses"], atol=1e-6)
    camera = path.intrinsics[0]
    assert (camera.width, camera.height, camera.cx, camera.cy) == (434, 350, 217.0, 175.0)
    assert path.scale == "metric"
    assert (path.c2w[:, 2, 1] < -0.9).all()  # the cameras' down is -z
