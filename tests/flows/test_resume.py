"""Shards are the same bytes whoever makes them, in whatever order, killed or not."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_recipe import rendered_only

from flows.engine import StageFailedError, in_worker
from flows.run_folder import RunFolder, sha256_of
from flows.stages import clip_shards, missing_shards
from flows.workers import Job, close_pool, perform, shared_pool

ROOT = Path(__file__).parents[2]

# Begins a stage as a command does, with one worker, and is killed while at it.
BEGIN = """
import sys
from pathlib import Path
from flows.engine import in_worker
from flows.run_folder import RunFolder
from flows.stages import missing_shards

if __name__ == "__main__":
    run = RunFolder(Path(sys.argv[1]))
    for shard in missing_shards(run, run.recipe(), "synthesize"):
        in_worker("synthesize", run.path, shard, "cpu", 1)
"""


def prepared(path):
    run = RunFolder(path)
    run.prepare(rendered_only(), {})
    return run


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two stages made in this process, one shard after the other."""
    run = prepared(tmp_path_factory.mktemp("whole") / "run")
    for stage in ("synthesize", "measure", "label"):
        for shard in clip_shards(run.recipe()):
            made = perform(Job(run=run.path, stage=stage, shard=shard, device="cpu"))
            run.record(stage, shard, made.files)
    return run


def test_a_run_killed_with_signal_9_and_resumed_gives_the_same_bytes(whole, tmp_path):
    run = prepared(tmp_path / "run")
    script = tmp_path / "begin.py"
    script.write_text(BEGIN)
    command = subprocess.Popen(
        [sys.executable, str(script), str(run.path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    while not run.manifest("synthesize") and command.poll() is None:
        time.sleep(0.02)
    command.kill()
    _, said = command.communicate(timeout=30)  # ends only when the worker is gone as well
    todo = missing_shards(run, run.recipe(), "synthesize")
    assert 0 < len(todo) < 3, said
    run.remove_leftovers("synthesize")
    for shard in todo:
        made = perform(Job(run=run.path, stage="synthesize", shard=shard, device="cpu"))
        run.record("synthesize", shard, made.files)
    assert run.manifest("synthesize") == whole.manifest("synthesize")


def test_two_workers_make_the_same_bytes_as_none(whole, tmp_path):
    run = prepared(tmp_path / "run")
    pool = shared_pool(2)
    for stage in ("synthesize", "measure", "label"):
        jobs = [
            Job(run=run.path, stage=stage, shard=shard, device="cpu")
            for shard in reversed(clip_shards(run.recipe()))
        ]
        for job, made in zip(jobs, pool.map(perform, jobs), strict=True):
            run.record(stage, job.shard, made.files)
        assert run.manifest(stage) == whole.manifest(stage)
        manifest = f"{stage}/manifest.json"
        assert sha256_of(run.path / manifest) == sha256_of(whole.path / manifest)
    close_pool(2, wait=True)


def test_a_failed_shard_names_its_stage_and_itself(tmp_path):
    run = prepared(tmp_path / "run")
    with pytest.raises(StageFailedError, match=r"stage measure failed on shard rendered-00001: "):
        in_worker("measure", run.path, "rendered-00001", "cpu", 1)
    close_pool(1, wait=True)


def test_a_pool_that_was_closed_is_followed_by_a_new_one():
    assert shared_pool(1).submit(abs, -1).result() == 1
    close_pool(1, wait=True)
    assert shared_pool(1).submit(abs, -2).result() == 2
    close_pool(1, wait=True)
