"""Flow: extract features of clips, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="prior-shard", task_run_name="prior-{shard}")
def prior_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Encode the clips of one shard. Safe to repeat."""
    return in_worker("prior", run, shard, device, workers)


@flow(name="prior", validate_parameters=False)
def prior(run: Path, device: Device, workers: int) -> int:
    """Encode all clips. Returns how many shards were made."""
    return each_shard(prior_shard, "prior", run, device, workers)
