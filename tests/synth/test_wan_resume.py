"""A killed generation goes on where it was: finished clips stay, all bytes are as undisturbed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_wan import save_random_pipeline, tiny_wan_recipe, wan_request
from wan_worker import worker_engine, worker_requests

from synth.generators import Rejected
from synth.wan.engine import WanEngine
from synth.wan.resume import PLAN_FILE, Generated, Part, generate_into, read_generated

SUPPORT = Path(__file__).resolve().parents[1] / "support"
PROJECT = SUPPORT.parents[1]


@pytest.fixture(scope="module", autouse=True)
def _one_thread():  # as in the worker: another number of threads gives other last digits
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    save_random_pipeline(folder, vace=False)
    return folder


@pytest.fixture(scope="module")
def undisturbed(pipeline, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    generate_into(folder, worker_requests(), worker_engine(pipeline))
    return folder


def files_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def killed_after_a_clip(pipeline, folder):
    """Run the worker in a process of its own and kill it when the first clip is there."""
    paths = os.pathsep.join((str(PROJECT), str(SUPPORT)))
    with subprocess.Popen(
        [sys.executable, str(SUPPORT / "wan_worker.py"), str(pipeline), str(folder)],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 120
        while not list(folder.rglob("*.npz")) and process.poll() is None:
            assert time.monotonic() < deadline, "the worker made no clip in two minutes"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_a_killed_run_resumes_with_the_bytes_of_an_undisturbed_one(pipeline, undisturbed, tmp_path):
    killed_after_a_clip(pipeline, tmp_path)
    finished = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npz")}
    assert 0 < len(finished) < len(worker_requests())
    done = generate_into(tmp_path, worker_requests(), worker_engine(pipeline))
    assert done == Generated(
        made=len(worker_requests()) - len(finished), found=len(finished), rejected=0
    )
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert files_of(tmp_path) == files_of(undisturbed)


def test_a_finished_folder_generates_nothing(pipeline, undisturbed):
    steps = []
    done = generate_into(
        undisturbed, worker_requests(), worker_engine(pipeline, on_step=steps.append)
    )
    assert done == Generated(made=0, found=6, rejected=0)
    assert steps == []


def test_what_is_read_is_what_was_generated(pipeline, undisturbed):
    requests = worker_requests()
    read = read_generated(undisturbed, requests)
    assert [sequence.sequence_id for sequence in read] == [r.sequence_id for r in requests]
    made = worker_engine(pipeline).generate(requests)
    assert all((a.frames == b.frames).all() for a, b in zip(read, made, strict=True))
    with pytest.raises(FileNotFoundError, match=r"wan-9/pan_left\.npz"):
        read_generated(undisturbed, [wan_request(9)])


def test_processes_that_share_the_work_make_the_same_bytes(pipeline, undisturbed, tmp_path):
    for index in (1, 0):
        part = Part(index=index, of=2)
        done = generate_into(tmp_path, worker_requests(), worker_engine(pipeline), part)
        assert done.made == (2, 4)[index == 0]
    assert files_of(tmp_path) == files_of(undisturbed)


class RejectPans:
    """Gives up every clip that pans."""

    steps = (1,)

    def judge(self, view):
        return ["pans" if "pan_left" in r.sequence_id else None for r in view.requests]


def test_rejected_clips_are_kept_as_such_and_not_tried_again(pipeline, tmp_path):
    requests = worker_requests()
    for expected in (Generated(4, 0, 2), Generated(0, 6, 0)):
        engine = worker_engine(pipeline, watcher=RejectPans())
        assert generate_into(tmp_path, requests, engine) == expected
    assert read_generated(tmp_path, requests)[0] == Rejected(
        sequence_id="wan-0/pan_left", reason="pans", step=1
    )


@pytest.mark.parametrize("change", ["fewer", "other seed", "other depth of steps"])
def test_a_folder_is_not_mixed_with_other_work(pipeline, undisturbed, change):
    requests, engine = worker_requests(), worker_engine(pipeline)
    if change == "fewer":
        requests = requests[:-1]
    elif change == "other seed":
        requests = [replace(request, seed=1) for request in requests]
    else:
        engine = WanEngine(tiny_wan_recipe(pipeline, max_batch=2, steps=3))
    with pytest.raises(ValueError, match="it was begun with another"):
        generate_into(undisturbed, requests, engine)


def test_the_plan_says_what_a_folder_is_for(pipeline, undisturbed):
    plan = json.loads((undisturbed / PLAN_FILE).read_text())
    assert (plan["generator"], plan["n"]) == (worker_engine(pipeline).name, 6)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (("a/b", "a/b"), "'a/b' was requested twice"),
        (("../b",), "names the file of a clip"),
        (("/etc/b",), "names the file of a clip"),
        (("a b",), "names the file of a clip"),
    ],
)
def test_ids_must_be_different_and_safe_file_names(pipeline, tmp_path, ids, message):
    requests = [replace(wan_request(), sequence_id=name) for name in ids]
    with pytest.raises(ValueError, match=message):
        generate_into(tmp_path, requests, worker_engine(pipeline))


def test_parts_must_exist():
    with pytest.raises(ValueError, match="index must lie within 0 and 1, got 2"):
        Part(index=2, of=2)
