"""Flow: answer held-out questions and score the replies, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="evaluate-shard", task_run_name="evaluate-{shard}")
def evaluate_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Let one variant answer, or score all replies. Safe to repeat."""
    return in_worker("evaluate", run, shard, device, workers)


@flow(name="evaluate", validate_parameters=False)
def evaluate(run: Path, device: Device, workers: int) -> int:
    """Evaluate all variants. Returns how many shards were made."""
    return each_shard(evaluate_shard, "evaluate", run, device, workers)
