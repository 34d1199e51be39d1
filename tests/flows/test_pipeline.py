"""The whole road in miniature through the command line, without a server and with one."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MINIATURE = (
    *("--synth.n-scenes", "16", "--synth.scenes-per-shard", "8", "--wan.n-t2v", "2"),
    *("--wan.n-vace", "1", "--wan.t2v.steps", "2", "--wan.vace.steps", "2", "--fusion.steps", "2"),
    *("--fusion.align-steps", "1"),
    *("--synth.film.paths-per-room", "1", "--device", "cpu"),
)

pytestmark = pytest.mark.slow


def vega3d(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words, "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=900,
        check=False,
    )


def manifests(run):
    return {path.parent.name: path.read_bytes() for path in run.glob("*/manifest.json")}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("pipeline") / "run"
    done = vega3d("run", "tiny", "--out", str(out), "--workers", "2", *MINIATURE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["report"] == str(out / "report.html")
    return out


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Prefect server of the user's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/api"
    try:
        wait_until_healthy(url, process)
        yield {**settings, "PREFECT_API_URL": url}
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until_healthy(url, process, patience_s=180.0):
    begin = time.monotonic()
    while process.poll() is None and time.monotonic() - begin < patience_s:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=10) as reply:
                assert reply.status == 200
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(
        f"the Prefect server at {url} did not answer within {patience_s:.0f} s "
        f"(its exit code: {process.poll()})"
    )


def test_scores_report_and_dataset_are_where_the_contract_says(run):
    scores = json.loads((run / "scores.json").read_text())
    assert set(scores) == {"recipe", "seed", "rows"}
    columns = {"model", "kind", "metric", "n", "score", "chance", "blind"}
    assert scores["rows"]
    assert all(columns <= set(row) for row in scores["rows"])
    page = (run / "report.html").read_text()
    assert "data:image/webp" in page
    assert len(page) < 5_000_000
    assert (run / "dataset" / "README.md").exists()
    assert not list(run.rglob("*.partial"))


def test_a_finished_run_repeated_makes_nothing_and_is_quick(run):
    before, begin = manifests(run), time.monotonic()
    done = vega3d("run", "--out", str(run))
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begin < 60
    assert "every shard is there already" in done.stderr
    assert manifests(run) == before


def test_lost_shards_are_made_again_with_the_same_bytes_on_a_server_that_is_there(run, server):
    before = manifests(run)
    (run / "synthesize" / "rendered-00001.npz").unlink()
    (run / "synthesize" / "wan-t2v-00000.npz").unlink()
    min((run / "package").rglob("*.parquet")).unlink()
    shutil.rmtree(run / "train" / "gated")  # the model and the state it could be resumed from
    (run / "prior" / "wan-t2v-00000.safetensors").write_bytes(b"damaged")
    done = vega3d("run", "--out", str(run), "--workers", "1", **server)
    assert done.returncode == 0, done.stderr
    assert server["PREFECT_API_URL"] in done.stderr
    assert manifests(run) == before
    request = urllib.request.Request(
        server["PREFECT_API_URL"] + "/flow_runs/count", method="POST", data=b"{}"
    )
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        assert int(reply.read()) > 1


def test_a_failed_stage_ends_with_1_and_says_how_to_resume(run, server):
    manifest = run / "synthesize" / "manifest.json"
    kept = manifest.read_bytes()
    (run / "measure" / "rendered-00000.npz").unlink()
    shard = run / "synthesize" / "rendered-00000.npz"
    content = shard.read_bytes()
    shard.write_bytes(b"not an archive")
    files = json.loads(kept)
    name = "synthesize/rendered-00000.npz"
    files["rendered-00000"][name] = hashlib.sha256(b"not an archive").hexdigest()
    manifest.write_text(json.dumps(files))
    done = vega3d("measure", "--out", str(run), **server)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["exit_code"] == 1
    assert said["error"].startswith("stage measure failed on shard rendered-00000")
    assert f"resume with 'vega3d measure --out {run}'" in said["error"]
    shard.write_bytes(content)
    manifest.write_bytes(kept)
