"""Publish the packaged dataset to the run's own ``dataset/`` folder."""

from pathlib import Path

from datasets_cards.publish import publish_local
from flows.run_folder import RunFolder
from flows.workers import Job


def make(job: Job) -> list[Path]:
    """Make ``dataset/`` hold exactly what ``package/dataset`` holds."""
    run = RunFolder(job.run)
    target = run.path / "dataset"
    publish_local(run.stage("package") / "dataset", target)
    return [target]
