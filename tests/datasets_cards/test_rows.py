"""Records to rows and back."""

from dataclasses import replace

import numpy as np
import pytest
from example_records import (
    example_clips,
    example_questions,
    judged_clip,
    rendered_clip,
    unmeasured_clip,
)
from same import assert_same

from datasets_cards import images
from datasets_cards.rows import (
    qa_to_row,
    row_to_gates,
    row_to_geometry,
    row_to_qa,
    row_to_sequence,
    sequence_to_row,
)
from datasets_cards.schema import check_complete

CLIPS = [rendered_clip("room-1"), judged_clip("wan-1"), unmeasured_clip("wan-2")]


def row_of(clip):
    return sequence_to_row(clip.sequence, clip.geometry, clip.gates, split="train")


@pytest.mark.parametrize("clip", CLIPS)
def test_a_sequence_comes_back_bit_for_bit(clip):
    assert_same(row_to_sequence(row_of(clip)), clip.sequence)


@pytest.mark.parametrize("clip", CLIPS)
def test_gates_come_back(clip):
    assert row_to_gates(row_of(clip)) == clip.gates


@pytest.mark.parametrize("clip", CLIPS)
def test_geometry_comes_back_with_depth_in_whole_millimetres(clip):
    read = row_to_geometry(row_of(clip))
    if clip.geometry is None:
        assert read is None
        return
    rounded = [images.decode_depth(images.encode_depth(d)) for d in clip.geometry.depth]
    depth = np.stack(rounded) if rounded else clip.geometry.depth
    assert_same(read, replace(clip.geometry, depth=depth))


@pytest.mark.parametrize("clip", CLIPS)
def test_every_row_fits_the_format(clip):
    check_complete("sequences", row_of(clip))


def test_a_free_path_has_no_requested_move():
    sequence = rendered_clip("room-1").sequence
    free = replace(
        sequence.requested,
        name="waypoints",
        move=None,
        amount=0.0,
        params=(("knots", 4.0),),
        timestamps_s=np.linspace(0.0, 1.0, len(sequence.frames)),
    )
    row = sequence_to_row(replace(sequence, requested=free), None, None, split="test")
    assert row["requested_move"] is None
    assert_same(row_to_sequence(row).requested, free)


def test_questions_come_back_bit_for_bit():
    for qa in example_questions(example_clips()):
        row = qa_to_row(qa, split="train")
        check_complete("qa", row)
        assert_same(row_to_qa(row), qa)


def test_a_clip_is_not_joined_with_the_geometry_of_another():
    with pytest.raises(ValueError, match="its own geometry"):
        sequence_to_row(CLIPS[0].sequence, rendered_clip("room-2").geometry, None, split="train")


def test_a_row_with_two_kinds_of_answers_is_refused():
    row = qa_to_row(example_questions(CLIPS)[0], split="train")
    with pytest.raises(ValueError, match="either options"):
        row_to_qa({**row, "quantity": 1.0})


def test_frames_of_different_sizes_are_refused():
    row = row_of(CLIPS[0])
    small = {"bytes": images.encode_rgb(np.zeros((2, 2, 3), np.uint8)), "path": None}
    with pytest.raises(ValueError, match="all of one size"):
        row_to_sequence({**row, "frames": [*row["frames"][:-1], small]})
