"""Make clips: film rooms here, or let Wan generate (``flows.work.generate``).

A shard is ``<shard>.npz`` (the clips), ``<shard>.truth.npz`` (what the renderer knows),
``<shard>.lost.json`` (paths that found no free way) and, for generated clips,
``<shard>.reference.npz``: the same rooms and paths as the renderer shows them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from flows.run_folder import RunFolder, write_json
from flows.stages import scenes_of
from flows.work.catalogue import catalogue_of
from flows.workers import Job
from synth.film import FilmedClip, NotFilmed, film_room
from synth.scene import MultiViewSequence
from synth.storage import write_sequences, write_truths


class Filmed(NamedTuple):
    """What filming some rooms gave, and what it did not."""

    clips: list[FilmedClip]
    lost: list[NotFilmed]

    @classmethod
    def sort(cls, results: Iterable[FilmedClip | NotFilmed]) -> "Filmed":
        """Tell clips from paths that found no free way."""
        filmed = cls([], [])
        for result in results:
            if isinstance(result, FilmedClip):
                filmed.clips.append(result)
            else:
                filmed.lost.append(result)
        return filmed


def make(job: Job) -> list[Path]:
    """Make one shard of clips."""
    if not job.shard.startswith("rendered"):
        from flows.work.generate import make_generated  # torch: only where Wan runs

        return make_generated(job)
    recipe = RunFolder(job.run).recipe()
    config, catalogue = recipe.synth, catalogue_of(recipe)
    filmed = Filmed.sort(
        result
        for scene_id in scenes_of(recipe, job.shard)
        for result in film_room(scene_id, recipe.seed, config.rooms, config.film, catalogue)
    )
    return write_shard(job, [clip.sequence for clip in filmed.clips], filmed)


def write_shard(job: Job, sequences: Sequence[MultiViewSequence], filmed: Filmed) -> list[Path]:
    """Write the files that every shard of clips has."""
    folder = RunFolder(job.run).stage("synthesize")
    lost = [{**asdict(one), "move": one.move.value} for one in filmed.lost]
    return [
        write_sequences(folder / f"{job.shard}.npz", sequences),
        write_truths(folder / f"{job.shard}.truth.npz", [clip.truth for clip in filmed.clips]),
        write_json(folder / f"{job.shard}.lost.json", lost),
    ]
