"""Flow: ask questions about measured clips, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="label-shard", task_run_name="label-{shard}")
def label_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Label the clips of one shard. Safe to repeat."""
    return in_worker("label", run, shard, device, workers)


@flow(name="label", validate_parameters=False)
def label(run: Path, device: Device, workers: int) -> int:
    """Label all clips. Returns how many shards were made."""
    return each_shard(label_shard, "label", run, device, workers)
