"""Questions to tensors: all questions of one clip share its visual tokens in one row.

A row is the conversation's opening (with the visual tokens) followed by several questions. A
question sees the opening and itself, and its positions continue from the opening's end, so its
loss is exactly what it would be in a row of its own; the opening is just not computed again.

Shape letters: B rows, L positions.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Int64
from torch import Tensor

from fusion_model.chat import EncodedQuestion
from fusion_model.mllm import IGNORED
from qa_gen.record import SpatialQA

_PADDING = -1  # segment of padding; 0 is the opening, questions count from 1


class PackedBatch(NamedTuple):
    """Rows of packed questions, padded on the right."""

    input_ids_BL: Int64[Tensor, "b l"]
    position_ids_BL: Int64[Tensor, "b l"]
    labels_BL: Int64[Tensor, "b l"]
    attention_mask_B1LL: Bool[Tensor, "b 1 l l"]


class _Row(NamedTuple):
    ids: list[int]
    positions: list[int]
    labels: list[int]
    segments: list[int]


def pack(
    openings: Sequence[Sequence[int]], rows: Sequence[Sequence[EncodedQuestion]], *, pad_id: int
) -> PackedBatch:
    """Put the questions of each row behind the row's opening; only answer tokens get labels."""
    filled = [
        _pack_row(opening, questions) for opening, questions in zip(openings, rows, strict=True)
    ]
    length = max(len(row.ids) for row in filled)
    segments_BL = _pad([row.segments for row in filled], length, _PADDING)
    return PackedBatch(
        input_ids_BL=_pad([row.ids for row in filled], length, pad_id),
        position_ids_BL=_pad([row.positions for row in filled], length, 0),
        labels_BL=_pad([row.labels for row in filled], length, IGNORED),
        attention_mask_B1LL=_may_look(segments_BL),
    )


def _pack_row(opening: Sequence[int], questions: Sequence[EncodedQuestion]) -> _Row:
    row = _Row(
        ids=list(opening),
        positions=list(range(len(opening))),
        labels=[IGNORED] * len(opening),
        segments=[0] * len(opening),
    )
    for segment, question in enumerate(questions, start=1):
        n_question, n_answer = len(question.question_ids), len(question.answer_ids)
        row.ids.extend(question.question_ids + question.answer_ids)
        row.positions.extend(range(len(opening), len(opening) + n_question + n_answer))
        row.labels.extend([IGNORED] * n_question + list(question.answer_ids))
        row.segments.extend([segment] * (n_question + n_answer))
    return row


def _pad(rows: Sequence[Sequence[int]], length: int, value: int) -> Int64[Tensor, "b l"]:
    return torch.tensor([[*row, *[value] * (length - len(row))] for row in rows])


def _may_look(segments_BL: Int64[Tensor, "b l"]) -> Bool[Tensor, "b 1 l l"]:
    looking, seen = segments_BL[:, :, None], segments_BL[:, None, :]
    length = segments_BL.shape[1]
    causal = torch.ones(length, length, dtype=torch.bool).tril()
    allowed = ((seen == looking) | (seen == 0)) & causal
    return allowed[:, None]


def plan_rows(
    qas: Sequence[SpatialQA], *, questions_per_row: int, rng: np.random.Generator
) -> list[tuple[int, ...]]:
    """Plan one epoch: every clip once, with questions of as many kinds as fit in its row.

    Kinds take turns, so that one question about the camera is not lost among a dozen about
    directions. What does not fit waits for another epoch.

    Returns:
        Indices into ``qas``, one tuple per clip, in random order.
    """
    by_sequence: dict[str, dict[str, list[int]]] = {}
    for index, qa in enumerate(qas):
        by_sequence.setdefault(qa.sequence_id, {}).setdefault(qa.kind.value, []).append(index)
    rows = [
        _take_turns(by_sequence[sequence_id], questions_per_row, rng)
        for sequence_id in sorted(by_sequence)
    ]
    return [rows[int(i)] for i in rng.permutation(len(rows))]


def _take_turns(
    by_kind: Mapping[str, Sequence[int]], count: int, rng: np.random.Generator
) -> tuple[int, ...]:
    """Choose ``count`` items, one of each kind in random order, then a second of each, ..."""
    keyed = []
    for kind in sorted(by_kind):
        shuffled = rng.permutation(by_kind[kind])
        keyed += [(turn, rng.random(), int(item)) for turn, item in enumerate(shuffled)]
    return tuple(item for _, _, item in sorted(keyed)[:count])


def pad_left(rows: Sequence[Sequence[int]], pad_id: int) -> Mapping[str, Int64[Tensor, "b l"]]:
    """Return prompts for generation, padded on the left, and which positions are real."""
    length = max(len(row) for row in rows)
    ids = torch.tensor([[*[pad_id] * (length - len(row)), *row] for row in rows])
    mask = torch.tensor([[0] * (length - len(row)) + [1] * len(row) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}
