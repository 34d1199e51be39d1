"""Parquet shards."""

import pyarrow.parquet as pq
import pytest
from example_records import example_clips, example_questions, rendered_clip

from datasets_cards.files import sha256_of
from datasets_cards.qa_rows import qa_to_row
from datasets_cards.rows import sequence_to_row
from datasets_cards.schema import QA, SCHEMAS
from datasets_cards.shards import ROW_GROUP_MAX_ROWS, ShardWriter, read_rows

MIB = 2**20


def qa_rows(n):
    question = qa_to_row(example_questions(example_clips(1))[0], split="train")
    return [{**question, "qa_id": f"q{i}"} for i in range(n)]


def write(folder, rows, *, config="qa", max_shard_bytes=MIB):
    with ShardWriter(
        folder, config=config, split="train", max_shard_bytes=max_shard_bytes
    ) as writer:
        for row in rows:
            writer.add(row)
    return writer.shards


def clip_rows():
    clips = [rendered_clip(f"room-{i}") for i in range(3)]
    return [sequence_to_row(c.sequence, c.geometry, c.gates, split="train") for c in clips]


@pytest.mark.parametrize(("config", "rows"), [("qa", qa_rows(250)), ("sequences", clip_rows())])
def test_the_same_rows_give_the_same_bytes(tmp_path, config, rows):
    (one,) = write(tmp_path / "a", rows, config=config)
    (other,) = write(tmp_path / "b", rows, config=config)
    assert one == other
    assert (tmp_path / "a" / one.path).read_bytes() == (tmp_path / "b" / one.path).read_bytes()


def test_rows_come_back_as_they_were_written(tmp_path):
    rows = clip_rows()
    (shard,) = write(tmp_path, rows, config="sequences")
    assert list(read_rows(tmp_path / shard.path)) == rows


def test_the_name_holds_the_hash_of_the_content(tmp_path):
    (shard,) = write(tmp_path, qa_rows(3))
    assert sha256_of(tmp_path / shard.path) == shard.sha256
    assert shard.path == f"qa/train-00000-{shard.sha256[:12]}.parquet"
    assert [p.name for p in (tmp_path / "qa").iterdir()] == [shard.path.split("/")[1]]


def test_row_groups_are_small_and_pages_have_an_index(tmp_path):
    (shard,) = write(tmp_path, qa_rows(250))
    with pq.ParquetFile(tmp_path / shard.path) as parquet:
        meta = parquet.metadata
        sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
        column = meta.row_group(0).column(0)
        assert column.has_column_index
        assert column.has_offset_index
        assert parquet.schema_arrow.metadata == QA.metadata
    assert sizes == [ROW_GROUP_MAX_ROWS, ROW_GROUP_MAX_ROWS, 50]


def test_a_flipped_bit_in_a_page_is_noticed_when_reading(tmp_path):
    (shard,) = write(tmp_path, qa_rows(50))
    path = tmp_path / shard.path
    with pq.ParquetFile(path) as parquet:
        offset = parquet.metadata.row_group(0).column(0).data_page_offset
    damaged = bytearray(path.read_bytes())
    damaged[offset + 100] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(OSError, match=r"CRC|crc|checksum|corrupt"):
        list(read_rows(path))


def test_a_full_shard_is_closed_and_the_next_one_begun(tmp_path):
    rows = qa_rows(30)
    shards = write(tmp_path, rows, max_shard_bytes=4000)
    assert len(shards) > 1
    assert [shard.path.split("-")[1] for shard in shards] == [
        f"{i:05d}" for i in range(len(shards))
    ]
    assert [row for shard in shards for row in read_rows(tmp_path / shard.path)] == rows


def test_no_rows_make_no_file(tmp_path):
    assert write(tmp_path, []) == []
    assert not (tmp_path / "qa").exists()


def test_a_row_that_does_not_fit_leaves_no_file_behind(tmp_path):
    rows = qa_rows(150)
    with pytest.raises(ValueError, match="does not fit"):
        write(tmp_path, [*rows, {**rows[0], "margin": None}])
    assert list((tmp_path / "qa").iterdir()) == []


def test_only_the_columns_asked_for_are_read(tmp_path):
    (shard,) = write(tmp_path, qa_rows(2))
    assert list(read_rows(tmp_path / shard.path, ["qa_id"])) == [{"qa_id": "q0"}, {"qa_id": "q1"}]
    assert set(SCHEMAS) == {"sequences", "qa"}
