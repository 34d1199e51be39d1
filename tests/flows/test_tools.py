"""verify, classify and compare keep their contracts."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tool_files import make_files, vega3d

from benchmarks.evo_parity import make_pair
from flows.cli import main
from flows.tools import TOOLS
from flows.tools.tool import POSE_FORMAT_HELP
from synth.cameras import Intrinsics
from synth.path_errors import associate, compare_paths
from synth.pose_files import POSE_FORMATS, read_actions, write_poses
from synth.trajectories import Trajectory

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
CLIPS = DATA / "re10k_clips"
needs_clips = pytest.mark.skipif(
    not CLIPS.is_dir(), reason="no clips in ../shared/data/re10k_clips"
)

VERIFY_KEYS = ["tsed", "median_sed_px", "inlier_ratio", "registered", "rot_err_deg", "frozen"]
VERIFY_KEYS += ["cuts", "accepted", "reasons"]


@pytest.fixture
def files(tmp_path):
    make_files(tmp_path)
    return tmp_path


def test_classify_answers_with_the_names_of_the_trajectory_table(files, capfd):
    line = "classify five.re10k --pose-format re10k"
    code, out, err = vega3d(files, f"{line} --json", capfd)
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["dominant"] == "dolly_in"
    assert [set(part) for part in answer["primitives"]] == [{"name", "amount", "unit"}]
    assert answer["primitives"][0]["amount"] == pytest.approx(0.2)
    assert answer["primitives"][0]["unit"] == "unit"
    _, out, _ = vega3d(files, line, capfd)
    assert out.splitlines()[0].endswith("five.re10k: dolly_in")


def test_classify_sees_a_zoom_in_normalised_intrinsics(files, capfd):
    zoomed = tuple(
        Intrinsics.from_fov(width=64, height=48, fov_deg=fov) for fov in (60, 55, 50, 45, 40)
    )
    path = Trajectory(
        name="zoom", c2w=np.stack([np.eye(4)] * 5), intrinsics=zoomed, fps=8.0, scale="relative"
    )
    write_poses(files / "zoom.re10k", path, "re10k")
    _, out, _ = vega3d(files, "classify zoom.re10k --pose-format re10k --json", capfd)
    assert json.loads(out)["dominant"] == "zoom_in"


@pytest.mark.parametrize("align", ["se3", "sim3"])
def test_compare_answers_with_the_errors_of_the_matched_poses(align, files, capfd):
    estimate, reference = make_pair("sparse_estimate")
    write_poses(files / "estimate.tum", estimate, "tum")
    write_poses(files / "reference.tum", reference, "tum")
    line = f"compare estimate.tum reference.tum --pose-format tum --align {align}"
    code, out, err = vega3d(files, f"{line} --json", capfd)
    assert (code, err) == (0, "")
    matches = associate(estimate.timestamps_s, reference.timestamps_s)
    errors = compare_paths(
        estimate.c2w[matches.estimate], reference.c2w[matches.reference], align=align
    )
    names = [
        "ate_rmse",
        "rpe_trans_rmse",
        "rpe_rot_deg_rmse",
        "rot_err_deg",
        "trans_err",
        "matched",
    ]
    assert list(json.loads(out)) == names
    for name, value in json.loads(out).items():
        assert value == pytest.approx(getattr(errors, name), abs=1e-12)
    _, out, _ = vega3d(files, line, capfd)
    assert f"{len(matches.estimate)} poses matched by time" in out


def test_compare_takes_files_of_two_formats(files, capfd):
    line = (
        "compare five.kitti five.npz --pose-format kitti --reference-format npz --align sim3 --json"
    )
    code, out, _ = vega3d(files, line, capfd)
    assert code == 0
    assert json.loads(out)["matched"] == 5
    assert json.loads(out)["ate_rmse"] == pytest.approx(0.0, abs=1e-12)


def test_verify_says_all_it_says_and_refuses_noise(files, capfd):
    for line in (
        "verify clip --poses five.re10k --pose-format re10k",
        "verify clip --poses five.tum --pose-format tum --fx 55 --fy 55",
        "verify clip --fx 55",
        "verify clip",
    ):
        code, out, _ = vega3d(files, f"{line} --json", capfd)
        assert code == 0
        answer = json.loads(out)
        assert list(answer) == VERIFY_KEYS
        assert answer["accepted"] is False
        assert answer["reasons"]
        assert set(answer["tsed"]) == {"stride_1", "stride_4"}
    assert answer["tsed"]["stride_1"] == {"1px": None, "2px": None}
    assert answer["rot_err_deg"] is None
    _, out, _ = vega3d(files, "verify clip", capfd)
    assert out.startswith("not accepted: ")


def test_poses_without_intrinsics_are_not_tested_and_never_accepted(files, capfd):
    line = "verify clip --poses five.tum --pose-format tum --json"
    code, out, err = vega3d(files, line, capfd)
    content = json.loads(out)
    assert code == 0
    assert list(content) == VERIFY_KEYS
    assert content["tsed"]["stride_1"] == {"1px": None, "2px": None}
    assert not content["accepted"]
    assert any("no intrinsics" in reason for reason in content["reasons"])
    assert "pass --fx" in err


def test_poses_of_a_larger_picture_are_scaled_to_the_clip(files, capfd):
    large = Intrinsics.from_fov(width=128, height=96, fov_deg=60)
    path = Trajectory(
        name="large",
        c2w=read_actions("w-4").c2w.copy(),
        intrinsics=(large,) * 5,
        fps=8.0,
        scale="relative",
    )
    write_poses(files / "large.npz", path, "npz")
    answers = [
        vega3d(files, f"verify clip --poses {name}.npz --pose-format npz --json", capfd)[1]
        for name in ("large", "five")
    ]
    large_answer, same_answer = map(json.loads, answers)
    assert large_answer["median_sed_px"] == pytest.approx(same_answer["median_sed_px"])


# What the six clips do, by their poses; the unit is each clip's own.
DOMINANT = {
    "0bf152ef84195293": "dolly_in",
    "0c11dbe781b1c11c": "dolly_in",
    "0c9b371cc6225682": "dolly_in",
    "0f47577ab3441480": "dolly_out",
    "0f68374b76390082": "dolly_in",
    "2c80f9eb0d3b2bb4": "dolly_in",
}


@needs_clips
@pytest.mark.parametrize("clip", DOMINANT)
def test_the_given_clips_do_what_their_poses_say(clip, capfd):
    assert main(["classify", str(CLIPS / f"{clip}.txt"), "--pose-format", "re10k", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["dominant"] == DOMINANT[clip]


FOREIGN = {
    "videox_fun_Pan_Left.txt": ("videox_fun", "truck_left", 1.481),
    "videox_fun_Pan_Up.txt": ("videox_fun", "pedestal_up", 1.481),
    "videox_fun_Zoom_In.txt": ("videox_fun", "dolly_in", 2.963),
    "videox_fun_CW.txt": ("videox_fun", "roll_cw", 59.26),
    "cam01": ("recammaster", "pan_right", 19.88),
    "cam02": ("recammaster", "pan_left", 19.88),
    "cam03": ("recammaster", "tilt_up", 9.938),
    "cam05": ("recammaster", "dolly_in", 1.988),
    "cam07": ("recammaster", "pedestal_up", 0.9938),
    "cam09": ("recammaster", "arc_left", 29.82),
}


@needs_clips
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_names_do_not_matter(name, capfd):
    pose_format, dominant, amount = FOREIGN[name]
    file = "recammaster_camera_extrinsics.json" if name.startswith("cam") else name
    words = [str(DATA / "camera_files" / file), "--pose-format", pose_format, "--json"]
    words += ["--camera", name] if name.startswith("cam") else []
    assert main(["classify", *words]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer["dominant"] == dominant
    first = answer["primitives"][0]
    assert (first["name"], first["amount"]) == (dominant, pytest.approx(amount, rel=1e-3))


@needs_clips
@pytest.mark.slow
def test_a_given_clip_is_verified_with_nothing_else_on_stdout():
    clip = CLIPS / "0c11dbe781b1c11c.mp4"
    words = [
        "verify",
        clip,
        "--poses",
        clip.with_suffix(".txt"),
        "--pose-format",
        "re10k",
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["accepted"], answer["reasons"]
    assert answer["tsed"]["stride_1"]["1px"] >= 0.95
    assert answer["tsed"]["stride_4"]["2px"] >= 0.9
    assert answer["rot_err_deg"] <= 2


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_has_help_and_stands_in_the_list(name, capfd):
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    said = capfd.readouterr().out
    assert TOOLS[name].summary in " ".join(said.split())
    assert "--json" in said
    assert main(["--help"]) == 0
    assert f"  {name:<12} {TOOLS[name].summary}" in capfd.readouterr().out


def test_the_help_names_every_pose_format():
    assert POSE_FORMAT_HELP.replace(" or ", ", ").rstrip(".").split(", ") == list(POSE_FORMATS)


def test_tools_import_neither_torch_nor_prefect(files):
    code = (
        "import sys; from flows.cli import main; "
        f"main(['classify', {str(files / 'five.tum')!r}, '--pose-format', 'tum', '--json']); "
        f"main(['verify', {str(files / 'clip')!r}, '--json']); "
        "print([m for m in ('torch', 'prefect', 'transformers', 'diffusers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
