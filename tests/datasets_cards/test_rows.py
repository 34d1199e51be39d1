"""Records to rows and back."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
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
from datasets_cards.qa_rows import qa_to_row, row_to_qa
from datasets_cards.rows import (
    row_to_gates,
    row_to_geometry,
    row_to_sequence,
    sequence_to_row,
)
from datasets_cards.schema import SCHEMAS, check_complete, schema_of
from qa_gen.answers import Box, FreeText, Order
from qa_gen.record import Mark

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
    with pytest.raises(ValueError, match="columns of one answer"):
        row_to_qa({**row, "quantity": 1.0})


def test_frames_of_different_sizes_are_refused():
    row = row_of(CLIPS[0])
    small = {"bytes": images.encode_rgb(np.zeros((2, 2, 3), np.uint8)), "path": None}
    with pytest.raises(ValueError, match="all of one size"):
        row_to_sequence({**row, "frames": [*row["frames"][:-1], small]})


ANSWERS = (
    FreeText(("on the left", "left")),
    Order(("sofa", "red chair", "table")),
    Box("image", (10.0, 20.0, 300.0, 400.0), 4),
    Box("camera", (0.1, -0.25, 2.5, 1.0, 0.5, 0.75, 0.0, -12.5, 90.0), 0),
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_every_type_of_answer_survives(answer):
    marks = (Mark(label="A", frame=4, x=310, y=540),)
    qa = replace(example_questions(CLIPS)[0], answer=answer, frames=(4, 0), marks=marks)
    row = qa_to_row(qa, split="train")
    check_complete("qa", row)
    table = pa.Table.from_pylist([row], schema=SCHEMAS["qa"])
    assert_same(row_to_qa(table.to_pylist()[0]), qa)


def test_rows_of_the_format_before_are_still_read():
    qa = replace(example_questions(CLIPS)[0], categories=())
    row = qa_to_row(qa, split="train")
    old = {name: row[name] for name in schema_of("qa", "2.0").names}
    assert len(old) < len(row)
    check_complete("qa", old, "2.0")
    with pytest.raises(ValueError, match=r"does not fit format 2\.1: columns missing"):
        check_complete("qa", old)
    assert_same(row_to_qa(old), qa)

    row = row_of(CLIPS[0])
    names = schema_of("sequences", "2.0").names
    objects = [{k: v for k, v in o.items() if k != "facing"} for o in row["objects"]]
    old = {name: row[name] for name in names} | {"objects": objects}
    check_complete("sequences", old, "2.0")
    assert_same(row_to_geometry(old), row_to_geometry(row))
