"""Train the tiny Qwen2: ``python -m fusion_model.pretrain.qwen2 --out checkpoints/tiny/qwen2``.

A language model that knows the questions' wording and can read facts off a text, so that the
multimodal training only has to teach it to read them off visual tokens.
"""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import tyro
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedTokenizerBase, Qwen2Config, Qwen2ForCausalLM

from fusion_model.batches import pack
from fusion_model.chat import PAD, TURN_END, encode_opening, encode_questions
from fusion_model.device import DeviceName, pick_device, torch_threads
from fusion_model.mllm import IGNORED
from fusion_model.pretrain.card import write_card
from fusion_model.pretrain.material import AskedScene, asked_scenes
from fusion_model.pretrain.reading import (
    MOST_FACTS,
    Exercise,
    write_exercise,
    write_matching,
)
from fusion_model.pretrain.tokenizer import train_tokenizer
from fusion_model.training_loop import CURVE_FILE, LoopConfig, run_steps
from qa_gen.prompting import render
from qa_gen.record import Choice, QuestionKind, SpatialQA
from synth.seeding import rng_for
from synth.wan.training import torch_seeded

_PROMPT_WEIGHT: Final = 0.1  # of the loss on facts and questions; their content is mostly chance
_MATCHING_ONLY: Final = 0.35  # share of the steps
_ONE_FACT: Final = 0.6  # of the steps, those with matching alone among them


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig:
    """Recipe of the tiny language model.

    Attributes:
        n_rooms: Rooms whose questions the exercises are made of.
        batch: Exercises per step.
        hidden: Width.
        layers: Depth.
        loop: Steps and optimiser.
        seed: Of everything.
    """

    n_rooms: int = 120
    batch: int = 24
    hidden: int = 128
    layers: int = 4
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            steps=700, learning_rate=2.5e-3, warm_up=40, checkpoint_every=100
        )
    )
    seed: int = 0


def make_language_model(
    tokenizer: PreTrainedTokenizerBase, config: PretrainConfig
) -> Qwen2ForCausalLM:
    """Build the untrained model, its weights drawn from the seed."""
    end = tokenizer.convert_tokens_to_ids(TURN_END)
    sizes = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=config.hidden,
        intermediate_size=3 * config.hidden,
        num_hidden_layers=config.layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        initializer_range=config.hidden**-0.5,  # 0.02 is for widths of thousands
        bos_token_id=None,
        eos_token_id=end,
        pad_token_id=tokenizer.convert_tokens_to_ids(PAD),
    )
    with torch_seeded(config.seed, "qwen2 weights"):
        return Qwen2ForCausalLM(sizes)


def pretrain_qwen2(
    scenes: Sequence[AskedScene],
    *,
    out: Path,
    config: PretrainConfig,
    work: Path,
    device: DeviceName = "auto",
) -> Path:
    """Train tokenizer and model and save them under ``out``; ``work`` keeps the resumable state."""
    material = _material(scenes)
    texts = [render(qa) for scene in scenes for qa in scene.qas]
    tokenizer = train_tokenizer([*texts, *(scene.description for scene in scenes)])
    model = make_language_model(tokenizer, config).to(pick_device(device)).train()
    run_steps(
        model,
        lambda step: _loss(model, tokenizer, _exercises(material, config, step)),
        config.loop,
        out=work,
        fingerprint=repr(config),
    )
    out.mkdir(parents=True, exist_ok=True)
    model.to("cpu").half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    shutil.copyfile(work / CURVE_FILE, out / CURVE_FILE)
    write_card(
        out,
        title="Tiny Qwen2 that reads spatial questions",
        recipe=__doc__.split("\n\n", 1)[1].strip(),
        command=(
            f"python -m fusion_model.pretrain.qwen2 --out {out.name} "
            f"--steps {config.loop.steps} --seed {config.seed}"
        ),
        facts={
            "settings": str(asdict(config)),
            "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
            "vocabulary": str(len(tokenizer)),
        },
        curve=work / CURVE_FILE,
    )
    return out


class _Material(NamedTuple):
    """What exercises are written from."""

    scenes: Sequence[AskedScene]
    camera: SpatialQA  # its wording is what matching exercises ask with
    texts: tuple[str, ...]  # all answers to that question


def _material(scenes: Sequence[AskedScene]) -> _Material:
    qas = [qa for scene in scenes for qa in scene.qas if qa.kind is QuestionKind.CAMERA_MOTION]
    texts = {text for qa in qas if isinstance(qa.answer, Choice) for text in qa.answer.options}
    return _Material(scenes, qas[0], tuple(sorted(texts)))


def _exercises(material: _Material, config: PretrainConfig, step: int) -> list[Exercise]:
    """Write a step's exercises: matching alone at first, then half; one fact before many."""
    rng = rng_for(config.seed, "exercises", str(step))
    progress = step / config.loop.steps
    matching = config.batch if progress < _MATCHING_ONLY else config.batch // 2
    most_facts = 1 if progress < _ONE_FACT else MOST_FACTS
    chosen = rng.integers(len(material.scenes), size=config.batch - matching)
    return [
        *(write_matching(material.camera, material.texts, rng) for _ in range(matching)),
        *(write_exercise(material.scenes[int(i)], rng, most_facts=most_facts) for i in chosen),
    ]


def _loss(
    model: Qwen2ForCausalLM,
    tokenizer: PreTrainedTokenizerBase,
    exercises: Sequence[Exercise],
) -> Tensor:
    """Return the loss on replies, and a fraction of the loss on all other text."""
    pad_id = tokenizer.convert_tokens_to_ids(PAD)
    batch = pack(
        [encode_opening(tokenizer, 0, exercise.facts) for exercise in exercises],
        [encode_questions(tokenizer, exercise.questions) for exercise in exercises],
        pad_id=pad_id,
    )
    logits = model(
        input_ids=batch.input_ids_BL.to(model.device),
        attention_mask=batch.attention_mask_B1LL.to(model.device),
        position_ids=batch.position_ids_BL.to(model.device),
        use_cache=False,
    ).logits[:, :-1]
    targets = batch.input_ids_BL[:, 1:].to(model.device)
    is_reply = (batch.labels_BL[:, 1:] != IGNORED).to(model.device)
    is_text = (targets != pad_id) & ~is_reply
    on_replies = functional.cross_entropy(logits[is_reply], targets[is_reply])
    return on_replies + _PROMPT_WEIGHT * functional.cross_entropy(logits[is_text], targets[is_text])


def main(
    out: Path,
    *,
    steps: int = 700,
    seed: int = 0,
    n_rooms: int = 120,
    work: Path | None = None,
    device: DeviceName = "cpu",
) -> None:
    """Make the material and train; run again after a stop, it continues.

    Args:
        out: Checkpoint folder.
        steps: Optimiser steps.
        seed: Of rooms, weights and exercises.
        n_rooms: Rooms whose questions the exercises are made of.
        work: Folder of the resumable state; ``<out>.training`` unless given.
        device: Where to compute.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    loop = replace(PretrainConfig().loop, steps=steps)
    config = PretrainConfig(n_rooms=n_rooms, loop=loop, seed=seed)
    with torch_threads(loop.n_threads):
        scenes = [scene for scene in asked_scenes(n_rooms, seed) if scene.qas]
        state = work or out.with_name(out.name + ".training")
        pretrain_qwen2(scenes, out=out, config=config, work=state, device=device)


if __name__ == "__main__":
    tyro.cli(main)
