"""Read a published dataset back into our types, through ``datasets.load_dataset``.

Rows are streamed from the shards, so nothing is copied into a cache and memory holds one row
group.
"""

from collections.abc import Iterator
from pathlib import Path

import datasets

from datasets_cards.manifest import read_manifest
from datasets_cards.package import Clip
from datasets_cards.qa_rows import row_to_qa
from datasets_cards.rows import Row, row_to_gates, row_to_geometry, row_to_sequence
from datasets_cards.splits import SPLITS, Split
from qa_gen.record import SpatialQA


def read_clips(folder: Path, split: Split | None = None) -> Iterator[Clip]:
    """Yield the clips of one split, or of all.

    Sequences are what was packaged bit for bit; so is geometry, but for depth, which comes in
    whole millimetres.

    Raises:
        FileNotFoundError: ``folder`` is no finished dataset.
        ValueError: Its format cannot be read, or a row is damaged.
    """
    for row in _rows(folder, "sequences", split):
        yield Clip(
            sequence=row_to_sequence(row),
            geometry=row_to_geometry(row),
            gates=row_to_gates(row),
        )


def read_questions(folder: Path, split: Split | None = None) -> Iterator[SpatialQA]:
    """Yield the questions of one split, or of all, as they were packaged.

    Raises:
        FileNotFoundError: ``folder`` is no finished dataset.
        ValueError: Its format cannot be read, or a row is damaged.
    """
    for row in _rows(folder, "qa", split):
        yield row_to_qa(row)


def _rows(folder: Path, config: str, split: Split | None) -> Iterator[Row]:
    manifest = read_manifest(folder)
    for name in SPLITS if split is None else (split,):
        if manifest.shards_of(config, name):  # load_dataset refuses a split without files
            rows = datasets.load_dataset(str(folder), config, split=name, streaming=True)
            yield from rows.decode(enable=False)
