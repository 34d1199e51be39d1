"""PNG bytes: lossless where they say so, and refused where they are not what they should be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from datasets_cards import images

SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9))


def depth_maps(values):
    return SIDES.flatmap(lambda shape: hnp.arrays(np.float32, shape, elements=values))


@given(SIDES.flatmap(lambda shape: hnp.arrays(np.uint8, (*shape, 3))))
def test_frames_come_back_bit_for_bit(frame):
    np.testing.assert_array_equal(images.decode_rgb(images.encode_rgb(frame)), frame)


@given(SIDES.flatmap(lambda shape: hnp.arrays(np.uint16, shape)))
def test_instance_ids_come_back_bit_for_bit(ids):
    np.testing.assert_array_equal(images.decode_ids(images.encode_ids(ids)), ids)


@given(SIDES.flatmap(lambda shape: hnp.arrays(np.bool_, shape)))
def test_masks_come_back_bit_for_bit(mask):
    read = images.decode_mask(images.encode_mask(mask))
    assert (read.dtype, read.tobytes()) == (mask.dtype, mask.tobytes())


@given(depth_maps(st.floats(0.0, 65.5, width=32)))
def test_depth_is_off_by_at_most_half_a_millimetre(depth):
    read = images.decode_depth(images.encode_depth(depth))
    error_mm = np.abs(read.astype(np.float64) - depth.astype(np.float64)) * 1000
    assert error_mm.max() <= images.DEPTH_ERROR_MM + 0.005  # float32 at 65 m steps by 0.004 mm


@given(depth_maps(st.floats(0.0, 65.5, width=32)))
def test_depth_that_was_read_is_written_to_the_same_bytes(depth):
    png = images.encode_depth(depth)
    assert images.encode_depth(images.decode_depth(png)) == png


def test_depth_of_1234_millimetres_is_stored_as_the_number_1234():
    depth = np.array([[1.2341, 0.0]], np.float32)
    np.testing.assert_array_equal(images.decode_ids(images.encode_depth(depth)), [[1234, 0]])


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, 65.6])
def test_depth_that_does_not_fit_sixteen_bits_is_refused(bad):
    with pytest.raises(ValueError, match="16-bit millimetres"):
        images.encode_depth(np.array([[1.0, bad]], np.float32))


def test_bytes_that_are_no_png_are_refused():
    png = images.encode_rgb(np.zeros((4, 4, 3), np.uint8))
    for damaged in (b"", b"no image", png[: len(png) // 2]):
        with pytest.raises(ValueError, match="does not decode"):
            images.decode_rgb(damaged)


def test_a_png_of_another_pixel_format_is_refused():
    with pytest.raises(ValueError, match="'RGB', expected 'I;16'"):
        images.decode_depth(images.encode_rgb(np.zeros((4, 4, 3), np.uint8)))
