"""What the tiny language and image models learn from: filmed rooms, and questions about them.

Scene ids start with ``pretrain-``, so no room of a dataset is ever among them.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import UInt8

from qa_gen.config import TINY_KINDS, LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.record import SpatialQA
from synth.film import FilmConfig, FilmedClip, film_room
from synth.measure.oracle import measure_rendered
from synth.rooms.config import TINY_ROOMS
from synth.scene import SceneObject

_SEEN_PIXELS: Final = 24  # of 64 x 64; fewer are a smudge that no caption should name


class CaptionedFrame(NamedTuple):
    """A frame and what can be seen in it, largest first, e.g. ``("blue walls", "a red sofa")``."""

    rgb: UInt8[np.ndarray, "h w 3"]
    phrases: tuple[str, ...]


class AskedScene(NamedTuple):
    """A description of a clip, and questions about it."""

    description: str
    qas: tuple[SpatialQA, ...]


def _clips(n_rooms: int, seed: int) -> Iterator[FilmedClip]:
    config = FilmConfig()
    for number in range(n_rooms):
        for clip in film_room(f"pretrain-{number:06d}", seed, TINY_ROOMS, config):
            if isinstance(clip, FilmedClip):
                yield clip


def captioned_frames(n_rooms: int, seed: int) -> list[CaptionedFrame]:
    """Film rooms and caption the first, middle and last frame of each clip."""
    frames = []
    for clip in _clips(n_rooms, seed):
        walls = clip.sequence.prompt.split(" in a room with ")[1].split(",")[0].split(" and a ")
        n_frames = len(clip.sequence.frames)
        for index in (0, n_frames // 2, n_frames - 1):
            seen = sorted(
                (o for o in clip.truth.objects if o.visible_pixels[index] >= _SEEN_PIXELS),
                key=_by_size_in(index),
            )
            phrases = (walls[0], f"a {walls[1]}", *(_named(o) for o in seen))
            frames.append(CaptionedFrame(clip.sequence.frames[index], phrases))
    return frames


def _by_size_in(frame: int) -> Callable[[SceneObject], int]:
    return lambda thing: -int(thing.visible_pixels[frame])


def _named(thing: SceneObject) -> str:
    article = "an" if thing.color[0] in "aeiou" else "a"
    return f"{article} {thing.color} {thing.category}"


def asked_scenes(n_rooms: int, seed: int) -> list[AskedScene]:
    """Film rooms and ask the kinds of questions that the tiny models are taught to read."""
    config = LabelConfig(kinds=TINY_KINDS, phrasing="canonical", references="category")
    scenes = []
    for clip in _clips(n_rooms, seed):
        geometry = measure_rendered(clip.sequence, clip.truth)
        asked = label_sequence(geometry, config, seed)
        qas = tuple(item for item in asked if isinstance(item, SpatialQA))
        description = clip.sequence.prompt.split(" in ", 1)[1]  # without the camera's move
        scenes.append(AskedScene(description, qas))
    return scenes
