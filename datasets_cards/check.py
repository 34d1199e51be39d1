"""Re-read a whole dataset and name every fault by file and row."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from huggingface_hub import DatasetCard

from datasets_cards.accounting import read_accounting
from datasets_cards.check_rows import Library
from datasets_cards.counting import compute_statistics
from datasets_cards.files import sha256_of
from datasets_cards.manifest import (
    MANIFEST_NAME,
    README_NAME,
    STATISTICS_NAME,
    Manifest,
    OtherFile,
    Shard,
    read_manifest,
)
from datasets_cards.publish import unlisted
from datasets_cards.schema import FORMAT_VERSION, schema_of
from datasets_cards.shards import ROW_GROUP_MAX_ROWS, read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        file: Path in the dataset's folder.
        row: Row in that file, from 0; ``None`` if the whole file is meant.
        what: What is wrong, as a sentence.
    """

    file: str
    row: int | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The outcome of ``check_dataset``.

    Attributes:
        shards: Shards the manifest lists.
        rows: Rows that were read.
        faults: What is wrong, in the order of the files.
    """

    shards: int
    rows: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


_STATISTICS_FAULT: Final = "figures differ from what the shards give; package again"


def check_dataset(folder: Path) -> CheckReport:
    """Read every byte below ``folder`` and compare it with what it should be.

    Hashes, schema, counts, ids, keys between the configs, splits, images, poses, answers, card
    and statistics. A shard whose hash is wrong is not decoded: damaged Parquet is not safe to
    read.

    Raises:
        FileNotFoundError: ``folder`` is no finished dataset.
    """
    try:
        manifest = read_manifest(folder)
    except ValueError as error:
        fault = Fault(file=MANIFEST_NAME, row=None, what=str(error))
        return CheckReport(shards=0, rows=0, faults=(fault,))
    faults = [
        Fault(file=path, row=None, what="the manifest does not list this file")
        for path in unlisted(folder, manifest)
    ]
    broken = set[str]()
    for entry in manifest.contents:
        what = _file_fault(folder, entry)
        if what is not None:
            faults.append(Fault(file=entry.path, row=None, what=what))
            broken.add(entry.path)
    rows = 0
    library = Library(
        complete=not any(s.path in broken for s in manifest.shards),
        version=manifest.format_version,
    )
    for shard in manifest.shards_of("sequences") + manifest.shards_of("qa"):
        if shard.path not in broken:
            rows += shard.rows
            faults += _shard_faults(folder, shard, library)
    if not faults and manifest.format_version == FORMAT_VERSION:  # older figures count less
        faults += _summary_faults(folder, manifest)
    return CheckReport(shards=len(manifest.shards), rows=rows, faults=tuple(faults))


def _file_fault(folder: Path, entry: Shard | OtherFile) -> str | None:
    path = folder / entry.path
    if not path.is_file():
        return "the manifest lists this file, but it is missing"
    if path.stat().st_size != entry.bytes:
        return f"it has {path.stat().st_size} bytes, the manifest says {entry.bytes}"
    found = sha256_of(path)
    if found != entry.sha256:
        return f"its SHA-256 is {found}, the manifest says {entry.sha256}: its content was changed"
    return None


def _shard_faults(folder: Path, shard: Shard, library: Library) -> Iterator[Fault]:
    path = folder / shard.path
    try:
        with pq.ParquetFile(path) as parquet:
            found = parquet.schema_arrow
            groups = [parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)]
        if not found.equals(schema_of(shard.config, library.version)):
            yield Fault(
                file=shard.path,
                row=None,
                what=_schema_difference(shard.config, library.version, found),
            )
            return
        if sum(groups) != shard.rows:
            what = f"it holds {sum(groups)} rows, the manifest says {shard.rows}"
            yield Fault(file=shard.path, row=None, what=what)
        if max(groups, default=0) > ROW_GROUP_MAX_ROWS:
            what = f"a row group holds {max(groups)} rows, at most {ROW_GROUP_MAX_ROWS} are allowed"
            yield Fault(file=shard.path, row=None, what=what)
        for index, row in enumerate(read_rows(path)):
            for what in library.faults_of(shard, row):
                yield Fault(file=shard.path, row=index, what=what)
    except (OSError, pa.ArrowException) as error:
        yield Fault(file=shard.path, row=None, what=f"it cannot be read as Parquet: {error}")


def _schema_difference(config: str, version: str, found: pa.Schema) -> str:
    expected = {field.name: str(field.type) for field in schema_of(config, version)}
    got = {field.name: str(field.type) for field in found}
    columns = sorted(
        name for name in expected.keys() | got.keys() if expected.get(name) != got.get(name)
    )
    return f"its columns are not those of this format; they differ in {columns or 'their order'}"


def _summary_faults(folder: Path, manifest: Manifest) -> Iterator[Fault]:
    """Compare card and statistics with the rows; only sensible once these are sound."""
    try:
        accounting = read_accounting(folder / STATISTICS_NAME)
    except ValueError as error:
        yield Fault(file=STATISTICS_NAME, row=None, what=str(error))
        return
    expected = compute_statistics(folder, manifest.shards, accounting).to_json()
    if (folder / STATISTICS_NAME).read_text(encoding="utf-8") != expected:
        yield Fault(file=STATISTICS_NAME, row=None, what=_STATISTICS_FAULT)
    listed = _files_in_card(DatasetCard((folder / README_NAME).read_text(encoding="utf-8")))
    if listed != {(s.config, s.split, s.path) for s in manifest.shards}:
        what = "the files its configs list are not the shards of the manifest"
        yield Fault(file=README_NAME, row=None, what=what)


def _files_in_card(card: DatasetCard) -> set[tuple[str, str, str]]:
    return {
        (config["config_name"], files["split"], path)
        for config in card.data.get("configs") or ()
        for files in config["data_files"]
        for path in files["path"]
    }
