"""Balance the answers of each split, so that constant guesses earn what chance earns."""

from pathlib import Path

from datasets_cards.splits import SPLITS, split_of
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from flows.workers import Job
from qa_gen.balance import balance
from qa_gen.record import Skipped, SpatialQA
from qa_gen.storage import read_records, write_records


def make(job: Job) -> list[Path]:
    """Write ``questions.jsonl``: the kept questions, then everything that was not asked."""
    run = RunFolder(job.run)
    recipe = run.recipe()
    records = [
        record
        for shard in clip_shards(recipe)
        for record in read_records(run.stage("label") / f"{shard}.jsonl")
    ]
    skipped = [record for record in records if isinstance(record, Skipped)]
    kept: list[SpatialQA] = []
    for split in SPLITS:
        asked = [
            record
            for record in records
            if isinstance(record, SpatialQA)
            and split_of(record.scene_id, recipe.package.splits) == split
        ]
        balanced = balance(asked)
        kept += balanced.kept
        skipped += balanced.dropped
    return [write_records([*kept, *skipped], run.stage("audit") / "questions.jsonl")]
