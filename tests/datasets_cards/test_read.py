"""A published dataset comes back as our types."""

from dataclasses import replace

import numpy as np
import pytest
from example_records import example_clips, example_questions, package_examples
from same import assert_same

from datasets_cards import images
from datasets_cards.publish import publish_local
from datasets_cards.read import read_clips, read_questions


def as_published(clip):
    """The clip with its depth in whole millimetres."""
    if clip.geometry is None or not clip.geometry.keyframes:
        return clip
    depth = [images.decode_depth(images.encode_depth(one)) for one in clip.geometry.depth]
    return replace(clip, geometry=replace(clip.geometry, depth=np.stack(depth)))


def test_published_clips_come_back_bit_for_bit(tmp_path):
    package_examples(tmp_path / "stage")
    publish_local(tmp_path / "stage", tmp_path / "dataset")
    read = {clip.sequence.sequence_id: clip for clip in read_clips(tmp_path / "dataset")}
    clips = example_clips()
    assert set(read) == {clip.sequence.sequence_id for clip in clips}
    for clip in clips:
        assert_same(read[clip.sequence.sequence_id], as_published(clip))


def test_published_questions_come_back_bit_for_bit(tmp_path):
    package_examples(tmp_path)
    read = {qa.qa_id: qa for qa in read_questions(tmp_path)}
    questions = example_questions(example_clips())
    assert len(read) == len(questions)
    for qa in questions:
        assert_same(read[qa.qa_id], qa)


def test_splits_share_no_scene_and_make_up_the_whole(tmp_path):
    package_examples(tmp_path)
    train = {clip.sequence.scene_id for clip in read_clips(tmp_path, "train")}
    test = {clip.sequence.scene_id for clip in read_clips(tmp_path, "test")}
    assert train
    assert test
    assert not train & test
    assert {qa.scene_id for qa in read_questions(tmp_path, "test")} <= test
    assert len(train | test) == 9


def test_a_split_without_scenes_reads_as_empty(tmp_path):
    (clip,) = example_clips()[:1]
    package_examples(tmp_path, [clip])
    sizes = [len(list(read_clips(tmp_path, split))) for split in ("train", "test")]
    assert sorted(sizes) == [0, 1]


def test_an_unfinished_dataset_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="not a finished dataset"):
        list(read_clips(tmp_path))
