"""Prefect's part: how the shards of a stage become tasks. The only module that configures it.

What is done is decided by the run folder's manifests. Prefect decides what runs when, retries,
and shows it; tasks get paths and names, never data.
"""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.lease import Lease
from flows.progress import PROGRESS
from flows.run_folder import RunFolder
from flows.stages import STAGES
from flows.timings import StageTime, Timings
from flows.workers import Device, Job, perform, shared_pool


class StageFailedError(RuntimeError):
    """A shard could not be made; the message names it and says why."""

    def __init__(self, stage: str, shard: str, reason: str) -> None:
        super().__init__(stage, shard, reason)  # all arguments, so that it survives pickling
        self.stage, self.shard, self.reason = stage, shard, reason

    def __str__(self) -> str:
        return f"stage {self.stage} failed on shard {self.shard}: {self.reason}"


def configure_prefect(home: Path) -> None:
    """Set what Prefect reads on import: quiet, offline, its own database unless a server is set.

    Values the user has set win.
    """
    defaults = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # A failed task's traceback goes to error.log; on the terminal it is one sentence.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        # The default of 20 s was exceeded on a busy two-core machine.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    }
    if not user_has_server():
        defaults["PREFECT_HOME"] = str(home.resolve())
        defaults["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def user_has_server() -> bool:
    """Say whether a Prefect server is configured, in the environment or the active profile."""
    if "PREFECT_API_URL" in os.environ:
        return True
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    path = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    if not path.is_file():
        return False
    profiles = tomllib.loads(path.read_text(encoding="utf-8"))
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    return "PREFECT_API_URL" in profiles.get("profiles", {}).get(active, {})


@contextmanager
def prefect_server(lease: Lease) -> Iterator[str]:
    """Use the configured server, or run one for this command; yields its API's address.

    The lease remembers a server of our own, which would outlive a killed command.
    """
    from prefect.server.api.server import SubprocessASGIServer  # takes seconds
    from prefect.settings import PREFECT_API_URL, temporary_settings

    configured = PREFECT_API_URL.value()
    if configured:
        yield str(configured)
        return
    with SubprocessASGIServer() as server:
        if server.server_process is not None:
            lease.note_server(server.server_process.pid)
        with temporary_settings({PREFECT_API_URL: server.api_url}):
            yield server.api_url


def in_worker(stage: str, run: Path, shard: str, device: Device, workers: int) -> str:
    """Make one shard in a worker process and note it in the manifest.

    Raises:
        StageFailedError: The worker raised; its own error is the cause.
    """
    job = Job(run=run, stage=stage, shard=shard, device=device)
    try:
        made = shared_pool(workers).submit(perform, job).result()
    except Exception as error:
        reason = str(error).strip() or type(error).__name__
        raise StageFailedError(stage, shard, reason) from error
    folder = RunFolder(run)
    folder.record(stage, shard, made.files)
    Timings(run).add(stage, StageTime(cpu_seconds=made.cpu_seconds, made=1))
    PROGRESS.say(f"{stage}: {shard} ({made.seconds:.1f} s)")
    return shard


def each_shard(task: Any, stage: str, run: Path, device: Device, workers: int) -> int:  # noqa: ANN401
    """Map a Prefect task over the shards of a stage that are not there yet; returns how many.

    Raises:
        StageFailedError: A shard could not be made.
    """
    from prefect import unmapped  # takes seconds

    folder = RunFolder(run)
    recipe = folder.recipe()
    folder.remove_leftovers(stage)
    n_made = 0
    with Timings(run).stage(stage):
        for phase in STAGES[stage].phases(recipe):
            todo = [shard for shard in phase if not folder.is_whole(stage, shard)]
            futures = task.map(
                shard=todo, run=unmapped(run), device=unmapped(device), workers=unmapped(workers)
            )
            n_made += len(futures.result())
    return n_made
