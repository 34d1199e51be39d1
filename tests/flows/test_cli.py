"""What the command line refuses, and how it says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def vega3d(*words, cwd=ROOT):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=60,
        check=False,
    )


BAD_INPUT = {
    "no command": ((), "usage: vega3d COMMAND"),
    "unknown command": (("fly",), "unknown command 'fly'"),
    "unknown recipe": (("run", "tinny", "--out", "OUT"), "the known recipes are: tiny"),
    "no folder": (("run", "tiny"), "missing --out"),
    "misspelt override": (
        ("run", "tiny", "--out", "OUT", "--synth.n-scens", "9"),
        "did you mean --synth.n-scenes?",
    ),
    "override that is no number": (("run", "tiny", "--out", "OUT", "--seed", "x"), "--seed"),
    "80 frames": (
        ("run", "tiny", "--out", "OUT", "--synth.film.n-frames", "80"),
        "got 80; the nearest are 77 and 81",
    ),
    "size not divisible by 16": (
        ("run", "tiny", "--out", "OUT", "--synth.film.size-px", "70"),
        "got 70; the nearest are 64 and 80",
    ),
    "missing checkpoint": (
        ("run", "tiny", "--out", "OUT", "--wan.t2v.model.id", "nowhere"),
        "missing checkpoint folder for --wan.t2v.model.id: nowhere",
    ),
    "unwritable folder": (("run", "tiny", "--out", "FILE/run"), "cannot write to --out"),
    "a folder without a run": (("measure", "--out", "OUT"), "holds no run"),
    "a block the video model has not": (
        ("run", "tiny", "--out", "OUT", "--fusion.block", "8"),
        "--fusion.block must lie in 0..7",
    ),
    "a clip length the judge does not watch": (
        ("run", "tiny", "--out", "OUT", "--synth.film.n-frames", "13"),
        "watches clips of 9 frames",
    ),
    "a stage without the ones before it": (
        ("measure", "tiny", "--out", "OUT"),
        "measure reads the stage synthesize",
    ),
    "a negative number of workers": (
        ("run", "tiny", "--out", "OUT", "--workers", "-1"),
        "--workers must be >= 0",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_one_clear_sentence_and_exit_code_2(case, tmp_path):
    words, expected = BAD_INPUT[case]
    (tmp_path / "file").touch()
    places = {"OUT": str(tmp_path / "out"), "FILE/run": str(tmp_path / "file" / "run")}
    done = vega3d(*(places.get(word, word) for word in words))
    assert done.returncode == 2
    assert expected in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    refusals = [line for line in done.stderr.splitlines() if line.startswith("vega3d: ")]
    assert len(refusals) == (0 if case == "no command" else 1)


def test_what_is_refused_starts_no_run(tmp_path):
    out = tmp_path / "out"
    for words in (("measure", "tiny"), ("run", "tiny", "--fusion.timestep", "1001")):
        assert vega3d(*words, "--out", str(out)).returncode == 2
        assert not (out / "run.json").exists()


def test_a_refusal_with_json_is_one_object_on_stdout(tmp_path):
    done = vega3d("run", "tinny", "--out", str(tmp_path / "out"), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["exit_code"] == 2


def test_help_names_every_command_and_recipe_and_imports_nothing_heavy():
    code = (
        "import sys; from flows.cli import main; main(['--help']); "
        "print([m for m in ('torch', 'prefect', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    from flows.recipes import RECIPES
    from flows.stages import STAGES

    for name in (*STAGES, *RECIPES, "run"):
        assert name in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_parsing_a_run_imports_nothing_heavy(tmp_path):
    code = (
        "import sys; from flows.options import parse; import flows.command; "
        f"parse(['run', 'tiny', '--out', {str(tmp_path)!r}, '--synth.n-scenes', '7']); "
        "print([m for m in ('torch', 'prefect', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
