"""Frames of a clip from disk: a video file, or a folder of images in natural order."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jaxtyping import UInt8

from synth.natural_order import natural_key

IMAGE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})

_ESTIMATE_OFF_BY: Final = 20  # one part in so many
_HEAD_BYTES: Final = 1024
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f\x1b")


class ClipFileError(ValueError):
    """A clip cannot be read; the message names the file, the cause and the cure."""


def read_clip(path: Path) -> UInt8[np.ndarray, "t h w 3"]:
    """Read all frames as RGB.

    Args:
        path: A video that OpenCV can decode, or a folder of images; in a folder, files that are no
            images and hidden files are left alone, and ``2.png`` comes before ``10.png``.

    Raises:
        ClipFileError: There is no such clip, it holds no frame, a frame cannot be decoded, or
            frames differ in size.
    """
    if path.is_dir():
        return _read_images(path)
    if not path.exists():
        raise ClipFileError(f"{path}: there is no such video or folder of images")
    return _read_video(path)


def _read_images(folder: Path) -> UInt8[np.ndarray, "t h w 3"]:
    files = sorted(
        (
            file
            for file in folder.iterdir()
            if file.suffix.lower() in IMAGE_SUFFIXES and not file.name.startswith(".")
        ),
        key=lambda file: natural_key(file.name),
    )
    if not files:
        known = " ".join(sorted(IMAGE_SUFFIXES))
        raise ClipFileError(f"{folder}: the folder holds no image ({known})")
    frames = [_read_image(file) for file in files]
    for file, frame in zip(files, frames, strict=True):
        if frame.shape != frames[0].shape:
            (height, width), (first_height, first_width) = frame.shape[:2], frames[0].shape[:2]
            raise ClipFileError(
                f"{file}: the image is {width}x{height} pixels, but {files[0].name} is "
                f"{first_width}x{first_height}; frames of one clip need one size"
            )
    return np.stack(frames)


def _read_image(file: Path) -> UInt8[np.ndarray, "h w 3"]:
    try:
        data = np.frombuffer(file.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise ClipFileError(f"{file}: it cannot be read ({error.strerror})") from None
    # An empty buffer is an error of OpenCV's own, other rubbish gives None.
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if image is None:
        raise ClipFileError(f"{file}: this is no image that can be decoded; is it cut off?")
    return np.ascontiguousarray(image[..., ::-1])


def _read_video(path: Path) -> UInt8[np.ndarray, "t h w 3"]:
    if path.stat().st_size == 0:
        raise ClipFileError(f"{path}: the file is empty")
    video = cv2.VideoCapture(str(path))
    try:
        # FFmpeg would film the lines of a .txt file as they scroll by.
        if not video.isOpened() or _is_text(path):
            raise ClipFileError(
                f"{path}: this is no video that can be decoded; convert it to H.264 in mp4, or "
                "pass a folder of its frames"
            )
        announced = round(video.get(cv2.CAP_PROP_FRAME_COUNT))
        frames = []
        while True:
            found, frame = video.read()
            if not found:
                break
            frames.append(np.ascontiguousarray(frame[..., ::-1]))
    finally:
        video.release()
    if not frames:
        raise ClipFileError(f"{path}: no frame of the video can be decoded")
    # Some containers announce a length that is only estimated from the duration.
    if announced - len(frames) > max(1, announced // _ESTIMATE_OFF_BY):
        raise ClipFileError(
            f"{path}: only {len(frames)} of {announced} frames can be decoded; is it cut off?"
        )
    return np.stack(frames)


def _is_text(path: Path) -> bool:
    """Say whether a file begins without any byte that text never has and containers always do."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return all(byte >= ord(" ") or byte in _TEXT_CONTROLS for byte in head)
