"""Flow: write the dataset's files, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="package-shard", task_run_name="package-{shard}")
def package_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Write Parquet shards, manifest and card. Safe to repeat."""
    return in_worker("package", run, shard, device, workers)


@flow(name="package", validate_parameters=False)
def package(run: Path, device: Device, workers: int) -> int:
    """Package the dataset. Returns how many shards were made."""
    return each_shard(package_shard, "package", run, device, workers)
