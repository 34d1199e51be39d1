"""Prompt templates: how a move and a scene become the 80 to 100 words that Wan wants.

Rules (Wan's prompt guide and its rewriting prompts, WorldScore's templates): one move a clip, said
first and last, with a speed and a named target; the world is declared rigid; one continuous shot.
Templates have ids, so that the yield of each can be counted; published ones are never edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from synth.moves import Move
from synth.scene_prompts.moves import SPEEDS, fill, move_words
from synth.scene_prompts.scene import PromptScene
from synth.seeding import rng_for

MIN_WORDS: Final = 80
MAX_WORDS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTemplate:
    """The order of a prompt's parts.

    Attributes:
        id: Published name; yields are counted by it.
        opening: Before the scene; ``{move}`` is the move's sentence.
        closing: After the scene; ``{phrase}`` is the move's closing phrase.
    """

    id: str
    opening: str
    closing: str


TEMPLATES: Final[Mapping[str, PromptTemplate]] = MappingProxyType(
    {
        template.id: template
        for template in (
            PromptTemplate(
                id="move-first-v1",
                opening="{move}",
                closing="No people, nothing in the room moves. One continuous shot without cuts: "
                "{phrase}.",
            ),
            PromptTemplate(
                id="walkthrough-v1",
                opening="One continuous shot. {move}",
                closing="No people, everything stays motionless; only the camera moves: {phrase}.",
            ),
            PromptTemplate(
                id="film-grammar-v1",
                opening="{move} Wide shot.",
                closing="A still, deserted interior: no people, nothing moves, no cuts. "
                "Camera: {phrase}.",
            ),
        )
    }
)
# "Only the camera moves" contradicts a camera that does not.
_MOVING_ONLY: Final = frozenset({"walkthrough-v1"})


def templates_for(move: Move) -> tuple[PromptTemplate, ...]:
    """Return the templates that can say a move."""
    return tuple(
        template
        for template in TEMPLATES.values()
        if move is not Move.STATIC or template.id not in _MOVING_ONLY
    )


def write_prompt(template: PromptTemplate, scene: PromptScene, move: Move, *, seed: int) -> str:
    """Write the prompt of a clip.

    Sentences of the scene that are not needed are taken in order as long as the prompt stays
    within 100 words. Scenes of the grammar always reach 80; those of a text file need not.

    Args:
        template: Decides what comes first and last.
        scene: What is filmed.
        move: What the camera does.
        seed: Of the run; draws the speed word.

    Raises:
        ValueError: The template cannot say the move.
    """
    if template not in templates_for(move):
        raise ValueError(
            f"writing a prompt: the template {template.id} cannot say {move}; use one of "
            f"{', '.join(each.id for each in templates_for(move))}."
        )
    rng = rng_for(seed, scene.scene_id, str(move), "speed")
    how = SPEEDS[int(rng.integers(len(SPEEDS)))]
    words = move_words(move)
    opening = template.opening.format(move=fill(words.sentence, scene, how))
    closing = template.closing.format(phrase=fill(words.phrase, scene, how))
    kept = list(scene.sentences[: scene.n_needed])
    for sentence in scene.sentences[scene.n_needed :]:
        if count_words([opening, *kept, sentence, closing]) <= MAX_WORDS:
            kept.append(sentence)
    return " ".join([opening, *kept, closing])


def count_words(texts: Sequence[str]) -> int:
    """Return the number of words, as separated by blanks."""
    return sum(len(text.split()) for text in texts)
