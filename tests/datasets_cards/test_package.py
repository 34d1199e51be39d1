"""Packaging, and what plain ``load_dataset`` makes of it."""

from dataclasses import replace

import datasets
import numpy as np
import pytest
from example_records import (
    example_accounting,
    example_clips,
    example_config,
    example_questions,
    package_examples,
    rendered_clip,
)

from datasets_cards.files import sha256_of
from datasets_cards.package import PackageConfig, package_dataset
from datasets_cards.schema import features_of
from datasets_cards.shards import read_rows


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def load(folder, config, cache, **options):
    return datasets.load_dataset(str(folder), config, cache_dir=str(cache), **options)


def test_the_same_records_give_the_same_bytes(tmp_path):
    package_examples(tmp_path / "a")
    package_examples(tmp_path / "b")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_packaging_again_into_the_same_folder_leaves_only_the_new_dataset(tmp_path):
    package_examples(tmp_path / "a", example_clips(6))
    package_examples(tmp_path / "a", example_clips(3))
    package_examples(tmp_path / "b", example_clips(3))
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


@pytest.mark.parametrize("config", ["sequences", "qa"])
def test_plain_load_dataset_gives_the_rows_and_features(tmp_path, config):
    manifest = package_examples(tmp_path / "dataset")
    loaded = load(tmp_path / "dataset", config, tmp_path / "cache")
    for split in ("train", "test"):
        written = [
            row
            for shard in manifest.shards_of(config, split)
            for row in read_rows(tmp_path / "dataset" / shard.path)
        ]
        assert loaded[split].features == features_of(config)
        assert loaded[split].data.table.to_pylist() == written


@pytest.mark.parametrize("config", ["sequences", "qa"])
def test_streaming_gives_the_same_rows(tmp_path, config):
    manifest = package_examples(tmp_path / "dataset")
    stream = load(
        tmp_path / "dataset", config, tmp_path / "cache", split="train", streaming=True
    ).decode(enable=False)
    written = [
        row
        for shard in manifest.shards_of(config, "train")
        for row in read_rows(tmp_path / "dataset" / shard.path)
    ]
    assert list(stream) == written


def test_a_reader_without_our_code_sees_images_poses_and_missing_values(tmp_path):
    package_examples(tmp_path / "dataset")
    loaded = load(tmp_path / "dataset", "sequences", tmp_path / "cache")
    rows = {row["sequence_id"]: row for split in loaded.values() for row in split}
    clip = rendered_clip("room-000000")
    rendered = rows[clip.sequence.sequence_id]
    np.testing.assert_array_equal(np.asarray(rendered["frames"][1]), clip.sequence.frames[1])
    np.testing.assert_array_equal(np.asarray(rendered["c2w"]), clip.geometry.c2w)
    depth = np.asarray(rendered["depth"][0]) / 1000
    np.testing.assert_allclose(depth, clip.geometry.depth[0], atol=0.00051)
    judged = rows["wan-t2v-000000/truck_left"]
    assert (judged["c2w"], judged["depth"]) == (None, None)
    assert judged["motion"]["move"] == "truck_left"
    assert rows["wan-t2v-000002/truck_left"]["motion"] is None


def test_a_rewritten_dataset_is_seen_by_plain_load_dataset(tmp_path):
    folder, cache = tmp_path / "dataset", tmp_path / "cache"
    package_examples(folder, example_clips(6))
    before = load(folder, "qa", cache, split="train")
    package_examples(folder, example_clips(4))
    after = load(folder, "qa", cache, split="train")
    package_examples(folder, example_clips(6))
    again = load(folder, "qa", cache, split="train")
    assert len(after) < len(before)
    assert again["qa_id"][:] == before["qa_id"][:]


def test_adding_scenes_moves_no_scene_to_another_split(tmp_path):
    def split_by_scene(n_rooms):
        folder = tmp_path / str(n_rooms)
        manifest = package_examples(folder, example_clips(n_rooms))
        return {
            row["scene_id"]: row["split"]
            for shard in manifest.shards
            for row in read_rows(folder / shard.path, ["scene_id", "split"])
        }

    few, many = split_by_scene(4), split_by_scene(12)
    assert few.items() <= many.items()
    assert set(many.values()) == {"train", "test"}


def test_small_shards_hold_the_same_rows(tmp_path):
    one = package_examples(tmp_path / "a")
    many = package_examples(tmp_path / "b", config=example_config(max_shard_bytes=20_000))
    assert len(many.shards) > len(one.shards)
    for config in ("sequences", "qa"):
        rows = [
            [r for s in m.shards_of(config) for r in read_rows(tmp_path / name / s.path)]
            for name, m in (("a", one), ("b", many))
        ]
        assert rows[0] == rows[1]


def test_packaging_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no clip to package"):
        package_examples(tmp_path, [])
    assert tree(tmp_path) == {}


def test_an_id_that_occurs_twice_is_refused(tmp_path):
    clip = rendered_clip("room-1")
    with pytest.raises(ValueError, match=r"sequence_id .* occurs twice"):
        package_examples(tmp_path, [clip, clip])
    questions = example_questions([clip])
    with pytest.raises(ValueError, match=r"qa_id .* occurs twice"):
        package_dataset(
            [clip],
            [*questions, questions[0]],
            example_accounting(),
            config=example_config(),
            folder=tmp_path,
        )


def test_a_question_about_no_clip_here_is_refused(tmp_path):
    clip = rendered_clip("room-1")
    strange = replace(example_questions([clip])[0], scene_id="room-2")
    with pytest.raises(ValueError, match="not among the clips"):
        package_dataset(
            [clip], [strange], example_accounting(), config=example_config(), folder=tmp_path
        )


def test_a_shard_size_of_nothing_is_refused():
    with pytest.raises(ValueError, match="max_shard_bytes must be > 0"):
        PackageConfig(card=example_config().card, max_shard_bytes=0)
