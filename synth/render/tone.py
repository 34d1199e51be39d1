"""Linear light to 8-bit sRGB: extended Reinhard, then the sRGB curve, by table."""

from functools import cache
from typing import Final

import numpy as np
from jaxtyping import Float32, UInt8, UInt16

WHITE: Final = 3.0  # linear value that becomes white
_STEPS: Final = 1 << 14  # entries of the sRGB table: exact to a rounding of 8 bits


def compress(linear: Float32[np.ndarray, "3 n"]) -> Float32[np.ndarray, "3 n"]:
    """Squeeze light into 0..1, in place (extended Reinhard; brighter than white may exceed 1)."""
    factor = linear * np.float32(1 / WHITE**2)
    factor += np.float32(1.0)
    factor /= linear + np.float32(1.0)
    linear *= factor
    return linear


def encode(compressed: Float32[np.ndarray, "*any"]) -> UInt8[np.ndarray, "*any"]:
    """Encode 0..1 as 8-bit sRGB."""
    index = np.minimum(compressed, np.float32(1.0))
    index *= np.float32(_STEPS - 1)
    return np.asarray(_TABLE.take(index.astype(np.int16)))


def encode_half(bits: UInt16[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h w 3"]:
    """Encode 0..1, given as the bits of 16-bit floats."""
    return np.asarray(_half_table().take(bits))


@cache
def _half_table() -> UInt8[np.ndarray, "65536"]:
    values = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
    return encode(np.clip(np.nan_to_num(values), 0.0, 1.0))


def _srgb_table() -> UInt8[np.ndarray, " steps"]:
    linear = (np.arange(_STEPS) + 0.5) / (_STEPS - 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (np.clip(srgb, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)


_TABLE: Final = _srgb_table()
