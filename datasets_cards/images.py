"""Images as PNG bytes: lossless, and the same bytes for the same pixels.

Depth is stored as 16-bit grey in millimetres, so it is rounded by at most
``DEPTH_ERROR_MM``; colours, instance ids and masks come back exactly. The bytes also depend on
the Pillow version, which a dataset's manifest therefore names.
"""

import io
from typing import Final

import numpy as np
from jaxtyping import Bool, Float32, UInt8, UInt16
from PIL import Image, UnidentifiedImageError

DEPTH_MAX_M: Final = 65.535  # the largest 16-bit number of millimetres
DEPTH_ERROR_MM: Final = 0.5  # half of a millimetre step; nearer than this reads as unknown (0)

_COMPRESS_LEVEL: Final = 6  # zlib's default; 9 takes twice the time for 1 % on rendered rooms


def encode_rgb(frame: UInt8[np.ndarray, "h w 3"]) -> bytes:
    """Encode one RGB frame."""
    return _encode(Image.fromarray(np.ascontiguousarray(frame)))


def decode_rgb(png: bytes) -> UInt8[np.ndarray, "h w 3"]:
    """Decode one RGB frame.

    Raises:
        ValueError: The bytes are not an 8-bit RGB PNG.
    """
    return np.array(_decode(png, "RGB"), dtype=np.uint8)


def encode_depth(depth: Float32[np.ndarray, "h w"]) -> bytes:
    """Encode a z-depth map (metres, 0 = unknown) as 16-bit millimetres.

    Raises:
        ValueError: A depth is negative, not a number or beyond ``DEPTH_MAX_M``.
    """
    good = (depth >= 0) & (depth <= np.float32(DEPTH_MAX_M))  # False for NaN
    if not good.all():
        raise ValueError(
            f"a depth map to be stored in 16-bit millimetres holds {float(depth[~good].flat[0])} "
            f"m; depths must lie in 0..{DEPTH_MAX_M} m, with 0 for unknown."
        )
    return encode_ids(np.rint(depth.astype(np.float64) * 1000.0).astype(np.uint16))


def decode_depth(png: bytes) -> Float32[np.ndarray, "h w"]:
    """Decode 16-bit millimetres to z-depth in metres.

    Raises:
        ValueError: The bytes are not a 16-bit grey PNG.
    """
    return decode_ids(png).astype(np.float32) / np.float32(1000.0)


def encode_ids(ids: UInt16[np.ndarray, "h w"]) -> bytes:
    """Encode a map of instance ids as 16-bit grey."""
    return _encode(Image.fromarray(np.ascontiguousarray(ids)))


def decode_ids(png: bytes) -> UInt16[np.ndarray, "h w"]:
    """Decode a map of instance ids.

    Raises:
        ValueError: The bytes are not a 16-bit grey PNG.
    """
    return np.array(_decode(png, "I;16"), dtype=np.uint16)


def encode_mask(mask: Bool[np.ndarray, "h w"]) -> bytes:
    """Encode a mask as 1-bit PNG."""
    return _encode(Image.fromarray(mask.astype(np.uint8) * np.uint8(255)).convert("1"))


def decode_mask(png: bytes) -> Bool[np.ndarray, "h w"]:
    """Decode a mask.

    Raises:
        ValueError: The bytes are not a 1-bit PNG.
    """
    # Straight to numpy, Pillow's 1-bit pixels become booleans stored as 255, which break hashes.
    grey = np.array(_decode(png, "1").convert("L"), dtype=np.uint8)
    return grey > 0


def _encode(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=_COMPRESS_LEVEL)
    return buffer.getvalue()


def _decode(png: bytes, mode: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(png), formats=("PNG",))
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError) as error:  # what Pillow raises for PNGs
        raise ValueError(f"an image does not decode as PNG: {error}") from error
    if image.mode != mode:
        raise ValueError(f"an image has pixel format {image.mode!r}, expected {mode!r}.")
    return image
