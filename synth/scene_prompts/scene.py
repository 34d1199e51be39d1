"""What a prompt says about a place: its text, and the things a camera move can name.

A move that names what it passes and where it goes ("past the sofa toward the window") makes the
model keep both in view, so that there is parallax to check; hence three layers of depth.
"""

import re
from dataclasses import dataclass
from typing import Final

_SCENE_ID: Final = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptScene:
    """A place to be filmed, in words.

    Attributes:
        scene_id: Without slashes; sequences are named after it.
        sentences: Description, most important first; a prompt takes as many as it has words for,
            and always the first ``n_needed``.
        n_needed: Sentences no prompt leaves out.
        near: What stands in the foreground, with its article: "the armchair".
        middle: What stands in the middle; orbits go around it.
        far: The plane in the background: "the tall window".

    Raises:
        ValueError: An id or text is missing or malformed.
    """

    scene_id: str
    sentences: tuple[str, ...]
    n_needed: int
    near: str
    middle: str
    far: str

    def __post_init__(self) -> None:
        if not _SCENE_ID.fullmatch(self.scene_id):
            raise ValueError(
                f"PromptScene: scene_id is letters, digits, '_', '.' and '-', got "
                f"{self.scene_id!r}."
            )
        if not 1 <= self.n_needed <= len(self.sentences):
            raise ValueError(
                f"PromptScene {self.scene_id}: n_needed={self.n_needed} of "
                f"{len(self.sentences)} sentences."
            )
        for text in (*self.sentences, self.near, self.middle, self.far):
            if not text.strip():
                raise ValueError(f"PromptScene {self.scene_id}: a text is empty.")

    @property
    def description(self) -> str:
        """Return all sentences as one text."""
        return " ".join(self.sentences)
