"""What a run folder remembers, and whom it lets in."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace

import pytest

from flows.lease import Lease
from flows.recipes import RECIPES
from flows.run_folder import BadRunFolderError, RunFolder
from flows.stages import STAGES, clip_shards, missing_shards, scenes_of
from flows.timings import StageTime, Timings

WEIGHTS = {"wan.t2v": "abc"}


@pytest.fixture
def recipe():
    return RECIPES["tiny"]()


@pytest.fixture
def run(tmp_path, recipe):
    folder = RunFolder(tmp_path / "run")
    folder.prepare(recipe, WEIGHTS)
    return folder


def shard(run, name, content=b"clip"):
    path = run.stage("synthesize") / f"{name}.npz"
    path.write_bytes(content)
    run.record("synthesize", name, [path])
    return path


def test_a_folder_remembers_its_recipe(run, recipe):
    assert run.recipe() == recipe
    assert run.about()["seed"] == recipe.seed


def test_the_same_recipe_goes_on_and_another_is_refused(run, recipe):
    run.prepare(recipe, WEIGHTS)
    other = replace(recipe, synth=replace(recipe.synth, n_scenes=7))
    with pytest.raises(BadRunFolderError, match=r"another recipe \(different: synth.n-scenes\)"):
        run.prepare(other, WEIGHTS)


def test_other_weights_under_the_same_name_are_refused(run, recipe):
    with pytest.raises(BadRunFolderError, match=r"checkpoints\.wan\.t2v"):
        run.prepare(recipe, {"wan.t2v": "def"})


def test_a_shard_is_whole_only_with_the_bytes_of_the_manifest(run):
    assert not run.is_whole("synthesize", "rendered-00000")
    path = shard(run, "rendered-00000")
    assert run.is_whole("synthesize", "rendered-00000")
    path.write_bytes(b"cli")
    assert not run.is_whole("synthesize", "rendered-00000")
    path.unlink()
    assert not run.is_whole("synthesize", "rendered-00000")


def test_a_shard_may_be_a_folder_and_every_file_in_it_counts(run):
    folder = run.stage("train") / "gated"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights").write_bytes(b"w")
    run.record("train", "gated", [folder])
    assert run.is_whole("train", "gated")
    (folder / "model" / "weights").unlink()
    assert not run.is_whole("train", "gated")


def test_missing_shards_are_those_that_are_not_whole(run, recipe):
    every = STAGES["synthesize"].shards(recipe)
    shard(run, every[3])
    assert missing_shards(run, recipe, "synthesize") == (*every[:3], *every[4:])


def test_half_written_files_of_a_killed_run_are_removed(run):
    partial = run.stage("synthesize") / "rendered-00000.npz.partial"
    partial.write_bytes(b"half")
    run.remove_leftovers("synthesize")
    assert not partial.exists()


def test_shards_share_out_every_scene_once(recipe):
    scenes = [scene for name in clip_shards(recipe) for scene in scenes_of(recipe, name)]
    expected = recipe.synth.n_scenes + recipe.wan.n_t2v + recipe.wan.n_vace
    assert len(scenes) == len(set(scenes)) == expected


def test_two_commands_never_hold_one_folder(run):
    with Lease(run.path), pytest.raises(BadRunFolderError, match="in use by process"):
        Lease(run.path).__enter__()
    with Lease(run.path):
        pass


def test_a_lease_of_a_dead_process_is_taken_over(run):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    holder = {"pid": ended.pid, "host": platform.node(), "started": "1", "taken": 0, "server": None}
    (run.path / "lease.json").write_text(json.dumps(holder))
    with Lease(run.path):
        assert json.loads((run.path / "lease.json").read_text())["pid"] == os.getpid()
    assert not (run.path / "lease.json").exists()


def test_a_later_process_with_the_same_number_does_not_hold_the_lease(run):
    holder = {"pid": 1, "host": platform.node(), "started": "never", "taken": 0, "server": None}
    (run.path / "lease.json").write_text(json.dumps(holder))
    with Lease(run.path):
        pass


def test_times_add_up_over_resumes(run):
    Timings(run.path).add("train", StageTime(seconds=2.0, made=1, peak_mb=10.0))
    Timings(run.path).add("train", StageTime(seconds=3.0, made=2, peak_mb=7.0))
    assert Timings(run.path).read()["train"] == StageTime(seconds=5.0, made=3, peak_mb=10.0)


def test_the_time_of_a_stage_that_fails_is_kept(run):
    timings = Timings(run.path)
    with pytest.raises(RuntimeError, match="full"), timings.stage("train"):
        raise RuntimeError("the disk is full")
    assert set(timings.read()) == {"train"}


def test_other_versions_of_packages_are_said_and_noted_once(run, recipe, capsys):
    path = run.path / "run.json"
    content = json.loads(path.read_text())
    old = {**content["versions"], "torch": "1.0"}
    path.write_text(json.dumps({**content, "versions": old}))
    run.prepare(recipe, WEIGHTS)
    assert f"torch 1.0 -> {content['versions']['torch']}" in capsys.readouterr().err
    run.prepare(recipe, WEIGHTS)
    assert capsys.readouterr().err == ""
    assert run.about()["versions"] == old
    assert run.about()["resumed_with"] == [content["versions"]]


def test_a_damaged_run_json_is_refused_by_name(run, recipe):
    (run.path / "run.json").write_text("[]")
    with pytest.raises(BadRunFolderError, match=r"run\.json cannot be read"):
        run.prepare(recipe, WEIGHTS)
