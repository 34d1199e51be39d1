"""Equality of records that hold arrays: to the bit, types included."""

from dataclasses import fields, is_dataclass

import numpy as np


def assert_same(a, b):
    """Compare two records, tuples or values all the way down."""
    assert type(a) is type(b), (a, b)
    if is_dataclass(a):
        for field in fields(a):
            assert_same(getattr(a, field.name), getattr(b, field.name))
    elif isinstance(a, tuple):
        assert len(a) == len(b), (a, b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    elif isinstance(a, np.ndarray):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert a.tobytes() == b.tobytes()
    else:
        assert a == b
