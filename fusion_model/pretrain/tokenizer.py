"""A small byte-level tokenizer of Qwen2's kind, whose words are whole template phrases.

Questions are mostly fixed wording around a few object names, numbers and directions. Everything
between those content words becomes one token, so a question costs ten to forty tokens instead of
a hundred, and training a tiny model on one core becomes affordable. Any other text still works:
it falls back to words and bytes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.pre_tokenizers import Sequence as InOrder
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

from fusion_model.chat import PAD, SPECIAL_TOKENS, TURN_END
from synth.furniture.tiny import FLOOR_COLORS, OBJECT_COLORS, TINY_CATEGORIES, WALL_COLORS

_LEAST_COUNT: Final = 20  # how often a phrase must occur to become a token
_VOCABULARY: Final = 640  # of the byte-pair model: 256 bytes and the corpus's words
# One digit a token as in Qwen2, words with their leading space, everything else on its own.
_PIECES: Final = r"\d| ?\p{L}+| ?[^\s\p{L}\d]|\s"


def content_words() -> tuple[str, ...]:
    """Return the words a question is about: never part of a phrase token, longest first."""
    words = {*TINY_CATEGORIES, *OBJECT_COLORS, *WALL_COLORS, *FLOOR_COLORS}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def template_phrases(texts: Sequence[str]) -> list[str]:
    """Return the wording that recurs between content words, in alphabetical order."""
    names = "|".join(re.escape(word) for word in content_words())
    between = re.compile(rf" ?\b(?:{names})\b|\d|\n[A-Z]\.|(?=\n)")
    counts = Counter(piece.rstrip(" ") for text in texts for piece in between.split(text) if piece)
    several = re.compile(r"\w\W+\w|\w\W+$|\n\w")  # one bare word or mark is no phrase
    return sorted(
        piece
        for piece, n in counts.items()
        if n >= _LEAST_COUNT and several.search(piece.strip(" "))
    )


def train_tokenizer(texts: Sequence[str]) -> PreTrainedTokenizerFast:
    """Build the tokenizer from rendered questions and descriptions."""
    raw = Tokenizer(BPE())
    raw.pre_tokenizer = InOrder(
        [Split(Regex(_PIECES), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    raw.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=_VOCABULARY,
        min_frequency=2,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(sorted(set(texts)), trainer)
    letters = [f"\n{letter}." for letter in "ABCDEF"]
    names = [lead + word for word in content_words() for lead in ("", " ")]
    phrases = [*template_phrases(texts), *letters, *names, "user\n", "assistant\n"]
    raw.add_tokens([AddedToken(phrase, normalized=False) for phrase in phrases])
    return PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token=PAD,
        eos_token=TURN_END,
        additional_special_tokens=[t for t in SPECIAL_TOKENS if t not in (PAD, TURN_END)],
        clean_up_tokenization_spaces=False,
    )
