"""The checker: sound datasets pass, and each fault is found and named."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from example_records import package_examples

from datasets_cards import images
from datasets_cards.check import check_dataset
from datasets_cards.manifest import (
    MANIFEST_NAME,
    README_NAME,
    STATISTICS_NAME,
    OtherFile,
    read_manifest,
    write_manifest,
)
from datasets_cards.shards import ShardWriter, read_rows
from synth.seeding import rng_for


@pytest.fixture
def folder(tmp_path):
    package_examples(tmp_path)
    return tmp_path


def faults_after(folder, config, change):
    """Write one split's shard again with changed rows and an honest manifest; check."""
    manifest = read_manifest(folder)
    (old,) = manifest.shards_of(config, "train")
    rows = list(read_rows(folder / old.path))
    change(rows)
    with ShardWriter(folder, config=config, split="train", max_shard_bytes=2**20) as writer:
        for row in rows:
            writer.add(row)
    (folder / old.path).unlink()
    shards = tuple(writer.shards[0] if s == old else s for s in manifest.shards)
    write_manifest(folder, replace(manifest, shards=shards))
    return check_dataset(folder).faults


def test_a_sound_dataset_has_no_faults(folder):
    report = check_dataset(folder)
    assert report.ok
    assert (report.shards, report.rows) == (4, 52)


def test_every_flipped_bit_is_found_and_its_file_named(folder):
    paths = [path for path in sorted(folder.rglob("*.*")) if path.name != MANIFEST_NAME]
    rng = rng_for(0, "bit flips")
    for _ in range(60):
        path = paths[rng.integers(len(paths))]
        good = path.read_bytes()
        damaged = bytearray(good)
        damaged[rng.integers(len(damaged))] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        (fault,) = check_dataset(folder).faults
        assert fault.file == path.relative_to(folder).as_posix()
        assert "its content was changed" in fault.what
        path.write_bytes(good)


def test_a_damaged_manifest_is_one_clear_fault(folder):
    (folder / MANIFEST_NAME).write_text("{")
    (fault,) = check_dataset(folder).faults
    assert (fault.file, fault.row) == (MANIFEST_NAME, None)


def test_a_manifest_of_a_later_format_is_refused(folder):
    path = folder / MANIFEST_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": "3.0"}))
    (fault,) = check_dataset(folder).faults
    assert "is of format 3.0, this version reads 2.1" in fault.what


def test_missing_cut_and_extra_files_are_found(folder):
    first, second, *_ = read_manifest(folder).shards
    (folder / first.path).unlink()
    (folder / second.path).write_bytes(b"short")
    (folder / "qa" / "train-00009-abc.parquet").write_bytes(b"")
    faults = {fault.file: fault.what for fault in check_dataset(folder).faults}
    assert "missing" in faults[first.path]
    assert "5 bytes" in faults[second.path]
    assert "does not list" in faults["qa/train-00009-abc.parquet"]
    assert len(faults) == 3  # questions about clips in the missing shard are no faults of their own


def test_a_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="not a finished dataset"):
        check_dataset(tmp_path)


def set_column(name, value, row=1):
    def change(rows):
        rows[row][name] = value

    return change


def cut_frame(rows):
    rows[1]["frames"] = rows[1]["frames"][:-1]


def spoil_frame(rows):
    rows[1]["frames"][2]["bytes"] = b"not a picture"


def shear_pose(rows):
    rows[1]["c2w"][0][0][1] += 0.1


def lose_pose(rows):
    rows[1]["requested_c2w"][0][0][3] = float("nan")


def resize_depth(rows):
    small = images.encode_depth(np.ones((2, 2), np.float32))
    rows[1]["depth"] = [{"bytes": small, "path": None}] * 2


def repeat_row(rows):
    rows.append(rows[1])


def repeat_object(rows):
    rows[1]["objects"][1]["instance_id"] = 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (cut_frame, "4 frames and 5 poses"),
        (spoil_frame, "does not decode as PNG"),
        (shear_pose, "not rigid"),
        (lose_pose, "not finite|not rigid"),
        (resize_depth, "must have the size in measured_intrinsics"),
        (repeat_object, "instance ids occur twice"),
        (set_column("n_frames", 9), "n_frames is 9"),
        (set_column("keyframes", [0, 99]), r"keyframes \[99\] lie outside"),
        (set_column("split", "test"), "it says split 'test'"),
        (set_column("requested_move", "moonwalk"), "moonwalk"),
        (set_column("keyframes", None), "NoneType"),
    ],
)
def test_a_faulty_clip_is_named_by_file_and_row(folder, change, what):
    faults = faults_after(folder, "sequences", change)
    assert faults[0].file.startswith("sequences/train-")
    assert faults[0].row == 1
    assert any(re.search(what, fault.what) for fault in faults), faults


def test_a_clip_that_occurs_twice_is_named(folder):
    faults = faults_after(folder, "sequences", repeat_row)
    assert any("occurs before" in fault.what for fault in faults)


def test_a_scene_in_two_splits_is_named(folder):
    test_scene = next(
        read_rows(folder / read_manifest(folder).shards_of("sequences", "test")[0].path)
    )
    faults = faults_after(folder, "sequences", set_column("scene_id", test_scene["scene_id"]))
    assert any("is in two splits" in fault.what for fault in faults)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (set_column("sequence_id", "nowhere"), "there is no sequence 'nowhere'"),
        (set_column("scene_id", "elsewhere"), "says scene 'elsewhere'"),
        (set_column("objects", [77]), r"no objects \[77\]"),
        (set_column("evidence_frames", [5]), r"frames \[5\] lie outside 0..4"),
        (set_column("kind", "riddle"), "riddle"),
        (set_column("answer", "Z"), "answer is 'Z'"),
        (set_column("correct", 9, row=0), "must index one of 4 options"),
        (set_column("options", ["a", "a"], row=0), "must differ"),
    ],
)
def test_a_faulty_question_is_named_by_file_and_row(folder, change, what):
    faults = faults_after(folder, "qa", change)
    assert any(re.search(what, fault.what) for fault in faults), faults
    assert faults[0].file.startswith("qa/train-")
    assert faults[0].row in (0, 1)


def test_figures_that_the_shards_do_not_give_are_found(folder):
    for name, text, what in (
        (STATISTICS_NAME, '"questions": 19', "figures differ"),
        (README_NAME, "sequences/train-", "not the shards of the manifest"),
    ):
        manifest = read_manifest(folder)
        path = folder / name
        good = path.read_text()
        assert text in good
        path.write_text(good.replace(text, text.replace("19", "20").replace("train-", "other-")))
        files = tuple(OtherFile.of(folder, entry.path) for entry in manifest.files)
        write_manifest(folder, replace(manifest, files=files))
        (fault,) = check_dataset(folder).faults
        assert (fault.file, fault.row) == (name, None)
        assert what in fault.what
        path.write_text(good)
        write_manifest(folder, manifest)
