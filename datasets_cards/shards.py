"""Parquet shards: small row groups, checksummed pages, the content's hash in the name.

Measured reasons for what is unusual here:

* ``load_dataset`` keeps serving old rows when a file is rewritten under its old name, so the name
  holds the hash of the content.
* With pyarrow's default chunking, one inserted clip re-uploads 92 of 96 MB; content-defined
  chunks of 64 to 256 KiB bring that to 3 MB.
* A flipped byte in a page reads without error unless pages carry checksums.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from datasets_cards.files import PARTIAL, seal, sha256_of
from datasets_cards.manifest import Shard
from datasets_cards.schema import SCHEMAS, check_complete

ROW_GROUP_MAX_ROWS: Final = 100
ROW_GROUP_MAX_BYTES: Final = 32 * 2**20

_HASH_DIGITS: Final = 12
_CHUNKING: Final = {
    "min_chunk_size": 64 * 2**10,
    "max_chunk_size": 256 * 2**10,
    "norm_level": 0,
}


class ShardWriter:
    """Write the rows of one config and split into as many shards as their bytes need.

    Memory holds one row group at a time. The same rows give the same bytes. Use it as a context
    manager: a block that raises leaves no shard behind that was not finished.
    """

    def __init__(self, folder: Path, *, config: str, split: str, max_shard_bytes: int) -> None:
        """Write below ``folder / config``; a shard is closed once it holds ``max_shard_bytes``."""
        self.shards: list[Shard] = []
        self._folder = folder
        self._config = config
        self._split = split
        self._max_shard_bytes = max_shard_bytes
        self._group: list[pa.RecordBatch] = []
        self._group_bytes = 0
        self._shard_bytes = 0
        self._shard_rows = 0
        self._parquet: pq.ParquetWriter | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Append one row.

        Raises:
            ValueError: The row does not fit the schema.
        """
        check_complete(self._config, row)
        batch = pa.RecordBatch.from_pylist([row], schema=SCHEMAS[self._config])
        group_full = (
            len(self._group) >= ROW_GROUP_MAX_ROWS
            or self._group_bytes + batch.nbytes > ROW_GROUP_MAX_BYTES
        )
        shard_full = self._shard_bytes + self._group_bytes >= self._max_shard_bytes
        if group_full or shard_full:
            self._write_group()
        if shard_full:
            self._finish_shard()
        self._group.append(batch)
        self._group_bytes += batch.nbytes

    def close(self) -> None:
        """Write what is left; ``shards`` is complete then."""
        self._write_group()
        self._finish_shard()

    def __enter__(self) -> "ShardWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        elif self._parquet is not None:
            self._parquet.close()
            self._partial.unlink(missing_ok=True)

    @property
    def _partial(self) -> Path:
        name = f"{self._split}-{len(self.shards):05d}.parquet{PARTIAL}"
        return self._folder / self._config / name

    def _write_group(self) -> None:
        if not self._group:
            return
        if self._parquet is None:
            self._parquet = _open_parquet(self._partial, SCHEMAS[self._config])
        table = pa.Table.from_batches(self._group)
        self._parquet.write_table(table, row_group_size=len(table))
        self._shard_rows += len(self._group)
        self._shard_bytes += self._group_bytes
        self._group, self._group_bytes = [], 0

    def _finish_shard(self) -> None:
        if self._parquet is None:
            return
        self._parquet.close()
        partial = self._partial
        digest = sha256_of(partial)
        name = f"{self._split}-{len(self.shards):05d}-{digest[:_HASH_DIGITS]}.parquet"
        path = partial.with_name(name)
        seal(partial, path)
        self.shards.append(
            Shard(
                path=path.relative_to(self._folder).as_posix(),
                config=self._config,
                split=self._split,
                rows=self._shard_rows,
                bytes=path.stat().st_size,
                sha256=digest,
            )
        )
        self._parquet, self._shard_rows, self._shard_bytes = None, 0, 0


def _open_parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    path.parent.mkdir(parents=True, exist_ok=True)
    return pq.ParquetWriter(
        path,
        schema,
        compression="snappy",
        write_page_index=True,
        write_page_checksum=True,
        use_content_defined_chunking=_CHUNKING,
    )


def read_rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of one shard, row group by row group, checking page checksums.

    Args:
        path: A Parquet file.
        columns: Read these only; ``None`` reads all.
    """
    with pq.ParquetFile(path, page_checksum_verification=True) as parquet:
        for group in range(parquet.num_row_groups):
            yield from parquet.read_row_group(
                group, columns=None if columns is None else list(columns)
            ).to_pylist()
