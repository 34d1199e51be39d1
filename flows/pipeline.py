"""Flow over all stages, and the way the command line starts any of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from prefect import Flow, flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows.audit import audit
from flows.evaluate import evaluate
from flows.label import label
from flows.measure import measure
from flows.package import package
from flows.prior import prior
from flows.progress import PROGRESS
from flows.publish import publish
from flows.report_flow import report
from flows.synthesize import synthesize
from flows.train import train
from flows.workers import Device

FLOWS: Final[Mapping[str, Flow[..., int]]] = {
    "synthesize": synthesize,
    "measure": measure,
    "label": label,
    "audit": audit,
    "package": package,
    "publish": publish,
    "prior": prior,
    "train": train,
    "evaluate": evaluate,
    "report": report,
}


@flow(name="vega3d-run", validate_parameters=False)
def run_all(run: Path, device: Device, workers: int) -> None:
    """Run every stage of a prepared run folder; finished shards are kept."""
    for name in FLOWS:
        run_stage(name, run, device, workers)


def run_stage(name: str, run: Path, device: Device, workers: int) -> int:
    """Run one stage with as many tasks at a time as there are workers; returns shards made."""
    runner: Any = ThreadPoolTaskRunner(max_workers=workers)
    n_made = FLOWS[name].with_options(task_runner=runner)(run, device, workers)
    PROGRESS.say(f"{name}: done ({n_made} shards made)")
    return n_made
