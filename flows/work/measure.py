"""Measure clips: rendered ones by the oracle, generated ones by the camera judge."""

from pathlib import Path

from flows.run_folder import RunFolder
from flows.workers import Job
from synth.measure.oracle import measure_rendered
from synth.storage import read_sequences, read_truths, write_geometries


def make(job: Job) -> list[Path]:
    """Measure one shard into ``<shard>.npz``."""
    run = RunFolder(job.run)
    clips = run.stage("synthesize")
    sequences = read_sequences(clips / f"{job.shard}.npz")
    if job.shard.startswith("rendered"):
        truths = read_truths(clips / f"{job.shard}.truth.npz")
        geometries = [
            measure_rendered(sequence, truth)
            for sequence, truth in zip(sequences, truths, strict=True)
        ]
    else:
        from flows.work.judge import judged  # torch: only where there is something to judge

        geometries = judged(job, sequences)
    return [write_geometries(run.stage("measure") / f"{job.shard}.npz", geometries)]
