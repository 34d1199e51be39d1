from collections import Counter

import numpy as np
import pytest
import torch
from tiny_models import make_qa
from transformers import Qwen2ForCausalLM

from fusion_model.chat import load_tokenizer
from fusion_model.pretrain import qwen2, siglip
from fusion_model.pretrain.material import AskedScene, CaptionedFrame
from fusion_model.pretrain.reading import draw_answer, state_fact, write_exercise, write_matching
from fusion_model.prior import PriorGrid
from fusion_model.semantic import SemanticEncoder
from fusion_model.training_loop import LoopConfig, run_steps
from synth.seeding import rng_for

SCENES = [
    AskedScene("a room with blue walls", tuple(make_qa(i, sequence=s) for i in range(4)))
    for s in range(3)
]


def test_exercises_state_what_they_ask_and_never_the_letter():
    for number in range(20):
        exercise = write_exercise(SCENES[0], rng_for(number))
        assert 1 <= len(exercise.questions) <= 4
        for qa in exercise.questions:
            assert state_fact(qa) in exercise.facts.split("\n")
            assert "A." not in exercise.facts


def test_matching_asks_for_the_stated_text_among_others():
    texts = ("one", "two", "three", "four", "five")
    exercise = write_matching(make_qa(0), texts, rng_for(0))
    stated = exercise.facts.rsplit(" ", 1)[1]
    assert {qa.answer.text for qa in exercise.questions} == {stated}
    assert len({qa.answer.options for qa in exercise.questions}) > 1
    assert all(len(qa.answer.options) == 4 for qa in exercise.questions)


def test_drawn_answers_know_nothing_of_the_room():
    drawn = Counter(draw_answer(make_qa(0), rng_for(i)).answer.text for i in range(400))
    assert max(drawn.values()) < 240  # of 400, both options; the room's own answer is one of them
    lengths = [draw_answer(make_qa(1), rng_for(i)).answer.value for i in range(200)]
    assert min(lengths) < 0.6
    assert max(lengths) > 3.5


def test_a_language_model_is_trained_saved_and_described(tmp_path):
    config = qwen2.PretrainConfig(
        batch=2, hidden=16, layers=1, loop=LoopConfig(steps=3, checkpoint_every=2)
    )
    out = qwen2.pretrain_qwen2(
        SCENES, out=tmp_path / "qwen2", config=config, work=tmp_path / "work", device="cpu"
    )
    model = Qwen2ForCausalLM.from_pretrained(out, dtype=torch.float32)
    assert model.config.vocab_size == len(load_tokenizer(out))
    card = (out / "README.md").read_text()
    assert "--steps 3 --seed 0" in card
    assert "| 3 |" in card


def test_an_image_model_is_trained_saved_and_read_as_semantic_encoder(tmp_path):
    pictures = rng_for(0, "pictures").integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    frames = [
        CaptionedFrame(picture, ("blue walls", f"a {color} bed"))
        for picture, color in zip(pictures, ["red", "green"] * 10, strict=True)
    ]
    config = siglip.PretrainConfig(
        batch=4, image_px=32, hidden=16, layers=2, loop=LoopConfig(steps=2)
    )
    out = siglip.pretrain_siglip(
        frames, out=tmp_path / "siglip", config=config, work=tmp_path / "work", device="cpu"
    )
    encoder = SemanticEncoder.from_pretrained(out, device="cpu")
    clips = np.repeat(pictures[:1, None], 9, axis=1)
    assert encoder.encode(clips, PriorGrid(3, 2, 2)).shape == (1, 12, 16)
    assert "of 4 captions" in (out / "README.md").read_text()


def test_a_missing_image_model_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="is not a saved SigLIP"):
        SemanticEncoder.from_pretrained(tmp_path)


def test_a_finished_training_is_not_taken_up_again(tmp_path):
    taken = []
    weight = torch.nn.Linear(1, 1)

    def loss_of_step(step):
        taken.append(step)
        return weight(torch.ones(1)).square().sum()

    config = LoopConfig(steps=4, warm_up=1)
    first = run_steps(weight, loss_of_step, config, out=tmp_path, fingerprint="a")
    again = run_steps(weight, loss_of_step, config, out=tmp_path, fingerprint="a")
    assert taken == [0, 1, 2, 3]
    assert first == again
