"""A frozen text encoder whose outputs are far apart by construction.

A small text encoder trained jointly with the video model collapses: all camera sentences get
nearly the same embedding (cosine 0.94-1.00), and the video model cannot tell the moves apart
whatever its training. So nothing is learnt here. Every word has its own random code, and one
self-attention layer of a real ``UMT5EncoderModel`` adds, through its relative-position bias, the
rotated codes of the two words before, one head per offset: "left" after "pans" differs from "left"
after "trucks", and "walls" after "white" from "walls" after "blue".
"""

from collections.abc import Sequence
from typing import Final

import torch
from jaxtyping import Float
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel
from tokenizers.processors import TemplateProcessing
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

from synth.furniture.tiny import FLOOR_COLORS, OBJECT_COLORS, TINY_CATEGORIES, WALL_COLORS
from synth.prompts import PARAPHRASES
from synth.wan.models import TEXT_DIM, TEXT_POSITIONS
from synth.wan.training import torch_generator

_SPECIAL: Final = ("<pad>", "</s>", "<unk>")
_GRAMMAR: Final = "a an and the in of on near with room walls wall floor there is"
# How much of its neighbours goes into a token: (offset, gain), one attention head each;
# more makes sentences that share words alike, less makes word pairs alike.
_NEIGHBOURS: Final = ((-1, 0.7), (-2, 0.35))
_BUCKETS: Final = 32  # of the relative position; small offsets have one each
# Attention scores: the wanted offset, else (at the start of a sentence) the token itself.
_WANTED_SCORE: Final = 60.0
_FALLBACK_SCORE: Final = 30.0


def vocabulary() -> tuple[str, ...]:
    """Return every word that prompts can contain, special tokens first."""
    tables = (WALL_COLORS, FLOOR_COLORS, OBJECT_COLORS, TINY_CATEGORIES)
    sentences = [*(name for table in tables for name in table), _GRAMMAR]
    sentences += [phrase for phrases in PARAPHRASES.values() for phrase in phrases]
    return _SPECIAL + tuple(sorted({word for s in sentences for word in s.split()}))


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Build the word-level tokenizer: lower case, punctuation dropped, ``</s>`` at the end."""
    words = vocabulary()
    backend = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(behavior="removed")]
    )
    backend.post_processor = TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", words.index("</s>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=TEXT_POSITIONS,
    )


@torch.no_grad()
def make_text_encoder(seed: int = 0) -> UMT5EncoderModel:
    """Build the frozen encoder; the same seed gives the same weights."""
    n_words, n_heads = len(vocabulary()), len(_NEIGHBOURS)
    config = UMT5Config(
        vocab_size=n_words,
        d_model=TEXT_DIM,
        d_kv=TEXT_DIM,
        d_ff=8,
        num_layers=1,
        num_heads=n_heads,
        relative_attention_num_buckets=_BUCKETS,
        feed_forward_proj="relu",
        dropout_rate=0.0,
        pad_token_id=_SPECIAL.index("<pad>"),
        eos_token_id=_SPECIAL.index("</s>"),
        decoder_start_token_id=_SPECIAL.index("<pad>"),
        tie_word_embeddings=True,
    )
    encoder = UMT5EncoderModel(config)
    noise = torch_generator(seed, "text codes")
    if n_words > TEXT_DIM:
        raise ValueError(
            f"text codes: {n_words} words do not fit {TEXT_DIM} orthogonal codes; raise TEXT_DIM."
        )
    # Rows of a random rotation: every two words are exactly orthogonal, with RMS 1.
    encoder.shared.weight.copy_(_rotation(noise)[:n_words] * TEXT_DIM**0.5)
    attention = encoder.encoder.block[0].layer[0].SelfAttention
    for layer in (attention.q, attention.k):
        nn.init.zeros_(layer.weight)  # the scores are the position bias alone
    nn.init.zeros_(attention.relative_attention_bias.weight)
    for head, (offset, gain) in enumerate(_NEIGHBOURS):
        rows = slice(head * TEXT_DIM, (head + 1) * TEXT_DIM)
        attention.v.weight[rows] = _rotation(noise)
        attention.o.weight[:, rows] = gain * torch.eye(TEXT_DIM)
        attention.relative_attention_bias.weight[0, head] = _FALLBACK_SCORE  # offset 0
        bucket = -offset if offset < 0 else _BUCKETS // 2 + offset
        attention.relative_attention_bias.weight[bucket, head] = _WANTED_SCORE
    nn.init.zeros_(encoder.encoder.block[0].layer[1].DenseReluDense.wo.weight)
    return encoder.eval().requires_grad_(requires_grad=False)


@torch.no_grad()
def embed(
    encoder: UMT5EncoderModel, tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str]
) -> Float[Tensor, "b n d"]:
    """Embed prompts exactly as ``WanPipeline`` does: zeros after ``</s>``, ``n`` fixed.

    ``n`` is ``TEXT_POSITIONS``; the transformer attends to the zero positions too, which is why
    training and sampling must use the same number.
    """
    batch = tokenizer(
        list(prompts),
        padding="max_length",
        max_length=TEXT_POSITIONS,
        truncation=True,
        return_tensors="pt",
    )
    mask = batch.attention_mask
    states: Tensor = encoder(batch.input_ids, mask).last_hidden_state
    return states * mask[..., None]


def sentence_cosines(
    encoder: UMT5EncoderModel, tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str]
) -> Float[Tensor, "b b"]:
    """Return the cosines between sentences' mean embeddings; near 1 means collapsed."""
    pooled = embed(encoder, tokenizer, prompts).sum(1)
    pooled = pooled / pooled.norm(dim=1, keepdim=True)
    return pooled @ pooled.T


def token_cosines(
    encoder: UMT5EncoderModel, tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str]
) -> Float[Tensor, "b b"]:
    """Return, per pair of sentences, how well tokens of the first are found in the second.

    For the token of sentence i that differs most from all tokens of sentence j: its best cosine
    among the tokens of j. Below 1 means the two can be told apart by attending to one token.
    """
    states = embed(encoder, tokenizer, prompts)
    unit = nn.functional.normalize(states, dim=-1)
    pairs = torch.einsum("ind,jmd->ijnm", unit, unit)
    is_word = states.abs().sum(-1) > 0
    pairs = pairs.masked_fill(~is_word[None, :, None, :], -1.0)
    best = pairs.amax(-1).masked_fill(~is_word[:, None, :], 2.0)
    return best.amin(-1)


def _rotation(noise: torch.Generator) -> Float[Tensor, "d d"]:
    """Return a random orthogonal matrix."""
    q, _ = torch.linalg.qr(torch.randn(TEXT_DIM, TEXT_DIM, generator=noise))
    return q
