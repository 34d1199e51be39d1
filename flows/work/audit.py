"""Even out the answers of each split, so that guessing without looking earns what chance earns."""

from collections.abc import Sequence
from pathlib import Path

from datasets_cards.splits import SPLITS, split_of
from flows.recipes.recipe import AuditConfig
from flows.run_folder import RunFolder, write_json
from flows.stages import clip_shards
from flows.workers import Job
from qa_gen.audit.debias import DebiasConfig, debias
from qa_gen.audit.page import as_page
from qa_gen.audit.report import audit
from qa_gen.balance import Balanced, balance
from qa_gen.record import Skipped, SpatialQA
from qa_gen.storage import read_records, write_records
from synth.storage import write_atomically


def make(job: Job) -> list[Path]:
    """Write ``questions.jsonl``: the kept questions, then everything that was not asked.

    Raises:
        ValueError: A blind baseline is above the recipe's limit; ``audit.md`` shows all of them.
    """
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
        evened = _even_out(asked, recipe.audit)
        kept += evened.kept
        skipped += evened.dropped
    reports = _report(kept, recipe.audit, run.stage("audit"))
    return [write_records([*kept, *skipped], run.stage("audit") / "questions.jsonl"), *reports]


def _even_out(asked: Sequence[SpatialQA], config: AuditConfig) -> Balanced:
    if config.prune:
        return debias(asked, DebiasConfig(max_lift=config.max_lift))
    return balance(asked, max_lift=config.max_lift)


def _report(kept: Sequence[SpatialQA], config: AuditConfig, folder: Path) -> list[Path]:
    """Audit what is kept, if the recipe sets a limit."""
    if config.limit is None or not kept:
        return []
    report = audit(kept, limit=config.limit)
    paths = [
        write_json(folder / "audit.json", report.to_json()),
        write_atomically(folder / "audit.md", as_page(report).encode()),
    ]
    if not report.passed:
        raise ValueError(
            f"auditing the questions: guessing earns too much: {report.failure()}; see "
            f"{paths[1]}, make more scenes (--synth.n-scenes), drop these kinds (--label.kinds) or "
            "raise --audit.limit."
        )
    return paths
