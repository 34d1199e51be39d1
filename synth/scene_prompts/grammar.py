"""Scenes from a grammar: room, style, materials, three layers of things, light; seeded."""

from typing import TypeVar

import numpy as np

from synth.scene_prompts.scene import PromptScene
from synth.scene_prompts.vocabulary import (
    DETAILS,
    FLOORS,
    LIGHTS,
    MATERIALS,
    ROOMS,
    STYLES,
    WALLS,
    RoomWords,
)
from synth.seeding import rng_for

_Item = TypeVar("_Item")
ROOM_NAMES = tuple(room.name for room in ROOMS)


def sample_scene(scene_id: str, seed: int, *, room: str | None = None) -> PromptScene:
    """Draw a scene; the same arguments give the same words.

    Args:
        scene_id: Names the scene and its random stream.
        seed: Of the run.
        room: Kind of room, one of ``ROOM_NAMES``; ``None`` draws it.

    Raises:
        ValueError: The kind of room is unknown.
    """
    rng = rng_for(seed, scene_id, "scene_prompt")
    words = _pick(rng, ROOMS)
    if room is not None:
        if room not in ROOM_NAMES:
            raise ValueError(
                f"sampling a scene: no room {room!r}; the grammar has {', '.join(ROOM_NAMES)}."
            )
        words = ROOMS[ROOM_NAMES.index(room)]
    near, middle, far = _pick(rng, words.near), _pick(rng, words.middle), _pick(rng, words.far)
    return PromptScene(
        scene_id=scene_id,
        sentences=_sentences(rng, words, near, middle, far),
        n_needed=4,
        near=f"the {near}",
        middle=f"the {middle}",
        far=f"the {far}",
    )


def _sentences(
    rng: np.random.Generator, words: RoomWords, near: str, middle: str, far: str
) -> tuple[str, ...]:
    side, other = _pick(rng, (("left", "right"), ("right", "left")))
    first, second = rng.choice(len(MATERIALS), 2, replace=False)
    near_material, middle_material = MATERIALS[first], MATERIALS[second]
    place = f"{_pick(rng, STYLES)} {words.name} with {_pick(rng, WALLS)} and {_pick(rng, FLOORS)}."
    return (
        f"{place[0].upper()}{place[1:]}",
        f"Close to the camera on the {side} stands {_with_article(near)} in {near_material}.",
        f"Behind it, in the middle of the room, is {_with_article(middle)} in {middle_material}.",
        f"The {far} closes the background.",
        _pick(rng, LIGHTS),
        f"There are {_pick(rng, words.small)} on the {other}.",
        _pick(rng, DETAILS),
    )


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _pick(rng: np.random.Generator, items: tuple[_Item, ...]) -> _Item:
    return items[int(rng.integers(len(items)))]
