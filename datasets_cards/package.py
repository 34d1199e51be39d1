"""Turn records into a dataset folder: shards, statistics, card and, last of all, the manifest."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from datasets_cards.accounting import Accounting
from datasets_cards.card import CardConfig, render_card
from datasets_cards.counting import compute_statistics
from datasets_cards.files import sealed
from datasets_cards.manifest import (
    README_NAME,
    STATISTICS_NAME,
    Manifest,
    OtherFile,
    Shard,
    write_manifest,
)
from datasets_cards.publish import remove_superseded
from datasets_cards.qa_rows import qa_to_row
from datasets_cards.rows import Row, sequence_to_row
from datasets_cards.shards import ShardWriter
from datasets_cards.splits import SPLITS, Split, SplitConfig, split_of
from qa_gen.record import SpatialQA
from synth.gates.score import GateScore
from synth.scene import MultiViewSequence, SceneGeometry


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """A sequence with what was measured from it.

    Attributes:
        sequence: The clip.
        geometry: Measured from it; ``None`` if it was not measured.
        gates: The tests it was put to; ``None`` if none were run.
    """

    sequence: MultiViewSequence
    geometry: SceneGeometry | None
    gates: tuple[GateScore, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageConfig:
    """How a dataset is packaged.

    Attributes:
        card: What the card says that the data cannot tell.
        splits: How scenes are divided.
        max_shard_bytes: A shard is closed once its rows take this much memory, images encoded.
    """

    card: CardConfig
    splits: SplitConfig = field(default_factory=SplitConfig)
    max_shard_bytes: int = 256 * 2**20

    def __post_init__(self) -> None:
        if self.max_shard_bytes <= 0:
            raise ValueError(
                f"PackageConfig.max_shard_bytes must be > 0, got {self.max_shard_bytes}."
            )


_DISTRIBUTION: Final = "vega3d-toolkit"


def package_dataset(
    clips: Iterable[Clip],
    questions: Iterable[SpatialQA],
    accounting: Accounting,
    *,
    config: PackageConfig,
    folder: Path,
    inputs: Mapping[str, str] | None = None,
) -> Manifest:
    """Write a dataset below ``folder``; the same records in the same order give the same bytes.

    Both iterables are consumed once, clips first, and never held as a whole.

    Args:
        clips: The rows of ``sequences``.
        questions: The rows of ``qa``.
        accounting: What was planned, lost and not asked.
        config: How to package.
        folder: Where to; an older dataset there is replaced once the new one is complete.
        inputs: What the dataset is made from (hashes by name), for the manifest.

    Raises:
        ValueError: There is no clip, an id occurs twice, or a question is about no clip here.
    """
    shards = _write_shards(clips, questions, config, folder)
    made_with = versions()
    statistics = compute_statistics(folder, shards, accounting)
    card = render_card(statistics, shards, config.card, made_with)
    for name, text in ((STATISTICS_NAME, statistics.to_json()), (README_NAME, card)):
        with sealed(folder / name) as partial:
            partial.write_text(text, encoding="utf-8")
    manifest = Manifest(
        shards=shards,
        files=tuple(OtherFile.of(folder, name) for name in (STATISTICS_NAME, README_NAME)),
        made_with=made_with,
        inputs=dict(inputs or {}),
    )
    write_manifest(folder, manifest)
    remove_superseded(folder, manifest)
    return manifest


def versions() -> dict[str, str]:
    """Return the versions on which the bytes of a dataset depend."""
    return {name: _version(name) for name in (_DISTRIBUTION, "pyarrow", "pillow")}


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"


def _write_shards(
    clips: Iterable[Clip], questions: Iterable[SpatialQA], config: PackageConfig, folder: Path
) -> tuple[Shard, ...]:
    scene_of: dict[str, str] = {}
    with _Writers(folder, "sequences", config) as writers:
        for clip in clips:
            sequence = clip.sequence
            if sequence.sequence_id in scene_of:
                raise ValueError(f"sequence_id {sequence.sequence_id!r} occurs twice; rename one.")
            scene_of[sequence.sequence_id] = sequence.scene_id
            split = split_of(sequence.scene_id, config.splits)
            row = sequence_to_row(sequence, clip.geometry, clip.gates, split=split)
            writers.add(split, row)
    if not scene_of:
        raise ValueError(f"there is no clip to package into {folder}; synthesize some first.")
    seen: set[str] = set()
    with _Writers(folder, "qa", config) as qa_writers:
        for qa in questions:
            _check_belongs(qa, scene_of, seen)
            split = split_of(qa.scene_id, config.splits)
            qa_writers.add(split, qa_to_row(qa, split=split))
    return (*writers.shards, *qa_writers.shards)


def _check_belongs(qa: SpatialQA, scene_of: Mapping[str, str], seen: set[str]) -> None:
    if scene_of.get(qa.sequence_id) != qa.scene_id:
        raise ValueError(
            f"question {qa.qa_id!r} is about sequence {qa.sequence_id!r} of scene "
            f"{qa.scene_id!r}, which is not among the clips; package both from one run."
        )
    if qa.qa_id in seen:
        raise ValueError(f"qa_id {qa.qa_id!r} occurs twice; every question needs its own.")
    seen.add(qa.qa_id)


class _Writers(ExitStack):
    """The shard writers of one config, one per split."""

    def __init__(self, folder: Path, config: str, package: PackageConfig) -> None:
        super().__init__()
        self._writers = {
            split: self.enter_context(
                ShardWriter(
                    folder, config=config, split=split, max_shard_bytes=package.max_shard_bytes
                )
            )
            for split in SPLITS
        }

    def add(self, split: Split, row: Row) -> None:
        self._writers[split].add(row)

    @property
    def shards(self) -> tuple[Shard, ...]:
        return tuple(shard for writer in self._writers.values() for shard in writer.shards)
