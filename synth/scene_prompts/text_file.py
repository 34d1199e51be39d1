"""Scenes written by hand: a text file with one scene a line.

``A narrow bookshop with green shelves. | near: the wooden ladder | far: the shop window``. What
follows the bars names things for camera moves; left out, they are "the foreground", "the center of
the room" and "the far wall". Empty lines and lines that begin with ``#`` are skipped.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from synth.scene_prompts.scene import PromptScene

_DEFAULTS: Final[Mapping[str, str]] = {
    "near": "the foreground",
    "middle": "the center of the room",
    "far": "the far wall",
}
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")
_SAYS_MOVE: Final = re.compile(
    r"\b(camera|pans?|tilts?|zooms?|dolly|orbits?|tracking shot)\b", re.I
)
_BRACES: Final = re.compile(r"[{}]")


def read_scenes(path: Path) -> tuple[PromptScene, ...]:
    """Read a file of scenes.

    A scene is named after the file and its own text, so that lines may be moved and added.

    Raises:
        FileNotFoundError: The file does not exist.
        ValueError: A line is malformed, says how the camera moves, or repeats another; or no line
            holds a scene. The message names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path}: there is no such file of scenes; write one scene a line."
        ) from None
    except IsADirectoryError:
        raise ValueError(f"{path}: this is a folder; name the file of scenes in it.") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: scenes must be UTF-8 text: {error}") from error
    scenes: dict[str, PromptScene] = {}
    found_at: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        scene = _parse(text, f"{path}, line {number}", path.stem)
        if scene.scene_id in scenes:
            raise ValueError(
                f"{path}, line {number}: repeats the scene of line {found_at[scene.scene_id]}."
            )
        scenes[scene.scene_id] = scene
        found_at[scene.scene_id] = number
    if not scenes:
        raise ValueError(f"{path}: no line holds a scene; write one a line.")
    return tuple(scenes.values())


def _parse(text: str, where: str, stem: str) -> PromptScene:
    description, *parts = (part.strip() for part in text.split("|"))
    if not description:
        raise ValueError(f"{where}: the description before the first bar is empty.")
    if (said := _SAYS_MOVE.search(text)) is not None:
        raise ValueError(
            f"{where}: says {said.group()!r}; a scene says what is seen, and the camera's path "
            "adds how it is filmed."
        )
    if (brace := _BRACES.search(text)) is not None:
        raise ValueError(f"{where}: {brace.group()!r} is kept for templates; leave it out.")
    named = dict(_DEFAULTS)
    for part in parts:
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        if name not in _DEFAULTS or not colon or not value:
            raise ValueError(f"{where}: {part!r} is not 'near: ...', 'middle: ...' or 'far: ...'.")
        named[name] = value
    if not description.endswith((".", "!", "?")):
        description += "."
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    sentences = tuple(_SENTENCE_END.split(description))
    return PromptScene(
        scene_id=f"{re.sub(r'[^A-Za-z0-9_.-]', '_', stem)}-{digest}",
        sentences=sentences,
        n_needed=len(sentences),
        **named,
    )
