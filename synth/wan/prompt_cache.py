"""Prompt embeddings on disk, so that generating needs no text encoder in memory.

A text encoder of Wan is larger than its transformer and runs once per prompt. Every different
prompt is therefore encoded once, at the text length of the recipe, and stored without its padding
(``u[:v]``), which diffusers sets to zero anyway. Padded again, an embedding equals what the
pipeline would have computed, bit by bit.

Files are named by the sha256 over the cleaned text and everything that decides the numbers:
tokenizer, encoder, type and length.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch
from diffusers.pipelines.wan.pipeline_wan import prompt_clean
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from synth.storage import write_atomically

ENCODE_BATCH: Final = 8  # prompts per pass of the encoder
_TENSOR: Final = "embeds"
_FORMAT: Final = 1

Encode = Callable[[Sequence[str]], list[Float[Tensor, "_positions d"]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIdentity:
    """What decides an embedding besides the text.

    Attributes:
        model: Digest of tokenizer and encoder, or repository and commit.
        dtype: Type of the encoder's weights and of the embeddings.
        max_sequence_length: Text positions.
    """

    model: str
    dtype: str
    max_sequence_length: int


class PromptCache:
    """Embeddings of prompts, in a folder or (without one) in memory.

    Several processes may share a folder: a file appears whole or not at all, and whoever writes
    it writes the same bytes.
    """

    def __init__(self, folder: Path | None, identity: TextIdentity) -> None:
        self.folder = folder
        self.identity = identity
        self._in_memory: dict[str, Float[Tensor, "_positions d"]] = {}

    def key(self, text: str) -> str:
        """Return the name of a prompt's embedding: 64 hex digits."""
        named = {**asdict(self.identity), "text": prompt_clean(text), "format": _FORMAT}
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Return the prompts that have no embedding yet, each once, in the order given."""
        different: dict[str, str] = {}
        for text in texts:
            different.setdefault(self.key(text), text)
        return [text for key, text in different.items() if not self._has(key)]

    def add(self, texts: Sequence[str], encode: Encode) -> None:
        """Encode prompts and keep them, in batches; what was finished stays when one fails."""
        for start in range(0, len(texts), ENCODE_BATCH):
            part = texts[start : start + ENCODE_BATCH]
            for text, embedding in zip(part, encode(part), strict=True):
                self._keep(self.key(text), prompt_clean(text), embedding)

    def padded(self, texts: Sequence[str]) -> Float[Tensor, "b n d"]:
        """Return the embeddings of prompts as the pipeline takes them, padded with zeros.

        Raises:
            KeyError: A prompt was never added.
            ValueError: A stored embedding is damaged.
        """
        rows = [self._read(self.key(text), text) for text in texts]
        padded = rows[0].new_zeros(len(rows), self.identity.max_sequence_length, rows[0].shape[1])
        for row, embedding in zip(padded, rows, strict=True):
            row[: len(embedding)] = embedding
        return padded

    def path(self, key: str) -> Path:
        """Return the file of a key.

        Raises:
            ValueError: The cache is in memory.
        """
        if self.folder is None:
            raise ValueError("this prompt cache is in memory and has no files.")
        return self.folder / key[:2] / f"{key}.safetensors"

    def _has(self, key: str) -> bool:
        return key in self._in_memory if self.folder is None else self.path(key).is_file()

    def _keep(self, key: str, text: str, embedding: Float[Tensor, "v d"]) -> None:
        embedding = embedding.detach().cpu().contiguous()
        if self.folder is None:
            self._in_memory[key] = embedding
            return
        record = json.dumps({**asdict(self.identity), "text": text}, sort_keys=True)
        data = save({_TENSOR: embedding}, metadata={"prompt": record})
        path = self.path(key)
        # Two processes may encode the same prompt at the same time, and must not share a
        # half-written file.
        write_atomically(path.with_name(f"{key}.{os.getpid()}"), data).replace(path)

    def _read(self, key: str, text: str) -> Float[Tensor, "v d"]:
        if not self._has(key):
            raise KeyError(f"the prompt {text!r} was never encoded; add it to the cache first.")
        if self.folder is None:
            return self._in_memory[key]
        path = self.path(key)
        try:
            with safe_open(path, framework="pt") as file:
                embedding: Tensor = file.get_tensor(_TENSOR)
        except SafetensorError as error:
            raise ValueError(
                f"reading the embedding of {text!r}: {path} is damaged ({error}); delete it, and "
                "it is made again."
            ) from error
        return embedding


@torch.no_grad()
def encode_prompts(
    pipeline: Any,  # noqa: ANN401 - a diffusers pipeline with tokenizer and text_encoder
    texts: Sequence[str],
    max_sequence_length: int,
) -> list[Float[Tensor, "_positions d"]]:
    """Encode prompts as diffusers' Wan pipelines do, without the padding.

    Raises:
        ValueError: A prompt does not fit; diffusers would cut off its end without a word.
    """
    cleaned = [prompt_clean(text) for text in texts]
    lengths = [len(ids) for ids in pipeline.tokenizer(cleaned).input_ids]
    if max(lengths) > max_sequence_length:
        longest = cleaned[lengths.index(max(lengths))]
        raise ValueError(
            f"encoding prompts: {longest!r} has {max(lengths)} tokens, and this model was trained "
            f"with at most {max_sequence_length}; shorten it."
        )
    encoder = pipeline.text_encoder
    # Off the CPU the shape of a batch decides which kernel runs, so every batch has one shape.
    n_fill = 0 if encoder.device.type == "cpu" else max(0, ENCODE_BATCH - len(cleaned))
    batch = pipeline.tokenizer(
        cleaned + [""] * n_fill,
        padding="max_length",
        max_length=max_sequence_length,
        return_attention_mask=True,
        return_tensors="pt",
    )
    ids, mask = batch.input_ids.to(encoder.device), batch.attention_mask.to(encoder.device)
    hidden = encoder(ids, mask).last_hidden_state.to(encoder.dtype)
    return [row[:length] for row, length in zip(hidden, lengths, strict=False)]
