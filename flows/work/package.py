"""Write the dataset's files."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from datasets_cards.accounting import Accounting, PlannedClips, count_skipped, counts
from datasets_cards.card import CardConfig
from datasets_cards.package import Clip, PackageConfig, package_dataset
from flows.recipes.recipe import Recipe
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from flows.work.catalogue import catalogue_of
from flows.work.verdicts import read_verdicts, verdicts_path
from flows.workers import Job
from qa_gen.record import Skipped, SpatialQA
from qa_gen.storage import read_records
from synth.storage import read_geometries, read_sequences

_PLAIN_ROOMS: Final = (
    "Rooms are procedural boxes with simple furniture; no photographs, people or clutter."
)
_FURNISHED_ROOMS: Final = (
    "Rooms are procedural and their furniture is built from simple shapes; no photographs, no "
    "people."
)
_JUDGED_CLIPS: Final = (
    "Generated clips come from a very small video model and follow their prompts only in part; "
    "they carry the camera motion that a judge measured, and no geometry."
)
_RECONSTRUCTED_CLIPS: Final = (
    "Generated clips follow their prompts only in part; they carry the cameras that structure from "
    "motion found, without metres, and no objects."
)


def make(job: Job) -> list[Path]:
    """Write ``package/dataset``."""
    run = RunFolder(job.run)
    recipe = run.recipe()
    catalogue = catalogue_of(recipe)
    records = read_records(run.stage("audit") / "questions.jsonl")
    config = PackageConfig(
        card=CardConfig(
            title=recipe.package.title,
            license=recipe.package.license,
            recipe=recipe.name,
            seed=recipe.seed,
            limits=_limits(recipe),
            attributions=() if catalogue is None else catalogue.attributions,
        ),
        splits=recipe.package.splits,
        max_shard_bytes=recipe.package.max_shard_mb * 2**20,
    )
    folder = run.stage("package") / "dataset"
    package_dataset(
        _clips(run, recipe),
        [record for record in records if isinstance(record, SpatialQA)],
        accounting(run, [record for record in records if isinstance(record, Skipped)]),
        config=config,
        folder=folder,
        inputs=run.about()["checkpoints"],
    )
    return [folder]


def _limits(recipe: Recipe) -> tuple[str, ...]:
    """Say what a reader of the card must not expect."""
    rooms = _FURNISHED_ROOMS if recipe.synth.rooms.scatter is None else _PLAIN_ROOMS
    if not recipe.wan.n_t2v + recipe.wan.n_vace:
        return (rooms,)
    return rooms, _JUDGED_CLIPS if recipe.measure.motion_from == "judge" else _RECONSTRUCTED_CLIPS


def accounting(run: RunFolder, skipped: list[Skipped]) -> Accounting:
    """Count what was planned and what was lost on the way."""
    recipe = run.recipe()
    plans = {
        "renderer": ("rendered", recipe.synth.n_scenes * recipe.synth.film.paths_per_room),
        "wan-t2v": ("wan-t2v", recipe.wan.n_t2v),
        "wan-vace": ("wan-vace", recipe.wan.n_vace),
    }
    return Accounting(
        plan=tuple(
            PlannedClips(generator=name, planned=planned, lost=counts(_lost(run, prefix)))
            for name, (prefix, planned) in plans.items()
            if planned
        ),
        skipped=count_skipped(skipped),
    )


def _clips(run: RunFolder, recipe: Recipe) -> Iterator[Clip]:
    for shard in clip_shards(recipe):
        sequences = read_sequences(run.stage("synthesize") / f"{shard}.npz")
        geometries = read_geometries(run.stage("measure") / f"{shard}.npz")
        path = verdicts_path(run.stage("measure"), shard)
        gates = {v.sequence_id: v.scores for v in read_verdicts(path)} if path.exists() else {}
        for sequence, geometry in zip(sequences, geometries, strict=True):
            name = sequence.sequence_id
            yield Clip(sequence=sequence, geometry=geometry, gates=gates.get(name))


def _lost(run: RunFolder, prefix: str) -> Counter[str]:
    paths = sorted(run.stage("synthesize").glob(f"{prefix}-*.lost.json"))
    return Counter(one["reason"] for path in paths for one in json.loads(path.read_bytes()))
