"""Flow: measure the geometry of clips, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="measure-shard", task_run_name="measure-{shard}")
def measure_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Measure the clips of one shard. Safe to repeat."""
    return in_worker("measure", run, shard, device, workers)


@flow(name="measure", validate_parameters=False)
def measure(run: Path, device: Device, workers: int) -> int:
    """Measure all clips. Returns how many shards were made."""
    return each_shard(measure_shard, "measure", run, device, workers)
