"""Train one variant on questions and cached features; stop it anywhere, start it again.

Every step draws its batch from ``(seed, step)``, so a run that was killed and resumed ends with
the same bytes as one that was not.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from fusion_model.alignment import draw_spoken, encode_spoken
from fusion_model.batches import PackedBatch, pack, plan_rows
from fusion_model.chat import (
    IMAGE,
    PAD,
    encode_opening,
    encode_questions,
    load_tokenizer,
    shuffle_options,
)
from fusion_model.checkpoint import save_model
from fusion_model.device import DeviceName, pick_device, torch_threads
from fusion_model.features import VisualFeatures
from fusion_model.fusions import Variant
from fusion_model.gated_fusion import FusionFormula
from fusion_model.mllm import Vega3DConfig, Vega3DModel
from fusion_model.training_loop import LoopConfig, run_steps
from qa_gen.record import SpatialQA
from synth.seeding import rng_for
from synth.wan.training import torch_seeded

MODEL_FOLDER: Final = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """How one variant is trained.

    Attributes:
        variant: Which branches the model sees.
        formula: The gate's definition.
        rows_per_batch: Clips per step.
        questions_per_row: Most questions of a clip in one step.
        align_steps: First steps, in which answers are said in words (``alignment``).
        align_rows: Clips per step of those.
        loop: Steps and optimiser.
        seed: Of new weights and of batches.

    Raises:
        ValueError: A count below 1.
    """

    variant: Variant = "gated"
    formula: FusionFormula = "paper_raw"
    rows_per_batch: int = 8
    questions_per_row: int = 8
    align_steps: int = 0
    align_rows: int = 32
    loop: LoopConfig = field(default_factory=lambda: LoopConfig(steps=240))
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.align_steps <= self.loop.steps or self.align_rows < 1:
            raise ValueError(
                "TrainConfig.align_steps must lie within the training's steps and align_rows be "
                f"at least 1, got {self.align_steps} of {self.loop.steps} steps and "
                f"{self.align_rows} rows."
            )
        if self.rows_per_batch < 1 or self.questions_per_row < 1:
            raise ValueError(
                "TrainConfig needs at least one row a batch and one question a row, got "
                f"{self.rows_per_batch} and {self.questions_per_row}."
            )


class Trained(NamedTuple):
    """A finished training.

    Attributes:
        folder: ``save_pretrained`` folder of the model, its tokenizer beside the weights.
        final_loss: Mean loss of the last steps.
    """

    folder: Path
    final_loss: float


class _Data(NamedTuple):
    """Everything a step reads; tensors stay on the CPU until a batch is made."""

    qas: Sequence[SpatialQA]
    rows_of_qas: list[int]
    semantic: Tensor
    generative: Tensor
    opening: tuple[int, ...]
    tokenizer: PreTrainedTokenizerBase


def train(
    qas: Sequence[SpatialQA],
    features: VisualFeatures,
    *,
    language_model: Path | str,
    config: TrainConfig,
    out: Path,
    device: DeviceName = "auto",
) -> Trained:
    """Train a model and save it under ``out``; an unfinished training there is continued.

    Args:
        qas: Questions of the training split, already balanced.
        features: Features of at least the sequences they ask about.
        language_model: Folder (or Hub name) of a Qwen2 with its tokenizer.
        config: How to train.
        out: Folder of this training alone.
        device: Where to compute.

    Raises:
        ValueError: No questions, missing features, or ``out`` holds another training.
    """
    if not qas:
        raise ValueError("Training needs questions, got none; see what the label stage skipped.")
    tokenizer = load_tokenizer(language_model)
    data = _data(qas, features, tokenizer, config.variant)
    with torch_threads(config.loop.n_threads), torch_seeded(config.seed, "new weights"):
        model = _new_model(language_model, features, data, config)
    model.to(pick_device(device)).train()
    final_loss = run_steps(
        model,
        lambda step: _loss(model, data, config, step),
        config.loop,
        out=out,
        fingerprint=_fingerprint(qas, features, config),
    )
    folder = save_model(model.to("cpu"), tokenizer, out / MODEL_FOLDER)
    return Trained(folder, final_loss)


def _data(
    qas: Sequence[SpatialQA],
    features: VisualFeatures,
    tokenizer: PreTrainedTokenizerBase,
    variant: Variant,
) -> _Data:
    return _Data(
        qas=qas,
        rows_of_qas=features.rows([qa.sequence_id for qa in qas]).tolist(),
        semantic=torch.from_numpy(features.semantic.copy()),
        generative=torch.from_numpy(features.generative.copy()),
        opening=encode_opening(tokenizer, 0 if variant == "blind" else features.grid.n_tokens),
        tokenizer=tokenizer,
    )


def _new_model(
    language_model: Path | str, features: VisualFeatures, data: _Data, config: TrainConfig
) -> Vega3DModel:
    model = Vega3DModel.on_language_model(
        language_model,
        Vega3DConfig(
            variant=config.variant,
            formula=config.formula,
            semantic_dim=features.semantic.shape[-1],
            generative_dim=features.generative.shape[-1],
            grid=list(features.grid),
            image_token_id=data.tokenizer.convert_tokens_to_ids(IMAGE),
        ),
    )
    seen = sorted(set(data.rows_of_qas))  # the training split, and nothing of the held-out scenes
    if model.semantic is not None:
        model.semantic.measure(features.semantic[seen])
    if model.generative is not None:
        model.generative.measure(features.generative[seen])
    return model


def _loss(model: Vega3DModel, data: _Data, config: TrainConfig, step: int) -> Tensor:
    is_aligning = step < config.align_steps
    batch, rows = (_spoken_batch if is_aligning else _batch)(data, config, step)
    device = model.device
    loss: Tensor = model(
        batch.input_ids_BL.to(device),
        semantic=data.semantic[rows].to(device),
        generative=data.generative[rows].to(device),
        labels=batch.labels_BL.to(device),
        attention_mask=batch.attention_mask_B1LL.to(device),
        position_ids=batch.position_ids_BL.to(device),
    ).loss
    return loss


def _batch(data: _Data, config: TrainConfig, step: int) -> tuple[PackedBatch, list[int]]:
    """Return the step's batch, and which row of the features each of its rows shows."""
    planned, taken = _plan(data.qas, config, step)
    chosen = planned[taken * config.rows_per_batch : (taken + 1) * config.rows_per_batch]
    rng = rng_for(config.seed, "options", str(step))
    shown = [[shuffle_options(data.qas[i], rng) for i in row] for row in chosen]
    rows = [encode_questions(data.tokenizer, row, in_words=True) for row in shown]
    pad_id = data.tokenizer.convert_tokens_to_ids(PAD)
    openings = [data.opening] * len(rows)
    return pack(openings, rows, pad_id=pad_id), [data.rows_of_qas[row[0]] for row in chosen]


def _spoken_batch(data: _Data, config: TrainConfig, step: int) -> tuple[PackedBatch, list[int]]:
    """Return a batch of the alignment, one question a row."""
    rng = rng_for(config.seed, "alignment", str(step))
    chosen = draw_spoken(data.qas, config.align_rows, rng)
    spoken = encode_spoken(data.tokenizer, [data.qas[i] for i in chosen])
    pad_id = data.tokenizer.convert_tokens_to_ids(PAD)
    batch = pack([data.opening] * len(spoken), [[one] for one in spoken], pad_id=pad_id)
    return batch, [data.rows_of_qas[i] for i in chosen]


def _plan(
    qas: Sequence[SpatialQA], config: TrainConfig, step: int
) -> tuple[list[tuple[int, ...]], int]:
    """Return the rows of the step's epoch, and which batch of them the step takes.

    All epochs have the same number of rows, so the epoch follows from the step alone. Rows that
    fill no whole batch are left out; the next epoch leaves out others.
    """
    n_batches = max(1, len({qa.sequence_id for qa in qas}) // config.rows_per_batch)
    rng = rng_for(config.seed, "epoch", str(step // n_batches))
    return plan_rows(qas, questions_per_row=config.questions_per_row, rng=rng), step % n_batches


def _fingerprint(qas: Sequence[SpatialQA], features: VisualFeatures, config: TrainConfig) -> str:
    # When states are saved may change between runs; it changes no weight.
    settings = asdict(replace(config, loop=replace(config.loop, checkpoint_every=1)))
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for qa in qas:
        digest.update(repr(qa).encode())
    rows = features.rows(sorted({qa.sequence_id for qa in qas}))
    digest.update(features.semantic[rows].tobytes())
    digest.update(features.generative[rows].tobytes())
    return digest.hexdigest()
