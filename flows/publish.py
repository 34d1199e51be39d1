"""Flow: publish the packaged dataset, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="publish-shard", task_run_name="publish-{shard}", retries=2, retry_delay_seconds=1)
def publish_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Copy the dataset to its place, whole or not at all. Safe to repeat."""
    return in_worker("publish", run, shard, device, workers)


@flow(name="publish", validate_parameters=False)
def publish(run: Path, device: Device, workers: int) -> int:
    """Publish the dataset. Returns how many shards were made."""
    return each_shard(publish_shard, "publish", run, device, workers)
