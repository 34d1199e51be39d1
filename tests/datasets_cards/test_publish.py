"""Publishing to a local folder."""

import json

import pytest
from example_records import example_clips, package_examples

from datasets_cards.check import check_dataset
from datasets_cards.files import sha256_of
from datasets_cards.manifest import MANIFEST_NAME, README_NAME
from datasets_cards.publish import publish_local


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def stage(tmp_path):
    package_examples(tmp_path / "stage")
    return tmp_path / "stage"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "published" / "dataset"


def test_the_published_folder_equals_the_packaged_one(stage, target):
    published = publish_local(stage, target)
    assert tree(target) == tree(stage)
    assert set(published.written) == set(tree(stage))
    assert published.bytes == sum(path.stat().st_size for path in stage.rglob("*.*"))
    assert check_dataset(target).ok


def test_the_card_follows_the_shards_and_the_manifest_is_last(stage, target):
    written = publish_local(stage, target).written
    assert written[-2:] == (README_NAME, MANIFEST_NAME)
    assert all(path.endswith(".parquet") for path in written[:4])


def test_publishing_twice_writes_nothing_the_second_time(stage, target):
    publish_local(stage, target)
    before = times(target)
    published = publish_local(stage, target)
    assert (published.written, published.removed, published.bytes) == ((), (), 0)
    assert published.unchanged == len(tree(stage))
    assert times(target) == before


def test_a_new_version_replaces_the_old_and_keeps_what_is_equal(stage, target, tmp_path):
    publish_local(stage, target)
    old = tree(target)
    package_examples(tmp_path / "next", example_clips(8))
    published = publish_local(tmp_path / "next", target)
    assert tree(target) == tree(tmp_path / "next")
    assert set(published.removed) == set(old) - set(tree(target))


def test_a_dry_run_tells_but_does_nothing(stage, target, tmp_path):
    told = publish_local(stage, target, dry_run=True)
    assert not target.exists()
    assert publish_local(stage, target) == told
    package_examples(tmp_path / "next", example_clips(8))
    before = tree(target)
    told = publish_local(tmp_path / "next", target, dry_run=True)
    assert tree(target) == before
    assert publish_local(tmp_path / "next", target) == told


@pytest.mark.parametrize("n_done", range(8))
def test_a_publication_killed_anywhere_is_finished_by_the_next_run(stage, target, tmp_path, n_done):
    package_examples(tmp_path / "old", example_clips(2))
    publish_local(tmp_path / "old", target)
    todo = publish_local(stage, target, dry_run=True).written
    for path in todo[:n_done]:  # what a killed run had done, in its order
        (target / path).write_bytes((stage / path).read_bytes())
    if n_done < len(todo):
        (target / (todo[n_done] + ".partial")).write_bytes(b"half")
    published = publish_local(stage, target)
    assert published.written == todo[n_done:]
    assert tree(target) == tree(stage)


def test_a_damaged_published_file_is_put_right(stage, target):
    publish_local(stage, target)
    victim = next((target / "qa").iterdir())
    damaged = bytearray(victim.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    victim.write_bytes(damaged)
    assert publish_local(stage, target).written == (f"qa/{victim.name}",)
    assert tree(target) == tree(stage)


def test_a_stage_that_was_changed_after_packaging_is_refused(stage, target):
    (stage / README_NAME).write_text("# Better figures")
    with pytest.raises(ValueError, match="changed after packaging"):
        publish_local(stage, target)
    assert not target.exists()


@pytest.mark.parametrize("path", ["../outside.md", "qa/../../outside.md", "/etc/motd", "C:\\x"])
@pytest.mark.parametrize("section", ["shards", "files"])
def test_a_manifest_that_names_files_elsewhere_is_refused(stage, target, section, path):
    manifest = json.loads((stage / MANIFEST_NAME).read_text())
    manifest[section][0]["path"] = path
    (stage / MANIFEST_NAME).write_text(json.dumps(manifest))
    (stage.parent / "outside.md").write_text("not of the dataset")
    with pytest.raises(ValueError, match="inside its folder"):
        publish_local(stage, target)
    assert not target.exists()


def test_a_stage_without_manifest_is_refused(stage, target):
    (stage / MANIFEST_NAME).unlink()
    with pytest.raises(FileNotFoundError, match="not a finished dataset"):
        publish_local(stage, target)


def test_a_folder_with_other_things_is_left_alone(stage, target):
    target.mkdir(parents=True)
    (target / "thesis.tex").write_text("precious")
    with pytest.raises(ValueError, match=r"holds thesis\.tex"):
        publish_local(stage, target)
    assert [path.name for path in target.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_place_of_the_folder_is_left_alone(stage, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ValueError, match="it is a file"):
        publish_local(stage, tmp_path / "file")
