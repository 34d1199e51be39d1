"""Ask questions about measured clips."""

from pathlib import Path

from flows.label_moves import label_config
from flows.run_folder import RunFolder
from flows.work.verdicts import read_verdicts, verdicts_path
from flows.workers import Job
from qa_gen.generate import label_sequence, skip_sequence
from qa_gen.record import Skipped, SpatialQA
from qa_gen.storage import write_records
from synth.storage import read_geometries


def make(job: Job) -> list[Path]:
    """Label one shard into ``<shard>.jsonl``: questions, and what was not asked and why."""
    run = RunFolder(job.run)
    recipe = run.recipe()
    config = label_config(recipe, job.shard.rpartition("-")[0])
    measured = run.stage("measure")
    rejected = _rejected(verdicts_path(measured, job.shard))
    records: list[SpatialQA | Skipped] = []
    for geometry in read_geometries(measured / f"{job.shard}.npz"):
        name = geometry.sequence_id
        if name in rejected:
            records += skip_sequence(name, config)
        else:
            records += label_sequence(geometry, config, recipe.seed)
    return [write_records(records, run.stage("label") / f"{job.shard}.jsonl")]


def _rejected(path: Path) -> frozenset[str]:
    """Return the clips that a gate refused; rendered clips are not put to gates."""
    if not path.exists():
        return frozenset()
    return frozenset(v.sequence_id for v in read_verdicts(path) if not v.is_accepted)
