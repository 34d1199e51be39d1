"""Flow: film rooms and generate clips, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="synthesize-shard", task_run_name="synthesize-{shard}")
def synthesize_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Film or generate one shard of clips. Safe to repeat."""
    return in_worker("synthesize", run, shard, device, workers)


@flow(name="synthesize", validate_parameters=False)
def synthesize(run: Path, device: Device, workers: int) -> int:
    """Make all clips of the recipe. Returns how many shards were made."""
    return each_shard(synthesize_shard, "synthesize", run, device, workers)
