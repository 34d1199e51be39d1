"""Frames as film strips in data URIs, small enough for dozens in one page."""

import base64
import io

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

_QUALITY = 86
# Near to far: five anchors of a light-to-dark ramp that also reads in grey.
_RAMP = np.array(
    [[253, 231, 157], [244, 162, 97], [201, 86, 102], [110, 55, 120], [32, 24, 62]], np.float64
)


def strip_uri(frames: UInt8[np.ndarray, "t h w 3"]) -> str:
    """Put frames side by side into one WebP picture and return it as a data URI."""
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate(list(frames), axis=1)).save(
        buffer, "WEBP", quality=_QUALITY, method=4
    )
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def depth_to_rgb(depth: Float32[np.ndarray, "t h w"]) -> UInt8[np.ndarray, "t h w 3"]:
    """Colour z-depth from its nearest (light) to its farthest (dark) value; unknown is black."""
    known = depth > 0
    if not known.any():
        return np.zeros((*depth.shape, 3), np.uint8)
    near, far = np.log(depth[known].min()), np.log(depth[known].max())
    position = (np.log(np.where(known, depth, 1.0)) - near) / max(far - near, 1e-6)
    anchors = np.linspace(0.0, 1.0, len(_RAMP))
    channels = [np.interp(position, anchors, _RAMP[:, c]) for c in range(3)]
    colored: UInt8[np.ndarray, "t h w 3"] = (np.stack(channels, axis=-1) * known[..., None]).astype(
        np.uint8
    )
    return colored
