"""Flow: balance the answers over the whole dataset, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="audit-shard", task_run_name="audit-{shard}")
def audit_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Balance all questions at once. Safe to repeat."""
    return in_worker("audit", run, shard, device, workers)


@flow(name="audit", validate_parameters=False)
def audit(run: Path, device: Device, workers: int) -> int:
    """Balance the questions. Returns how many shards were made."""
    return each_shard(audit_shard, "audit", run, device, workers)
