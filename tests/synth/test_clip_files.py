"""Clips from disk: frames in order and in RGB, or a refusal that says why."""

import cv2
import numpy as np
import pytest

from synth.clip_files import ClipFileError, read_clip


def write_image(path, color, size=(4, 6)):
    """Write one flat image; ``color`` is RGB."""
    cv2.imwrite(str(path), np.full((*size, 3), color[::-1], dtype=np.uint8))


def write_video(path, n_frames, size=(32, 48)):
    """Write frames that get brighter; not every codec exists everywhere, this one does."""
    height, width = size
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 8.0, (width, height))
    for index in range(n_frames):
        video.write(np.full((height, width, 3), 20 * (index % 10 + 1), dtype=np.uint8))
    video.release()


def test_images_are_read_in_natural_order_as_rgb(tmp_path):
    for name, color in (("10.png", (0, 0, 255)), ("2.png", (0, 255, 0)), ("1.png", (255, 0, 0))):
        write_image(tmp_path / name, color)
    (tmp_path / "poses.txt").write_text("left alone")
    (tmp_path / ".3.png").write_text("hidden: left alone")
    frames = read_clip(tmp_path)
    assert frames.shape == (3, 4, 6, 3)
    assert frames.dtype == np.uint8
    assert frames[:, 0, 0].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]


def test_a_video_is_read_whole(tmp_path):
    write_video(tmp_path / "clip.avi", 5)
    frames = read_clip(tmp_path / "clip.avi")
    assert frames.shape == (5, 32, 48, 3)
    means = frames.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(means, [20, 40, 60, 80, 100], atol=3)


def test_a_clip_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ClipFileError, match="no such video or folder"):
        read_clip(tmp_path / "clip.mp4")


def test_a_folder_without_images_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ClipFileError, match="holds no image"):
        read_clip(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_an_image_that_cannot_be_decoded_is_refused_by_name(content, tmp_path):
    write_image(tmp_path / "1.png", (1, 2, 3))
    (tmp_path / "2.png").write_bytes(content)
    with pytest.raises(ClipFileError, match=r"2\.png: this is no image"):
        read_clip(tmp_path)


def test_images_of_two_sizes_are_refused(tmp_path):
    write_image(tmp_path / "1.png", (1, 2, 3))
    write_image(tmp_path / "2.png", (1, 2, 3), size=(4, 8))
    with pytest.raises(ClipFileError, match=r"2\.png: the image is 8x4 pixels, but 1\.png is 6x4"):
        read_clip(tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "the file is empty"), (b"no video at all" * 99, "no video that can be decoded")],
)
def test_a_file_that_is_no_video_is_refused(content, expected, tmp_path):
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(ClipFileError, match=expected):
        read_clip(tmp_path / "clip.mp4")


def test_a_video_that_is_cut_off_is_refused(tmp_path):
    write_video(tmp_path / "clip.avi", 40)
    whole = (tmp_path / "clip.avi").read_bytes()
    (tmp_path / "clip.avi").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ClipFileError, match="of 40 frames can be decoded; is it cut off"):
        read_clip(tmp_path / "clip.avi")


def test_a_text_file_is_no_video(tmp_path):
    poses = tmp_path / "poses.txt"  # FFmpeg would show its lines scrolling by
    poses.write_text("https://www.youtube.com/watch?v=x\n" + "0 1 0 0 0 0 1 0 0 0 0 1 0\n" * 40)
    with pytest.raises(ClipFileError, match="this is no video that can be decoded"):
        read_clip(poses)
