"""Ask questions about measured clips."""

from pathlib import Path

from flows.label_moves import label_config
from flows.run_folder import RunFolder
from flows.workers import Job
from qa_gen.generate import label_sequence
from qa_gen.storage import write_records
from synth.storage import read_geometries


def make(job: Job) -> list[Path]:
    """Label one shard into ``<shard>.jsonl``: questions, and what was not asked and why."""
    run = RunFolder(job.run)
    recipe = run.recipe()
    config = label_config(recipe, job.shard.rpartition("-")[0])
    geometries = read_geometries(run.stage("measure") / f"{job.shard}.npz")
    records = [
        record
        for geometry in geometries
        for record in label_sequence(geometry, config, recipe.seed)
    ]
    return [write_records(records, run.stage("label") / f"{job.shard}.jsonl")]
