"""Measure clips: rendered ones by the oracle, generated ones by judge or poses and by gates."""

from pathlib import Path

from flows.run_folder import RunFolder
from flows.work.verdicts import verdicts_path, write_verdicts
from flows.workers import Job
from synth.measure.oracle import measure_rendered
from synth.storage import read_sequences, read_truths, write_geometries


def make(job: Job) -> list[Path]:
    """Measure one shard into ``<shard>.npz``; generated ones also get ``<shard>.verdicts.json``."""
    run = RunFolder(job.run)
    clips, folder = run.stage("synthesize"), run.stage("measure")
    if job.shard.startswith("rendered"):
        sequences = read_sequences(clips / f"{job.shard}.npz")
        truths = read_truths(clips / f"{job.shard}.truth.npz")
        geometries = [
            measure_rendered(sequence, truth)
            for sequence, truth in zip(sequences, truths, strict=True)
        ]
        return [write_geometries(folder / f"{job.shard}.npz", geometries)]
    from flows.work.generated import measure_generated  # torch: only where there is a judge

    measured = measure_generated(job)
    return [
        write_geometries(folder / f"{job.shard}.npz", [one.geometry for one in measured]),
        write_verdicts(verdicts_path(folder, job.shard), [one.verdict for one in measured]),
    ]
