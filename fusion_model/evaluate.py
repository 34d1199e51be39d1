"""Ask a model the held-out questions and score its replies per kind, with intervals.

A reply that cannot be scored earns nothing, as in VSI-Bench's own evaluation, and is counted in
``unscorable`` so that a model that learned to talk nonsense is not mistaken for one that errs.
A choice is answered in words, and generation is held to the texts of the question's options (for
every model alike, the blind one included); numbers are generated freely.
Intervals come from resampling scenes, not questions: questions of one scene share its pictures.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from jaxtyping import Float64
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from fusion_model.batches import pad_left
from fusion_model.chat import PAD, TURN_END, encode_opening, encode_questions
from fusion_model.features import VisualFeatures
from fusion_model.mllm import Vega3DModel
from qa_gen.record import Choice, SpatialQA
from qa_gen.scoring import METRIC, chance, score
from synth.seeding import rng_for

_BATCH: Final = 64
_LONGEST_REPLY: Final = 24  # tokens; the longest option has eighteen
_RESAMPLES: Final = 1000


class Reply(NamedTuple):
    """What a model said, and what it earned: 0..1, or ``None`` if it cannot be scored."""

    qa: SpatialQA
    text: str
    score: float | None


class ScoreRow(NamedTuple):
    """The score of one model on one kind of question.

    Attributes:
        model: Its name, e.g. the variant.
        kind: The question kind's value.
        metric: ``"accuracy"`` or ``"MRA"``.
        n: Questions asked.
        unscorable: Replies among them that could not be scored; they earn nothing.
        score: Mean over all ``n``, 0..1.
        low: Lower end of the 95 % interval.
        high: Upper end.
        chance: What guessing earns.
    """

    model: str
    kind: str
    metric: str
    n: int
    unscorable: int
    score: float
    low: float
    high: float
    chance: float


def ask(
    model: Vega3DModel,
    tokenizer: PreTrainedTokenizerBase,
    qas: Sequence[SpatialQA],
    features: VisualFeatures,
) -> list[Reply]:
    """Return the model's greedy reply to each question, in order."""
    model.eval()
    replies = []
    for start in range(0, len(qas), _BATCH):
        asked = qas[start : start + _BATCH]
        texts = _answer_batch(model, tokenizer, asked, features)
        replies += [
            Reply(qa, text, score(text, qa.answer)) for qa, text in zip(asked, texts, strict=True)
        ]
    return replies


def _answer_batch(
    model: Vega3DModel,
    tokenizer: PreTrainedTokenizerBase,
    qas: Sequence[SpatialQA],
    features: VisualFeatures,
) -> list[str]:
    n_visual = 0 if model.config.variant == "blind" else features.grid.n_tokens
    opening = encode_opening(tokenizer, n_visual)
    encoded = encode_questions(tokenizer, qas, in_words=True)
    prompts = [opening + question.question_ids for question in encoded]
    rows = features.rows([qa.sequence_id for qa in qas])
    padded = pad_left(prompts, tokenizer.convert_tokens_to_ids(PAD))
    answers = model.answer(
        padded["input_ids"].to(model.device),
        padded["attention_mask"].to(model.device),
        semantic=torch.from_numpy(features.semantic[rows]).to(model.device),
        generative=torch.from_numpy(features.generative[rows]).to(model.device),
        max_new_tokens=_LONGEST_REPLY,
        allowed=_option_tokens(tokenizer, qas),
    )
    texts = tokenizer.batch_decode(answers, skip_special_tokens=False)
    return [text.split(TURN_END)[0].replace(PAD, "").strip() for text in texts]


def _option_tokens(
    tokenizer: PreTrainedTokenizerBase, qas: Sequence[SpatialQA]
) -> Callable[[int, Tensor], list[int]]:
    """Return which tokens may come next in each row, as ``generate`` asks for them.

    A started option may only be continued as some option goes on; a number is free.
    """
    end = tokenizer.convert_tokens_to_ids(TURN_END)
    pad = tokenizer.convert_tokens_to_ids(PAD)
    anything = list(range(len(tokenizer)))
    options: list[list[list[int]]] = []
    for qa in qas:
        texts = qa.answer.options if isinstance(qa.answer, Choice) else ()
        encoded = tokenizer(list(texts), add_special_tokens=False).input_ids if texts else []
        options.append([[*ids, end] for ids in encoded])

    def allowed(row: int, so_far: Tensor) -> list[int]:
        said = so_far.tolist()
        if end in said:
            return [pad]
        if not options[row]:
            return anything
        following = [o[len(said)] for o in options[row] if o[: len(said)] == said]
        return sorted(set(following))

    return allowed


def score_replies(
    name: str, replies: Sequence[Reply], training_qas: Sequence[SpatialQA], *, seed: int = 0
) -> list[ScoreRow]:
    """Return one row per kind of question that was asked, in the kinds' own order.

    Args:
        name: The model's.
        replies: Of one model.
        training_qas: What a guesser may know: constant guesses for quantities come from these.
        seed: Of the resampling.
    """
    by_kind: dict[str, list[Reply]] = {}
    for reply in replies:
        by_kind.setdefault(reply.qa.kind.value, []).append(reply)
    known: dict[str, list[SpatialQA]] = {}
    for qa in training_qas:
        known.setdefault(qa.kind.value, []).append(qa)
    order = [kind.value for kind in METRIC if kind.value in by_kind]
    return [_row(name, by_kind[kind], known.get(kind, []), seed=seed) for kind in order]


def _row(
    name: str, replies: Sequence[Reply], training_qas: Sequence[SpatialQA], *, seed: int
) -> ScoreRow:
    kind = replies[0].qa.kind
    earned = np.array([reply.score or 0.0 for reply in replies])
    scenes = np.array([reply.qa.scene_id for reply in replies])
    low, high = scene_interval(earned, scenes, rng=rng_for(seed, "bootstrap", kind.value))
    return ScoreRow(
        model=name,
        kind=kind.value,
        metric=METRIC[kind],
        n=len(replies),
        unscorable=sum(reply.score is None for reply in replies),
        score=float(earned.mean()),
        low=low,
        high=high,
        chance=chance([reply.qa for reply in replies], training_qas),
    )


def scene_interval(
    earned: Float64[np.ndarray, " n"], scenes: np.ndarray, *, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean, whole scenes drawn with replacement."""
    _, which = np.unique(scenes, return_inverse=True)
    totals, counts = np.bincount(which, weights=earned), np.bincount(which)
    drawn = rng.integers(len(counts), size=(_RESAMPLES, len(counts)))
    means = totals[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


@torch.no_grad()
def gate_shares(
    model: Vega3DModel, features: VisualFeatures, sequence_ids: Sequence[str]
) -> Float64[np.ndarray, "s n"]:
    """Return each visual token's semantic share: the gate as the report shows it.

    Raises:
        ValueError: The model is blind.
    """
    rows = features.rows(sequence_ids)
    shares = []
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        fused = model.fuse(
            torch.from_numpy(features.semantic[part]).to(model.device),
            torch.from_numpy(features.generative[part]).to(model.device),
        )
        shares.append(fused.semantic_share_BN1[..., 0].double().cpu().numpy())
    return np.concatenate(shares)
