"""What the tools refuse, and how they say so."""

import json

import pytest
from tool_files import make_files, vega3d


@pytest.fixture
def files(tmp_path):
    make_files(tmp_path)
    return tmp_path


BAD_INPUT = {
    "no clip": ("verify", "missing CLIP"),
    "a clip that is not there": ("verify nowhere.txt", "no such video or folder of images"),
    "a folder without images": ("verify no_images", "the folder holds no image"),
    "a clip that is no video": ("verify other.mp4", "no video that can be decoded"),
    "poses without a format": (
        "verify clip --poses five.tum",
        "--poses needs --pose-format: re10k",
    ),
    "a format without poses": ("verify clip --pose-format tum", "--poses, which is missing"),
    "fewer poses than frames": (
        "verify clip --poses four.re10k --pose-format re10k",
        "holds 4 poses and",
    ),
    "poses of other pictures": (
        "verify clip --poses wide.npz --pose-format npz",
        "is about frames of 99x48 pixels",
    ),
    "a principal point without a focal length": (
        "verify clip --cx 3",
        "--cx and --cy go with --fx",
    ),
    "a focal length of zero": ("verify clip --fx 0", "focal lengths and image sides > 0"),
    "a focal length that is a word": ("verify clip --fx wide", "--fx: expected FLOAT, got 'wide'"),
    "a file that is not there": (
        "classify nowhere.txt --pose-format tum",
        "nowhere.txt: there is no such file",
    ),
    "an unknown format": (
        "classify five.tum --pose-format euroc",
        "unknown pose format 'euroc'; known are re10k",
    ),
    "no format": ("classify five.tum", "missing --pose-format"),
    "another format than the file's": (
        "classify five.kitti --pose-format tum",
        "five.kitti, line 1: expected 8 numbers",
    ),
    "an empty file": ("classify empty.txt --pose-format re10k", "empty.txt: the file is empty"),
    "a camera that is not there": (
        "verify clip --camera cam01",
        "--camera say how to read --poses, which is missing",
    ),
    "one file for a comparison": (
        "compare five.tum --pose-format tum --align se3",
        "missing REFERENCE",
    ),
    "an unknown alignment": (
        "compare five.tum five.tum --pose-format tum --align affine",
        "invalid choice 'affine'",
    ),
    "no alignment": ("compare five.tum five.tum --pose-format tum", "missing --align"),
    "clocks that never meet": (
        "compare five.tum late.tum --pose-format tum --align se3",
        "no two timestamps lie within 0.01 s",
    ),
    "paths of different lengths without times": (
        "compare five.kitti four.kitti --pose-format kitti --align se3",
        "got 5 and 4",
    ),
    "a scale of a camera that stands still": (
        "compare late.tum late.tum --pose-format tum --align sim3",
        "stands still; align by se3",
    ),
    "a negative time": (
        "compare five.tum five.tum --pose-format tum --align se3 --max-diff-s -1",
        "--max-diff-s must be >= 0",
    ),
    "a misspelt option": (
        "compare five.tum five.tum --pose-format tum --align se3 --max-dif 1",
        "unrecognized options: --max-dif",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_one_sentence_and_exit_code_2(case, files, capfd):
    line, expected = BAD_INPUT[case]
    code, out, err = vega3d(files, line, capfd)
    assert (code, out) == (2, "")
    assert expected in err
    # The video library may complain on its own, if something else in this process started it.
    said = [line for line in err.splitlines() if line.startswith("vega3d: ")]
    assert len(said) == 1
    assert "Traceback" not in err
    code, out, _ = vega3d(files, f"{line} --json", capfd)
    assert code == 2
    assert expected in json.loads(out)["error"]
