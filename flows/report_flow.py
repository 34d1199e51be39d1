"""Flow: write the report, one task a shard."""

from pathlib import Path

from prefect import flow, task

from flows.engine import each_shard, in_worker
from flows.workers import Device


@task(name="report-shard", task_run_name="report-{shard}")
def report_shard(run: Path, shard: str, device: Device, workers: int) -> str:
    """Write the page. Safe to repeat."""
    return in_worker("report", run, shard, device, workers)


@flow(name="report", validate_parameters=False)
def report(run: Path, device: Device, workers: int) -> int:
    """Write ``report.html``. Returns how many shards were made."""
    return each_shard(report_shard, "report", run, device, workers)
