"""Flow: train the fusion models, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="train-shard", task_run_name="train-{shard}")
def train_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Train one variant. Safe to repeat."""
    return in_worker("train", run, shard, device, workers)


@flow(name="train", validate_parameters=False)
def train(run: Path, device: Device, workers: int) -> int:
    """Train all variants. Returns how many shards were made."""
    return each_shard(train_shard, "train", run, device, workers)
