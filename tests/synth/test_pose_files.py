"""Every pose format round-trips, and writers refuse what they cannot hold."""

import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pose_paths import place, standing
from strategies import poses

from synth.cameras import Intrinsics
from synth.pose_files import (
    POSE_FORMATS,
    PoseFileError,
    read_actions,
    read_poses,
    write_actions,
    write_poses,
)
from synth.poses import axis_angle, invert
from synth.trajectories import Trajectory

LOOKING_ASIDE = np.array([[0.0, 0, 1, 1], [0, 1, 0, 2], [-1, 0, 0, 3], [0, 0, 0, 1]])

# What each format holds besides poses; TUM's and RealEstate10K's times stand for themselves.
HOLDS = {
    "re10k": {"intrinsics", "times"},
    "videox_fun": {"intrinsics"},
    "tum": {"times"},
    "kitti": set(),
    "colmap": {"intrinsics"},
    "colmap_binary": {"intrinsics"},
    "nerfstudio": {"intrinsics"},
    "blender": {"intrinsics"},
    "recammaster": set(),
    "npz": {"intrinsics", "times", "fps"},
}


@st.composite
def cameras(draw, n_frames, *, zooms):
    width, height = draw(st.integers(16, 2000)), draw(st.integers(16, 2000))
    if not zooms:
        return (
            Intrinsics.from_fov(width=width, height=height, fov_deg=draw(st.floats(10, 150))),
        ) * n_frames
    near = st.floats(0.2, 5.0)
    return tuple(
        Intrinsics(
            fx=width * draw(near),
            fy=height * draw(near),
            cx=width * draw(st.floats(0.1, 0.9)),
            cy=height * draw(st.floats(0.1, 0.9)),
            width=width,
            height=height,
        )
        for _ in range(n_frames)
    )


@st.composite
def paths(draw, *, zooms):
    c2w = np.stack(draw(st.lists(poses(), min_size=1, max_size=4)))
    steps = st.floats(1e-3, 100.0)
    return Trajectory(
        name="drawn",
        c2w=c2w,
        intrinsics=draw(cameras(len(c2w), zooms=zooms)),
        fps=draw(st.floats(1.0, 60.0)),
        scale="metric",
        timestamps_s=np.cumsum([draw(steps) for _ in c2w]),
    )


@pytest.mark.parametrize("pose_format", HOLDS)
def test_what_is_written_is_read_back_to_a_billionth(pose_format):
    holds = HOLDS[pose_format]

    @settings(max_examples=15)
    @given(paths(zooms=pose_format != "blender"))
    def check(written):
        with tempfile.TemporaryDirectory() as folder:
            path = place(folder, pose_format)
            write_poses(path, written, pose_format)
            size = written.intrinsics[0]
            read = read_poses(path, pose_format, width=size.width, height=size.height)
        np.testing.assert_allclose(read.c2w, written.c2w, rtol=0, atol=1e-9)
        assert (read.intrinsics is not None) == ("intrinsics" in holds)
        assert (read.timestamps_s is not None) == ("times" in holds)
        assert read.fps == (written.fps if "fps" in holds else None)
        if "times" in holds:
            np.testing.assert_allclose(read.timestamps_s, written.timestamps_s, rtol=0, atol=1e-9)
        for one, other in zip(read.intrinsics or (), written.intrinsics, strict=False):
            assert (one.width, one.height) == (other.width, other.height)
            got = [one.fx, one.fy, one.cx, one.cy]
            np.testing.assert_allclose(got, [other.fx, other.fy, other.cx, other.cy], rtol=1e-11)

    check()


def test_every_format_is_tried_for_its_round_trip():
    assert set(HOLDS) | {"actions"} == set(POSE_FORMATS)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["none", "w", "s", "a", "d", "i", "k", "j", "l", "wa", "jw", "dkl", "sij"]
            ),
            st.integers(1, 6),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_action_strings_come_back_as_the_path_they_made(segments):
    path = read_actions(",".join(f"{keys}-{n}" for keys, n in segments))
    assert len(path.c2w) == 1 + sum(n for _, n in segments)
    again = read_actions(write_actions(path.c2w))
    np.testing.assert_allclose(again.c2w, path.c2w, rtol=0, atol=1e-9)


def test_equal_paths_give_equal_bytes(tmp_path):
    path = standing(np.eye(4), np.eye(4))
    for name in HOLDS:
        for folder in ("one", "two"):
            write_poses(place(tmp_path / folder / name, name), path, name)
    first = sorted(p for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(first) == 8 + 2 * 3
    for file in first:
        assert (
            file.read_bytes()
            == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()
        )


def test_rounded_rotations_are_repaired(tmp_path):
    rotation = axis_angle(np.array([0.6, 0.0, 0.8]), 0.7)
    rows = np.column_stack([rotation.round(4), [1.0, 2.0, 3.0]])
    (tmp_path / "file").write_text(" ".join(map(str, rows.reshape(-1))) + "\n")
    (pose,) = read_poses(tmp_path / "file", "kitti").c2w
    np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(pose[:3, :3], rotation, atol=1e-4)


def test_times_are_written_from_the_frame_rate(tmp_path):
    write_poses(tmp_path / "file", standing(np.eye(4), np.eye(4)), "tum")
    assert read_poses(tmp_path / "file", "tum").timestamps_s.tolist() == [0.0, 0.125]


REFUSED = {
    "re10k without intrinsics": ("re10k", {"intrinsics": None}, "needs intrinsics"),
    "re10k without times": ("re10k", {"fps": None}, "neither them nor a frame rate"),
    "tum without times": ("tum", {"fps": None}, "neither them nor a frame rate"),
    "colmap without intrinsics": ("colmap", {"intrinsics": None}, "needs intrinsics"),
    "recammaster without metres": ("recammaster", {"scale": "relative"}, "has no unit"),
    "actions that do not start at the identity": ("actions", {}, "starts at the identity"),
    "an unknown format": ("euroc", {}, "known are re10k"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_writers_refuse_what_their_format_needs_and_the_path_lacks(case, tmp_path):
    pose_format, fields, expected = REFUSED[case]
    with pytest.raises(PoseFileError, match=expected):
        write_poses(
            place(tmp_path, pose_format), standing(*[LOOKING_ASIDE] * 2, **fields), pose_format
        )
    assert list(tmp_path.iterdir()) == []


def test_blender_holds_one_square_centered_camera(tmp_path):
    camera = Intrinsics.from_fov(width=64, height=48, fov_deg=60)
    zoomed = Intrinsics.from_fov(width=64, height=48, fov_deg=50)
    off = Intrinsics(fx=50, fy=50, cx=30, cy=24, width=64, height=48)
    for pair, expected in (((camera, zoomed), "zooms"), ((off, off), "centered")):
        with pytest.raises(PoseFileError, match=expected):
            write_poses(tmp_path / "f", standing(np.eye(4), np.eye(4), intrinsics=pair), "blender")


def test_a_step_that_no_action_makes_is_refused():
    path = read_actions("w-3").c2w.copy()
    path[2:, 0, 3] += 0.01
    with pytest.raises(PoseFileError, match="step to pose 2"):
        write_actions(path)


@pytest.mark.parametrize("pose_format", ["colmap", "colmap_binary"])
def test_pycolmap_reads_our_models_and_we_read_its(pose_format, tmp_path):
    pycolmap = pytest.importorskip("pycolmap")
    rng = np.random.default_rng(3)
    c2w = np.stack([np.eye(4)] * 5)
    for pose in c2w:
        axis = rng.normal(size=3)
        pose[:3, :3] = axis_angle(axis / np.linalg.norm(axis), float(rng.uniform(0, 3)))
        pose[:3, 3] = rng.normal(size=3)
    wide = Intrinsics(fx=70.5, fy=71.5, cx=32.25, cy=23.75, width=64, height=48)
    near = Intrinsics(fx=90.0, fy=91.0, cx=32.0, cy=24.0, width=64, height=48)
    path = standing(*c2w, intrinsics=(wide, wide, near, near, wide))
    write_poses(tmp_path / "ours", path, pose_format)
    model = pycolmap.Reconstruction(str(tmp_path / "ours"))
    images = sorted(model.images.values(), key=lambda image: image.name)
    assert len(model.cameras) == 2
    for image, pose, camera in zip(images, path.c2w, path.intrinsics, strict=True):
        got = np.asarray(image.cam_from_world().matrix())
        np.testing.assert_allclose(got, invert(pose)[:3], atol=1e-12)
        its = model.cameras[image.camera_id]
        assert its.params.tolist() == [camera.fx, camera.fy, camera.cx, camera.cy]
        assert (its.width, its.height) == (64, 48)
    (tmp_path / "theirs").mkdir()
    write = model.write_text if pose_format == "colmap" else model.write_binary
    write(str(tmp_path / "theirs"))
    read = read_poses(tmp_path / "theirs", pose_format)
    np.testing.assert_allclose(read.c2w, path.c2w, atol=1e-9)
    assert read.intrinsics == path.intrinsics
